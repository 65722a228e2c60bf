"""TensorFlow.js: `model.json` with its shards beside it, or one zip of them. Source: tfjs-core, io/types.ts, WeightsManifestConfig."""

import posixpath
from collections.abc import Callable, Iterator
from typing import BinaryIO

from workflows.describe.shards import LONGEST_MANIFEST, Manifest, NotAManifest, read_manifest
from workflows.static.formats.archives import opened_zip
from workflows.static.formats.fault import Fault
from workflows.static.readers import magic
from workflows.static.readers.zips import Member, NotAZip, read

SizeOf = Callable[[str], int | None]
"""Bytes of a shard by its name beside `model.json`; `None` where it is not there."""
_UPLOAD = "Upload the shards with it, or one zip of the whole folder."


def tensorflow_js(file: BinaryIO, shard_size: SizeOf | None) -> Iterator[Fault]:
    """`shard_size` is asked where the file is a bare `model.json`; none where nobody knows what lies beside it."""
    kind = magic.kind(file.read(magic.HEAD))
    if kind == magic.ZIP:
        yield from _zipped(file)
    elif kind == magic.JSON:
        file.seek(0)
        yield from _manifest(file.read(LONGEST_MANIFEST + 1), shard_size)
    else:
        yield Fault(f"is {kind}, neither `model.json` nor a zip with one", _UPLOAD)


def _zipped(file: BinaryIO) -> Iterator[Fault]:
    found, faults = opened_zip(file)
    yield from faults
    models = [member for member in found if posixpath.basename(member.name) == "model.json"]
    if found and len(models) != 1:
        many = "no" if not models else "more than one"
        yield Fault(f"has {many} `model.json`", "Upload one zip of the folder that the converter writes.")
        return
    for model in models:
        yield from _beside(file, model, found)


def _beside(file: BinaryIO, model: Member, found: list[Member]) -> Iterator[Fault]:
    sizes = {member.name: member.size for member in found}
    folder = posixpath.dirname(model.name)
    try:
        raw = read(file, model, LONGEST_MANIFEST + 1)
    except NotAZip as error:
        yield Fault(str(error), _UPLOAD, "weights-archive")
        return
    yield from _manifest(raw, lambda name: sizes.get(posixpath.join(folder, name)))


def _manifest(raw: bytes, shard_size: SizeOf | None) -> Iterator[Fault]:
    try:
        manifest = read_manifest(raw)
    except NotAManifest as error:
        yield Fault(f"has a `model.json` that {error}", "Convert the model again.")
        return
    if shard_size is not None:
        yield from _shards(manifest, shard_size)


def _shards(manifest: Manifest, shard_size: SizeOf) -> Iterator[Fault]:
    sizes = {name: shard_size(name) for name in manifest.paths}
    missing = [name for name, size in sizes.items() if size is None]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""  # noqa: PLR2004 - as many as a sentence bears
        listed = ", ".join(repr(name[:80]) for name in missing[:3])
        yield Fault(f"names shards that are not beside it: {listed}{more}", _UPLOAD)
        return
    total = sum(size for size in sizes.values() if size is not None)
    if manifest.size is not None and total != manifest.size:
        says = f"announces {manifest.size:,} bytes of weights, but its shards have {total:,}"
        yield Fault(says, "Convert the model again, and upload all files of one conversion.")
