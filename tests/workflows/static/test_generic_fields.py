"""Every field of datasets, applications, notebooks and others, once right and once wrong, through the whole check."""

import json
from pathlib import Path

import pytest

from tests.agreement.corpus import JOB_PYTHON, LivePeer
from tests.workflows.static.generic_fields import FIELDS, SOURCES, cases, with_line
from workflows.document import load
from workflows.static.static import context_of, look

SCHEMAS = Path(__file__).parents[3] / "schemas" / "rdf"


def wrong(text):
    found = look(context_of(load(text.encode()), {}, (), {}, package=False))
    return [one for one in found if one.level == "error"]


def test_what_is_right_and_what_is_wrong():
    apart = [text for text, right in cases() if bool(wrong(text)) is right]
    assert apart == []


@pytest.mark.parametrize("version", FIELDS)
def test_what_is_wrong_is_told_at_its_field(version):
    for field, (_, values) in FIELDS[version].items():
        for value in values:
            found = wrong(with_line("dataset", version, field, value))
            assert {one.pointer.split("/")[1] for one in found} == {field}, (field, value)


@pytest.mark.skipif(not JOB_PYTHON.exists(), reason="the boxes' libraries are not installed: make .venv-job")
def test_bioimageio_spec_says_the_same():
    with LivePeer() as peer:
        apart = [text for text, right in cases() if peer.verdict(text).valid is not right]
    assert apart == []


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("version", FIELDS)
def test_the_table_has_every_field(kind, version):
    schema = json.loads((SCHEMAS / f"{kind}-{version}.schema.json").read_text("utf-8"))
    assert schema["properties"].keys() - {"format_version", "type", "source"} <= FIELDS[version].keys()


@pytest.mark.parametrize("version", FIELDS)
def test_fields_that_nobody_knows(version):
    (found,) = wrong(with_line("dataset", version, "descripton", "d"))
    assert (found.rule, found.pointer) == ("unknown-field", "/descripton")
    assert wrong(with_line("generic", version, "anything", "[1]")) == []
    assert wrong(with_line("workflow", version, "anything", "[1]")) == []


@pytest.mark.parametrize("version", ["0.3.0", "0.3.3"])
def test_before_0_3_4_files_may_be_bare_names(version):
    bare = "covers:\n- a.png\ndocumentation: a.md\nicon: a.png\n"
    text = with_line("dataset", "0.3", "tags", "[]") + bare
    assert wrong(text.replace("0.3.4", version)) == []
    assert [one.pointer for one in wrong(text)] == ["/covers/0", "/documentation", "/icon"]
    told = {one.pointer: (one.message, one.suggestion.text) for one in wrong(text)}
    assert told["/documentation"] == (
        "`documentation` is 'a.md', but has to be a mapping or nothing.",
        'documentation: {"source": "a.md"}',
    )
    assert told["/covers/0"][1] == '- {"source": "a.png"}'
    assert told["/icon"][1] == 'icon: {"source": "a.png"}'
