"""Covers by their bytes: kind, name, size and form."""

import struct

import pytest

from tests.samples.png import grey_png
from tests.workflows.rdf_sample import COVER, MODEL_04, write_model
from tests.workflows.static.helpers import folder_findings
from workflows.static.checks.covers import CHECK

np = pytest.importorskip("numpy")
RULES = {rule.name for rule in CHECK.rules}


def png(width, height, depth=8):
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">2L5B", width, height, depth, 2, 0, 0, 0)


def jpeg(width, height, components=3, before=b""):
    frame = struct.pack(">BHHB", 8, height, width, components) + bytes(3 * components)
    return b"\xff\xd8" + before + b"\xff\xc2" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def gif(width, height):
    return b"GIF89a" + struct.pack("<2H", width, height) + bytes(3)


def told(folder, content, name="cover.png"):
    write_model(folder, MODEL_04.replace("cover.png", name))
    (folder / name).write_bytes(content)
    found = [one for one in folder_findings(folder) if one["rule"] in RULES]
    assert {one["level"] for one in found} <= {"warning"}
    return [one["message"].removeprefix(f"`covers[0]` '{name}' ") for one in found]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (COVER, "cover.png"),
        (grey_png(np.zeros((10, 20))), "cover.png"),
        (png(218, 100), "cover.PNG"),
        (png(182, 100), "cover.png"),
        (gif(20, 10), "cover.gif"),
        (jpeg(20, 10), "cover.jpg"),
        (jpeg(20, 10, before=b"\xff\xe0\0\4ab\xff\xff\xff\xfe\0\2\xff\xd0"), "cover.jpeg"),
    ],
)
def test_what_is_shown_well_is_silent(tmp_path, content, name):
    assert told(tmp_path, content, name) == []


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (png(100, 100), "cover.png", "has 100 x 100 pixels, but covers are shown twice as wide as high."),
        (png(222, 100), "cover.png", "has 222 x 100 pixels, but covers are shown twice as wide as high."),
        (jpeg(10, 20), "cover.jpg", "has 10 x 20 pixels, but covers are shown twice as wide as high."),
        (png(20, 10), "cover.jpg", "is a PNG picture, though its name ends in '.jpg'."),
        (gif(20, 10), "cover.png", "is a GIF picture, though its name ends in '.png'."),
        (COVER + bytes(500_000), "cover.png", "has 500,029 bytes; at most 500,000 are shown."),
        (png(20, 10, 16), "cover.png", "may look different: it has 16 bits a channel, of which 8 are shown."),
        (
            jpeg(20, 10, 4),
            "cover.jpg",
            "may look different: it is made for print (CMYK), and its colours may look wrong.",
        ),
        (b"II*\0" + bytes(40), "cover.tif", "is a TIFF picture, which is not shown as a cover."),
        (b"RIFF\0\0\0\0WEBPVP8 ", "cover.png", "is a WebP picture, which is not shown as a cover."),
        (b"<svg viewBox='0 0 20 10'></svg>", "cover.svg", "is an SVG drawing, which is not shown as a cover."),
        (b"<?xml version='1.0'?>\n<svg/>", "cover.svg", "is an SVG drawing, which is not shown as a cover."),
        (b"BM" + bytes(60), "cover.png", "is a BMP picture, which is not shown as a cover."),
        (b"<html>", "cover.png", "is a web page, which is not shown as a cover."),
        (b"\x89PNG\r\n\x1a\n", "cover.png", "is a PNG picture without a readable size: it is damaged."),
        (png(0, 10), "cover.png", "is a PNG picture without a readable size: it is damaged."),
        (gif(20, 10)[:8], "cover.gif", "is a GIF picture without a readable size: it is damaged."),
        (b"\xff\xd8\xff\xe0", "cover.jpg", "is a JPEG picture without a readable size: it is damaged."),
        (b"\xff\xd8" + b"\xff\xd0" * 5000, "cover.jpg", "is a JPEG picture without a readable size: it is damaged."),
        (
            b"\xff\xd8" + b"\xff\xe0\0\0" * 5000,
            "cover.jpg",
            "is a JPEG picture without a readable size: it is damaged.",
        ),
        (
            b"\xff\xd8\xff\xda\0\2" + jpeg(20, 10),
            "cover.jpg",
            "is a JPEG picture without a readable size: it is damaged.",
        ),
        (png(2**32 - 1, 1), "cover.png", "has 4294967295 x 1 pixels, but covers are shown twice as wide as high."),
    ],
)
def test_what_is_not_is_told(tmp_path, content, name, says):
    assert says in told(tmp_path, content, name)
