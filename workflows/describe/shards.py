"""The files that a TensorFlow.js `model.json` names, which the RDF does not. Source: tfjs-core, io/types.ts, WeightsManifestConfig."""

import json
import posixpath
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.facts import items
from workflows.describe.references import Found

LONGEST_MANIFEST = 16 * 1024**2
FORMAT = "tensorflow_js"
_MOST_SHARDS = 4096
_LONGEST_NAME = 256
_WIDTHS = {"float32": 4, "int32": 4, "bool": 1, "complex64": 8, "uint8": 1, "uint16": 2, "float16": 2}


class NotAManifest(ValueError):  # noqa: N818 - named for what it is
    """The bytes are no `model.json` that is read; the text goes on after "it"."""


@dataclass(frozen=True)
class Manifest:
    """Names of the shards beside `model.json`, in their order, each once; bytes of all, `None` where it cannot be told."""

    paths: tuple[str, ...]
    size: int | None


def read_manifest(raw: bytes) -> Manifest:
    """Read a `model.json`; raises `NotAManifest`."""
    if len(raw) > LONGEST_MANIFEST:
        raise NotAManifest(f"has over {LONGEST_MANIFEST:,} bytes")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotAManifest("is no JSON") from error
    groups = items(data.get("weightsManifest")) if isinstance(data, dict) else []
    if not groups:
        raise NotAManifest("has no `weightsManifest`")
    paths = tuple(dict.fromkeys(_paths(groups)))
    if len(paths) > _MOST_SHARDS:
        raise NotAManifest(f"names over {_MOST_SHARDS:,} shards")
    return Manifest(paths, _size(groups))


def manifest_name(found: Iterable[Reference], names: Collection[str]) -> str | None:
    """The `model.json` among the files of an upload that its RDF names as weights, if there is one."""
    sources = (posixpath.normpath(one.source) for one in found if one.role == f"weights/{FORMAT}")
    return next((name for name in sources if name in names and name.lower().endswith(".json")), None)


def shards(model: str, raw: bytes) -> list[Found]:
    """What a `model.json` of this name in the upload names beside it; nothing where it cannot be read (the rules tell that)."""
    try:
        manifest = read_manifest(raw)
    except NotAManifest:
        return []
    folder = posixpath.dirname(model)
    at = ("weights", FORMAT, "source")
    return [Found(at, posixpath.join(folder, path), f"weights/{FORMAT}") for path in manifest.paths]


def _paths(groups: list[Any]) -> Iterator[str]:
    for group in groups:
        for path in items(group.get("paths")) if isinstance(group, dict) else ():
            if not isinstance(path, str) or not path or len(path) > _LONGEST_NAME:
                raise NotAManifest("names a shard by something that is no name")
            if "/" in path or "\\" in path or path in {".", ".."} or ":" in path or "\0" in path:
                raise NotAManifest(f"names a shard outside of its own folder, {path[:80]!r}")
            yield path


def _size(groups: list[Any]) -> int | None:
    """Bytes of all weights together; shards split them anywhere."""
    weights = [weight for group in groups if isinstance(group, dict) for weight in items(group.get("weights"))]
    sizes = [_bytes(weight) for weight in weights]
    return None if None in sizes or not sizes else sum(size for size in sizes if size is not None)


def _bytes(weight: Any) -> int | None:
    if not isinstance(weight, dict):
        return None
    shape, quantized = weight.get("shape"), weight.get("quantization")
    kind = quantized.get("dtype") if isinstance(quantized, dict) else weight.get("dtype")
    width = _WIDTHS.get(kind) if isinstance(kind, str) else None
    if width is None or not isinstance(shape, list) or len(shape) > 16:  # noqa: PLR2004 - no tensor has more axes
        return None
    if not all(isinstance(length, int) and 0 <= length < 2**40 for length in shape):
        return None
    return prod(shape) * width
