"""What a rule may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.references import references
from workflows.document import Document
from workflows.static.finding import FileFact
from workflows.static.tensors_04 import Tensor, tensors_of


@dataclass(frozen=True)
class Context:
    """Everything a rule may look at. `data` is a mapping whenever rules other than the document's run.

    `kind`, `version` and `family` are what `family.family_of` makes of what the file declares itself to be: checks and schemas are
    chosen by the family, such as `model-0.4`. `package` tells whether the files that it names are to be looked at: a lone RDF
    is judged as a document.
    """

    document: Document
    data: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    version: str = ""
    family: str = ""
    files: Mapping[str, FileFact] = field(default_factory=dict)
    listing: frozenset[str] = frozenset()
    policy: Mapping[str, Any] = field(default_factory=dict)
    package: bool = True

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every file that the RDF names."""
        return tuple(references(self.data))

    @cached_property
    def tensors_04(self) -> tuple[Tensor, ...]:
        """The inputs and outputs of a 0.4 model."""
        return tensors_of(self.data)
