"""The work side inside GitHub Actions: steps of jobs that have no token answer questions of steps that have one.

A question is a job of `schemas/job.schema.json` in `<questions>/<job id>.json`. An answer is a folder `answer-<job id>` with
`answer.json` and, under their sha256, the small blobs it names (`gateways/work_files.py` reads it).
"""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

from bot import logs, plain_json
from bot.checking import fit, report_file
from bot.checking.bench import RULES
from bot.checking.check import check
from bot.checking.expected import RUN_FORMATS
from bot.checking.prepare import prepare
from bot.checking.produce_weights import produce_weights, runnable
from bot.digests import job_id
from bot.errors import ConfigError
from bot.records.job import Job
from bot.work_bench import open_bench, recording, replaying
from bot.work_settings import WorkSettings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.checking.bench import Bench
    from bot.ports import Json

KEYS = (
    "ACCESSION_GITHUB_APP_KEY",
    "ACCESSION_GITHUB_TOKEN",
    "ACCESSION_NOTIFY",
    "ACCESSION_STATE_KEY",
    "ACCESSION_ZENODO_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
)
"""What has no place in a job that touches contributed content."""
BLOB_BYTES = 1_000_000
_QUESTION_BYTES = 8 * 1024**2


def main(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """One step; 0 also where the answer is that something is wrong with the upload."""
    found = [name for name in KEYS if environ.get(name)]
    if found:
        message = f"{found[0]} is set in a job that touches contributed content: take it out of the workflow."
        raise ConfigError(message, reason="keys-beside-content")
    logs.configure(())
    return _VERBS[arguments.verb](WorkSettings.from_env(environ), arguments)


def environment(settings: WorkSettings) -> str:
    """Names what checks run on before any image is there: the images' names (which follow from their content) and the rules."""
    return plain_json.digest([dict(settings.job_images), RULES])


def _environment(settings: WorkSettings, _arguments: argparse.Namespace) -> int:
    return _print("environment", environment(settings))


def _prepare(settings: WorkSettings, arguments: argparse.Namespace) -> int:
    """Answer what was asked about uploads, each by itself."""
    with open_bench(settings) as bench:
        for job in _questions(arguments.questions, arguments.only):
            _answer_prepare(bench, job, arguments.out)
    return 0


def _formats(settings: WorkSettings, arguments: argparse.Namespace) -> int:
    """What the producing jobs are to run: format and kind of image, as a matrix takes it."""
    with open_bench(settings) as real:
        bench = replaying(real, arguments.out, b"", settings.job_images)
        names = [name for job in _questions(arguments.questions) for name in runnable(bench, Job.from_json(job))]
    found = [{"format": name, "image": RUN_FORMATS[name]} for name in dict.fromkeys(names)]
    return _print("formats", plain_json.dumps(found))


def _produce(settings: WorkSettings, arguments: argparse.Namespace) -> int:
    with open_bench(settings) as real:
        bench = recording(real, arguments.out, _secret(arguments.seed))
        for job in _questions(arguments.questions):
            ran = produce_weights(bench, Job.from_json(job), arguments.format)
            _say(f"{arguments.format}: {'run' if ran else 'not run'}")
    return 0


def _judge(settings: WorkSettings, arguments: argparse.Namespace) -> int:
    """Fetch and read everything anew, run nothing, compare what the producing jobs left, and answer."""
    with open_bench(settings) as real:
        bench = replaying(real, arguments.produced, _secret(arguments.seed), settings.job_images)
        for job in _questions(arguments.questions):
            if _answer_prepare(bench, job, arguments.out)["outcome"] == "described":
                _answer_check(bench, job, arguments.out)
    return 0


def _test(settings: WorkSettings, arguments: argparse.Namespace) -> int:
    """Whole checks, one after the other, for a retest: nothing is merged on their word."""
    with open_bench(settings) as bench:
        for job in _questions(arguments.questions, arguments.only):
            _answer_check(bench, job, arguments.out)
    return 0


_VERBS: Mapping[str, Callable[[WorkSettings, argparse.Namespace], int]] = {
    "environment": _environment,
    "prepare": _prepare,
    "formats": _formats,
    "produce": _produce,
    "judge": _judge,
    "test": _test,
}
VERBS = tuple(_VERBS)


def _questions(folder: Path, only: Sequence[str] = ()) -> Iterator[Json]:
    """Those that were asked, `only` some of them by their ids; a step that holds the keys wrote them."""
    for path in sorted(folder.glob("*.json")):
        if only and path.stem not in only:
            continue
        try:
            yield plain_json.validate(plain_json.loads(path.read_bytes(), limit=_QUESTION_BYTES), "job")
        except plain_json.NotPlainError as error:
            raise ConfigError(f"The question {path.name} {error}.", reason="bad-question") from None


def _answer_prepare(bench: Bench, job: Json, out: Path) -> Json:
    answer = plain_json.validate(fit.fit_submission(prepare(bench, Job.from_json(job))), "submission")
    rdf = [answer["rdf"]["sha256"]] if answer["rdf"] else []
    _leave(bench, out, {**job, "verb": "prepare"}, answer, rdf)
    return answer


def _answer_check(bench: Bench, job: Json, out: Path) -> None:
    answer = plain_json.validate(fit.fit_report(check(bench, Job.from_json(job))), "report")
    _leave(bench, out, {**job, "verb": "check"}, answer, report_file.evidence(answer))


def _leave(bench: Bench, out: Path, job: Json, answer: Json, blobs: Sequence[str]) -> None:
    """The answer last: a folder without one is none."""
    folder = out / f"answer-{job_id(job)}"
    folder.mkdir(parents=True, exist_ok=True)
    for sha256 in blobs:
        path = bench.evidence.path(sha256) or bench.cache.path(sha256)
        if path is not None and path.stat().st_size <= BLOB_BYTES:
            (folder / sha256).write_bytes(path.read_bytes())
    (folder / "answer.json").write_text(plain_json.dumps(answer), encoding="ascii")
    _say(f"{job_id(job)}: {answer['outcome']}")


def _secret(seed: str) -> bytes:
    """Made by the run for itself, after the content was fixed, and told to all of its jobs."""
    return hashlib.sha256(f"accession/seed/{seed}".encode()).digest()


def _print(name: str, value: str) -> int:
    """As `$GITHUB_OUTPUT` takes it."""
    sys.stdout.write(f"{name}={value}\n")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
