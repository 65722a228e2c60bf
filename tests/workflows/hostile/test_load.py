"""The reader by itself, on the same files."""

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.hostile.corpus import WRONG
from workflows import document

PIECES = (
    "[·{·- ·? ·: ·a: ·&a ·*a ·!!str ·!a ·|\n·>-\n·'·\"·\\·\n·\n  ·\t·%·, ·]·}·#·<<: *a\n·a: &a {b: c}\n·---\n·"
    "...\n·\ufeff·\x85·\u2028·\r·1e999·~·é"
)

BOUND = 1 if sys.gettrace() is None else 5
"""Seconds of the processor; measured at most 0.4. Coverage, which looks at every line, takes several times as long."""


def assert_read(raw: bytes) -> document.Document:
    """A document or a problem in plain words, and every place can be asked for."""
    read = document.load(raw)
    assert read.readable or read.problems
    assert read.readable == (read.mark is not None)
    for problem in read.problems:
        assert problem.message.endswith(".")
        assert len(problem.message) < 300
        assert problem.fix.endswith(".")
        assert (problem.line is None) == (problem.column is None)
        assert problem.line is None or (problem.line >= 1 and problem.column >= 1)
    return read


@pytest.mark.parametrize("name", WRONG)
def test_wrong_content_is_read_or_refused_in_little_time(name):
    started = time.process_time()
    assert_read(WRONG[name][0])
    assert time.process_time() - started < BOUND


@pytest.mark.parametrize("name", WRONG)
def test_without_libyaml_the_same_holds(name, monkeypatch):
    monkeypatch.setattr(document, "FAST", False)
    assert_read(WRONG[name][0][:20_000])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split("·")), max_size=40), st.integers(1, 50))
def test_no_mixture_raises(pieces, times):
    assert_read(("".join(pieces) * times).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(raw):
    assert_read(raw)
