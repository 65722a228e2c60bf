"""What a check run says: title, summary, text, and annotations, which are appended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.errors import invalid

if TYPE_CHECKING:
    from tests.world.github.records import CheckRun

ANNOTATIONS = 50  # docs: Create a check run, output.annotations
LEVELS = {"notice", "warning", "failure"}
TEXT_LIMIT = 65535  # docs: output.summary and output.text


def with_output(run: CheckRun, output: dict[str, Any]) -> CheckRun:
    if not output.get("title") and run.title is None:
        raise invalid('Invalid request.\n\n"title" wasn\'t supplied.')
    if not output.get("summary") and run.summary is None:
        raise invalid('Invalid request.\n\n"summary" wasn\'t supplied.')
    for name in ("summary", "text"):
        if len((output.get(name) or "").encode()) > TEXT_LIMIT:
            raise invalid(
                f"Invalid request.\n\nOnly {TEXT_LIMIT} characters are allowed; {len(output[name])} were supplied."
            )
    added = output.get("annotations") or []
    if len(added) > ANNOTATIONS:
        raise invalid(f"Invalid request.\n\nNo more than {ANNOTATIONS} items are allowed; {len(added)} were supplied.")
    return replace(
        run,
        title=output.get("title", run.title),
        summary=output.get("summary", run.summary),
        text=output.get("text", run.text),
        annotations=(*run.annotations, *(_annotation(item) for item in added)),
    )


def _annotation(item: dict[str, Any]) -> dict[str, Any]:
    for name in ("path", "start_line", "end_line", "annotation_level", "message"):
        if item.get(name) is None:
            raise invalid(f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    if item["annotation_level"] not in LEVELS:
        raise invalid(f"Invalid request.\n\n{item['annotation_level']} is not a member of {sorted(LEVELS)}.")
    if "start_column" in item and item["start_line"] != item["end_line"]:
        raise invalid("Invalid request.\n\nstart_column is only allowed when start_line and end_line are the same.")
    known = (
        "path",
        "start_line",
        "end_line",
        "start_column",
        "end_column",
        "annotation_level",
        "message",
        "title",
        "raw_details",
    )
    return {name: item[name] for name in known if name in item}
