"""`python -m tests.samples OUTDIR [KIND ...] [--seed N]`: one folder for each kind below OUTDIR."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.samples.in_images import NoImageError
from tests.samples.kinds import FORMS, KINDS, make_sample

ALL = ("good", "wrong", "mistakes", "two-outputs", *FORMS)
"""Those that need numpy and onnx alone."""


def main(argv: list[str] | None = None) -> int:
    """Write them, and print their folders."""
    parser = argparse.ArgumentParser(prog="python -m tests.samples", description="Make small real models.")
    parser.add_argument("outdir", type=Path)
    parser.add_argument(
        "kinds", nargs="*", default="all", choices=["all", *KINDS], metavar="KIND", help=", ".join(KINDS)
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another model (default: 0)")
    options = parser.parse_args(argv)
    try:
        for kind in ALL if "all" in options.kinds else options.kinds:
            sys.stdout.write(f"{make_sample(kind, options.outdir / kind, options.seed)}\n")
    except NoImageError as error:
        sys.stderr.write(f"python -m tests.samples: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
