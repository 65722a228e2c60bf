"""Names for files inside the boxes: unique, harmless, with the suffix that tells the reader what they are."""

import re
from urllib.parse import unquote, urlsplit

_LONGEST = 100  # characters; the schema allows 128
_RESERVED = ("rdf.yaml", "bioimageio.yaml", "model.yaml")  # bioimageio.spec refuses files that end so
_KEPT_BY_BOXES = re.compile(r"(?:produced|expected|tensor|member|box-rdf|judge-spec|job)\b", re.IGNORECASE)


def base_name(source: str) -> str:
    """The file's own name: of a url's path the last part, of Zenodo's `…/weights.pt/content` the one before."""
    if "://" in source:
        try:
            path = unquote(urlsplit(source).path)
        except ValueError:
            path = source
        parts = [part for part in path.split("/") if part]
        if len(parts) > 1 and parts[-1] == "content":
            parts.pop()
    else:
        parts = [part for part in source.replace("\\", "/").split("/") if part]
    return parts[-1] if parts else ""


class LocalNames:
    """Hands out one local name per source; the same source always gets the same name."""

    def __init__(self) -> None:
        self._by_source: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, source: str) -> str:
        """The local name of a source; colliding base names (44 of 266 real models) get a number."""
        if source not in self._by_source:
            wanted = _clean(base_name(source))
            name, number = wanted, 1
            while name.lower() in self._taken:
                number += 1
                name = _numbered(wanted, number)
            self._taken.add(name.lower())
            self._by_source[source] = name
        return self._by_source[source]


def _clean(name: str) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-") or "file"
    if name.lower().endswith(_RESERVED) or _KEPT_BY_BOXES.match(name):
        stem, dot, suffix = name.rpartition(".")
        name = f"file-{stem}-{dot}{suffix}" if name.lower().endswith(_RESERVED) else f"file-{name}"
    if len(name) > _LONGEST:
        stem, dot, suffix = name.rpartition(".")
        suffix = suffix[-16:]
        name = f"{stem[: _LONGEST - len(suffix) - 1]}{dot}{suffix}" if dot else name[:_LONGEST]
    return name


def _numbered(name: str, number: int) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{number}.{suffix}" if dot and stem else f"{name}-{number}"
