"""The files of an unzipped TensorFlow bundle, of which the RDF names only `saved_model.pb`.

Source: TensorFlow, saved_model/constants.py: `variables/`, `assets/` and `assets.extra/` lie beside it; newer ones have a
`fingerprint.pb`, those that Keras wrote a `keras_metadata.pb`.
"""

import posixpath
from collections.abc import Collection, Iterable

from workflows.describe.answer import Reference
from workflows.describe.references import Found

FORMAT = "tensorflow_saved_model_bundle"
_MODEL = "saved_model.pb"
_FOLDERS = ("variables/", "assets/", "assets.extra/")
_FILES = frozenset({"fingerprint.pb", "keras_metadata.pb"})


def bundle(found: Iterable[Reference], names: Collection[str]) -> list[Found]:
    """The neighbours, among the files of an upload, of the `saved_model.pb` that its RDF names as weights."""
    sources = (posixpath.normpath(one.source) for one in found if one.role == f"weights/{FORMAT}")
    model = next((name for name in sources if name in names and posixpath.basename(name) == _MODEL), None)
    if model is None:
        return []
    folder = model.removesuffix(_MODEL)
    at = ("weights", FORMAT, "source")
    beside = (name for name in names if name.startswith(folder) and _belongs(name.removeprefix(folder)))
    return [Found(at, name, f"weights/{FORMAT}") for name in sorted(beside)]


def _belongs(name: str) -> bool:
    return name in _FILES or name.startswith(_FOLDERS)
