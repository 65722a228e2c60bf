"""What kind of resource a file says it is."""

import pytest

from tests.workflows.static.helpers import text_findings

REST = "format_version: 0.2.4\nname: Cells\ndescription: d\n"


@pytest.mark.parametrize(
    ("line", "level", "message", "fix", "suggestion"),
    [
        (
            "",
            "error",
            "The field `type` is missing.",
            "Add it: one of application, collection, dataset, model, notebook.",
            None,
        ),
        (
            "type: 3\n",
            "error",
            "`type` is 3, but has to be text.",
            "Write one of application, collection, dataset, model, notebook.",
            None,
        ),
        (
            "type: Dataset\n",
            "warning",
            "`type` 'Dataset' is none of the kinds that have a description of their own.",
            "Did you mean 'dataset'?",
            "type: dataset",
        ),
        (
            "type: modell\n",
            "warning",
            "`type` 'modell' is none of the kinds that have a description of their own.",
            "Did you mean 'model'?",
            "type: model",
        ),
    ],
)
def test_kinds_that_are_told(line, level, message, fix, suggestion):
    (found,) = text_findings(line + REST, "type")
    assert (found.level, found.pointer, found.message, found.fix) == (level, "/type", message, fix)
    assert (found.suggestion and found.suggestion.text) == suggestion


@pytest.mark.parametrize("kind", ["dataset", "workflow", "generic"])
def test_kinds_that_are_taken(kind):
    assert [one for one in text_findings(f"type: {kind}\n{REST}") if one.level == "error"] == []
