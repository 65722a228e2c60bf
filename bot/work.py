"""`accession work --stdio`: one JSON object per line in, one per line out, until stdin closes.

Request `{"id", "verb": "prepare" | "check" | "blob" | "environment" | "ping", …}` with `job` for the first two and
`sha256` for `blob`. Answer `{"id", "answer": {…}}`, or `{"id", "error": {"message", "reason", "transient"}}`.
Answers fit their schema and 256 KB before they leave; a blob (base64, at most 1 MB of bytes) is the one exception.
Requests run side by side; answers come in the order they are ready.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any, NoReturn

import structlog

from bot import logs, plain_json
from bot.checking import fit
from bot.checking.bench import RULES
from bot.checking.check import check
from bot.checking.evidence import FOLDER, hand_out
from bot.checking.prepare import prepare
from bot.errors import AccessionError, ConfigError, GatewayError
from bot.records.job import Job
from bot.work_bench import open_bench
from bot.work_settings import WorkSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.checking.bench import Bench
    from bot.ports import Json

log = structlog.get_logger(__name__)
AT_ONCE = 4
"""Requests at the same time; their boxes share the machine's places."""
REQUEST_BYTES = 8 * 1024**2
BLOB_BYTES = 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


def main(environ: Mapping[str, str], stdin: IO[bytes], stdout: IO[bytes]) -> int:
    """Serve until `stdin` ends: whoever asked is gone then, so boxes are removed and what still runs is given up.

    `stdout` is this function's alone: where it is the process's own, prints and logs go to stderr from here on.
    """
    stdout = protected_stdout() if stdout is sys.stdout.buffer else stdout
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="request")
    with open_bench(WorkSettings.from_env(environ)) as bench:
        lines = Lines(Server(bench), stdout)
        try:
            while line := stdin.readline(REQUEST_BYTES + 1):
                pool.submit(lines.serve, line)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return 0


class Lines:
    """The protocol of lines; used by several threads."""

    def __init__(self, server: Server, stdout: IO[bytes]) -> None:
        self._server = server
        self._stdout = stdout
        self._lock = threading.Lock()

    def serve(self, line: bytes) -> None:
        """Answer one line."""
        number: Any = None
        try:
            request = _request(line)
            number = request["id"]
            said = self._server.reply(request)
        except AccessionError as error:
            said = {"error": _error(error)}
        with self._lock:
            self._stdout.write(plain_json.dumps({"id": number} | said).encode() + b"\n")
            self._stdout.flush()


class Server:
    """Answers requests; used by several threads."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def reply(self, request: Json) -> Json:
        """`{"answer"}` or `{"error"}`; whatever happens, there is one."""
        try:
            return {"answer": self.answer(request)}
        except AccessionError as error:
            return {"error": _error(error)}
        except Exception:
            log.exception("request failed")
            message = "The work side failed unexpectedly; its log says how."
            return {"error": {"message": message, "reason": "internal", "transient": True}}

    def answer(self, request: Json) -> Json:
        """The answer to one well-formed request."""
        verb = request["verb"]
        if verb == "prepare":
            return plain_json.validate(fit.fit_submission(prepare(self._bench, _job(request))), "submission")
        if verb == "check":
            return plain_json.validate(fit.fit_report(check(self._bench, _job(request))), "report")
        if verb == "blob":
            return self._blob(request)
        if verb == "environment":
            return {"digest": self._bench.environment(), "image": self._bench.image(), "rules": RULES}
        if verb == "ping":
            return {}
        raise _bad("There is no such verb.")

    def _blob(self, request: Json) -> Json:
        sha256 = request.get("sha256")
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise _bad("A blob is asked for by its sha256.")
        kept = self._bench.evidence.path(sha256)
        if kept is None:
            return _encoded(self._bench.cache.read(sha256, limit=BLOB_BYTES))
        size = kept.stat().st_size
        if size > BLOB_BYTES:
            message = (
                f"It has {size:,} bytes, and {BLOB_BYTES:,} pass here: `accession evidence {sha256} --output FILE`."
            )
            raise GatewayError(message, reason="blob-too-large", transient=False)
        return _encoded(kept.read_bytes())


def write_evidence(environ: Mapping[str, str], sha256: str, output: Path) -> int:
    """Copy a picture or the produced tensors that a report names into a file; how many bytes that were."""
    return hand_out(WorkSettings.from_env(environ).cache / FOLDER, sha256, output)


def protected_stdout() -> IO[bytes]:
    """The protocol's stream; from now on every print of whatever library goes to stderr."""
    sys.stdout.flush()
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


def serve_process() -> NoReturn:
    """The process's own entry: real streams, a tidy end on SIGTERM, and no waiting for a download nobody wants."""
    logs.configure((os.environ.get("ACCESSION_ZENODO_TOKEN", ""),))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    code = 0
    try:
        code = main(os.environ, sys.stdin.buffer, sys.stdout.buffer)
    except ConfigError as error:
        log.error("wrong settings", message=error.message)  # noqa: TRY400 - a sentence, not a traceback
        code = 2
    except Exception:
        log.exception("the work side ends")
        code = 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def _encoded(content: bytes) -> Json:
    return {"base64": base64.b64encode(content).decode()}


def _request(line: bytes) -> Json:
    try:
        request = plain_json.loads(line, limit=REQUEST_BYTES)
    except plain_json.NotPlainError as error:
        raise _bad(f"The request is {error}.") from None
    if not isinstance(request, dict) or not isinstance(request.get("id"), int | str) or "verb" not in request:
        raise _bad("A request has an id and a verb.")
    return request


def _job(request: Json) -> Job:
    try:
        return Job.from_json(plain_json.validate(request.get("job"), "job"))
    except (plain_json.NotPlainError, ValueError) as error:
        raise _bad(f"The job {error}.") from None


def _bad(message: str) -> GatewayError:
    return GatewayError(message, reason="bad-request", transient=False)


def _error(error: AccessionError) -> Json:
    transient = isinstance(error, GatewayError) and error.transient
    return {"message": error.message[:2000], "reason": error.reason, "transient": transient}


if __name__ == "__main__":
    serve_process()
