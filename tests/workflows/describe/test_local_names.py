import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.describe.local_names import LocalNames


@pytest.mark.parametrize(
    ("source", "local"),
    [
        ("weights.pt", "weights.pt"),
        ("sub/dir\\weights.pt", "weights.pt"),
        ("https://zenodo.org/api/records/1/files/weights.pt/content", "weights.pt"),
        ("https://x.org/a%20b/sh%C3%A4rk.onnx?download=1#x", "sh-rk.onnx"),
        ("https://x.org", "file"),
        ("https://[bad/w.pt", "w.pt"),
        ("`@everyone`.md", "everyone-.md"),
        ("my.rdf.yaml", "file-my.rdf-.yaml"),
        ("produced-0.npy", "file-produced-0.npy"),
        ("../..", "file"),
        ("/", "file"),
        ("x" * 300 + ".npy", "x" * 96 + ".npy"),
        ("x" * 300, "x" * 100),
    ],
)
def test_local_names_are_harmless_and_keep_the_suffix(source, local):
    assert LocalNames().of(source) == local


def test_colliding_base_names_get_numbers_and_one_source_one_name():
    names = LocalNames()
    assert names.of("a/w.pt") == "w.pt"
    assert names.of("b/W.pt") == "W-2.pt"
    assert names.of("c/w.pt") == "w-3.pt"
    assert names.of("a/w.pt") == "w.pt"
    assert names.of("a/README") == "README"
    assert names.of("b/README") == "README-2"


@given(st.lists(st.text(max_size=200), unique=True, max_size=8))
def test_any_source_has_a_unique_name_of_the_schema_s_form(sources):
    names = LocalNames()
    found = [names.of(source) for source in sources]
    assert len({name.lower() for name in found}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", name) for name in found)
