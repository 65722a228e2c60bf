"""A Node process that holds one TensorFlow.js model: started once, asked a line at a time, ended with the box."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.dynamic import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_ANSWER = 16 * 1024**2
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


class TensorFlowJsError(ValueError):
    """What Node or TensorFlow.js said of the model, or how Node ended."""


@dataclass
class Node:
    """A running process, after it said which backend it has."""

    process: subprocess.Popen[bytes]
    hello: Mapping[str, Any]

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One answer; TensorFlowJsError where it is an error, or none comes."""
        answer = _said(self.process, json.dumps(request).encode() + b"\n")
        if "error" in answer:
            raise TensorFlowJsError(f"{answer['error']}\n{answer.get('stack', '')}")
        return answer

    def end(self) -> None:
        """Kill it; nothing of a box outlives its job."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()


_WAITING: list[Node] = []
_ALL: list[Node] = []


def prepare() -> None:
    """Start Node before the job, so that it waits with its backend loaded."""
    if not _WAITING:
        _WAITING.append(started())


def taken() -> Node:
    """The waiting process, else a new one."""
    return _WAITING.pop() if _WAITING else started()


def started() -> Node:
    """A new process without anything in its environment that the model has no use for."""
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own Node and script
        [formats.node(), str(formats.TFJS_SCRIPT), formats.tfjs_folder()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ,
    )
    atexit.register(process.kill)
    _ALL.append(Node(process, {}))
    _ALL[-1].hello = _said(process, b"")
    return _ALL[-1]


def end_all() -> None:
    """End every process that was started here."""
    _WAITING.clear()
    while _ALL:
        _ALL.pop().end()


def _said(process: subprocess.Popen[bytes], request: bytes) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise TensorFlowJsError("Node has no streams")
    with suppress(BrokenPipeError):  # then there is no answer either
        process.stdin.write(request)
        process.stdin.flush()
    line = process.stdout.readline(LONGEST_ANSWER)
    if not line.endswith(b"\n"):
        raise TensorFlowJsError(f"Node ended with {_ending(process.wait())} before it answered")
    answer = json.loads(line)
    return answer if isinstance(answer, dict) else {}


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
