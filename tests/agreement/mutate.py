"""Files that nobody has written yet: a real one with one or two values changed, moved, renamed or removed.

Values come from other real files' fields of the same name, or from a list of what people write by mistake.
"""

import copy
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from workflows.scalars import Moment

_TIMESTAMP = "tag:yaml.org,2002:timestamp"

ODD: tuple[Any, ...] = (
    None, "", " ", "x", "a b", "X" * 65, "X" * 1025, "äöü", 0, 1, -1, 2, 0.5, 1.0, -0.5, 1e30, float("inf"), float("-inf"), float("nan"), True, False,
    [], {}, ["x"], [1], [1, 1], [None], {"a": 1}, {"name": "x"}, {"source": "a.npy"}, {"id": "x"}, [[]], [{}],
    "https://example.com", "https://example.com/a.npy", "http://x", "ftp://x/y", "a.npy", "a.zip", "../a.npy", "/a.npy", "a/b.md", "README.md", "C:\\a.npy", "a.yaml", "rdf.yaml", "bioimageio.yaml",
    "10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1", "10.5281", "0000-0002-1825-0097", "0000-0002-1825-0098", "https://orcid.org/0000-0002-1825-0097", "0000000218250097",
    "2020-01-01", "2020-01-01T00:00:00", "2020-13-01", "yesterday", 1577836800, "1.0.0", "1.0", "v1", "0.1.0b1", 1.1, "MIT", "mit", "GPL-3.0", "CC-BY-4.0", "proprietary",
    "a@b.org", "@x", "float32", "float64", "uint8", "bool", "bcyx", "byxc", "bczyx", "xx", "b", "per_sample", "fixed", "per_dataset", "channel", "space", "batch", "time", "index",
    "a" * 64, "f" * 63, "a.py:b", "a.b.c", "a.py:b-c", "conda:env.yaml", "pip:requirements.txt", "onnx", "torchscript", "pytorch_state_dict", "keras_hdf5", "model", "dataset", "0.4.10", "0.5.4", "0.2.4", "0.3.0", "0.9.9",
    [0, 1], [1, 0], [-1, 1], [float("-inf"), float("inf")], [0.0, None], {"min": [1, 1, 8, 8], "step": [0, 0, 8, 8]}, {"reference_tensor": "x", "scale": [1], "offset": [0]}, {"min": 1, "step": 1}, {"tensor_id": "x", "axis_id": "y", "offset": 0},
)  # fmt: skip


def texts(documents: Sequence[dict[str, Any]], count: int, seed: int) -> Iterator[str]:
    """`count` mutated documents as YAML; the same for the same seed."""
    yield from map(dump, changed(documents, count, seed))


def changed(
    documents: Sequence[dict[str, Any]], count: int, seed: int, odd: Sequence[Any] = ODD
) -> Iterator[dict[str, Any]]:
    """The same as data; `odd` are the values that people write by mistake."""
    chance = random.Random(seed)
    donors = _by_name(documents)
    for _ in range(count):
        data = copy.deepcopy(chance.choice(documents))
        for _ in range(chance.choice((1, 1, 1, 2))):
            _mutate(data, donors, chance, odd)
        yield data


def dump(data: Any) -> str:
    """YAML as people write it, with `.inf`."""
    text = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.representer.add_representer(Moment, lambda one, moment: one.represent_scalar(_TIMESTAMP, str(moment)))
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump(data, text)
    return text.getvalue()


def _mutate(data: dict[str, Any], donors: dict[str, list[Any]], chance: random.Random, odd: Sequence[Any]) -> None:
    holder, key = chance.choice(list(_places(data)))
    kind = chance.choice(("odd", "odd", "donor", "donor", "remove", "add", "rename", "double"))
    name = key if isinstance(key, str) else ""
    if kind == "remove" or (kind == "donor" and name not in donors):
        del holder[key]
    elif kind == "odd":
        holder[key] = copy.deepcopy(chance.choice(odd))
    elif kind == "donor":
        holder[key] = copy.deepcopy(chance.choice(donors[name]))
    elif isinstance(holder, list):
        holder.insert(0, copy.deepcopy(holder[key]))
    elif kind == "rename":
        holder[chance.choice(sorted(donors))] = holder.pop(key)
    else:
        name = chance.choice(sorted(donors))
        holder[name] = copy.deepcopy(chance.choice(donors[name]))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


def _by_name(documents: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    donors: dict[str, list[Any]] = defaultdict(list)
    for document in documents:
        for holder, key in _places(document):
            if isinstance(key, str) and len(donors[key]) < 200:
                donors[key].append(holder[key])
    return dict(donors)
