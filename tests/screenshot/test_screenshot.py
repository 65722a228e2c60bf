"""The screenshot is of the golden report, with figures that the judge finds, and a browser takes it."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct

import pytest

from tests.fakes.failing import failing_json
from tests.fakes.png import plain
from tests.screenshot import __main__ as screenshot
from tests.screenshot.page import WIDTH, page
from tests.screenshot.picture import OUTPUT, judged
from tests.screenshot.smaller import KEY

FIGURES = ("elements", "mismatched", "mismatch_ppm", "max_abs", "max_rel", "nan", "inf", "worst", "produced_shape")
GOLDEN = screenshot.GOLDEN.read_text(encoding="utf-8")


def texts(png):
    """The `tEXt` chunks of a PNG (RFC 2083, 4.2.7)."""
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"tEXt":
            key, _, text = png[at + 8 : at + 8 + length].partition(b"\0")
            found[key.decode()] = text.decode()
        at += length + 12
    return found


def figures(tensor):
    """To six digits: mathematics libraries differ in the last ones."""
    return {
        name: json.loads(json.dumps(tensor[name]), parse_float=lambda text: f"{float(text):.6g}") for name in FIGURES
    }


def test_the_figures_of_the_report_are_those_of_the_picture():
    (judge,) = json.loads(judged()["verdict"])["tensors"]
    (told,) = failing_json()["weights"][1]["tensors"]
    assert (judge["name"], judge["outcome"]["outcome"]) == (OUTPUT, "failed")
    assert figures(told) == figures(judge)


def test_the_page_shows_the_report_and_fetches_nothing():
    made = page(GOLDEN, plain((1, 2, 3)))
    assert made.count('<img src="data:image/png;base64,') == 1
    assert made.count("src=") == 1
    assert made.count("<details>") == 2
    assert "<h4>Test run</h4>" in made


def test_the_committed_screenshot_is_of_the_present_report_and_small():
    png = screenshot.OUT.read_bytes()
    assert screenshot.size(png)[0] == WIDTH
    assert len(png) < 150_000
    assert texts(png)[KEY] == hashlib.sha256(screenshot.GOLDEN.read_bytes()).hexdigest(), (
        "run python -m tests.screenshot"
    )


@pytest.mark.skipif(not any(map(shutil.which, screenshot.BROWSERS)), reason="no chromium on this machine")
def test_a_browser_shows_the_whole_page(tmp_path):
    sizes = []
    for lines in (1, 60):
        out = tmp_path / f"{lines}.png"
        screenshot.photograph(page("line\n\n" * lines, plain((1, 2, 3))), out)
        sizes.append(screenshot.size(out.read_bytes()))
    assert [width for width, _ in sizes] == [WIDTH, WIDTH]
    assert sizes[1][1] - sizes[0][1] > 59 * 20


def test_without_a_browser_it_says_what_to_install(monkeypatch, capsys, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(plain((1, 2, 3)))
    monkeypatch.setattr(screenshot.shutil, "which", lambda _: None)
    monkeypatch.setattr("sys.argv", ["screenshot", "--picture", str(picture), "--out", str(tmp_path / "out.png")])
    assert screenshot.main() == 2
    assert "install the Debian package" in capsys.readouterr().err
