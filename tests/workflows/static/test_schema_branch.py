"""Which of several forms was meant."""

import pytest

from workflows.static.schema_walk import compile_alone, faults

AXIS = {
    "anyOf": [
        {
            "type": "object",
            "required": ["type", "id"],
            "properties": {"type": {"const": "time"}, "id": {"type": "string"}, "unit": {"enum": ["second"]}},
            "additionalProperties": False,
        },
        {"$ref": "#/$defs/space"},
        {"type": "null"},
    ],
    "$defs": {
        "space": {
            "type": "object",
            "required": ["type", "size"],
            "properties": {"type": {"enum": ["space", "room"]}, "size": {"type": "integer"}},
        }
    },
}
SIZE = {
    "anyOf": [
        {"type": "integer"},
        {"type": "object", "required": ["min", "step"], "properties": {"min": {}, "step": {"type": "integer"}},
         "additionalProperties": False},
        {"type": "object", "required": ["tensor", "axis"], "properties": {"tensor": {}, "axis": {}},
         "additionalProperties": False},
    ]
}  # fmt: skip
WORD = {"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}], "description": "a or b"}
MOOD = {"anyOf": [{"required": ["doi"]}, {"required": ["url"]}], "description": "a doi or an url"}


@pytest.mark.parametrize(
    ("value", "source", "expected"),
    [
        # a word chooses the branch, and only its faults are told
        ({"type": "time", "id": 1}, AXIS, [("/id", "type")]),
        ({"type": "room", "size": "x"}, AXIS, [("/size", "type")]),
        # a word that no branch has, or none at all, is told with all words
        ({"type": "y", "id": "y"}, AXIS, [("/type", "enum")]),
        ({"type": ["time"]}, AXIS, [("/type", "enum")]),
        ({"id": "y"}, AXIS, [("", "required")]),
        # values of a kind that no branch takes
        ("x", AXIS, [("", "anyOf")]),
        # without such a word the branch with the fewest faults
        ({"min": 1, "step": "x"}, SIZE, [("/step", "type")]),
        ({"tensor": "x", "axs": "y"}, SIZE, [("", "required"), ("/axs", "unknown")]),
        ({}, SIZE, [("", "anyOf")]),
        (0.5, SIZE, [("", "anyOf")]),
        # branches that all speak of the value itself
        ("c", WORD, [("", "anyOf")]),
        ({}, MOOD, [("", "anyOf")]),
        # one branch beside nothing
        (1, {"anyOf": [{"type": "string"}, {"type": "null"}]}, [("", "type")]),
        (["x"], {"anyOf": [{"type": "null"}, {"items": {"type": "integer"}, "type": "array"}]}, [("/0", "type")]),
        # branches that agree on the fault
        ({"a": 1}, {"anyOf": [{"properties": {"a": {"type": "string"}}}] * 2}, [("/a", "type")]),
    ],
)
def test_the_faults_of_the_branch_that_was_meant(value, source, expected):
    assert [(one.pointer, one.keyword) for one in faults(value, compile_alone(source))] == expected


def test_all_words_of_all_branches_are_named():
    (fault,) = faults({"type": "y"}, compile_alone(AXIS))
    assert (fault.found, fault.schema) == ("y", {"enum": ["time", "space", "room"]})
    (fault,) = faults({}, compile_alone(AXIS))
    assert (fault.name, fault.schema) == ("type", {"enum": ["time", "space", "room"]})


def test_a_fault_of_the_place_says_which_forms_there_are():
    (fault,) = faults("x", compile_alone(SIZE))
    assert [one["type"] for one in fault.branches] == ["integer", "object", "object"]
    (fault,) = faults("c", compile_alone(WORD))
    assert fault.schema["description"] == "a or b"
