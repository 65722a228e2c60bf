"""How far we and the reference tools agree: `python -m tests.agreement [recorded | mutated | dynamic]`.

`recorded` and `mutated` compare the static check with bioimageio.spec, `dynamic` our runs of models with the bare
`bioimageio test`. `recorded` needs the real files beside the repository, the others the boxes' libraries
(`make .venv-job`; with torch, ACCESSION_JOB_TORCH=1, `dynamic` takes TorchScript and state dicts too, and what TensorFlow
runs where there is an engine with its image).
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.agreement import mutate
from tests.agreement.corpus import Case, LivePeer, cases
from tests.agreement.dynamic.compare import compared
from tests.agreement.dynamic.compare import lines as told
from tests.agreement.dynamic.environments import ENVIRONMENTS
from tests.agreement.samples import own
from tests.agreement.table import compare, lines
from workflows.document import load

ASKED = r"^(?:model-0\.[45]|(?:dataset|application|notebook|generic|workflow)-0\.[23])$"
"""The families that bioimageio.spec judges without converting them first; collections it no longer knows."""


def main() -> None:
    """Print the table and every disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("source", nargs="?", choices=("recorded", "mutated", "dynamic"), default="recorded")
    parser.add_argument("--family", default=ASKED, metavar="REGEX", help="such as model-0.5 (default: all that count)")
    parser.add_argument("--count", type=int, default=1000, help="mutated: how many files (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="mutated: other files for another seed")
    parser.add_argument("--most", type=int, default=40, help="how many disagreements to list (default: 40)")
    options = parser.parse_args()
    if options.source == "dynamic":
        sys.exit(run_models())
    wanted = [one for one in cases() if re.search(options.family, one.family)]
    originals = [*documents(wanted), *own(options.family)]
    files = wanted if options.source == "recorded" else mutated(originals, options.count, options.seed)
    sys.stdout.write("\n".join(lines(compare(files), options.most)) + "\n")


def run_models() -> int:
    """Print the table of both verdicts on every model; 1 where they differ in a way that is not listed."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="accession-agreement-") as folder:
        for environment in ENVIRONMENTS:
            if environment.missing:
                sys.stdout.write(f"{environment.name} is left out: {environment.missing}\n")
            else:
                rows += compared(environment, Path(folder, environment.name))
    sys.stdout.write("\n".join(told(rows)) + "\n")
    return int(any(row.unlisted for row in rows))


def documents(files: Iterable[Case]) -> list[dict[str, Any]]:
    """What can be read of them."""
    return [data for one in files if isinstance(data := load(one.raw).data, dict)]


def mutated(originals: Sequence[dict[str, Any]], count: int, seed: int) -> Iterator[Case]:
    """New files with the peer's verdicts of now."""
    with LivePeer() as peer:
        for number, text in enumerate(mutate.texts(originals, count, seed)):
            data = load(text.encode()).data
            kind, version = str(data.get("type")), str(data.get("format_version"))
            yield Case(f"mutated {seed}.{number}", text.encode(), kind, version, peer.verdict(text))


if __name__ == "__main__":
    main()
