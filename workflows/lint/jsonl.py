"""One JSON object a line for each file (`schemas/lint.schema.json`)."""

import json
from typing import Any

from workflows.lint.judged import Judged


def file_line(judged: Judged) -> str:
    """Strict JSON in ASCII, so that no reader takes a character of the text for the end of the line."""
    said = {
        "file": judged.file,
        "valid": judged.valid,
        "acceptable": judged.acceptable,
        "findings": [_finding(one.as_json()) for one in judged.findings],
    }
    return json.dumps(said, sort_keys=True, allow_nan=False) + "\n"


def _finding(finding: dict[str, Any]) -> dict[str, Any]:
    """Half characters, which JSON can spell and Unicode has not, are replaced."""
    return {key: _whole(value) for key, value in finding.items()}


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return _finding(value)
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
