"""The comparison as a value, and in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.agreement.corpus import Case
from tests.agreement.fields import same_field
from workflows.document import load
from workflows.static.static import context_of, look


@dataclass
class Comparison:
    """Counts by family, theirs and ours (True: accepted); how often the same field was named; who disagrees and why."""

    verdicts: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)
    named: int = 0
    apart: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All files."""
        return self.verdicts.total()

    @property
    def agreed(self) -> int:
        """Files with one verdict."""
        return sum(count for (_, theirs, ours), count in self.verdicts.items() if theirs == ours)

    @property
    def rejected(self) -> int:
        """Files that the peer rejects."""
        return sum(count for (_, theirs, _), count in self.verdicts.items() if not theirs)


def compare(files: Iterable[Case]) -> Comparison:
    """Judge every file as a lone document."""
    found = Comparison()
    for one in files:
        _judge(one, found)
    return found


def _judge(one: Case, found: Comparison) -> None:
    document = load(one.raw)
    errors = [said for said in look(context_of(document, {}, (), {}, package=False)) if said.level == "error"]
    found.verdicts[one.family, one.peer.valid, not errors] += 1
    if not one.peer.valid and errors:
        same = same_field([said.pointer for said in errors], one.peer, document.data)
        found.named += same
        if not same:
            found.apart.append(
                f"{one.name} {one.family}: another field; peer: {one.peer.errors[:2]}; ours: {errors[0].pointer}"
            )
    elif one.peer.valid and errors:
        found.apart.append(f"{one.name} {one.family}: only we reject: {errors[0].pointer} {errors[0].message}")
    elif not one.peer.valid:
        found.apart.append(f"{one.name} {one.family}: only the peer rejects: {one.peer.errors[:2]}")


def lines(found: Comparison, most: int) -> Iterable[str]:
    """The confusion table, the two shares, and at most so many disagreements."""
    heads = ("both accept", "both reject", "only we reject", "only the peer rejects")
    yield f"{'family':<22}" + "".join(f"{head:>{len(head) + 2}}" for head in heads)
    for family in sorted({key[0] for key in found.verdicts}):
        counts = [found.verdicts[family, *key] for key in ((True, True), (False, False), (True, False), (False, True))]
        yield f"{family[:21]:<22}" + "".join(f"{n:>{len(head) + 2}}" for n, head in zip(counts, heads, strict=True))
    yield ""
    yield f"one verdict for {found.agreed} of {found.total} files ({found.agreed / max(1, found.total):.2%})"
    yield f"the peer's field named in {found.named} of {found.rejected} rejected ({found.named / max(1, found.rejected):.2%})"
    yield ""
    yield from found.apart[:most]
