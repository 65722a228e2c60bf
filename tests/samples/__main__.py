"""`python -m tests.samples OUTDIR [KIND ...] [--seed N]`: one folder for each kind below OUTDIR."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.samples import make

MAKERS = {
    "good": make.make_good,
    "wrong": make.make_wrong_output,
    "mistakes": make.make_three_mistakes,
    "two-outputs": make.make_two_outputs,
    "torchscript": make.make_torchscript,
    "state-dict": make.make_state_dict,
}
ALL = ("good", "wrong", "mistakes", "two-outputs")
"""Those that need no torch."""


def main(argv: list[str] | None = None) -> int:
    """Write them, and print their folders."""
    parser = argparse.ArgumentParser(prog="python -m tests.samples", description="Make small real models.")
    parser.add_argument("outdir", type=Path)
    parser.add_argument(
        "kinds", nargs="*", default="all", choices=["all", *MAKERS], metavar="KIND", help=", ".join(MAKERS)
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another model (default: 0)")
    options = parser.parse_args(argv)
    for kind in ALL if "all" in options.kinds else options.kinds:
        sys.stdout.write(f"{MAKERS[kind](options.outdir / kind, options.seed)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
