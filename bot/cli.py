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
from typing import TYPE_CHECKING, NoReturn

from bot import retest_options
from bot.actions import options as actions_options
from bot.adopting import options as init_options
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
    serve = commands.add_parser("serve", help="the durable service: webhooks, schedule, pages; until stopped")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at (default 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8080, help="the port to listen at (default 8080; 0: a free one)")
    serve.add_argument(
        "--no-work",
        action="store_true",
        help="start no worker beside it (none is where ACCESSION_WORK_DATABASE is set)",
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
    init_options.options(commands.add_parser("init", help="write the files by which a repository adopts this bot"))
    work = commands.add_parser("work", help="the work side: fetches and runs boxes, as the work database asks for it")
    work.add_argument("--stdio", action="store_true", help="asked on stdin by another command that started it")
    launcher = commands.add_parser(
        "launcher", help="has the container engine's socket, and starts boxes for the work side"
    )
    launcher.add_argument("--ping", action="store_true", help="ask the one that runs whether it can (exit code 0)")
    return top


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command."""
    arguments = parser().parse_args(argv)
    environ = os.environ if environ is None else environ
    try:
        return _ALONE.get(arguments.command, _with_desk)(arguments, environ)
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


def _work(arguments: argparse.Namespace, environ: Mapping[str, str]) -> NoReturn:
    from bot import work, work_consumer

    if arguments.stdio:
        work.serve_process()
    work_consumer.serve_process(environ)


def _serve(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from bot import logs, service
    from bot.settings import Settings

    if arguments.dry_run:
        raise ConfigError("A service makes its writes: use --dry-run with the other commands.", reason="usage")
    settings = Settings.from_env(environ)
    logs.configure(settings.secrets, verbose=arguments.verbose)
    beside = not arguments.no_work and not environ.get("ACCESSION_WORK_DATABASE")
    with _stoppable() as stop:
        return service.serve(
            settings,
            environ,
            service.Place(arguments.host, arguments.port, beside),
            lambda: stop,
            bound=lambda port: print(f"Listening at http://{arguments.host}:{port}/", flush=True),
        )


def _evidence(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from bot import work

    print(f"{work.write_evidence(environ, arguments.sha256, arguments.output):,} bytes: {arguments.output}")
    return 0


def _actions(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """The two sides in one command, and in one process never both: only one of the two is imported."""
    if arguments.verb in actions_options.KEYED:
        from bot.actions import run

        return run.main(arguments, environ)
    from bot import work_actions

    return work_actions.main(arguments, environ)


def _init(arguments: argparse.Namespace, _environ: Mapping[str, str]) -> int:
    from bot.adopting import command

    return command.run(arguments)


def _launcher(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from bot import launcher

    return launcher.ping(environ) if arguments.ping else launcher.main(environ)


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
_ALONE = {
    "actions": _actions,
    "evidence": _evidence,
    "init": _init,
    "launcher": _launcher,
    "serve": _serve,
    "work": _work,
}
"""Commands that need no desk, or make more than one."""
