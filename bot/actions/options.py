"""The options of `accession actions`: the steps of the workflows, not commands for people."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

_ID = re.compile(r"(?:prepare|check)-[0-9a-f]{40}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_SHA = re.compile(r"[0-9a-f]{40}|")
_HEX = re.compile(r"[0-9a-f]{64}")
_SEED = re.compile(r"[0-9a-f]{16,64}")
_FORMAT = re.compile(r"[a-z0-9_]{1,64}")
_WORKFLOW = re.compile(r"(?:[^@]*/)?([A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\.ya?ml)(?:@.*)?")
KEYED = ("find", "propose", "plan", "feedback", "sweep", "name", "publish", "retest-plan", "retest-collect")
"""Steps with a token."""


def options(parser: argparse.ArgumentParser) -> None:
    """Every step of the workflows."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="STEP")
    _key_side(verbs)
    _work_side(verbs)


def _key_side(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    find = _asking(verbs, "find", "which uploads are new, and what has to be known of them")
    find.add_argument("--days", type=int, default=2, metavar="N", help="changed in so many days; 0: whenever")
    find.add_argument("--record", type=_matched(_NUMBER, "a record's number", empty=True), default="")
    find.add_argument(
        "--most", type=int, default=20, metavar="N", help="look at so many new ones, others the next time"
    )
    find.add_argument("--daily", action="store_true", help="the next time is tomorrow, not in half an hour")
    propose = _asking(verbs, "propose", "open the pull requests of uploads")
    propose.add_argument("--records", type=_all(_NUMBER, "record numbers"), required=True, metavar="JSON")
    propose.add_argument("--asked", action="store_true", help="somebody named the record: no keyword is asked for")
    plan = _asking(verbs, "plan", "what a pull request needs: nothing, a step with a token, or a check")
    feedback = _asking(verbs, "feedback", "bring one pull request to where it should be")
    for one in (plan, feedback):
        one.add_argument("--pull", type=int, required=True, metavar="NUMBER")
        one.add_argument("--head", type=_matched(_SHA, "a commit"), default="", help="the commit that an event saw")
    sweep = _asking(verbs, "sweep", "name the open pull requests that need something")
    sweep.add_argument("--closed", action="store_true", help="closed ones too, that were not brought to their end")
    sweep.add_argument("--most", type=int, default=15, metavar="N", help="look at so many, others the next time")
    name = verbs.add_parser("name", help="have a pull request looked at")
    name.add_argument("--pull", type=int, required=True, metavar="NUMBER")
    _asking(verbs, "publish", "rebuild the collection")
    for verb, text in (("retest-plan", "what is to be tested again"), ("retest-collect", "what became of it")):
        retest = _asking(verbs, verb, text)
        retest.add_argument("--shards", type=int, default=10, metavar="N")
        retest.add_argument("--output", default="retest", metavar="DIR")
    for one in verbs.choices.values():
        one.add_argument("--only", type=_workflow, default="", metavar="WORKFLOW", help="the one file with all of them")


def _asking(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=text)
    one.add_argument("--environment", type=_matched(_HEX, "the digest of an environment"), required=True)
    one.add_argument("--questions", type=Path, default=Path("questions"), metavar="DIR")
    one.add_argument("--answers", type=Path, default=None, metavar="DIR")
    one.add_argument("--expected", type=_all(_ID, "questions"), default=(), metavar="JSON", help="what jobs were asked")
    return one


def _work_side(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs.add_parser("environment", help="name what checks run on")
    steps = {
        "prepare": "answer what is asked about uploads",
        "formats": "which weight formats there are to run",
        "produce": "run one weight format",
        "judge": "compare what was produced, and answer",
        "test": "answer whole checks",
    }
    for name, text in steps.items():
        one = verbs.add_parser(name, help=text)
        one.add_argument("--questions", type=Path, required=True, metavar="DIR")
        one.add_argument("--out", type=Path, required=True, metavar="DIR")
        if name in {"prepare", "test"}:
            one.add_argument("--only", type=_all(_ID, "questions"), default=(), metavar="JSON")
        if name in {"produce", "judge"}:
            one.add_argument("--seed", type=_matched(_SEED, "a seed"), required=True)
        if name == "produce":
            one.add_argument("--format", type=_matched(_FORMAT, "a weight format"), required=True)
        if name == "judge":
            one.add_argument("--produced", type=Path, required=True, metavar="DIR")


class _matched:  # noqa: N801 - reads as the function that argparse takes it for
    def __init__(self, pattern: re.Pattern[str], what: str, *, empty: bool = False) -> None:
        self._pattern, self._what, self._empty = pattern, what, empty

    def __call__(self, text: str) -> str:
        if not (self._pattern.fullmatch(text) or (self._empty and not text)):
            raise argparse.ArgumentTypeError(f"{text[:80]!r} is not {self._what}")
        return text


class _all(_matched):  # noqa: N801 - as above
    """A JSON list of such texts, as one job hands it to the next."""

    def __call__(self, text: str) -> tuple[str, ...]:  # type: ignore[override]
        from bot import plain_json

        try:
            found = plain_json.loads(text or "[]", limit=64 * 1024)
        except plain_json.NotPlainError as error:
            raise argparse.ArgumentTypeError(f"{self._what}: {error}") from None
        if not isinstance(found, list) or not all(
            isinstance(one, str) and self._pattern.fullmatch(one) for one in found
        ):
            raise argparse.ArgumentTypeError(f"{text[:80]!r} is no JSON list of {self._what}")
        return tuple(found)


def _workflow(text: str) -> str:
    """A file's name, also out of `owner/name/.github/workflows/file.yml@ref`; empty for none."""
    found = _WORKFLOW.fullmatch(text)
    if text and not found:
        raise argparse.ArgumentTypeError(f"{text[:80]!r} names no workflow")
    return found[1] if found else ""
