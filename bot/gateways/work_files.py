"""The work side behind files: `ports.Workshop` for a step that holds the keys, inside GitHub Actions.

A question without an answer is written to `<questions>/<job id>.json` and stays open; a job without any token answers it,
and a later step finds `<answers>/answer-<job id>/answer.json`, with blobs beside it under their sha256. An answer counts for
the question whose digest names it and for no other: one for another content, another policy or another try is not found.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from bot import plain_json
from bot.digests import job_id
from bot.errors import GatewayError, PendingError
from bot.gateways import plain_files

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bot.ports import Json

BLOB_BYTES = 1_000_000
ANSWER = "answer.json"
PREFIX = "answer-"
_FOLDER = re.compile(r"answer-(?:prepare|check)-[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class WorkFiles:
    """`expected` names the questions that this run's jobs were given: unanswered, they failed. `final`: so did all others."""

    def __init__(
        self,
        environment: str,
        *,
        questions: Path,
        answers: Path | None = None,
        expected: Collection[str] = (),
        final: bool = False,
    ) -> None:
        self._environment = environment
        self._questions = questions
        self._answers = answers
        self._expected = frozenset(expected)
        self._final = final
        self.open: list[str] = []
        """Questions that were written, by id, in the order they were asked."""

    def prepare(self, job: Json) -> Json:
        """As `ports.Workshop`."""
        return self._ask(job, "submission")

    def check(self, job: Json) -> Json:
        """As `ports.Workshop`."""
        return self._ask(job, "report")

    def blob(self, sha256: str) -> bytes:
        """As `ports.Workshop`; whichever answer brings the bytes, their hash decides."""
        folders = plain_files.names(self._answers) if self._answers and _SHA256.fullmatch(sha256) else []
        for folder in filter(_FOLDER.fullmatch, folders):
            content = plain_files.read(self._root, folder, sha256, limit=BLOB_BYTES)
            if content is not None and hashlib.sha256(content).hexdigest() != sha256:
                raise _strange("has a blob that is not what its name says")
            if content is not None:
                return content
        raise GatewayError("No answer of this run brings these bytes.", reason="blob-gone", transient=False)

    def environment(self) -> str:
        """As `ports.Workshop`: known before any image is built, because their names follow from what goes into them."""
        return self._environment

    @property
    def _root(self) -> Path:
        return self._answers or self._questions

    def _ask(self, job: Json, schema: str) -> Json:
        name = job_id(job)
        content = plain_files.read(self._root, PREFIX + name, ANSWER, limit=plain_json.MAX_ANSWER_BYTES)
        if content is None:
            raise self._unanswered(job, name)
        try:
            return plain_json.validate(plain_json.loads(content), schema)
        except plain_json.NotPlainError as error:
            raise _strange(str(error)) from None

    def _unanswered(self, job: Json, name: str) -> Exception:
        if self._final or {name, job_id({**job, "verb": "prepare"})} & self._expected:
            message = "The jobs that were to answer ended without an answer."
            return GatewayError(message, reason="work-gone", transient=False)
        self._questions.mkdir(parents=True, exist_ok=True)
        (self._questions / f"{name}.json").write_text(plain_json.dumps(job), encoding="ascii")
        self.open.append(name)
        return PendingError(name)


def _strange(what: str) -> GatewayError:
    return GatewayError(f"The work side's answer {what}.", reason="work-answer", transient=False)
