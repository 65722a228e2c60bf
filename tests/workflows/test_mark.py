"""A place that is asked for alone is the same as among all marks."""

import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, REALDATA
from workflows.document import load, pointer_of

TEXTS = [
    MODEL_04,
    MODEL_05,
    "a: 1\nb:\n- x\n- {y: [1,\n 2], z: {}}\n-\nc: |\n  long\n  text\n\nd: []\n",
    "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n",
    '{"a": [1,\n {"b/~": 2}], "": 3}',
    "- 1\n-\n  - a: 1\n    b: 2\n# end\n",
    "plain\n",
    "",
]


def all_marks(mark, *path):
    yield path, mark[:3]
    for name, child in mark.children.items():
        yield from all_marks(child, *path, name)


def hold(document):
    for path, mark in all_marks(document.mark):
        assert document.place(pointer_of(*path))[:3] == mark, path
        for absent in ("nobody", "01", "²", "9" * 5000):
            assert document.place(pointer_of(*path, absent))[:3] == mark


@pytest.mark.parametrize("text", TEXTS)
def test_every_place(text):
    hold(load(text.encode()))


def test_what_is_not_readable_has_no_place():
    assert load(b"a: b: c").place("/a") is None


@pytest.mark.realdata
def test_every_place_of_real_files():
    if not REALDATA.is_dir():
        pytest.skip(f"no real files at {REALDATA}")
    for path in sorted((REALDATA / "rdf").glob("*.yaml"))[::20]:
        document = load(path.read_bytes())
        if document.readable:
            hold(document)
