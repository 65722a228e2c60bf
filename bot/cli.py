"""The command line `accession`: names subjects and prints answers; everything else is in the pipeline.

Exit codes: 0 done, 1 something failed and was said, 2 usage or settings.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot import retest_options
from bot.actions import options as actions_options
from bot.errors import AccessionError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.corridor.desk import Desk
    from bot.records.answer import Answer
    from bot.records.event import Subject


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="accession", description="Takes contributions into a collection of models and datasets."
    )
    top.add_argument("--dry-run", action="store_true", help="say every write instead of making it")
    top.add_argument("--verbose", action="store_true", help="log every write")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("poll", help="find new and changed uploads, open and check their pull requests")
    run = commands.add_parser("run", help="poll and sweep until stopped")
    run.add_argument(
        "--interval", type=float, default=60.0, metavar="SECONDS", help="pause between rounds (default 60)"
    )
    submit = commands.add_parser("submit", help="take in one record of the archive by its number or address")
    submit.add_argument("record", help="e.g. 5764893 or https://zenodo.org/records/5764893")
    one = commands.add_parser("reconcile", help="bring pull requests to where they should be")
    one.add_argument("pulls", nargs="*", type=int, metavar="NUMBER", help="pull request numbers")
    one.add_argument("--all", action="store_true", help="every open pull request, and the collection")
    commands.add_parser("build", help="rebuild collection.json")
    status = commands.add_parser("status", help="every submission, its stage and what it waits for")
    status.add_argument("--json", action="store_true", help="as JSON")
    retest_options.options(
        commands.add_parser("retest", help="test accepted entries again whose image or rules changed")
    )
    evidence = commands.add_parser("evidence", help="write what a report names by its sha256 into a file")
    evidence.add_argument("sha256", metavar="SHA256")
    evidence.add_argument("--output", type=Path, required=True, metavar="FILE")
    actions_options.options(commands.add_parser("actions", help="the steps of the GitHub Actions workflows"))
    commands.add_parser("work", help="the work side: fetches and runs boxes, started by the others")
    return top


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command."""
    arguments = parser().parse_args(argv)
    environ = os.environ if environ is None else environ
    try:
        return _command(arguments, environ)
    except ConfigError as error:
        print(f"accession: {error.message}", file=sys.stderr)
        return 2
    except AccessionError as error:
        print(f"accession: {error.message}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if (error.name or "bot").split(".")[0] in {"bot", "schemas"}:
            raise
        print(f"accession: {error.name} is not installed: pip install 'accession[bot]'", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _command(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if arguments.command == "actions":
        return _actions(arguments, environ)
    if arguments.command in {"work", "evidence"}:
        from bot import work

        if arguments.command == "work":
            work.serve_process()
        print(f"{work.write_evidence(environ, arguments.sha256, arguments.output):,} bytes: {arguments.output}")
        return 0
    return _with_desk(arguments, environ)


def _actions(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """The two sides in one command, and in one process never both: only one of the two is imported."""
    if arguments.verb in actions_options.KEYED:
        from bot.actions import run

        return run.main(arguments, environ)
    from bot import work_actions

    return work_actions.main(arguments, environ)


def _with_desk(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from bot import logs
    from bot.app import open_desk
    from bot.settings import Settings

    settings = Settings.from_env(environ)
    logs.configure(settings.secrets, verbose=arguments.verbose)
    narrate = (lambda text: print(logs.redact(text, settings.secrets))) if arguments.dry_run else None
    with open_desk(settings, environ, narrate=narrate) as desk:
        return _COMMANDS[arguments.command](desk, arguments)


def _poll(desk: Desk, _arguments: argparse.Namespace) -> int:
    from bot import pipeline

    return _say(pipeline.reconcile_all(desk, pipeline.poll(desk)))


def _submit(desk: Desk, arguments: argparse.Namespace) -> int:
    from bot import pipeline
    from bot.records.event import RecordSubject

    record = arguments.record.rstrip("/").rpartition("/")[2]
    if not record.isdigit():
        raise ConfigError(f"{arguments.record!r} names no record: give its number, or its address.", reason="usage")
    print(pipeline.reconcile(desk, RecordSubject(record), asked=True))
    pulls = pipeline.proposed(desk, record)
    return _say(pipeline.reconcile_all(desk, pulls)) if pulls else 1


def _reconcile(desk: Desk, arguments: argparse.Namespace) -> int:
    from bot import pipeline
    from bot.records.event import PullSubject

    if not arguments.all and not arguments.pulls:
        raise ConfigError("Name pull request numbers, or give --all.", reason="usage")
    subjects: list[Subject] = [PullSubject(number) for number in arguments.pulls]
    return _say(pipeline.reconcile_all(desk, pipeline.sweep(desk) if arguments.all else subjects))


def _build(desk: Desk, _arguments: argparse.Namespace) -> int:
    from bot import pipeline
    from bot.records.event import CollectionSubject

    print(pipeline.reconcile(desk, CollectionSubject()))
    return 0


def _run(desk: Desk, arguments: argparse.Namespace) -> int:
    """Rounds until SIGTERM or SIGINT; the step under way is finished first."""
    from bot import pipeline

    with _stoppable() as stop:
        while not stop:
            pipeline.round_trip(desk)
            pause = time.monotonic() + arguments.interval
            while not stop and time.monotonic() < pause:
                time.sleep(min(0.1, arguments.interval))
    return 0


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """A list that gets the signal's number when the process is asked to stop."""
    stop: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda received, _frame: stop.append(received))
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _retest(desk: Desk, arguments: argparse.Namespace) -> int:
    from bot import retest_command

    with _stoppable() as stop:
        return retest_command.run(desk, arguments, stop)


def _status(desk: Desk, arguments: argparse.Namespace) -> int:
    from bot.corridor.standings import standings

    found = standings(desk)
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    from bot.status_table import show

    show(found)
    return 0


def _say(answers: Mapping[str, Answer]) -> int:
    """Print the answers; 1 when one of them is a failure."""
    for subject, answer in answers.items():
        print(f"{subject}: {answer}")
    return 1 if any(answer.failed for answer in answers.values()) else 0


_COMMANDS = {
    "poll": _poll,
    "run": _run,
    "submit": _submit,
    "reconcile": _reconcile,
    "build": _build,
    "retest": _retest,
    "status": _status,
}
