"""The walker agrees with the JSON Schema library, on made values and on every real RDF."""

import copy
import json
import random
import sys

import jsonschema
import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, REALDATA
from workflows.document import load
from workflows.static.checks.schema import schema
from workflows.static.schema_walk import faults, is_type
from workflows.static.static import context_of, look

NAMES = ("model-0.4", "model-0.5", "dataset-0.2", "application-0.2", "notebook-0.2")
ODD = [
    None,
    True,
    False,
    0,
    -1,
    1.0,
    0.5,
    10**9,
    float("inf"),
    "",
    "x",
    "A b",
    "x" * 200,
    [],
    [1],
    ["a", 1],
    {},
    {"a": 1},
]


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_valid_2020_12_and_use_only_the_keywords_that_are_walked(name):
    jsonschema.Draft202012Validator.check_schema(schema(name))
    walked = {
        *("type", "const", "enum", "required", "properties", "additionalProperties", "items", "anyOf", "allOf", "$ref"),
        *(
            "if",
            "then",
            "else",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "minProperties",
            "pattern",
            "minimum",
        ),
        *("maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "description"),
    }

    def look(part):
        if isinstance(part, dict):
            assert part.keys() <= walked
            for word in ("items", "if", "then", "else"):
                look(part.get(word))
            for group in (*part.get("properties", {}).values(), *part.get("anyOf", ()), *part.get("allOf", ())):
                look(group)

    whole = dict(schema(name))
    for definition in (
        *whole.pop("$defs").values(),
        {key: whole[key] for key in whole if key not in {"$schema", "$id", "title"}},
    ):
        look(definition)


@pytest.mark.parametrize("text", [MODEL_04, MODEL_05], ids=["0.4", "0.5"])
def test_the_walker_agrees_on_thousands_of_mutations(text):
    data = load(text.encode()).data
    wanted = schema("model-" + data["format_version"][:3])
    library = jsonschema.Draft202012Validator(wanted)
    assert faults(data, wanted) == []
    chance = random.Random(7)
    rejected = 0
    for _ in range(300):
        changed = copy.deepcopy(data)
        part = changed
        while True:
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            key = chance.choice(keys)
            if isinstance(part[key], dict | list) and part[key] and chance.random() < 0.7:
                part = part[key]
                continue
            if isinstance(part, dict) and chance.random() < 0.3:
                del part[key]
            else:
                part[key] = chance.choice(ODD)
            break
        valid = library.is_valid(changed)
        assert (faults(changed, wanted) == []) == valid, changed
        rejected += not valid
    assert rejected > 100


@pytest.mark.realdata
def test_agreement_with_the_oracle_for_models_of_0_4(capsys):
    """Measured: 175 of 175 valid files accepted by the schema, 60 of 60 invalid ones found by schema and rules together."""
    if not (REALDATA / "rdf_oracle.json").exists():
        pytest.skip(f"no real files at {REALDATA}")
    oracle = json.loads((REALDATA / "rdf_oracle.json").read_text("utf-8"))
    counts = {(valid, by, said): 0 for valid in (True, False) for by in ("schema", "rules") for said in (True, False)}
    library = jsonschema.Draft202012Validator(schema("model-0.4"))
    for entry in oracle:
        if entry["type"] != "model" or not str(entry["format_version"]).startswith("0.4"):
            continue
        document = load((REALDATA / "rdf" / f"{entry['sha256']}.yaml").read_bytes())
        valid, accepted = entry["status"] != "failed", not faults(document.data, schema("model-0.4"))
        if entry["sha256"][0] in "08":  # the library takes 50 ms a file
            assert accepted == library.is_valid(document.data), entry["sha256"]
        found = [one for one in look(context_of(document, {}, [], {})) if not one.rule.startswith("file-")]
        counts[valid, "schema", accepted] += 1
        counts[valid, "rules", not any(one.level == "error" for one in found)] += 1
    with capsys.disabled():
        for by in ("schema", "rules"):
            right, wrong = counts[True, by, True], counts[True, by, False]
            caught, missed = counts[False, by, False], counts[False, by, True]
            sys.stdout.write(
                f"\n0.4 models, {by}: {right} of {right + wrong} valid accepted, {caught} of {caught + missed} invalid rejected"
                "\n"
            )
            assert right >= 0.95 * (right + wrong)


def test_types_are_json_s():
    assert is_type(1.0, "integer")
    assert is_type(value=False, wanted=["boolean", "null"])
    assert not is_type(value=True, wanted="number")
    wanted = {"type": "object", "properties": {"a": {"const": 1}, "b": False}}
    assert [(one.pointer, one.keyword) for one in faults({"a": True, "b": 1}, wanted)] == [
        ("/a", "const"),
        ("/b", "false"),
    ]
