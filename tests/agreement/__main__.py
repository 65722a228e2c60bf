"""How far the static check and bioimageio.spec agree: `python -m tests.agreement [recorded | mutated]`."""

import argparse
import re
from collections import Counter
from collections.abc import Iterable

from tests.agreement import mutate
from tests.agreement.corpus import Case, LivePeer, cases
from tests.agreement.fields import same_field
from workflows.document import load
from workflows.static.static import context_of, look

ASKED = re.compile(r"model-0\.[45]|(?:dataset|application|notebook|generic|workflow)-0\.[23]")


def main() -> None:
    """Print the table and every disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("source", nargs="?", choices=("recorded", "mutated"), default="recorded")
    parser.add_argument("--family", default="", help="a regular expression, such as 'model-0.5' (default: all that count)")
    parser.add_argument("--count", type=int, default=1000, help="mutated: how many files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=40, help="disagreements to list")
    options = parser.parse_args()
    wanted = [one for one in cases() if re.search(options.family or ASKED, one.family)]
    report(wanted if options.source == "recorded" else mutated(wanted, options.count, options.seed), options.most)


def mutated(originals: Iterable[Case], count: int, seed: int) -> Iterable[Case]:
    """New files of the same families with the peer's verdicts of now."""
    documents = [data for one in originals if isinstance(data := load(one.raw).data, dict)]
    with LivePeer() as peer:
        for number, text in enumerate(mutate.texts(documents, count, seed)):
            data = load(text.encode()).data
            kind, version = str(data.get("type")), str(data.get("format_version"))
            yield Case(f"mutated {seed}.{number}", text.encode(), kind, version, peer.verdict(text))


def report(files: Iterable[Case], most: int) -> None:
    """The confusion table by family, how often we name the peer's field, and who disagrees why."""
    table: Counter[tuple[str, bool, bool]] = Counter()
    named: Counter[bool] = Counter()
    apart: list[str] = []
    for one in files:
        document = load(one.raw)
        errors = [found for found in look(context_of(document, {}, (), {}, package=False)) if found.level == "error"]
        table[one.family, one.peer.valid, not errors] += 1
        if not one.peer.valid and errors:
            same = same_field([found.pointer for found in errors], one.peer, document.data)
            named[same] += 1
            if not same:
                apart.append(f"{one.name} {one.family}: other field: {one.peer.errors[:2]} / {errors[0].pointer}")
        if one.peer.valid == bool(errors):
            why = f"ours: {errors[0].pointer} {errors[0].message}" if errors else f"peer: {one.peer.errors[:2]}"
            apart.append(f"{one.name} {one.family}: {'only we reject' if errors else 'only the peer rejects'}; {why}")
    print(f"{'family':<20}{'both accept':>13}{'both reject':>13}{'only we reject':>16}{'only peer rejects':>19}")
    for family in sorted({key[0] for key in table}):
        counts = [table[family, *key] for key in ((True, True), (False, False), (True, False), (False, True))]
        print(f"{family:<20}{counts[0]:>13}{counts[1]:>13}{counts[2]:>16}{counts[3]:>19}")
    agreed = sum(count for (_, theirs, ours), count in table.items() if theirs == ours)
    rejected = sum(count for (_, theirs, _), count in table.items() if not theirs)
    print(f"\nagreement {agreed} of {table.total()} ({agreed / max(1, table.total()):.2%}); ", end="")
    print(f"same field named in {named[True]} of {rejected} rejected ({named[True] / max(1, rejected):.2%})\n")
    print("\n".join(apart[:most]))


if __name__ == "__main__":
    main()
