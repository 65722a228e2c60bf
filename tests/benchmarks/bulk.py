"""`python -m tests.benchmarks.bulk ours|peer`: judges the files that stdin names, one after the other, in this process.

Runs in either environment. One JSON object: milliseconds for each file (reading and parsing included; the best of three), peak memory.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WARM = 20
TRIES = 3


def judge_of(whose: str) -> Callable[[Path], Any]:
    """What judges one file."""
    if whose == "peer":
        return peer()
    from workflows.lint.judge import judge
    from workflows.lint.target import Target

    return lambda path: judge(Target(path), {})


def peer() -> Callable[[Path], Any]:
    """bioimageio.spec with libyaml where that reads the file, and ruamel's own parser where not; it looks at no files either."""
    from bioimageio.spec import ValidationContext, validate_format
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    context = ValidationContext(file_name="rdf.yaml", perform_io_checks=False)

    def judge(path: Path) -> Any:
        try:
            data = YAML(typ="safe").load(path)
        except YAMLError:
            data = YAML(typ="safe", pure=True).load(path)
        with context:
            return validate_format(data)

    return judge


def main(whose: str) -> None:
    paths = [Path(line) for line in sys.stdin.read().splitlines()]
    judge = judge_of(whose)
    for path in paths[:WARM]:
        judge(path)
    said = {"ms": [min(timed(judge, path) for _ in range(TRIES)) for path in paths], "mb": peak()}
    sys.__stdout__.write(json.dumps(said))


def timed(judge: Callable[[Path], Any], path: Path) -> float:
    started = time.perf_counter()
    judge(path)
    return (time.perf_counter() - started) * 1000


def peak() -> float:
    """Megabytes that this process had at most, without those of the process that started it."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(sys.argv[1])
