"""The steps of the workflows that hold a token. They speak to each other through `$GITHUB_OUTPUT` on stdout, to people on stderr.

A step that neither reads nor writes the signed state (it touches no pull request) needs no key for it and gets one that is good
for nothing.
"""

from __future__ import annotations

import secrets
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import logs, pipeline, plain_json
from bot.actions import intake, look, retesting, tend
from bot.app import dispatching, file_workshop, open_desk
from bot.records.event import CollectionSubject, PullSubject, RecordSubject
from bot.settings import Settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Engine
    from bot.records.answer import Answer

    Step = Callable[[Desk, Engine, argparse.Namespace], int]

STATELESS = frozenset({"find", "name", "publish", "retest-plan", "retest-collect"})


def main(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """One step; 0 where it did what there was to do, 1 where something failed and was said."""
    if arguments.verb in STATELESS:
        environ = {**environ, "ACCESSION_STATE_KEY": secrets.token_hex(32)}
    settings = Settings.from_env(environ)
    logs.configure(settings.secrets)
    workshop = None if arguments.verb == "name" else _workshop(arguments)
    with open_desk(settings, environ, workshop=workshop) as opened:
        desk = replace(opened, lasting=False)
        return _STEPS[arguments.verb](desk, dispatching(desk.github, arguments.only), arguments)


def _workshop(arguments: argparse.Namespace) -> file_workshop:
    return file_workshop(
        arguments.environment,
        questions=arguments.questions,
        answers=arguments.answers,
        expected=arguments.expected,
        final=arguments.verb == "retest-collect",
    )


def _find(desk: Desk, _engine: Engine, arguments: argparse.Namespace) -> int:
    if arguments.record:
        answer = pipeline.reconcile(desk, RecordSubject(arguments.record), asked=True)
        found, code = [arguments.record] if answer.status == "pending" else [], _say("record", answer)
    else:
        found, code = intake.find(desk, days=arguments.days, most=arguments.most, daily=arguments.daily), 0
    return _print(records=found, questions=_open(desk)) or code


def _propose(desk: Desk, engine: Engine, arguments: argparse.Namespace) -> int:
    answers = intake.propose(desk, engine, arguments.records, asked=arguments.asked)
    return max((_say(f"record {record}", answer) for record, answer in answers.items()), default=0)


def _plan(desk: Desk, _engine: Engine, arguments: argparse.Namespace) -> int:
    needed = look.need(desk, arguments.pull, head=arguments.head)
    seed = secrets.token_hex(32)
    return _print(due=needed.due, questions=list(needed.asked), head=needed.head, seed=seed)


def _feedback(desk: Desk, engine: Engine, arguments: argparse.Namespace) -> int:
    answer = tend.feedback(desk, engine, arguments.pull, planned=arguments.head)
    return _say(f"pull {arguments.pull}", answer)


def _sweep(desk: Desk, engine: Engine, arguments: argparse.Namespace) -> int:
    if arguments.closed:
        tend.keep_enabled(desk, (arguments.only,) if arguments.only else tend.SCHEDULED)
    for number in tend.sweep(desk, engine, closed=arguments.closed, most=arguments.most):
        sys.stderr.write(f"pull {number}: needs something\n")
    return 0


def _name(_desk: Desk, engine: Engine, arguments: argparse.Namespace) -> int:
    engine.tell(PullSubject(arguments.pull))
    return 0


def _publish(desk: Desk, engine: Engine, _arguments: argparse.Namespace) -> int:
    """Entries merged by hand are described first; once some are, and others are not yet, another run goes on with them.

    Where this one brought none of them on, the next would not either: it is left to the schedule.
    """
    answer = pipeline.run(desk, engine, CollectionSubject())
    if answer.advanced:
        engine.tell(CollectionSubject())
    code = _say("collection", answer)
    return _print(questions=_open(desk)) or code


def _retest_plan(desk: Desk, _engine: Engine, arguments: argparse.Namespace) -> int:
    dealt = retesting.shards(desk, arguments.shards)
    return _print(shards=[{"number": number, "questions": plain_json.dumps(ids)} for number, ids in enumerate(dealt)])


def _retest_collect(desk: Desk, _engine: Engine, arguments: argparse.Namespace) -> int:
    return retesting.collect(desk, arguments)


_STEPS: Mapping[str, Step] = {
    "find": _find,
    "propose": _propose,
    "plan": _plan,
    "feedback": _feedback,
    "sweep": _sweep,
    "name": _name,
    "publish": _publish,
    "retest-plan": _retest_plan,
    "retest-collect": _retest_collect,
}


def _open(desk: Desk) -> list[str]:
    return list(dict.fromkeys(desk.workshop.open)) if isinstance(desk.workshop, file_workshop) else []


def _print(**values: object) -> int:
    """Values have no line breaks: texts are hexadecimal, the rest is JSON on one line."""
    for name, value in values.items():
        sys.stdout.write(f"{name}={value if isinstance(value, str) else plain_json.dumps(value)}\n")
    return 0


def _say(subject: str, answer: Answer) -> int:
    sys.stderr.write(f"{subject}: {answer}\n")
    return 1 if answer.failed else 0
