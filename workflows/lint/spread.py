"""Many files over all cores: told in the order in which they were named, few of them held at a time."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from workflows.lint.formats import form
from workflows.lint.judge import judge
from workflows.lint.judged import Tally, tally_of
from workflows.lint.target import Target, Unusable

_FEW = 48  # files that are judged sooner than another process is started
_CHUNK = 16  # files that are handed over at once
_AHEAD = 4  # chunks for each process that are begun before the first is told

Found = Target | Unusable


@dataclass(frozen=True)
class Work:
    """What is done with each file."""

    format: str = "text"
    coloured: bool = False
    policy: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False


@dataclass(frozen=True)
class Told:
    """What is to be written of some files, what cannot be judged, and the counts."""

    text: str
    complaints: tuple[str, ...]
    tally: Tally


def tell(work: Work, found: Iterable[Found]) -> Told:
    """Judge some files."""
    way = form(work.format, coloured=work.coloured)
    texts, complaints, tally = [], [], Tally()
    for one in found:
        judged = judge(one, work.policy) if isinstance(one, Target) else one
        if isinstance(judged, Unusable):
            complaints.append(f"{judged.path}: {judged.said}")
            tally += Tally(unusable=1)
        else:
            told = judged.without_warnings() if work.quiet else judged
            texts.append(way.one(told))
            tally += tally_of(told)
    return Told(way.between.join(filter(None, texts)), tuple(complaints), tally)


def spread(work: Work, found: Iterable[Found], jobs: int) -> Iterator[Told]:
    """What is told of all files, in their order; in this process while they are few."""
    rest = iter(found)
    first = list(islice(rest, _FEW + 1))
    if jobs == 1 or len(first) <= _FEW:
        for one in chain(first, rest):
            yield tell(work, [one])
    else:
        yield from _by_processes(work, chain(first, rest), jobs)


def _by_processes(work: Work, found: Iterator[Found], jobs: int) -> Iterator[Told]:
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent)
    try:
        chunks = iter(lambda: list(islice(found, _CHUNK)), [])
        begun = deque(pool.submit(tell, work, chunk) for chunk in islice(chunks, _AHEAD * jobs))
        while begun:
            yield begun.popleft().result()
            begun.extend(pool.submit(tell, work, chunk) for chunk in islice(chunks, 1))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
