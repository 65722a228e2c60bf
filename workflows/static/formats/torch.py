"""TorchScript archives and state dicts: two things that torch writes under the same endings. Source: torch.serialization, torch.jit."""

from collections.abc import Iterator
from typing import BinaryIO

from workflows.static.formats.archives import base_names, opened_zip
from workflows.static.formats.fault import Fault
from workflows.static.readers import magic

LEGACY = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
"""The first pickle of torch's own format before 1.6: its magic number."""
_SAFETENSORS_HEAD = 100 * 1024**2  # bytes of header that the safetensors library reads at most
_SAVE_STATE = "Save it with `torch.save(model.state_dict(), …)`"


def torchscript(file: BinaryIO) -> Iterator[Fault]:
    """A zip with `constants.pkl`, `data.pkl` and a folder `code`."""
    start = file.read(magic.HEAD)
    if magic.kind(start) != magic.ZIP:
        what = "a state dict of torch's older form" if start.startswith(LEGACY) else magic.kind(start)
        yield Fault(f"is {what}, not TorchScript", "Save it with `torch.jit.save(torch.jit.script(model), …)`.")
        return
    found, faults = opened_zip(file)
    yield from faults
    names = base_names(found)
    if found and "constants.pkl" not in names:
        what = "a state dict" if "data.pkl" in names else "some other zip archive"
        fix = "Name it under `pytorch_state_dict` with its architecture, or save it with `torch.jit.save`."
        yield Fault(f"is {what}, not TorchScript", fix)
    elif found and not ({"data.pkl", "version"} <= names and any("/code/" in member.name for member in found)):
        yield Fault("lacks a part of a TorchScript archive (`data.pkl`, `version`, `code`)", "Save it again.")


def state_dict(file: BinaryIO) -> Iterator[Fault]:
    """A zip with `data.pkl` and no code; a pickle of torch's older form or of Python's own; safetensors."""
    start = file.read(magic.HEAD)
    kind = magic.kind(start)
    if kind == magic.ZIP:
        yield from _state_zip(file)
    elif magic.is_tar(start):
        yield Fault("is a tar archive, as torch wrote before 0.1.10", f"{_SAVE_STATE} and a newer torch.")
    elif kind != magic.PICKLE and not is_safetensors(start):
        yield Fault(f"is {kind}, not a state dict", f"{_SAVE_STATE}.")


def is_safetensors(start: bytes) -> bool:
    """Eight bytes of length before a JSON mapping."""
    return start[8:9] == b"{" and 2 <= int.from_bytes(start[:8], "little") <= _SAFETENSORS_HEAD  # noqa: PLR2004 - "{}"


def _state_zip(file: BinaryIO) -> Iterator[Fault]:
    found, faults = opened_zip(file)
    yield from faults
    names = base_names(found)
    if "constants.pkl" in names:
        fix = f"Name it under `torchscript`. {_SAVE_STATE} for this format."
        yield Fault("is TorchScript, not a state dict", fix)
    elif found and "data.pkl" not in names:
        yield Fault("is a zip archive without `data.pkl`, not a state dict", f"{_SAVE_STATE}.")
