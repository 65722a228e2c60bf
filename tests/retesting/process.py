"""`accession retest` as a process of its own that a test may kill: `python -m tests.retesting.process FOLDER WORD …`.

The work side holds every entry until `FOLDER/go-ID` is there, and writes a line to `FOLDER/asked` for each that it begins.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bot import app
from bot.cli import main
from tests.retesting.workshop import ShelfWorkshop


class HeldWorkshop(ShelfWorkshop):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def work(self, concept: str) -> None:
        with (self._folder / "asked").open("a") as asked:
            asked.write(f"{concept}\n")
        deadline = time.monotonic() + 60
        while not (self._folder / f"go-{concept}").exists():
            if time.monotonic() > deadline:
                os._exit(99)  # nobody lets it go on: no test may leave this process behind
            time.sleep(0.01)


if __name__ == "__main__":
    where = Path(sys.argv[1])
    app.WorkProcess = lambda _environ: HeldWorkshop(where)
    sys.exit(main(sys.argv[2:], dict(os.environ)))
