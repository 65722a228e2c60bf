"""Title and first text of a proposal."""

import pytest

from bot.proposal.pull_request_text import Corrected, body, title
from bot.words.waiting import first_report
from tests.fakes import markdown
from tests.fakes.facts import PLACE, upload
from tests.fakes.golden import golden

URL = "https://zenodo.example/records/1001"


def test_the_title_has_ids_only():
    assert title(PLACE) == "brave-otter 1001"


def test_the_text_is_the_golden_one():
    golden("proposal", body(PLACE, upload(), "A model", corrected=None).text)


def test_a_carried_correction_is_told():
    golden("proposal_carried", body(PLACE, upload(url=None), "A model", corrected=Corrected("1000", carried=True)).text)


def test_a_correction_that_could_not_be_carried_is_told():
    golden("proposal_not_carried", body(PLACE, upload(), "A model", corrected=Corrected("1000", carried=False)).text)


@pytest.mark.parametrize(
    "name",
    [
        "@everyone ``` [skip ci] Closes #1 <b>x</b> </details> \u202egnp\u202c | --> <!-- accession:report -->",
        "**bold** [x](https://evil.example) https://evil.example\n\n# Title\n\n- @ada",
        "",
        "`",
        "***",
    ],
)
def test_a_hostile_name_lets_nothing_out(name):
    text = body(PLACE, upload(), name, corrected=None).text
    assert markdown.escapes(text, addresses=(URL,)) == []
    kinds = [token.type for token in markdown.tokens(text)]
    assert kinds.count("paragraph_open") == 4
    assert "hr" not in kinds
    assert "heading_open" not in kinds


def test_when_the_report_comes_and_where_the_place_is_shown():
    first = first_report(100.0, "https://zoo.example")
    golden("proposal_with_time", body(PLACE, upload(), "A model", corrected=None, first=first).text)
