"""Our schemas as `jsonschema` reads them: references to other files mean files of the same folder."""

import json
from pathlib import Path

import jsonschema
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[3] / "schemas"
NAMES = sorted(
    ("" if path.parent.name == "rdf" else path.parent.name + "/") + path.name.removesuffix(".schema.json")
    for folder in ("rdf", "scivision")
    for path in (SCHEMAS / folder).glob("*.schema.json")
)
"""All schemas by the name that the static check calls them: `model-0.4`, `scivision/…`."""


def library(name):
    """The validator of one of our schemas."""
    uri = f"file:///{name if '/' in name else 'rdf/' + name}.schema.json"
    return jsonschema.Draft202012Validator({"$ref": uri}, registry=registry())


def registry():
    """All schemas under the addresses of their files; an `$id` of its own would move where references lead."""
    found = []
    for path in SCHEMAS.rglob("*.schema.json"):
        loaded = {key: value for key, value in json.loads(path.read_text("utf-8")).items() if key != "$id"}
        found.append((f"file:///{path.relative_to(SCHEMAS).as_posix()}", Resource.from_contents(loaded)))
    return Registry().with_resources(found)
