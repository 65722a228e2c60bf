"""Holding answers against GitHub's own OpenAPI description (npm ``@octokit/openapi``)."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

VARIABLE = "ACCESSION_GITHUB_OPENAPI"
BELOW_ROOT = Path("node_modules/@octokit/openapi/generated/api.github.com.json")
ROOT = Path(__file__).resolve().parents[3]
# PyGithub reads statuses where they are written; GitHub answers there too, as it does at the documented path
LEGACY = re.compile(r"(/repos/[^/]+/[^/]+)/statuses/(.+)")
VARIABLE_PART = re.compile(r"\{[a-z_]+\}")
# an account cannot be both; the description writes allOf in "List installations", anyOf everywhere else
ALTERNATIVES = {"Simple User", "Enterprise"}
KEEP = {
    "type", "properties", "required", "items", "enum", "allOf", "anyOf", "oneOf", "not", "additionalProperties",
    "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "pattern", "uniqueItems",
}  # fmt: skip


def description() -> Path | None:
    """Where the description is, or None if it is not installed."""
    given = os.environ.get(VARIABLE)
    path = Path(given) if given else ROOT / BELOW_ROOT
    return path if path.is_file() else None


class Violation(AssertionError):  # noqa: N818 - named after what it is, not after being an exception
    """The world answered something GitHub would not."""


class Checker:
    """Compiles the schema of an operation and status when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._document: dict[str, Any] = json.loads(path.read_bytes())
        self._paths = _patterns(self._document["paths"])
        self._compiled: dict[tuple[str, str, int], Any] = {}

    def check(self, method: str, path: str, status: int, data: Any) -> None:
        """Raises Violation with where the answer differs; an undocumented status of a known path is one too."""
        template = self._template(method, LEGACY.sub(r"\1/commits/\2/statuses", path) if method == "GET" else path)
        if template is None:
            raise Violation(f"{method} {path} is not described by GitHub")
        key = (template, method.lower(), status)
        if key not in self._compiled:
            self._compiled[key] = self._compile(*key)
        validator = self._compiled[key]
        if validator is None:
            return
        problems = [f"{'/'.join(map(str, bad.instance_path))}: {bad.message}" for bad in validator.iter_errors(data)]
        if problems:
            raise Violation(f"{method} {template} {status}: " + "; ".join(problems[:5])[:2000])

    def _template(self, method: str, path: str) -> str | None:
        matches = [
            name
            for pattern, name in self._paths
            if pattern.fullmatch(path) and method.lower() in self._document["paths"][name]
        ]
        return max(matches, key=lambda name: len(VARIABLE_PART.sub("", name)), default=None)

    def _compile(self, template: str, method: str, status: int) -> Any:
        responses = self._document["paths"][template][method]["responses"]
        answer = responses.get(str(status))
        if answer is None:
            if status < 400:
                raise Violation(f"{method} {template}: status {status} is not among {sorted(responses)}")
            return None
        if "$ref" in answer:
            answer = _follow(self._document, answer["$ref"])
        content = answer.get("content", {})
        if "application/json" not in content or "schema" not in content["application/json"]:
            return None
        needed: dict[str, Any] = {}
        schema = self._convert(content["application/json"]["schema"], needed)
        return jsonschema_rs.Draft7Validator(schema | {"definitions": needed})

    def _convert(self, schema: Any, needed: dict[str, Any]) -> Any:
        """OpenAPI 3.0 to JSON Schema: ``nullable`` becomes a choice, references are gathered, formats are ignored."""
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {"$ref": self._gather(schema["$ref"], needed)}
        if {part.get("title") for part in schema.get("allOf", ())} == ALTERNATIVES:
            schema = {("anyOf" if key == "allOf" else key): value for key, value in schema.items()}
        out = {key: self._part(key, value, needed) for key, value in schema.items() if key in KEEP}
        return {"anyOf": [out, {"type": "null"}]} if schema.get("nullable") else out

    def _part(self, key: str, value: Any, needed: dict[str, Any]) -> Any:
        if key == "properties":
            return {name: self._convert(inner, needed) for name, inner in value.items()}
        if key in {"allOf", "anyOf", "oneOf"}:
            return [self._convert(inner, needed) for inner in value]
        return self._convert(value, needed)

    def _gather(self, ref: str, needed: dict[str, Any]) -> str:
        name = ref.rsplit("/", 1)[-1]
        if name not in needed:
            needed[name] = {}
            needed[name] = self._convert(_follow(self._document, ref), needed)
        return f"#/definitions/{name}"


def _follow(document: Any, ref: str) -> Any:
    for part in ref.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def _patterns(paths: dict[str, Any]) -> list[tuple[re.Pattern[str], str]]:
    """Templates as expressions; the last variable of refs and contents may hold slashes."""
    found = []
    for template in paths:
        text = re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(template))
        if template.endswith(("/contents/{path}", "/{ref}", "/{branch}", "/{basehead}", "/labels/{name}")):
            text = text.removesuffix("[^/]+") + ".+"
        if template.endswith(
            tuple(f"/commits/{{ref}}/{end}" for end in ("status", "statuses", "check-runs", "check-suites"))
        ):
            text = text.replace("/commits/[^/]+/", "/commits/.+/")
        found.append((re.compile(text), template))
    return found


@cache
def checker(path: Path) -> Checker:
    """One checker per process: reading the description takes a third of a second."""
    return Checker(path)
