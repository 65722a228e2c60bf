"""The examples of the catalog's first description, as they stand there: without some commas, in a form that the client refuses."""

import json
import re

import pytest

from tests.conftest import ROOT
from tests.workflows.static.scivision import samples
from tests.workflows.static.scivision.ours import applied, said
from workflows.static.scivision_form import normalise

SEEDS = ROOT.parent / "shared" / "seeds"


def examples():
    """The two JSON examples of 1/Catalog."""
    pages = [page for page in sorted(SEEDS.glob("000_*.txt")) if "1/Catalog" in page.read_text("utf-8")]
    if not pages:
        pytest.skip("the description is not beside the repository")
    return re.findall(r"^```\n(.*?)^```$", pages[0].read_text("utf-8"), re.MULTILINE | re.DOTALL)


def corrected(text, rule):
    """The text with one suggestion of a rule after the other taken over."""
    for _ in range(20):
        found = [one.suggestion for one in said(text).findings if one.rule == rule and one.suggestion]
        if not found:
            return text
        text = applied(text, found[0])
    raise AssertionError(text)


@pytest.mark.parametrize("kind", samples.FIRST_ENTRIES)
def test_what_is_suggested_leads_to_what_the_client_takes(client, kind):
    text = examples()[list(samples.FIRST_ENTRIES).index(kind)]
    family = f"scivision-{kind}-entry"
    assert [one.rule for one in said(text).of("error")] == ["json"]
    with_commas = corrected(text, "json")
    taken = said(with_commas)
    assert (taken.family, taken.valid) == (family, True)
    assert json.loads(with_commas).keys() == samples.FIRST_ENTRIES[kind].keys()
    assert not client.takes(family, with_commas)
    published = corrected(with_commas, "scivision-form")
    assert json.loads(published) == normalise(json.loads(with_commas))
    assert client.takes(family, published)
