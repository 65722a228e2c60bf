"""ONNX: the message's own shape, its operator set against the declared one, and weights that lie in another file."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from workflows.describe.local_names import base_name
from workflows.static.formats.fault import Fault
from workflows.static.readers import magic
from workflows.static.readers.onnx_file import Onnx, read_onnx
from workflows.static.readers.protobuf import NotAMessage

_EXPORT = "Export the model to ONNX again, and upload that file."


def onnx(file: BinaryIO, entry: Mapping[str, Any]) -> Iterator[Fault]:
    """What a look at the fields tells; tensors are passed over by their length."""
    kind = magic.kind(file.read(magic.HEAD))
    try:
        model = read_onnx(file)
    except NotAMessage as error:
        what = f"{error} (cut off, or not ONNX)" if kind == magic.BINARY else f"is {kind}, not ONNX"
        yield Fault(what, _EXPORT)
        return
    yield from _opset(model, entry.get("opset_version"))
    yield from _external(model, entry)


def _opset(model: Onnx, declared: Any) -> Iterator[Fault]:
    if isinstance(declared, int) and model.opset not in {None, declared}:
        says = f"uses opset {model.opset}, but `opset_version` is {declared}"
        beside = ("opset_version", str(model.opset))
        yield Fault(says, f"Write `opset_version: {model.opset}`.", "opset-version", "warning", beside)


def _external(model: Onnx, entry: Mapping[str, Any]) -> Iterator[Fault]:
    """0.5.10 `external_data` names the one other file; ONNX looks for it under the name that it holds itself."""
    for name in sorted(model.external)[:1]:
        data = entry.get("external_data")
        given = data.get("source") if isinstance(data, dict) else data
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or name[1:2] == ":":
            yield Fault(f"takes weights from {name[:80]!r}, outside of its folder", _EXPORT)
        elif not isinstance(given, str):
            fix = "Name it as `external_data`, or export the model into one file."
            yield Fault(f"takes its weights from another file, {name[:80]!r}, which the RDF does not name", fix)
        elif base_name(given) != name:
            fix = "Give the file the name that the model looks for."
            yield Fault(f"looks for its weights in {name[:80]!r}, but `external_data` is {given[:80]!r}", fix)
