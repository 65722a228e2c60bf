"""Values that are nearly right, made right by rule. Whether a value is right then, the schema is asked again."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import isfinite
from typing import Any

_OTHER_WORDS = {
    "data_type": {
        **dict.fromkeys(("boolean", "logical"), "bool"),
        **dict.fromkeys(("byte", "uchar", "ubyte"), "uint8"),
        **dict.fromkeys(("float", "single", "f4", "torch.float32"), "float32"),
        **dict.fromkeys(("double", "f8"), "float64"),
        "ushort": "uint16",
    },
    "mode": {
        **dict.fromkeys(("sample", "per_image", "image"), "per_sample"),
        **dict.fromkeys(("dataset", "global"), "per_dataset"),
    },
    "name": {
        **dict.fromkeys(("normalize", "standardize", "zscore", "z_score", "z-score"), "zero_mean_unit_variance"),
        **dict.fromkeys(("percentile", "scale_percentile", "quantile"), "scale_range"),
        **dict.fromkeys(("threshold", "thresholding"), "binarize"),
    },
    "parent": {"pytorch_script": "torchscript", "pytorch": "pytorch_state_dict", "keras": "keras_hdf5"},
}
_SPOKEN = {
    "conda": re.compile(r"[^:\s]+\.ya?ml\Z"),
    "pip": re.compile(r"[^:\s]+\.txt\Z"),
    "maven": re.compile(r"[^:\s]+\.xml\Z"),
}
_SIZES = re.compile(r"\s*[\[(]?\s*[0-9]{1,9}(?:\s*[,x; ]\s*[0-9]{1,9}){1,9}\s*[\])]?\s*\Z")
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?:[/?#]\S*)?\Z")
_DAY = re.compile(
    r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]*)?)?)?\s*(Z|UTC)?\Z"
)
_LONGEST = 1000  # characters of a text that is worth repairing
_SECONDS = (1e9, 4e9)  # of the Unix clock, from 2001 to 2096
_TEXTS = frozenset(
    {
        "affiliation",
        "description",
        "github_user",
        "id",
        "license",
        "name",
        "text",
        "pytorch_version",
        "tensorflow_version",
        "version",
    }
)
_FILES = frozenset({"", "documentation", "icon", "sample_tensor", "test_tensor"})
"""Fields, and items of a list, that are a file under `source` since 0.3 and 0.5."""
_TRIMMED = re.compile(r"\s+|sha-?256:\s*", re.IGNORECASE)


def candidates(field: str, found: Any) -> Iterator[Any]:
    """What a value of a field may have been meant to be, likeliest first; at most a handful."""
    if isinstance(found, str):
        if len(found) <= _LONGEST:
            yield from _of_text(field, found)
            if found.strip():
                yield [found]
                if field in _FILES:
                    yield {"source": found}
    elif isinstance(found, list):
        if found and all(isinstance(one, str) and len(one) == 1 for one in found):
            yield "".join(found)
        if len(found) == 1:
            yield found[0]
    elif isinstance(found, dict):
        yield [found]
    elif found is None:
        yield from ([], {})
    else:
        yield from _of_number(field, found)


def _of_text(field: str, text: str) -> Iterator[Any]:
    words = _OTHER_WORDS.get(field, {})
    if meant := words.get(text.strip().lower()):
        yield meant
    bare = _TRIMMED.sub("", text) if field.endswith("sha256") else text.strip()
    if bare not in (text, ""):
        yield bare
    if text.lower() != text and field in {"axes", *_OTHER_WORDS}:
        yield text.lower()
    if _SIZES.match(text):
        yield [int(number) for number in re.findall(r"[0-9]+", text)]
    maker = _MAKERS.get(field)
    if maker and (made := maker(text.strip())) is not None:
        yield made


def _moment(text: str) -> str | None:
    """ISO 8601 out of year, month and day in this order."""
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, _ = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}T{hour or '00':0>2}:{minute or '00'}:{second or '00'}Z"


def _dependencies(text: str) -> str | None:
    manager = next((name for name, pattern in _SPOKEN.items() if pattern.match(text)), None)
    return f"{manager}:{text}" if manager else None


def _address(text: str) -> str | None:
    return f"https://{text}" if _HOST.match(text) else None


def _person(text: str) -> dict[str, str] | None:
    return {"name": text} if text and "@" not in text else None


_MAKERS: dict[str, Callable[[str], Any]] = {
    "timestamp": _moment,
    "dependencies": _dependencies,
    "url": _address,
    "download_url": _address,
    "source": _address,
    "person": _person,
}


def _of_number(field: str, number: float) -> Iterator[Any]:
    if field == "timestamp" and _SECONDS[0] <= number <= _SECONDS[1]:
        yield datetime.fromtimestamp(number, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if field in _TEXTS and not isinstance(number, bool) and (isinstance(number, int) or isfinite(number)):
        yield str(number)
