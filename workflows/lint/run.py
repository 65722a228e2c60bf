"""The command `accession-check static`: judge, write, and say by the exit code what came of it."""

import gc
import io
import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from workflows.document import load
from workflows.lint.find import find
from workflows.lint.formats import form
from workflows.lint.judged import Tally
from workflows.lint.spread import Work, cores, spread
from workflows.problem import Problem
from workflows.read_file import read_file

_COLLECTED = 50_000  # objects
_POLICY_SIZE = 1_000_000
_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}")
_INTERRUPTED, _NOBODY_READS = 130, 141  # 128 and the signal's number, as shells say it


def run(options: Namespace) -> int:
    """0 nothing to change, 1 findings, 2 something named could not be judged; beyond 128 somebody ended it."""
    try:
        with _rare_collections():
            return _run(options)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS


@contextmanager
def _rare_collections() -> Iterator[None]:
    """What is built for a file holds itself nowhere, and looking for such circles costs a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(options: Namespace) -> int:
    policy = _policy(options.policy)
    if isinstance(policy, str):
        _complain(policy)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal's alphabet may lack a contributor's letters
    work = Work(options.format, _is_coloured(sys.stdout, os.environ), policy, options.quiet)
    tally = _write(work, options, sys.stdout)
    if tally.unusable:
        return 2
    return int(bool(tally.errors or tally.policies or (options.strict and tally.warnings)))


def _write(work: Work, options: Namespace, out: TextIO) -> Tally:
    way, tally, begun = form(work.format, coloured=work.coloured), Tally(), False
    out.write(way.head)
    for told in spread(work, find(options.paths, options.files), options.jobs or cores()):
        for complaint in told.complaints:
            _complain(complaint)
        out.write((way.between if begun and told.text else "") + told.text)
        begun, tally = begun or bool(told.text), tally + told.tally
    out.write(way.tail(tally))
    out.flush()
    return tally


def _complain(said: str) -> None:
    from workflows.lint.words import plain

    sys.stderr.write(f"accession-check: {plain(said)}\n")


def _is_coloured(out: TextIO, environ: Mapping[str, str]) -> bool:
    """On a terminal that has colours, unless somebody wants none (https://no-color.org)."""
    return out.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def _policy(path: Path | None) -> dict[str, Any] | str:
    """The collection's policy for the rules, `collection/accession.yaml` or a part of it as YAML or JSON; or what is wrong."""
    if path is None:
        return {}
    raw = read_file(path, _POLICY_SIZE)
    if isinstance(raw, Problem):
        return f"{path}: {raw.message} {raw.fix}"
    document = load(raw)
    if document.problems:
        return f"{path}: {document.problems[0].message}"
    policy = document.data
    right = isinstance(policy, dict) and _is_floor(policy.get("minimum_format_version", {}))
    return policy if right else f"{path}: A policy is a mapping such as minimum_format_version: {{model: 0.4.5}}."


def _is_floor(floor: Any) -> bool:
    versions = floor.values() if isinstance(floor, dict) else [None]
    return all(isinstance(version, str) and _VERSION.fullmatch(version) for version in versions)
