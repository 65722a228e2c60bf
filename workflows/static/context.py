"""What a rule may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.references import references
from workflows.document import Document
from workflows.static.finding import FileFact


@dataclass(frozen=True)
class Context:
    """Everything a rule may look at. `data` is a mapping whenever rules other than the document's run.

    `family` is what the file declares itself to be, type and minor format version in one, such as `model-0.4`; empty where no
    specification that we know judges it. `package` tells whether the files that it names are to be looked at: a lone RDF
    is judged as a document.
    """

    document: Document
    data: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    version: str = ""
    files: Mapping[str, FileFact] = field(default_factory=dict)
    listing: frozenset[str] = frozenset()
    policy: Mapping[str, Any] = field(default_factory=dict)
    package: bool = True

    @property
    def family(self) -> str:
        """`model-0.4`: what checks and schemas are chosen by."""
        return f"{self.kind}-{self.version}" if self.version else self.kind

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every file that the RDF names."""
        return tuple(references(self.data))
