"""The table is whole, and every field of the specification is taken and refused as it says, by the whole static check."""

import copy
import re

import pytest

from tests.agreement.mutate import dump
from tests.agreement.samples.model_04 import FULL
from tests.workflows.rdf_sample import REALDATA
from tests.workflows.static.field_table_04 import FIELDS, OPTIONAL, REFUSED, REQUIRED
from workflows.document import load, pointer_of
from workflows.static.static import context_of, look

SEEDS = REALDATA.parent / "seeds"
ANCHOR = re.compile(r'<a id="([a-z0-9_:]+)"></a>')
ASKED = [field for field in FIELDS if field.need != REFUSED]


def findings(data):
    return look(context_of(load(dump(data).encode()), {}, (), {}, package=False))


def changed(place, value=None, *, remove=False):
    """The full model with one field changed, added or removed."""
    data = holder = copy.deepcopy(load(FULL.encode()).data)
    *parts, last = [int(part) if part.isdecimal() else part for part in place.split(".")]
    for part in parts:
        holder = holder[part]
    if remove:
        holder.pop(last, None)
    else:
        holder[last] = value
    return data


def blocking(data):
    return [(one.level, one.rule, one.pointer) for one in findings(data) if one.level != "warning"]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the specification's documents are not beside the repository")
@pytest.mark.parametrize("name", ["003_*.txt", "004_*.txt"])
def test_the_table_has_every_field_that_the_documents_name(name):
    (path,) = SEEDS.glob(name)
    named = set(ANCHOR.findall(path.read_text("utf-8")))
    assert len(named) > 70
    assert named <= {field.anchor for field in FIELDS}


def test_the_table_names_each_field_once():
    anchors = [field.anchor for field in FIELDS]
    assert len(set(anchors)) == len(anchors)


def test_the_full_model_has_nothing_that_keeps_it_out():
    assert blocking(load(FULL.encode()).data) == []


@pytest.mark.parametrize("field", [one for one in ASKED if one.accepted is not None], ids=lambda one: one.anchor)
def test_a_right_value_is_taken(field):
    assert blocking(changed(field.place, field.accepted)) == []


@pytest.mark.parametrize("field", FIELDS, ids=lambda one: one.anchor)
def test_a_wrong_value_is_told_at_its_field(field):
    pointer = pointer_of(*field.place.split("."))
    found = findings(changed(field.place, field.refused))
    told = [one for one in found if (one.level, one.rule) == (field.level, field.rule)]
    assert told, found
    assert any(_meet(one.pointer, pointer) for one in told)
    assert all(one.line for one in told)


@pytest.mark.parametrize("field", [one for one in FIELDS if one.need == REQUIRED], ids=lambda one: one.anchor)
def test_a_required_field_is_missed(field):
    errors = [one.pointer for one in findings(changed(field.place, remove=True)) if one.level == "error"]
    assert any(_meet(pointer, pointer_of(*field.place.split("."))) for pointer in errors)


@pytest.mark.parametrize("field", [one for one in FIELDS if one.need == OPTIONAL], ids=lambda one: one.anchor)
def test_an_optional_field_may_be_left_out(field):
    allowed = {("policy", "maintainers", "/maintainers")}
    assert set(blocking(changed(field.place, remove=True))) <= allowed


def _meet(one, other):
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")
