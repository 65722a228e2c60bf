"""Both verdicts on every case, side by side, and in words."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.agreement.corpus import ROOT
from tests.agreement.differences import DIFFERENCES
from tests.agreement.dynamic.nursery import Nursery
from tests.agreement.dynamic.sides import BareTool, ours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tests.agreement.differences import Difference
    from tests.agreement.dynamic.cases import Case
    from tests.agreement.dynamic.environments import Environment
    from tests.agreement.dynamic.sides import Bare, Ours

AT_ONCE = 2
_WIDTHS = (12, 40, 29, 14, 10)


@dataclass(frozen=True)
class Row:
    """One case and both answers."""

    case: Case
    bare: Bare
    ours: Ours

    @property
    def agree(self) -> bool:
        """One verdict; *errored* and *skipped* of ours are none."""
        return self.bare.verdict == self.ours.verdict

    @property
    def difference(self) -> Difference | None:
        """The listed difference that this one is, if any."""
        return next((one for one in DIFFERENCES if one.is_it(self.bare, self.ours)), None)

    @property
    def unlisted(self) -> bool:
        """Neither agreement nor listed."""
        return not self.agree and self.difference is None


def compared(environment: Environment, folder: Path) -> list[Row]:
    """All cases, written below the folder, which is made; both sides work at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    with environment.interpreter(folder) as used:
        made = list(environment.cases(folder, used.python))
        with BareTool(used) as tool, Nursery(used.python, ROOT, used.home) as born, ThreadPoolExecutor(AT_ONCE) as pool:
            bare = pool.submit(lambda: [tool.test(case) for case in made])
            mine = [pool.submit(ours, str(born.python), used.home, case) for case in made]
            return [Row(*row) for row in zip(made, bare.result(), [one.result() for one in mine], strict=True)]


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """The table, the differences that were met, and what is listed nowhere."""
    yield _line(("model", "variant", "format", "bare", "ours", ""))
    for row in rows:
        said = "agree" if row.agree else f"differs: {row.difference.name}" if row.difference else "DIFFERS, NOT LISTED"
        case = row.case
        yield _line((case.model, case.variant, case.weight_format, row.bare.status, row.ours.verdict, said))
    yield ""
    met = Counter(row.difference.name for row in rows if not row.agree and row.difference)
    agreed = sum(row.agree for row in rows)
    yield f"one verdict for {agreed} of {len(rows)}; {met.total()} differ as listed"
    for one in DIFFERENCES:
        yield f"\n{one.name} ({met[one.name]})\n  the bare tool: {one.bare}\n  Accession: {one.ours}\n  why: {one.why}"
    for row in rows:
        if row.unlisted:
            yield f"\nnot listed: {row.case.name}\n  bare: {row.bare.words[:500]}\n  ours: {row.ours.words[:500]}"


def _line(cells: Iterable[str]) -> str:
    *fixed, last = cells
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(fixed, _WIDTHS, strict=True)) + f"  {last}"
