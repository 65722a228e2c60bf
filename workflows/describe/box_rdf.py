"""The RDF copy for the box that runs one weight format: it holds what running needs, and never the expected outputs.

Fields are taken by name, not dropped by name, so that nothing else reaches the box. bioimageio.core reads the copy with
I/O checks off; every file is named by its local name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.facts import items, weights
from workflows.describe.references import split_callable
from workflows.describe.spell import document
from workflows.document import pointer_of

ABSENT = "absent-test-output-{}.npy"
_KEPT = (
    *("format_version", "type", "name", "description", "version", "authors", "cite", "license", "tags", "timestamp"),
    *("inputs", "outputs", "test_inputs", "test_outputs", "documentation", "run_mode", "config", "weights"),
    *("source", "sha256", "kwargs", "framework", "language"),  # 0.3
)
_NOT_OF_WEIGHTS = frozenset({"parent", "dependencies", "attachments"})
_OUTPUT_FILES = frozenset({"test_tensor", "sample_tensor"})


def box_rdfs(data: dict[str, Any], references: Sequence[Reference]) -> dict[str, bytes]:
    """One copy for each weight format that the RDF has a file for."""
    local = {reference.pointer: reference.local for reference in references}
    return {
        name: document(_copy(data, name, local))
        for name in weights(data)
        if pointer_of("weights", name, "source") in local
    }


def _copy(data: dict[str, Any], name: str, local: Mapping[str, str]) -> dict[str, Any]:
    kept = {field: data[field] for field in _KEPT if field in data}
    kept["type"] = "model"
    kept["weights"] = {name: _weights(data["weights"][name], name, local)}
    kept["inputs"] = _tensors(data.get("inputs"), "inputs", frozenset({"sample_tensor"}), local)
    kept["outputs"] = _tensors(data.get("outputs"), "outputs", _OUTPUT_FILES, local)
    if "test_inputs" in data:
        at = [pointer_of("test_inputs", index) for index in range(len(items(data["test_inputs"])))]
        kept["test_inputs"] = [local[pointer] for pointer in at if pointer in local]
    if "test_outputs" in data:  # 0.4 wants names; none of them exists in the box
        kept["test_outputs"] = [ABSENT.format(index) for index in range(len(items(data["test_outputs"])))]
    _documentation(kept, local)
    if callable_ := split_callable(kept.get("source")):
        kept["source"] = f"{local['/source']}:{callable_[1]}"
    return kept


def _documentation(kept: dict[str, Any], local: Mapping[str, str]) -> None:
    """0.4 requires the field, 0.5 does not."""
    kept.pop("documentation", None)
    if "/documentation" in local:
        kept["documentation"] = local["/documentation"]


def _weights(entry: dict[str, Any], name: str, local: Mapping[str, str]) -> dict[str, Any]:
    at = ("weights", name)
    kept = {field: value for field, value in entry.items() if field not in _NOT_OF_WEIGHTS}
    kept["source"] = local[pointer_of(*at, "source")]
    for field in ("architecture", "external_data"):
        if isinstance(kept.get(field), dict):
            kept[field] = _file(kept[field], pointer_of(*at, field), local)
    if callable_ := split_callable(kept.get("architecture")):
        kept["architecture"] = f"{local[pointer_of(*at, 'architecture')]}:{callable_[1]}"
    return kept


def _tensors(tensors: Any, field: str, dropped: frozenset[str], local: Mapping[str, str]) -> list[Any]:
    return [
        _tensor(tensor, (field, index), dropped, local) if isinstance(tensor, dict) else tensor
        for index, tensor in enumerate(items(tensors))
    ]


def _tensor(
    tensor: dict[str, Any], at: tuple[str, int], dropped: frozenset[str], local: Mapping[str, str]
) -> dict[str, Any]:
    kept = {field: value for field, value in tensor.items() if field not in dropped}
    if isinstance(kept.get("test_tensor"), dict):
        kept["test_tensor"] = _file(kept["test_tensor"], pointer_of(*at, "test_tensor"), local)
    elif "test_tensor" in kept:
        kept["test_tensor"] = {"source": local.get(pointer_of(*at, "test_tensor"), "absent.npy")}
    for steps in ("preprocessing", "postprocessing"):
        if steps in kept:
            kept[steps] = [
                _file(step, pointer_of(*at, steps, number), local) if isinstance(step, dict) else step
                for number, step in enumerate(items(kept[steps]))
            ]
    return kept


def _file(value: dict[str, Any], pointer: str, local: Mapping[str, str]) -> dict[str, Any]:
    """The same mapping with its `source`, where that is a file, under the local name."""
    source = pointer + "/source"
    return {**value, "source": local[source]} if source in local else value
