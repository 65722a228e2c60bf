"""Boxes that are born with their libraries loaded: a process that imports them once, and forks for every box.

The boxes' own code runs unchanged, in processes of their own as always; only the interpreter's start and its imports,
which take seconds where a small model takes milliseconds, happen once. A sealed box that waits does the same.

`python nursery.py serve SOCKET` serves; the file that `Nursery` writes stands in for an interpreter: it hands its
descriptors, arguments and surroundings to the server, and ends as the fork does.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

FRAMEWORKS = ("bioimageio.core", "onnxruntime", "torch", "tensorflow", "tf_keras")
_LIMIT = 1 << 20
_CLIENT = """#!{python} -IS
import json, os, socket, sys
talk = socket.socket(socket.AF_UNIX)
talk.connect({path!r})
asked = {{"argv": sys.argv[1:], "cwd": os.getcwd(), "environ": dict(os.environ)}}
socket.send_fds(talk, [json.dumps(asked).encode()], [0, 1, 2])
os._exit(int(talk.recv(8) or b"1"))
"""


class Nursery:
    """The server and its stand-in for an interpreter; a context manager."""

    def __init__(self, python: str, root: Path, home: Path) -> None:
        folder = Path(tempfile.mkdtemp(prefix="nursery-", dir=home))
        self.python = folder / "python"
        self.python.write_text(_CLIENT.format(python=sys.executable, path=str(folder / "socket")), encoding="utf-8")
        self.python.chmod(0o755)
        self._process = subprocess.Popen(
            [python, __file__, "serve", str(folder / "socket")],
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        assert self._process.stdout
        if not self._process.stdout.readline():
            self._process.communicate()
            raise RuntimeError(f"{self._process.args} serves no boxes")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def serve(path: str) -> None:
    """Fork for every connection, each a box of its own, until stdin ends with who started this."""
    for name in FRAMEWORKS:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(8)
        os.write(1, b"ready\n")
        while listening in select.select([listening, sys.stdin], [], [])[0]:
            talk, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _attend(talk)
            talk.close()
            _bury()


def _attend(talk: socket.socket) -> None:
    """One connection: the box in a fork of this fork, whose end is told to who asked."""
    message, descriptors, _, _ = socket.recv_fds(talk, _LIMIT, 3)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            talk.close()
            code = _box(json.loads(message), descriptors)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    talk.sendall(str(os.waitstatus_to_exitcode(status) & 0xFF).encode())
    os._exit(0)


def _box(asked: dict[str, object], descriptors: list[int]) -> int:
    """`python -m workflows box VERB` in these surroundings."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(asked["environ"])  # type: ignore[arg-type]  # as the client wrote it
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, closefd=False) for number, mode in enumerate("rww"))
    from workflows.box import main

    *_, verb = asked["argv"]  # type: ignore[misc]  # as the client wrote it
    code = main(str(verb))
    sys.stderr.flush()
    return code


def _bury() -> None:
    """Take notice of forks that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    serve(sys.argv[2])
