"""Keras files, saved models and TensorFlow.js. Sources: HDF5 file format 3.0 (superblock), keras.saving, TensorFlow SavedModel."""

from collections.abc import Iterator
from typing import BinaryIO

from workflows.static.formats.archives import at_top, base_names, is_below, opened_zip
from workflows.static.formats.fault import Fault
from workflows.static.readers import magic
from workflows.static.readers.opened import size_of
from workflows.static.readers.zips import Member, NotAZip, read

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FIRST_BLOCK = 512
_KERAS = ("config.json", "metadata.json", "model.weights.h5")
_CONFIG = 8 * 1024**2
_ZIP_FOLDER = "Upload one zip of the whole folder that `tf.saved_model.save` writes."


def keras_hdf5(file: BinaryIO) -> Iterator[Fault]:
    """An HDF5 file; its signature stands at 0, or after a block of its maker's at 512, 1024, 2048 and so on."""
    kind = magic.kind(file.read(magic.HEAD))
    if kind == magic.ZIP and set(_KERAS) <= base_names(opened_zip(file)[0]):
        yield Fault("is Keras 3's own format, not HDF5", "Name it under `keras_v3`, or save it as `.h5`.")
    elif not _has_signature(file):
        yield Fault(f"is {kind}, not HDF5", "Save the model as `.h5`, and upload that file.")


def keras_v3(file: BinaryIO) -> Iterator[Fault]:
    """A zip of three files; layers made of code (`Lambda`) are for human eyes."""
    kind = magic.kind(file.read(magic.HEAD))
    if kind != magic.ZIP:
        more = "Name it under `keras_hdf5`, or save" if kind == magic.HDF5 else "Save"
        yield Fault(f"is {kind}, not Keras 3's own format", f"{more} the model with `model.save('….keras')`.")
        return
    found, faults = opened_zip(file)
    yield from faults
    missing = [name for name in _KERAS if at_top(found, name) is None]
    if found and missing:
        yield Fault(f"has no {' and no '.join(missing)}", "Save the model with `model.save('….keras')`.")
    elif found and _has_code(file, found):
        fix = "Use layers of Keras instead of `Lambda`; a maintainer has to look at its code."
        yield Fault("brings Python code in a `Lambda` layer", fix, "weights-code", "warning")


def saved_model(file: BinaryIO) -> Iterator[Fault]:
    """A zip of the folder: `saved_model.pb` and `variables`."""
    kind = magic.kind(file.read(magic.HEAD))
    if kind != magic.ZIP:
        yield Fault(f"is {kind}, not the zip of a saved model", _ZIP_FOLDER)
        return
    found, faults = opened_zip(file)
    yield from faults
    if found and at_top(found, "saved_model.pb") is None and at_top(found, "saved_model.pbtxt") is None:
        where = "at its top" if "saved_model.pb" in base_names(found) else "in it"
        yield Fault(f"has no `saved_model.pb` {where}", _ZIP_FOLDER)
    elif found and not any(is_below(found, "variables")):
        yield Fault("has no folder `variables`: the model would have no weights", _ZIP_FOLDER, level="warning")


def _has_signature(file: BinaryIO) -> bool:
    """At most 40 places for whatever size."""
    place, size = 0, size_of(file)
    while place < size:
        file.seek(place)
        if file.read(len(_SIGNATURE)) == _SIGNATURE:
            return True
        place = place * 2 or _FIRST_BLOCK
    return False


def _has_code(file: BinaryIO, found: list[Member]) -> bool:
    member = at_top(found, "config.json")
    try:
        config = read(file, member, _CONFIG) if member else b""
    except NotAZip:
        return False
    return b'"Lambda"' in config or b'"__lambda__"' in config
