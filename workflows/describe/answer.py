"""The values that pass between the steps of a description."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why an upload cannot be described: a machine word and one sentence that says what to do."""

    reason: str
    message: str


@dataclass(frozen=True)
class Choice:
    """Where the RDF is: a file of the upload, or the only zip that may hold one."""

    name: str
    zipped: bool


@dataclass(frozen=True)
class Reference:
    """A file that the RDF names (`schemas/description.schema.json#/$defs/reference`)."""

    pointer: str
    source: str
    sha256: str | None
    role: str
    required: bool
    local: str

    def as_json(self) -> dict[str, Any]:
        """The reference as the schema spells it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Member:
    """A file of an uploaded zip: its name below the archive's single top folder, and its bytes' place in the archive."""

    name: str
    size: int
    entry: str
