"""`python -m tests.screenshot`: the golden report of a failing model as a browser shows it, into `.github/report.png`.

The picture in it is drawn by the judge, in an interpreter that has numpy and pillow (`--python`, by default the boxes' own,
`.venv-job`), or taken from a file (`--picture`). The page is rendered from `tests/golden/report_failed_picture.md` and
photographed by a headless Chromium (Debian: `chromium`).
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.screenshot.page import WIDTH, page

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden/report_failed_picture.md"
OUT = ROOT / ".github/report.png"
PYTHON = ROOT / ".venv-job/bin/python"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_MEASURE = "<script>document.documentElement.dataset.height = document.documentElement.scrollHeight</script>"
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
    "--disable-lcd-text",
)  # fmt: skip
_SECONDS = 120


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


def browser() -> str:
    """The path of a Chromium."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowserError("there is no chromium: install the Debian package of that name")
    return found


def drawn(python: Path) -> bytes:
    """The judge's picture of our tensors."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "picture.png"
        _with(python, "picture", out)
        return out.read_bytes()


def _with(python: Path, module: str, *paths: Path) -> None:
    command = [python, "-m", f"tests.screenshot.{module}", *(path.resolve() for path in paths)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=_SECONDS)


def photograph(html: str, out: Path) -> None:
    """The page from top to bottom; measured first, then taken."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "page.html"
        place.write_text(html + _MEASURE, encoding="utf-8")
        dom = _run(folder, f"--window-size={WIDTH},800", "--dump-dom", place.as_uri())
        height = int(dom.partition('data-height="')[2].partition('"')[0])
        _run(folder, f"--window-size={WIDTH},{height}", f"--screenshot={out.resolve()}", place.as_uri())


def _run(folder: str, *arguments: str) -> str:
    command = [browser(), *_QUIET, f"--user-data-dir={folder}/profile", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS)
    return done.stdout


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def main() -> int:
    """Make the screenshot."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshot", description=__doc__)
    parser.add_argument("--picture", type=Path, help="a PNG instead of the judge's")
    parser.add_argument("--python", type=Path, default=PYTHON, help="an interpreter with numpy and pillow")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    picture = given.picture.read_bytes() if given.picture else drawn(given.python)
    try:
        photograph(page(GOLDEN.read_text(encoding="utf-8"), picture), given.out)
    except NoBrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _with(given.python, "smaller", given.out, GOLDEN)
    sys.stdout.write(f"{given.out}: {size(given.out.read_bytes())}, {given.out.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
