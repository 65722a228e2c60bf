"""The descriptions that a file holds: its own, and those of resources that are described inside it."""

from collections.abc import Iterator
from typing import Any

from workflows.document import pointer_of


def described(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pointer and mapping of each: the file, the data that a model was trained on, its weights, the entries of a collection."""
    yield "", data
    training = data.get("training_data")
    if isinstance(training, dict):
        yield "/training_data", training
    weights = data.get("weights")
    for name, entry in weights.items() if isinstance(weights, dict) else ():
        if isinstance(entry, dict):
            yield pointer_of("weights", name), entry
    entries = data.get("collection")
    if isinstance(entries, list) and data.get("type") == "collection":
        for index, entry in enumerate(entries):
            if isinstance(entry, dict):
                yield pointer_of("collection", index), entry
