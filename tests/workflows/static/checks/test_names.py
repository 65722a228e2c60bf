"""Names: length and characters, by family; tensors' names once."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.helpers import text_findings


def named(text, name):
    text = text.replace("name: Tiny blur", f"name: {name}").replace("name: Cells", f"name: {name}")
    return [
        (one.level, one.message)
        for one in text_findings(text)
        if one.pointer == "/name" and one.rule != "informative-name"
    ]


@pytest.mark.parametrize(
    ("text", "level", "longest"),
    [
        (MODEL_04, "policy", 64),
        (MODEL_05, "warning", 64),
        (least("dataset", "0.3.4"), "warning", 64),
        (least("dataset", "0.2.4"), "warning", 128),
    ],
)
def test_long_names(text, level, longest):
    assert named(text, "x" * longest) == []
    assert named(text, "x" * (longest + 1)) == [
        (level, f"`name` has {longest + 1} characters; at most {longest} are shown.")
    ]


def test_characters():
    message = "`name` 'a/b (c)' has characters other than letters, digits, spaces, _ and -."
    assert named(MODEL_04, "a/b (c)") == [("warning", message)]
    assert named(least("dataset", "0.2.4"), "a/b (c)") == []
    (told,) = named(least("dataset", "0.3.4"), "a/b (c)")
    assert told[0] == "error"


def test_a_name_that_is_no_text_is_the_schema_s():
    assert [
        one.rule for one in text_findings(MODEL_04.replace("name: Tiny blur", "name: 3")) if one.pointer == "/name"
    ] == ["wrong-value"]
