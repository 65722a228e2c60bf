"""People: ORCID iDs, logins, and whether somebody can be told."""

import pytest

from tests.workflows.rdf_sample import MODEL_04
from tests.workflows.static.helpers import text_findings
from workflows.static.orcid import orcid_inside, orcid_is_valid

ORCID = "0000-0002-1825-0097"


def test_check_digits():
    assert orcid_is_valid(ORCID)
    assert orcid_is_valid("0000-0002-1694-233X")
    for wrong in (
        "0000-0002-1825-0098",
        "0000000218250097",
        "0000-0002-1694-233x",
        "",
        f"{ORCID}\n",
        "\u0660000-0002-1825-0097",
    ):
        assert not orcid_is_valid(wrong)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (f"https://orcid.org/{ORCID}", ORCID),
        (f"http://orcid.org/{ORCID}/", ORCID),
        ("0000000218250097", ORCID),
        ("0000 0002 1694 233x", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", None),
        ("Ada", None),
    ],
)
def test_the_id_inside_of_something_longer(text, bare):
    assert orcid_inside(text) == bare


def test_an_orcid_that_is_not_bare_or_not_right():
    (found,) = text_findings(MODEL_04.replace(ORCID, f"https://orcid.org/{ORCID}"), "orcid")
    assert (found.level, found.line, found.fix) == ("error", 7, f"Write {ORCID}.")
    assert found.message == f"`authors[0].orcid` 'https://orcid.org/{ORCID}' is not the bare ORCID iD."
    assert found.suggestion.text == f"  orcid: {ORCID}"
    (found,) = text_findings(MODEL_04.replace(ORCID, "0000-0002-1825-0098"), "orcid")
    assert (found.level, found.line, found.suggestion) == ("error", 7, None)
    assert found.message == (
        "`authors[0].orcid` '0000-0002-1825-0098' is not a valid ORCID iD (its last character is a check digit)."
    )


def test_an_orcid_is_told_once_wherever_it_stands():
    inner = "packaged_by: [{name: a, orcid: x}]\ntraining_data: {name: c, description: d, maintainers: [{github_user: a, orcid: x}]}\n"
    found = [one for one in text_findings(MODEL_04 + inner) if one.pointer.endswith("/orcid")]
    assert [(one.rule, one.pointer) for one in found] == [
        ("orcid", "/packaged_by/0/orcid"),
        ("orcid", "/training_data/maintainers/0/orcid"),
    ]


@pytest.mark.parametrize(
    ("login", "suggestion"),
    [
        ("https://github.com/ada", "  github_user: ada"),
        ("https://github.com/ada/", "  github_user: ada"),
        ("github.com/ada", "  github_user: ada"),
        ("'@ada'", "  github_user: 'ada'"),
        ("Ada Lovelace", None),
        ("a--b", None),
        ("-a", None),
        ("''", None),
    ],
)
def test_logins(login, suggestion):
    (found,) = text_findings(MODEL_04.replace("github_user: ada", f"github_user: {login}"), "github-user")
    assert (found.level, found.line) == ("warning", 10)
    assert (found.suggestion and found.suggestion.text) == suggestion


def test_somebody_has_to_be_reachable():
    assert text_findings(MODEL_04, "maintainers") == []
    assert text_findings(MODEL_04.replace("user: ada", "user: https://github.com/ada"), "maintainers") == []
    for nobody in ("user: Ada Lovelace", "user: ''"):
        (found,) = text_findings(MODEL_04.replace("user: ada", nobody), "maintainers")
        assert (found.level, found.line) == ("policy", 8)


def test_people_are_a_list():
    text = MODEL_04.replace("authors:\n- name: Ada Lovelace\n  orcid: 0000-0002-1825-0097\n", "authors: Ada Lovelace\n")
    (found,) = text_findings(text, "persons")
    assert found.message == "`authors` is the text 'Ada Lovelace'; it has to be a list of people."
    assert (found.level, found.fix) == (
        "warning",
        "Write each on a line of its own, such as `- name: Ada Lovelace`.",
    )
