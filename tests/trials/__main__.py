"""`python -m tests.trials`: the trials of `make trials`. Prints a table; the last line is the same as JSON.

Exit code 1 where anything happened twice, was lost, or ended otherwise than undisturbed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.postgres import no_postgres, postgres_server
from tests.trials.run import Outcome, Run, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.postgres import Postgres

KILLS_IN_A_RUN = 20
"""One for each submission."""
LOSE = 0.15


def main() -> int:
    options = _parser().parse_args()
    with ExitStack() as stack:
        server = None
        if "postgres" in options.databases:
            missing = no_postgres()
            if missing:
                print(f"trials: {missing}; or leave it out: --databases sqlite", file=sys.stderr)
                return 2
            server = stack.enter_context(postgres_server())
        rows = [_row(database, options, server) for database in options.databases]
    _show(rows)
    print(json.dumps({"seed": options.seed, "storm": options.storm, "databases": rows}))
    return 1 if any(row["duplicates"] or row["losses"] or row["differ"] or not row["done"] for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.trials", description=__doc__)
    parser.add_argument("--kills", type=int, default=0, help="kill -9 so often, over as many runs as it takes")
    parser.add_argument(
        "--lose", type=float, default=LOSE, help="share of the kills that lose the databases too (SQLite)"
    )
    parser.add_argument("--storm", action="store_true", help="lost, doubled, shuffled webhooks; failing doors")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"])
    parser.add_argument("--keep", type=Path, help="leave worlds and logs in this folder")
    return parser


def _row(database: str, options: argparse.Namespace, server: Postgres | None) -> dict[str, Any]:
    """All runs on one kind of database, beside one undisturbed run."""
    outcomes: list[Outcome] = []
    expected = _one(Run(options.seed, options.uploads, **_size(database, server)), database, "undisturbed", options)
    for number, kills in enumerate(_shares(options.kills, storm=options.storm), 1):
        what = Run(
            options.seed * 1000 + number,
            options.uploads,
            kills=kills,
            lose=options.lose,
            pause=database == "postgres" and kills > 0,
            storm=options.storm,
            **_size(database, server),
        )
        outcomes.append(_one(what, database, f"run-{number}", options))
        _say(database, number, outcomes[-1], expected)
    differ = sum(outcome.ending.seen != expected.ending.seen for outcome in outcomes)
    return {
        "database": database,
        "processes": "3 serve, 1 work" if database == "postgres" else "1 serve, 1 work",
        "runs": len(outcomes),
        "submissions": len(outcomes) * options.uploads,
        "trials": sum(outcome.kills + outcome.pauses for outcome in outcomes),
        "kills": sum(outcome.kills for outcome in outcomes),
        "pauses": sum(outcome.pauses for outcome in outcomes),
        "databases_lost": sum(outcome.lost for outcome in outcomes),
        "duplicates": sum(len(outcome.ending.duplicates) for outcome in outcomes),
        "losses": sum(len(outcome.ending.losses) for outcome in outcomes),
        "differ": differ,
        "calls": sum(outcome.calls for outcome in outcomes),
        "calls_undisturbed": expected.calls,
        "writes": sum(outcome.writes for outcome in outcomes),
        "writes_undisturbed": expected.writes,
        "seconds": round(sum(outcome.seconds for outcome in outcomes), 1),
        "seconds_undisturbed": round(expected.seconds, 1),
        "done": all(outcome.done for outcome in (expected, *outcomes)),
    }


def _size(database: str, server: Postgres | None) -> dict[str, Any]:
    if database == "postgres" and server is not None:
        return {"serves": 3, "databases": (server.database(), server.database())}
    return {}


def _shares(kills: int, *, storm: bool) -> Iterator[int]:
    """Kills for each run; a storm alone is one run."""
    if storm and not kills:
        yield 0
    while kills > 0:
        yield min(kills, KILLS_IN_A_RUN)
        kills -= KILLS_IN_A_RUN


def _one(what: Run, database: str, name: str, options: argparse.Namespace) -> Outcome:
    if options.keep:
        folder = options.keep / f"{database}-{name}"
        folder.mkdir(parents=True)
        return run(folder.absolute(), what)
    with tempfile.TemporaryDirectory(prefix="trial-") as made:
        return run(Path(made), what)


def _say(database: str, number: int, outcome: Outcome, expected: Outcome) -> None:
    same = "the same world" if outcome.ending.seen == expected.ending.seen else "ANOTHER WORLD"
    print(
        f"{database} run {number}: {outcome.kills} kills, {outcome.pauses} pauses, {outcome.lost} databases lost, "
        f"{outcome.seconds:.0f} s, {outcome.calls} calls: {same}",
        file=sys.stderr,
        flush=True,
    )
    for text in (*outcome.ending.duplicates, *outcome.ending.losses, *_differences(outcome, expected)):
        print(f"  {text}", file=sys.stderr, flush=True)


def _differences(outcome: Outcome, expected: Outcome) -> Iterator[str]:
    """What of the world is not as it was undisturbed, by submission."""
    for name, wanted in expected.ending.seen.items():
        found = outcome.ending.seen.get(name)
        if found != wanted:
            yield f"{name}: {found!r} instead of {wanted!r}"[:2000]


def _show(rows: list[dict[str, Any]]) -> None:
    names = (
        "database", "processes", "runs", "trials", "kills", "pauses", "databases_lost", "duplicates", "losses", "differ",
        "calls", "writes", "seconds",
    )  # fmt: skip
    widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in names}
    print("  ".join(f"{name:>{widths[name]}}" for name in names))
    for row in rows:
        print("  ".join(f"{row[name]:>{widths[name]}}" for name in names))


if __name__ == "__main__":
    sys.exit(main())
