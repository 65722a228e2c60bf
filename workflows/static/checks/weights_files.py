"""Whether weights are of the format under which the RDF names them, by their bytes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from workflows.describe.answer import Reference
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.formats import onnx, tensorflow, tensorflow_js, torch
from workflows.static.formats.fault import Fault
from workflows.static.given import given, size_beside
from workflows.static.readers.opened import Unreadable, opened
from workflows.static.rule import Check, Rule
from workflows.static.words import field, replace_value, show

_ROLE = "weights/"
_LOOKS: dict[str, Callable[[BinaryIO], Iterator[Fault]]] = {
    "torchscript": torch.torchscript,
    "pytorch_state_dict": torch.state_dict,
    "keras_hdf5": tensorflow.keras_hdf5,
    "keras_v3": tensorflow.keras_v3,
    "tensorflow_saved_model_bundle": tensorflow.saved_model,
}


def look(context: Context) -> Iterator[Finding]:
    """Headers, tables of contents and small members; never the weights themselves."""
    for reference, path in given(context, lambda one: one.role.startswith(_ROLE)):
        try:
            with opened(path) as file:
                faults = list(_faults(context, reference, file))
        except Unreadable as error:
            faults = [Fault(str(error), "Upload the file again.")]
        for fault in faults:
            yield _finding(context, reference, fault)


def _faults(context: Context, reference: Reference, file: BinaryIO) -> Iterator[Fault]:
    name = reference.role.removeprefix(_ROLE)
    if name == "onnx":
        return onnx.onnx(file, _entry(context, name))
    if name == "tensorflow_js":
        remote = "://" in reference.source
        return tensorflow_js.tensorflow_js(
            file, None if remote else lambda shard: size_beside(context, reference.source, shard)
        )
    return _LOOKS[name](file) if name in _LOOKS else iter(())


def _entry(context: Context, name: str) -> Mapping[str, Any]:
    """The entry under `weights`; a reference from there shows that it is a mapping."""
    entry: Mapping[str, Any] = context.data["weights"][name]
    return entry


def _finding(context: Context, reference: Reference, fault: Fault) -> Finding:
    pointer, suggestion = reference.pointer, None
    message = f"`{field(pointer)}` {show(reference.source)} {fault.says}."
    if fault.beside is not None:
        key, right = fault.beside
        pointer = f"{pointer.rpartition('/')[0]}/{key}"
        declared = str(_entry(context, reference.role.removeprefix(_ROLE))[key])
        suggestion = replace_value(context.document, pointer, declared, right)
    return Finding(fault.level, fault.rule, pointer, message, fault.fix, suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "weights-format",
            "Weights are of the format under which they are named.",
            "Upload a file of that format, or name this one under its own.",
            ("error", "warning"),
        ),
        Rule(
            "weights-archive",
            "An archive of weights is whole, without encryption, links and names that lead out of it.",
            "Pack or save it again, and upload that.",
        ),
        Rule(
            "opset-version",
            "`opset_version` is the one that the ONNX file uses.",
            "Write the version that the message tells.",
            ("warning",),
        ),
        Rule(
            "weights-code",
            "Weights bring no Python code of their own.",
            "Use layers of the library instead; else a maintainer has to look at the code.",
            ("warning",),
        ),
    ),
    families=frozenset({"model"}),
    files=True,
)
