"""How far the static check and bioimageio.spec agree: `python -m tests.agreement [recorded | mutated]`.

`recorded` needs the real files beside the repository, `mutated` the boxes' libraries too (`make .venv-job`).
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.agreement import mutate
from tests.agreement.corpus import Case, LivePeer, cases
from tests.agreement.samples import own
from tests.agreement.table import compare, lines
from workflows.document import load

ASKED = r"^(?:model-0\.[45]|(?:dataset|application|notebook|generic|workflow)-0\.[23])$"
"""The families that bioimageio.spec judges without converting them first; collections it no longer knows."""


def main() -> None:
    """Print the table and every disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("source", nargs="?", choices=("recorded", "mutated"), default="recorded")
    parser.add_argument("--family", default=ASKED, metavar="REGEX", help="such as model-0.5 (default: all that count)")
    parser.add_argument("--count", type=int, default=1000, help="mutated: how many files (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="mutated: other files for another seed")
    parser.add_argument("--most", type=int, default=40, help="how many disagreements to list (default: 40)")
    options = parser.parse_args()
    wanted = [one for one in cases() if re.search(options.family, one.family)]
    originals = [*documents(wanted), *own(options.family)]
    files = wanted if options.source == "recorded" else mutated(originals, options.count, options.seed)
    sys.stdout.write("\n".join(lines(compare(files), options.most)) + "\n")


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
