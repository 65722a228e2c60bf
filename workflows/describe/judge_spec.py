"""What the judge needs to know: what kind of numbers each output is, where its expectation is, how much may differ."""

from collections.abc import Iterator, Sequence
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.facts import items, weights
from workflows.describe.tolerance import tolerances
from workflows.document import pointer_of

_LABEL_WORDS = ("label", "instance", "mask", "segment", "class", "object")


def judge_spec(data: dict[str, Any], references: Sequence[Reference]) -> dict[str, Any]:
    """The `judge-spec` of BOXES.md; `axes` is a list of names in 0.4 (letters) and 0.5 (axis ids) alike."""
    local = {reference.pointer: reference.local for reference in references if reference.role == "test_output"}
    outputs = [output if isinstance(output, dict) else {} for output in items(data.get("outputs"))]
    return {
        "outputs": [
            {
                "name": output_name(output, index),
                "kind": kind(output),
                "dtype": dtype(output),
                "axes": axes(output),
                "expected": _expected(index, local),
            }
            for index, output in enumerate(outputs)
        ],
        "tolerance": {name: tolerances(data, name) for name in weights(data)},
    }


def output_name(output: dict[str, Any], index: int) -> str:
    """0.5 calls it `id` (default `output`), 0.4 `name`."""
    name = output.get("id", output.get("name"))
    return name[:256] if isinstance(name, str) and name else f"output{index}" if index else "output"


def kind(output: dict[str, Any]) -> str:
    """`binary`, `label` or `float`: labels and masks are compared exactly, floats within a tolerance."""
    steps = [step.get("id", step.get("name")) for step in _steps(output)]
    declared = dtype(output)
    if declared == "bool" or "binarize" in steps or _two_values(output):
        return "binary"
    if "stardist_postprocessing" in steps or "cellpose_flow_dynamics" in steps:
        return "label"
    words = " ".join(str(output.get(field, "")) for field in ("id", "name", "description")).lower()
    integer = declared.startswith(("int", "uint"))
    return "label" if integer and (_nominal(output) or any(word in words for word in _LABEL_WORDS)) else "float"


def dtype(output: dict[str, Any]) -> str:
    """The type of the final values: 0.4 `data_type`; 0.5 the last `ensure_dtype`, else the data's own."""
    for step in reversed(list(_steps(output))):
        kwargs = step.get("kwargs")
        if step.get("id") == "ensure_dtype" and isinstance(kwargs, dict):
            return str(kwargs.get("dtype", "float32"))[:32]
    declared = output.get("data_type")
    if declared is None:
        data = next((data for data in _data(output)), {})
        values = items(data.get("values"))
        declared = data.get("type") or ("float32" if not values else _type_of(values))
    return declared[:32] if isinstance(declared, str) else "float32"


def axes(output: dict[str, Any]) -> list[str]:
    """Axis names in order: the letters of 0.4, the ids of 0.5 (a type's own name where it has no id)."""
    declared = output.get("axes")
    if isinstance(declared, str):
        return list(declared[:16])
    names = []
    for axis in items(declared)[:16]:
        name = axis.get("id", axis.get("type")) if isinstance(axis, dict) else None
        names.append("x" if name == "space" else str(name)[:64])
    return names


def _expected(index: int, local: dict[str, str]) -> str | None:
    for pointer in (pointer_of("test_outputs", index), *_tensor_pointers(index)):
        if pointer in local:
            return local[pointer]
    return None


def _tensor_pointers(index: int) -> tuple[str, str]:
    return pointer_of("outputs", index, "test_tensor", "source"), pointer_of("outputs", index, "test_tensor")


def _steps(output: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (step for step in items(output.get("postprocessing")) if isinstance(step, dict))


def _data(output: dict[str, Any]) -> list[dict[str, Any]]:
    """0.5 `data`: one description, or one for each channel."""
    data = output.get("data")
    return [item for item in (data if isinstance(data, list) else [data]) if isinstance(item, dict)]


def _nominal(output: dict[str, Any]) -> bool:
    return any(items(data.get("values")) for data in _data(output))


def _two_values(output: dict[str, Any]) -> bool:
    described = [items(data.get("values")) for data in _data(output)]
    return bool(described) and all(1 <= len(values) <= 2 for values in described)  # noqa: PLR2004 - yes and no


def _type_of(values: list[Any]) -> str:
    """bioimageio.spec's default type of nominal data is uint8."""
    return "bool" if all(isinstance(value, bool) for value in values) else "uint8"
