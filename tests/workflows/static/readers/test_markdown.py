"""Headings of markdown."""

import pytest

from workflows.static.readers.markdown import headings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# One\n## Two ##\n###\n", ["One", "Two", ""]),
        ("One\n===\nTwo\n---\n", ["One", "Two"]),
        ("# One\n---\n", ["One"]),
        ("\n---\n", []),
        ("a\n\n---\n", []),
        ("   ### Three\n", ["Three"]),
        ("    # code\n\t# code\n", []),
        ("```py\n# no\n```\n# yes\n", ["yes"]),
        ("````\n```\n# no\n````\n# yes\n", ["yes"]),
        ("~~~\n# no\n", []),
        ("``` a`b\n# yes\n", ["yes"]),
        ("#no\n", []),
        ("# " + "x" * 2000, []),
        ("> quoted\n---\n", []),
    ],
)
def test_headings(text, found):
    assert list(headings(text)) == found
