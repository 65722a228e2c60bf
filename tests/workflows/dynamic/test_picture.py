"""The picture of an output. In a process of the boxes' Python, and here where pillow is installed."""

import io
import json
import os
import struct

import numpy as np
import pytest

from tests.workflows.dynamic.scene import CEILING
from workflows.dynamic import card as cards
from workflows.dynamic import judge, picture
from workflows.dynamic.colours import NOT_FINITE, OVER, UNDER
from workflows.local_box import call


def spots():
    y, x = np.mgrid[:64, :64]
    return np.exp(-((y - 20) ** 2 + (x - 40) ** 2) / 200).astype(np.float32)


def shifted():
    produced = spots()
    produced[8:24, 8:24] += 0.25
    return produced


def size_of(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">2L", png[16:24])


def asked(scene, python):
    """The frames of a judge in a process of its own."""
    spec = {"outputs": scene.outputs, "tolerance": {}}
    (scene.folder / "spec.json").write_text(json.dumps(spec))
    job = {"spec": "spec.json", "format": "onnx", "expected": scene.expected, "produced": scene.runs["onnx"]["test"]}
    found = call("judge", job | {"tolerance": CEILING}, scene.folder, {**os.environ, "ACCESSION_JOB_PYTHON": python})
    assert found.ending == ""
    return found.frames


def test_in_a_box_of_its_own_and_twice_the_same(scene, job_python):
    scene.output("a", spots(), shifted()).output("vector", np.ones(9), axes="x").output(
        "c", spots() > 0.5, kind="binary"
    )
    frames = asked(scene, job_python)
    assert list(frames) == ["ready", "verdict", "picture-0", "picture-2", "artefact", "done"]
    assert {size_of(frames[name]) for name in ("picture-0", "picture-2")} == {(800, 264)}
    assert len(frames["picture-0"]) < 60_000
    again = asked(scene, job_python)
    assert [again[name] == frames[name] for name in ("picture-0", "picture-2", "artefact")] == [True] * 3


def test_without_pillow_there_is_a_verdict_and_no_picture(scene, monkeypatch):
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    scene.output("a", spots())
    assert list(scene.frames()) == ["verdict", "artefact"]


def test_a_rehearsal_that_goes_wrong_stops_no_judge(monkeypatch, capsys):
    def broken():
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("workflows.dynamic.judge.rehearse", broken)
    judge.preload()
    assert "a fault of ours" in capsys.readouterr().err


def test_a_rehearsal_brings_what_drawing_needs():
    pytest.importorskip("PIL", reason="pillow is not installed here")
    picture._font.cache_clear()
    judge.preload()
    assert picture._font.cache_info().currsize == 3


def test_a_fault_in_drawing_takes_nothing_from_the_verdict(scene, monkeypatch, capsys):
    def broken(*_):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("workflows.dynamic.judge.pictures", broken)
    scene.output("a", spots())
    assert list(scene.frames()) == ["verdict"]
    assert "a fault of ours" in capsys.readouterr().err


def test_what_a_card_says(scene):
    verdict = card(scene.output("pröbability\n", spots(), shifted()))
    assert (verdict.headline, verdict.answer, verdict.passed) == (
        "pr?bability? (float32)",
        "failed: 256 of 4,096 differ",
        False,
    )
    assert [panel.title for panel in verdict.panels] == ["expected", "produced", "difference (produced - expected)"]
    assert verdict.panels[2].scale == ("-0.25", "+0.25")
    assert sum(verdict.histogram.counts) == 4096
    assert verdict.ring is None


def test_one_wrong_element_is_ringed(scene):
    produced = np.zeros((9, 64, 64), np.float32)
    produced[3, 16, 48] = 1
    verdict = card(scene.output("a", np.zeros((9, 64, 64), np.float32), produced, axes="zyx"))
    assert verdict.headline == "a (float32, z 4 of 9)"
    assert verdict.ring == (16.5 / 64, 48.5 / 64)


def test_other_shapes_stand_beside_each_other(scene):
    verdict = card(scene.output("a", spots(), spots()[:20]))
    assert [panel.title for panel in verdict.panels] == ["expected, 64 x 64", "produced, 20 x 64", "difference"]
    assert [panel.below for panel in verdict.panels[1:]] == ["4.54e-05 to 0.995", "none: the shapes differ"]
    assert (verdict.answer, verdict.histogram) == ("failed: the shapes differ", None)
    verdict = card(scene.output("b", spots(), np.ones(3)), 1)
    assert (verdict.panels[1].title, verdict.panels[1].below) == ("produced, 3", "no image")


@pytest.mark.parametrize(("expected", "produced"), [(None, spots()), (spots(), b"no tensor"), (np.ones(9), None)])
def test_without_two_images_there_is_no_card(scene, expected, produced):
    assert card(scene.output("a", expected, produced)) is None


def card(scene, index=0):
    """The card of an output as the judge would draw it."""
    seen = []

    def look(tensors, axes):
        seen.append(cards.card(tensors[index], axes[index]))
        return ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workflows.dynamic.judge.pictures", look)
        scene.frames()
    return seen[0]


# --- pixels: where pillow is installed here ---------------------------------------------------------------------------


def pixels(scene, index=0):
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed here")
    return np.asarray(image.open(io.BytesIO(scene.frames()[f"picture-{index}"])).convert("RGB"))


def share(found, colour):
    return (found == np.array(colour)).all(-1).mean()


def test_a_shifted_region_is_red(scene):
    found = pixels(scene.output("a", spots(), shifted()))
    region = (186 / 64 * 16) ** 2 / (800 * 264)
    assert share(found, OVER) == pytest.approx(region, rel=0.2)
    assert share(pixels(scene.output("b", shifted(), spots()), 1), UNDER) == pytest.approx(region, rel=0.2)


def test_nan_is_marked(scene):
    produced = spots()
    produced[:32] = np.nan
    found = pixels(scene.output("a", spots(), produced))
    assert share(found, NOT_FINITE) == pytest.approx(186 * 186 / (800 * 264), rel=0.1)


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape)


def labels(most):
    return np.random.default_rng(most).integers(0, most, (300, 200))


KINDS = {
    "label": ("yx", "label", labels(999), labels(9)),
    "binary": ("yx", "binary", spots() > 0.5, spots() > 0.4),
    "channels": ("cyx", "float", np.stack([spots()] * 3), np.stack([shifted()] * 3)),
    "shapes": ("yx", "float", spots(), np.ones((3, 3))),
    "extreme": ("yx", "float", np.full((8, 8), -1.7e308), np.full((8, 8), 1.7e308)),
    "empty mask": ("yx", "binary", np.zeros((8, 500), bool), None),
    "noise": ("zyx", "float", noise(3, 700, 900), noise(3, 700, 900) + 1),
}


def every_kind(scene, kind):
    axes, judged_as, expected, produced = KINDS[kind]
    return scene.output("a", expected, produced, kind=judged_as, axes=axes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_stays_small(scene, kind):
    pytest.importorskip("PIL", reason="pillow is not installed here")
    frames = every_kind(scene, kind).frames()
    assert size_of(frames["picture-0"]) == (800, 264)
    assert len(frames["picture-0"]) <= 256 * 1024
    assert scene.frames()["picture-0"] == frames["picture-0"]


def test_a_picture_that_would_be_too_large_has_fewer_colours(scene, monkeypatch):
    pytest.importorskip("PIL", reason="pillow is not installed here")
    every_kind(scene, "label")
    full = scene.frames()["picture-0"]
    monkeypatch.setattr(picture, "MOST_BYTES", len(full) - 1)
    assert len(scene.frames()["picture-0"]) < len(full) * 0.7


def test_an_order_of_axes_that_is_not_declared(scene):
    pytest.importorskip("PIL", reason="pillow is not installed here")
    scene.output("a", spots(), axes="bcyx")
    assert "picture-0" in scene.frames()
