import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.dynamic.adapters.arranged import UnarrangedError, arranged, by_name_or_place, by_number
from workflows.dynamic.adapters.named_outputs import in_order


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        (["b", "a"], ["a", "b"], ["b", "a"]),
        (["b"], ["a", "b"], ["b"]),
        (["x", "y"], ["p", "q"], ["p", "q"]),
        (["a", "y"], ["y", "q"], ["y", "q"]),
        (["x", "y"], ["p"], ["p"]),
        (["x"], ["p", "q"], ["p"]),
    ],
)
def test_by_name_where_all_match_else_by_place(declared, found, expected):
    assert by_name_or_place(declared, found) == expected


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        (["probability", "mask"], ["mask", "probability"], ["probability", "mask"]),
        (["raw"], ["input_1"], ["input_1"]),
        (["a", "b", "c"], ["output_10", "output_2", "output_1"], ["output_1", "output_2", "output_10"]),
        (["a", "b"], ["dense_1", "dense"], ["dense", "dense_1"]),
        (["a"], ["output_1", "output_0"], ["output_0"]),
        (["a", "b"], ["Identity_1:0", "Identity:0"][::-1], None),
    ],
)
def test_names_without_an_order(declared, found, expected):
    if expected:
        assert arranged(declared, found, "outputs") == expected
    else:
        with pytest.raises(UnarrangedError):
            arranged(declared, found, "outputs")


def test_nothing_is_guessed_and_both_lists_are_told():
    with pytest.raises(UnarrangedError) as caught:
        arranged(["probability", "mask"], ["alpha", "zeta"], "outputs")
    assert str(caught.value) == (
        "the description's outputs are `probability`, `mask`, those of the weights are `alpha`, `zeta`: which is which "
        "cannot be told; give the outputs of the description the names that they have in the weights"
    )


def test_too_few_are_told():
    with pytest.raises(UnarrangedError, match="`a`, `b`, those of the weights are `x`: there are fewer than declared"):
        arranged(["a", "b"], ["x"], "inputs")
    with pytest.raises(UnarrangedError, match="those of the weights are none"):
        arranged(["a"], [], "inputs")
    with pytest.raises(UnarrangedError, match="and 4 more"):
        arranged([f"d{i}" for i in range(12)], ["x", "yy"], "inputs")


@given(st.sets(st.integers(0, 10_000), min_size=2, max_size=20))
def test_numbers_are_counted_not_spelled(numbers):
    names = sorted(f"output_{number}" for number in numbers)
    assert by_number(names) == [f"output_{number}" for number in sorted(numbers)]


@pytest.mark.parametrize("names", [["a", "b"], ["a_1", "b_2"], ["out_1", "out_01"], []])
def test_names_that_differ_in_more_than_a_number(names):
    assert by_number(names) == []


@pytest.mark.parametrize(
    ("outputs", "names", "expected"),
    [
        ("one", (), ["one"]),
        (["p", "m"], (), ["p", "m"]),
        (("p", "m"), ("mask", "probability"), ["m", "p"]),
        (["p", "m"], ("dense", "dense_1"), ["p", "m"]),
        (["p", "m"], ("same", "same"), ["p", "m"]),
        ({"mask": "m", "probability": "p"}, (), ["p", "m"]),
        ({"output_1": "m", "output_0": "p"}, (), ["p", "m"]),
    ],
)
def test_outputs_however_they_come(outputs, names, expected):
    declared = ["probability"] if outputs == "one" else ["probability", "mask"]
    assert in_order(outputs, declared, names) == expected


def test_a_mapping_of_other_names_is_refused():
    with pytest.raises(UnarrangedError, match="`x`, `y`"):
        in_order({"x": 1, "y": 2}, ["probability", "mask"])
