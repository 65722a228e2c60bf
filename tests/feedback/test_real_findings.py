"""What the pull request shows of three real files that are not valid: the comment and the notes on the lines, golden."""

import pytest

from bot.feedback.annotations import line_notes
from bot.feedback.blocks import block
from bot.feedback.comment import report_comment
from bot.records.stage import Stage
from bot.records.suggestions import offers
from bot.records.verdict import report
from bot.words import sentences
from tests.conftest import REALDATA
from tests.fakes.facts import PLACE
from tests.fakes.golden import golden
from tests.fakes.workshop import report as report_json
from tests.feedback.test_comment import view
from workflows.document import load
from workflows.static.static import context_of, look

THREE = {
    "real_model_04": "148bdc08e8e10467f9da33d8e572fa21df6f3c3e15a187a338b8c63eed1058f3",
    "real_model_05": "aa786a622317",
    "real_application": "24494d63bb5a",
}


def reported(sha256):
    """The report of a lone RDF: its static findings, nothing run."""
    (path,) = (REALDATA / "rdf").glob(f"{sha256}*.yaml")
    found = look(context_of(load(path.read_bytes()), {}, (), {}, package=False))
    return report(report_json("d" * 64, "failed") | {"findings": [one.as_json() for one in found], "weights": []})


@pytest.mark.realdata
@pytest.mark.parametrize("name", THREE)
def test_the_comment_on_a_real_file(name):
    made = view(reported(THREE[name]), stage=Stage.NEEDS_CHANGES, wait=sentences.wait_changes(), mentions=())
    golden(name, report_comment(made).text)


@pytest.mark.realdata
@pytest.mark.parametrize("name", THREE)
def test_the_notes_on_the_lines_of_a_real_file(name):
    made = reported(THREE[name])
    notes = [
        f"{one.level} {one.path.rsplit('/', 1)[-1]}:{one.start_line} {one.title}\n{one.message}\n"
        for one in line_notes(made, PLACE)
    ]
    blocks = [
        block(one, "rdf.yaml", b"k" * 32, "zoo/collection#5").body.split("<!--")[0].rstrip() for one in offers(made)
    ]
    golden(f"{name}_notes", "\n\n".join(["# annotations", *notes, "# suggestion blocks", *blocks]))
