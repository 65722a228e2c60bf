"""The same for what TensorFlow and Keras run, inside their image: one verdict, or a difference that is listed and proven."""

import numpy as np
import pytest

from tests.agreement.differences import DIFFERENCES, OF_TENSORFLOW
from tests.agreement.dynamic.cases_tensorflow import swapped
from tests.agreement.dynamic.compare import compared, lines
from tests.agreement.dynamic.environments import TENSORFLOW
from tests.agreement.dynamic.sides import QUESTIONS, Bare, Ours
from tests.samples import in_images
from tests.samples.kinds import make_sample

BUNDLE = "tensorflow_saved_model_bundle"
FORMATS = {"keras_hdf5", "keras_v3", BUNDLE}
RIGHT, WRONG, BROKEN = ("passed",) * 3, ("passed", "passed", "failed"), ("failed", "skipped", "skipped")
SWAPPED = ("swapped", "swapped, reversed")
OURS = {
    "as it is": RIGHT,
    "wrong output": WRONG,
    "another shape": WRONG,
    "reversed": RIGHT,
    "swapped": WRONG,
    "swapped, reversed": WRONG,
    "broken weights": BROKEN,
    "truncated weights": BROKEN,
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Every case, with both answers."""
    in_images.needs("tensorflow")
    return compared(TENSORFLOW, tmp_path_factory.mktemp("agreement"))


@pytest.mark.docker
def test_both_sides_agree_or_differ_as_listed(rows):
    unlisted = [row.case.name for row in rows if row.unlisted]
    assert unlisted == [], "\n".join(lines(rows))
    assert {row.case.weight_format for row in rows} == FORMATS
    assert {row.case.weight_format for row in rows if row.agree and row.bare.verdict == "passed"} == FORMATS


@pytest.mark.docker
@pytest.mark.parametrize("difference", OF_TENSORFLOW, ids=lambda one: one.name)
def test_every_listed_difference_is_proven(rows, difference):
    assert [row.case.name for row in rows if not row.agree and row.difference is difference]


@pytest.mark.docker
def test_a_case_is_one_listed_difference_if_it_differs(rows):
    counts = {row.case.name: sum(one.is_it(row.bare, row.ours) for one in DIFFERENCES) for row in rows}
    assert counts == {row.case.name: int(not row.agree) for row in rows}


@pytest.mark.docker
def test_we_say_what_was_done_to_each(rows):
    for row in rows:
        expected = WRONG if row.case.model == "h5 off, v3" else OURS[row.case.variant]
        assert row.ours.answers == expected, row.case.name
        assert row.ours.exit_code == int(expected != RIGHT)


@pytest.mark.docker
def test_both_sides_ran_in_one_environment_with_tensorflow(rows):
    for row in rows:
        assert {"tensorflow", "bioimageio.core"} <= set(row.ours.entry["versions"])
        assert not [said for _, said in row.bare.failed if "No module named" in said]


@pytest.mark.docker
@pytest.mark.parametrize(("variants", "verdict"), [(("as it is", "reversed"), "passed"), (SWAPPED, "failed")])
def test_the_bare_tool_takes_two_outputs_in_one_order_whichever_is_right(rows, variants, verdict):
    """Which one changes from process to process; so it is wrong about one of the two whenever it is asked about both."""
    found = [row for row in rows if row.case.model == "two out" and row.case.variant in variants]
    assert sorted(row.bare.verdict for row in found) == ["failed", "passed"]
    assert [row.ours.verdict for row in found] == [verdict] * 2


@pytest.mark.docker
def test_the_weights_that_were_asked_for_are_run(rows):
    found = {row.case.model: (row.bare.verdict, row.ours.verdict) for row in rows}
    assert found["h5, v3 off"] == ("failed", "passed")
    assert found["h5 off, v3"] == ("passed", "failed")


def test_swapping_swaps(tmp_path):
    folder = make_sample("two-outputs", tmp_path / "model")
    before = [np.load(path) for path in sorted(folder.glob("test_output*.npy"))]
    swapped(folder)
    after = [np.load(path) for path in sorted(folder.glob("test_output*.npy"))]
    assert len(before) == 2
    assert all(np.array_equal(*pair) for pair in zip(before, reversed(after), strict=True))


@pytest.mark.parametrize("formats", [{"keras_hdf5"}, {"keras_v3", "keras_hdf5"}])
def test_other_weights_are_an_excuse_only_where_there_are_any(formats):
    entry = {"format": "keras_hdf5", "tensors": [], "warnings": []}
    said = {question: {"outcome": "passed", "message": ""} for question in QUESTIONS}
    bare = Bare(
        "valid-format", (("Reproduce test outputs", "1 of 4 elements disagree with expected"),), frozenset(formats)
    )
    found = [one.name for one in OF_TENSORFLOW if one.is_it(bare, Ours(entry | said, 0))]
    assert found == (["HDF5 beside Keras 3 weights"] if len(formats) > 1 else [])
