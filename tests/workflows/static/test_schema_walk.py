"""The walker agrees with the JSON Schema library: on made schemas and values, on mutated models, on every real RDF."""

import copy
import json
import random
import re

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from referencing import Registry, Resource

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, REALDATA
from tests.workflows.static.registry import NAMES, library
from workflows.document import load
from workflows.static.schema_files import has_schema, referred, schema
from workflows.static.schema_holds import prepare
from workflows.static.schema_node import Builder
from workflows.static.schema_walk import compile_alone, compiled, faults

ODD = [
    *(None, True, False, 0, -1, 1.0, 0.5, 10**9, float("inf"), "", "x", "A b", "x" * 200),
    *([], [1], ["a", 1], {}, {"a": 1}),
]
WORDS = st.sampled_from(["a", "b", "ab", "1"])
VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, 2, -0.5, float("inf"), float("nan"), "", "a", "b", "ab"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=3),
    max_leaves=8,
)
CONSTANTS = VALUES.filter(lambda value: "nan" not in repr(value))  # which equals nothing, or itself
TYPES = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
SIZES = st.integers(0, 2)
NUMBERS = st.sampled_from([0, 1, 0.5, 2])
REFERENCES = st.sampled_from(["#/$defs/x", "#/$defs/y", "other.schema.json#/$defs/x", "other.schema.json"])


def schemas(below):
    """A schema of a few keywords, some of them with schemas of their own."""
    several, named = st.lists(below, min_size=1, max_size=3), st.dictionaries(WORDS, below, max_size=3)
    return st.booleans() | st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
            "const": CONSTANTS, "enum": st.lists(CONSTANTS, min_size=1, max_size=3),
            "minLength": SIZES, "maxLength": SIZES, "pattern": st.sampled_from(["^a", "b$", "1"]),
            "minItems": SIZES, "maxItems": SIZES, "uniqueItems": st.booleans(),
            "minProperties": SIZES, "maxProperties": SIZES,
            "minimum": NUMBERS, "maximum": NUMBERS, "exclusiveMinimum": NUMBERS, "exclusiveMaximum": NUMBERS,
            "multipleOf": st.sampled_from([1, 0.5, 2]),
            "required": st.lists(WORDS, max_size=2, unique=True),
            "dependentRequired": st.dictionaries(WORDS, st.lists(WORDS, max_size=2, unique=True), max_size=2),
            "properties": named, "patternProperties": named, "additionalProperties": below, "propertyNames": below,
            "prefixItems": several, "items": below,
            "allOf": several, "anyOf": several, "not": below, "if": below, "then": below, "else": below,
            "$ref": REFERENCES, "description": st.just("words"),
        },
    )  # fmt: skip


LEAVES = st.sampled_from(
    [True, False, {}, {"type": "string"}, {"type": "integer"}, {"const": "a"}, {"required": ["a"]}]
)
SCHEMAS = schemas(schemas(LEAVES))


@given(SCHEMAS, schemas(LEAVES.filter(bool)), st.lists(VALUES, min_size=1, max_size=6))
def test_the_walker_agrees_on_made_schemas(made, other, values):
    one = made if isinstance(made, dict) else {"allOf": [made]}
    # what is referred to refers to nothing again, so that no reference goes in a circle without going deeper
    plain = json.loads(json.dumps(other).replace('"$ref"', '"title"'))
    whole = {**one, "$defs": {"x": {"type": "string"}, "y": {"enum": ["a", 1]}}}
    second = {"$defs": {"x": plain}, "type": ["object", "string"]}
    registry = Registry().with_resource("other.schema.json", Resource.from_contents(second, _draft()))
    judge = jsonschema.Draft202012Validator(whole, registry=registry)
    node = Builder({"one": whole, "other": second}.__getitem__).place("one")
    prepare(node, set())
    for value in values:
        valid = node.holds(value)
        assert valid == (faults(value, node) == [])
        try:
            assert valid == judge.is_valid(value)
        except (OverflowError, ValueError):
            assert "inf" in repr(value) or "nan" in repr(value)  # of which the library's multipleOf knows nothing


def _draft():
    from referencing.jsonschema import DRAFT202012

    return DRAFT202012


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_valid_2020_12_and_use_only_the_keywords_that_are_walked(name):
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert has_schema(name)
    assert compiled(name).holds is not bool
    for pattern in re.findall(r'"pattern": ("(?:[^"\\\\]|\\\\.)*")', json.dumps(schema(name))):
        re.compile(json.loads(pattern))
    assert "title" in schema(name)
    assert "$id" in schema(name)


def test_a_keyword_that_is_not_walked_and_a_reference_to_nothing_are_refused():
    with pytest.raises(ValueError, match="not walked: contains, oneOf"):
        compile_alone({"items": {"oneOf": [], "contains": {}}})
    with pytest.raises(ValueError, match="has no /\\$defs/x"):
        compile_alone({"$ref": "#/$defs/x"})
    assert not has_schema("model-9.9")
    assert not has_schema("scivision/nothing")


@pytest.mark.parametrize(
    ("reference", "name", "meant"),
    [
        ("#/$defs/x", "model-0.4", ("model-0.4", "/$defs/x")),
        ("generic-0.2.schema.json#/$defs/author", "model-0.4", ("generic-0.2", "/$defs/author")),
        ("entry.schema.json", "scivision/catalog", ("scivision/entry", "")),
        ("../rdf/./generic-0.2.schema.json#", "scivision/catalog", ("generic-0.2", "")),
        ("../scivision/entry.schema.json#/$defs/x", "model-0.4", ("scivision/entry", "/$defs/x")),
    ],
)
def test_references_name_files_beside_the_schema(reference, name, meant):
    assert referred(reference, name) == meant


def test_a_schema_may_refer_to_itself():
    tree = compile_alone({"type": "object", "additionalProperties": {"$ref": "#"}, "maxProperties": 1})
    assert tree.holds({"a": {"b": {}}})
    assert [one.pointer for one in faults({"a": {"b": 1}}, tree)] == ["/a/b"]


def mutations(data, count, seed=7):
    """The document with one part removed or replaced."""
    chance = random.Random(seed)
    for _ in range(count):
        changed = copy.deepcopy(data)
        part = changed
        while True:
            key = chance.choice(list(part) if isinstance(part, dict) else list(range(len(part))))
            if isinstance(part[key], dict | list) and part[key] and chance.random() < 0.7:
                part = part[key]
                continue
            if isinstance(part, dict) and chance.random() < 0.3:
                del part[key]
            else:
                part[key] = chance.choice(ODD)
            break
        yield changed


@pytest.mark.parametrize("text", [MODEL_04, MODEL_05], ids=["0.4", "0.5"])
def test_the_walker_agrees_on_hundreds_of_mutated_models(text):
    data = load(text.encode()).data
    name = "model-" + data["format_version"][:3]
    judge, node = library(name), compiled(name)
    assert node.holds(data) == judge.is_valid(data)
    rejected = 0
    for changed in mutations(data, 300):
        valid = judge.is_valid(changed)
        assert node.holds(changed) == valid, changed
        assert (faults(changed, node) == []) == valid, changed
        rejected += not valid
    assert rejected > 100


@pytest.mark.realdata
@pytest.mark.parametrize("name", NAMES)
def test_the_walker_agrees_on_the_real_files_of_a_schema_and_on_mutations_of_them(name):
    if not REALDATA.is_dir():
        pytest.skip(f"no real files at {REALDATA}")
    judge, node = library(name), compiled(name)
    for data in _real(name):
        for one in (data, *mutations(data, 2)):
            valid = judge.is_valid(one)
            assert node.holds(one) == valid
            assert (faults(one, node) == []) == valid


def _real(name):
    """At most forty real documents of the schema's family; of a schema without any, a few of all."""
    files = sorted((REALDATA / "scivision").rglob("*.json")) if "/" in name else _rdfs(name)
    read = [load(path.read_bytes()).data for path in files]
    return [data for data in read if isinstance(data, dict)]


def _rdfs(name):
    entries = json.loads((REALDATA / "rdf_oracle.json").read_text("utf-8"))
    own = [one for one in entries if f"{one['type']}-{one['format_version']}".startswith(name)] or entries
    return [REALDATA / "rdf" / f"{one['sha256']}.yaml" for one in own[:: max(1, len(own) // 40)][:40]]


def faults_of(value, source):
    return [(one.pointer, one.keyword, one.name) for one in faults(value, compile_alone(source))]


def test_types_are_json_s():
    wanted = {"type": "object", "properties": {"a": {"const": 1}, "b": False}}
    assert faults_of({"a": True, "b": 1}, wanted) == [("/a", "const", ""), ("/b", "false", "")]
    assert faults_of(1.0, {"type": "integer"}) == []
    assert faults_of(ODD[2], {"type": ["boolean", "null"]}) == []
    assert faults_of(ODD[1], {"type": "number"}) == [("", "type", "")]
    assert faults_of([1, 1.0], {"uniqueItems": True}) == [("", "uniqueItems", "")]
    assert faults_of([1, True, "a"], {"uniqueItems": True}) == []


def test_a_text_too_long_to_be_matched_is_refused():
    assert faults_of("a" * 4096, {"pattern": "^a*$"}) == []
    assert faults_of("a" * 4097, {"pattern": "^a*$"}) == [("", "pattern", "")]


@pytest.mark.parametrize(
    ("value", "source", "expected"),
    [
        ({"a": 1}, {"dependentRequired": {"a": ["b"]}}, [("", "required", "b")]),
        ({"A": 1}, {"propertyNames": {"pattern": "^[a-z]"}}, [("/A", "propertyNames", "A")]),
        ({"x-a": 1, "b": 1}, {"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False},
         [("/x-a", "type", ""), ("/b", "unknown", "b")]),
        ({"a": 1}, {"additionalProperties": {"type": "string"}}, [("/a", "type", "")]),
        ([1, "a", 2], {"prefixItems": [{"type": "string"}], "items": {"type": "string"}},
         [("/0", "type", ""), ("/2", "type", "")]),
        ("b", {"not": {"const": "b"}}, [("", "not", "")]),
        ({"a": 1}, {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": False}, [("", "required", "b")]),
        ({}, {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": False}, [("", "false", "")]),
    ],
)  # fmt: skip
def test_each_structural_keyword_is_told_at_its_place(value, source, expected):
    assert faults_of(value, source) == expected
