"""The descriptions that were written here: valid by both, and each one that is made wrong, wrong for both."""

import pytest

from tests.agreement.corpus import JOB_PYTHON, LivePeer, cases
from tests.agreement.samples import generic, own, texts
from workflows.document import load
from workflows.static.static import context_of, look

live = pytest.mark.skipif(not JOB_PYTHON.exists(), reason="the boxes' libraries are not installed: make .venv-job")


def errors(text):
    found = look(context_of(load(text.encode()), {}, (), {}, package=False))
    return [f"{one.pointer}: {one.message}" for one in found if one.level == "error"]


@pytest.fixture(scope="module")
def peer():
    with LivePeer() as live_peer:
        yield live_peer


def test_they_are_right():
    assert {text: errors(text) for text in generic.SAMPLES if errors(text)} == {}


@live
def test_bioimageio_spec_says_so_too(peer):
    assert {text: peer.verdict(text).errors for text in texts() if not peer.verdict(text).valid} == {}


def test_they_are_found_by_family():
    assert {data["type"] for data in own(r"^generic-0\.3$")} == {"generic", "workflow"}


DELIBERATE = {
    "'' is no list of citations": "cite: ''\n",
    "v1 is no format version": "format_version: v1\n",
    "a format version has no suffix": "format_version: 0.3.4rc1\n",
    "nothing ever followed dataset 0.1": "format_version: 0.1.0\n",
}
"""What bioimageio.spec lets pass because it converts before it looks, and the specification does not know."""


@live
@pytest.mark.parametrize("line", DELIBERATE.values(), ids=DELIBERATE)
def test_deliberate_differences(peer, line):
    text = generic.least("dataset", "0.2.4" if "cite" in line else "0.3.4")
    if "format_version" in line:
        text = text.replace("format_version: 0.3.4\n", "")
    assert peer.verdict(text + line).valid
    assert errors(text + line)


@pytest.mark.realdata
def test_collections_are_judged_by_their_own_specification_which_bioimageio_spec_gave_up():
    """It refuses every `type: collection`, in these words; ours are the ones that break the 0.2 specification."""
    told = "Use the collection description instead of this generic description"
    found = [(one, errors(one.raw.decode())) for one in cases() if one.kind == "collection"]
    assert len(found) > 30
    assert all(one.peer.errors[0][0] == "type" and told in one.peer.errors[0][1] for one, _ in found)
    assert sum(not said for _, said in found) > 10
    without = [said for one, said in found if b"\ncollection:" not in b"\n" + one.raw]
    assert all("/collection: The field `collection` is missing." in said for said in without)
