"""The released client and the static check judge alike: every real catalog, and thousands that nobody has written yet."""

import json
import random

import pytest

from tests.agreement.mutate import changed
from tests.conftest import REALDATA
from tests.workflows.static.scivision import samples
from tests.workflows.static.scivision.ours import said
from workflows.static.scivision_form import REMOVED, changes, normalise

CATALOGS = sorted((REALDATA / "scivision").glob("*.json"))
FORMS = ("catalog", "entry")


def differs_on_purpose(data, family):
    """Whether it has the first catalogs' form, which is taken here and refused by the client."""
    return any(value is REMOVED or path[-1] == "institution" for path, value in changes(data, family))


@pytest.mark.realdata
@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_every_real_catalog_is_judged_as_the_client_judges_it(client, path):
    text = path.read_text("utf-8")
    ours = said(text)
    assert ours.family == json.loads(text)["catalog_type"].replace(" ", "-")
    theirs = client.errors(ours.family, text)
    assert ours.valid == (theirs is None), theirs


@pytest.mark.realdata
def test_there_are_real_catalogs_of_every_kind_and_one_that_is_refused():
    judged = [(said(path.read_text("utf-8"))) for path in CATALOGS]
    assert len({one.family for one in judged}) == 3
    assert [one.valid for one in judged].count(False) == 1


def mutated(form, seed, count=200):
    """Family and data; in a catalog one of its two entries is changed, or the catalog itself."""
    for family, data in samples.originals(form):
        yield from ((family, one) for one in changed([data], count, seed, samples.ODD))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("form", FORMS)
def test_files_that_nobody_has_written_yet_are_judged_so_too(client, form, seed):
    apart, unknown, verdicts = [], 0, {True: 0, False: 0}
    for family, data in mutated(form, seed):
        ours = said(samples.text(data))
        if not ours.family.startswith("scivision"):
            unknown += 1
            continue
        theirs = client.errors(ours.family, samples.text(data))
        verdicts[theirs is None] += 1
        if ours.valid != (theirs is None) and not differs_on_purpose(data, ours.family):
            apart.append((family, data, theirs, ours.of("error")))
    assert apart == []
    assert min(verdicts.values()) > 100
    assert unknown < 100  # of 1,200: those that are left with a name and little else


@pytest.mark.parametrize("kind", samples.ENTRIES)
def test_every_odd_value_in_every_field_is_judged_so_too(client, kind):
    family, whole = f"scivision-{kind}-entry", samples.ENTRIES[kind]
    apart = []
    for name in whole:
        for value in samples.ODD:
            data = {**whole, name: value}
            ours, theirs = said(samples.text(data)), client.errors(family, samples.text(data))
            if ours.valid != (theirs is None) and not differs_on_purpose(data, family):
                apart.append((name, value, theirs, ours.of("error")))
    assert apart == []


@pytest.mark.parametrize("form", FORMS)
def test_json_that_is_broken_is_refused_by_both(client, form):
    """A character removed, added or exchanged; where the file no longer shows what it is, nobody can compare."""
    chance, apart, refused = random.Random(5), [], 0
    for family, data in samples.originals(form) * 60:
        text = samples.text(data)
        at = chance.randrange(len(text))
        text = (
            text[:at]
            + chance.choice(("", *",:{}[]\"'#\\ x1.-\t", "null", "NaN", ",,"))
            + text[at + chance.randrange(2) :]
        )
        ours = said(text)
        if ours.family == family or not ours.data:
            theirs = client.errors(family, text)
            refused += theirs is not None
            if ours.valid != (theirs is None):
                apart.append((text, theirs, ours.of("error")))
    assert apart == []
    assert refused > 50


@pytest.mark.parametrize("form", FORMS)
def test_the_client_takes_what_is_published_of_everything_that_is_taken_here(client, form):
    taken = 0
    for _, data in mutated(form, 9):
        ours = said(samples.text(data))
        if ours.family.startswith("scivision") and ours.valid:
            published = normalise(ours.data)
            assert client.errors(ours.family, samples.text(published)) is None, data
            assert normalise(published) == published
            assert said(samples.text(published)).of("warning", "scivision-form") == []
            taken += 1
    assert taken > 200


def first_form(form):
    """The first catalogs' form of what it has: models and datasources."""
    for kind, entry in samples.FIRST_ENTRIES.items():
        data = entry if form == "entry" else samples.catalog(kind, entry)
        yield f"scivision-{kind}-{form}", data


@pytest.mark.parametrize(("family", "data"), [*first_form("entry"), *first_form("catalog")])
def test_the_first_catalogs_form_is_refused_by_the_client_and_taken_here(client, family, data):
    theirs = client.errors(family, samples.text(data))
    assert theirs
    ours = said(samples.text(data))
    assert (ours.family, ours.valid) == (family, True)
    noted = {one.pointer for one in ours.of("warning", "scivision-form")}
    assert {"/" + where.replace(".", "/") for where, _ in theirs} <= noted
    assert all(one.suggestion for one in ours.of("warning", "scivision-form"))
    assert client.takes(family, samples.text(normalise(data)))


DELIBERATE = [
    ("a list of pairs for an entry", '{"name": "a", "entries": [[["name", "b"], ["pkg_url", "c"]]]}', True),
    (
        "an address of over 4,096 characters",
        '{"name": "a", "pkg_url": "b", "url": "https://c/' + "d" * 4096 + '"}',
        True,
    ),
    (
        "a host name of over 253 characters",
        '{"name": "a", "pkg_url": "b", "url": "https://' + "c." * 127 + 'de"}',
        True,
    ),
    ("half a character", '{"name": "a\\ud800", "pkg_url": "b"}', True),
    ("over 1 MB", '{"name": "a", "pkg_url": "b", "description": "' + "c" * 1_000_000 + '"}', True),
    ("over 20,000 values", '{"name": "a", "pkg_url": "b", "tags": [' + '"c",' * 20_000 + '"d"]}', True),
    ("a byte order mark", '\ufeff{"name": "a", "pkg_url": "b"}', False),
]
"""What, the file, and the client's verdict, which ours contradicts."""


@pytest.mark.parametrize(("text", "taken"), [one[1:] for one in DELIBERATE], ids=[one[0] for one in DELIBERATE])
def test_the_other_differences_are_these(client, text, taken):
    family = "scivision-model-catalog" if "entries" in text else "scivision-model-entry"
    assert client.takes(family, text) is taken
    assert said(text).valid is not taken
