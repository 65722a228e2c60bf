import pytest

from bot.gateways.boxes_verbs import JSON_BYTES, largest


@pytest.mark.parametrize(
    ("verb", "name", "limit"),
    [
        ("describe", "plan", JSON_BYTES),
        ("describe", "box-rdf-keras_v3", None),
        ("produce", "tensor-0", None),
        ("produce", "again-0", None),
        ("produce", "flipped-7", None),
        ("produce", "noised-10", None),
        ("produce", "smallest-99", None),
        ("produce", "stepped-0", None),
        ("produce", "extras", 256 * 1024),
        ("judge", "picture-31", 256 * 1024),
        ("judge", "artefact", None),
        ("compare", "comparisons", JSON_BYTES),
    ],
)
def test_what_a_verb_may_hand_out(verb, name, limit):
    assert largest(verb, name) == limit


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("describe", "picture-0"),
        ("produce", "verdict"),
        ("produce", "picture-0"),
        ("produce", "plan"),
        ("produce", "again-100"),
        ("produce", "again-00"),
        ("produce", "again-0\n"),
        ("produce", "test-0"),
        ("judge", "tensor-0"),
        ("judge", "picture-../x"),
        ("compare", "verdict"),
    ],
)
def test_and_what_not(verb, name):
    with pytest.raises(KeyError):
        largest(verb, name)
