"""Run one command and print what it cost, as JSON: `python -I -S launch.py SECONDS COMMAND…`.

A process of its own, because Linux counts the memory of the process that starts another as the other's: pytest may hold more than
the whole bound.
"""

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    patience, command = float(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("out", "err")]
        opened = [
            (os.POSIX_SPAWN_OPEN, number, str(stream), os.O_WRONLY | os.O_CREAT, 0o600)
            for number, stream in enumerate(streams, 1)
        ]
        started = time.monotonic()
        child = os.posix_spawn(command[0], command, dict(os.environ), file_actions=opened)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, patience)
        _, status, usage = os.wait4(child, 0)
        seconds = time.monotonic() - started
        out, err = (stream.read_text(errors="replace") for stream in streams)
    code = os.waitstatus_to_exitcode(status)
    answer = {"code": code, "seconds": seconds, "busy": usage.ru_utime + usage.ru_stime, "out": out, "err": err}
    sys.stdout.write(json.dumps({**answer, "megabytes": usage.ru_maxrss / 1024}))


main()
