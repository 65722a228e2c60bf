"""The picture of one output: expected | produced | difference, and how many elements differ by how much.

A PNG of about 800 by 264 pixels on a ground of its own, so that it reads the same in a dark and in a light page. The same
tensors give the same bytes. The only module that draws; pillow is imported when there is something to draw.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from workflows.dynamic.card import SIDE, Card, card, share_of
from workflows.dynamic.colours import NOT_FINITE, OVER, UNDER, diverging, fitted
from workflows.dynamic.histogram import Histogram
from workflows.dynamic.panels import DIFFERENCE, Panel
from workflows.dynamic.views import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflows.dynamic.colours import Colour
    from workflows.dynamic.npy import Array
    from workflows.dynamic.verdict import TensorVerdict

MOST_PICTURES = 32
MOST_BYTES = 256 * 1024
_WIDTH, _HEIGHT, _GAP, _LEFT, _TOP = 800, 264, 12, 12, 46
_GROUND, _INK, _FAINT, _LINE, _BAR = "#ffffff", "#1f2328", "#59636e", "#d1d9e0", "#57606a"
_GOOD, _BAD = "#1a7f37", "#b2182b"
_SHORTEST_BAR, _FEW_BARS = 30, 3

Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


def rehearse() -> None:
    """Load what drawing needs, by drawing: a box that waits has the time for it."""
    if find_spec("PIL") is not None:
        blank = np.zeros((SHORTEST, SHORTEST, 3), np.uint8)
        panel = Panel(DIFFERENCE, (blank,), scale=("-1", "+1"))
        drawn(Card("", "", passed=True, panels=(panel,), histogram=Histogram("", (1,) * 9, ("-1", "0", "+1"))))


def pictures(tensors: Sequence[TensorVerdict], axes: Sequence[Sequence[str]]) -> Iterator[tuple[int, bytes]]:
    """Index and PNG of each output that is an image and of which both tensors are there; none where pillow is not."""
    if find_spec("PIL") is None:
        return
    for index, (verdict, names) in enumerate(zip(tensors[:MOST_PICTURES], axes, strict=False)):
        found = card(verdict, names)
        if found is not None:
            yield index, drawn(found)


def drawn(found: Card) -> bytes:
    """The PNG, at most `MOST_BYTES`: with fewer colours where it would be larger."""
    from PIL import Image

    canvas = Canvas.blank()
    canvas.text((_LEFT, 8), found.headline, _INK, 13)
    canvas.text((_WIDTH - _LEFT, 8), found.answer, _GOOD if found.passed else _BAD, 13, "ra")
    for number, panel in enumerate(found.panels):
        left = _LEFT + number * (SIDE + _GAP)
        places = _draw_panel(canvas, panel, left)
        if found.ring and panel.title.startswith(DIFFERENCE):
            _draw_ring(canvas, found.ring, places[0])
    if found.histogram:
        _draw_histogram(canvas, found.histogram, _LEFT + 3 * (SIDE + _GAP) + 10)
    content = canvas.png()
    if len(content) > MOST_BYTES:
        few = canvas.image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        content = _png(few)
    return content


def _draw_panel(canvas: Canvas, panel: Panel, left: int) -> list[Box]:
    """Draw it; where its pictures lie."""
    canvas.text((left, _TOP - 17), panel.title, _FAINT, 12)
    canvas.draw.rectangle((left - 1, _TOP - 1, left + SIDE, _TOP + SIDE), fill="#f6f8fa", outline=_LINE)
    each, places = share_of(len(panel.pictures)), []
    for number, picture in enumerate(panel.pictures):
        colours = fitted(picture, each, SIDE)
        tall, wide = colours.shape[:2]
        box = (left + number * (each + 2) + (each - wide) // 2, _TOP + (SIDE - tall) // 2, wide, tall)
        canvas.paste(colours, box[0], box[1])
        places.append(box)
    if not panel.pictures:
        canvas.text((left + SIDE // 2, _TOP + SIDE // 2), panel.below, _FAINT, 12, "mm")
    elif panel.scale:
        _draw_scale(canvas, panel.scale, left, _TOP + SIDE + 6)
    else:
        canvas.text((left, _TOP + SIDE + 6), panel.below, _INK, 12)
    if panel.not_finite:
        canvas.text((left + SIDE, _TOP - 17), f"NaN, inf: {panel.not_finite:,}", _named(NOT_FINITE), 12, "ra")
    return places


def _draw_ring(canvas: Canvas, ring: tuple[float, float], box: Box) -> None:
    left, top, wide, tall = box
    y, x = top + ring[0] * tall, left + ring[1] * wide
    canvas.draw.ellipse((x - 7, y - 7, x + 7, y + 7), outline=_INK)


def _draw_scale(canvas: Canvas, scale: tuple[str, str], left: int, top: int) -> None:
    low, high = scale
    canvas.text((left, top), low, _named(UNDER), 12)
    canvas.text((left + SIDE, top), high, _named(OVER), 12, "ra")
    free = SIDE - canvas.width(low) - canvas.width(high) - 16
    if free >= _SHORTEST_BAR:
        bar = diverging(np.linspace(-1, 1, free)[None].repeat(6, axis=0), 1.0)
        canvas.paste(bar, left + canvas.width(low) + 8, top + 5)


def _draw_histogram(canvas: Canvas, found: Histogram, left: int) -> None:
    width, bottom = _WIDTH - _LEFT - left, _TOP + SIDE
    canvas.text((left, _TOP - 17), found.title, _FAINT, 12)
    each, few = width / len(found.counts), len(found.counts) <= _FEW_BARS
    for number, (level, count) in enumerate(zip(found.levels, found.counts, strict=True)):
        tall, start = round(level * (SIDE - 18)), left + number * each
        if tall:
            end = max(round(start), round(start + each) - (24 if few else 2))
            canvas.draw.rectangle((round(start), bottom - tall, end, bottom - 1), fill=_BAR)
        if few:
            canvas.text((round(start), bottom - tall - 15), f"{count:,}", _INK, 12)
    canvas.draw.line((left, bottom, left + width, bottom), fill=_LINE)
    if few:
        canvas.text((left, bottom + 6), found.marks[0], _INK, 12)
        canvas.text((left + round(each), bottom + 6), found.marks[-1], _INK, 12)
        return
    canvas.text((left + width, _TOP), f"most: {max(found.counts):,}", _FAINT, 11, "ra")
    for share, mark, anchor in zip((0, 0.5, 1), found.marks, ("la", "ma", "ra"), strict=True):
        canvas.text((left + round(share * width), bottom + 6), mark, _INK, 12, anchor)


def _named(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


@dataclass(frozen=True)
class Canvas:
    """An image of pillow's and the pen for it; letters in the font that comes with pillow."""

    image: Any
    draw: Any

    @classmethod
    def blank(cls) -> Canvas:
        """A light card with an edge."""
        from PIL import Image, ImageDraw

        image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, _WIDTH - 1, _HEIGHT - 1), outline=_LINE)
        return cls(image, draw)

    def text(self, at: tuple[int, int], words: str, colour: str, size: int, anchor: str = "la") -> None:
        """Write; `anchor` as pillow's: which point of the text `at` is."""
        self.draw.text(at, words, fill=colour, font=_font(size), anchor=anchor)

    def width(self, words: str) -> int:
        """Pixels of a text of 12."""
        return int(self.draw.textlength(words, font=_font(12)))

    def paste(self, colours: Array, left: int, top: int) -> None:
        """Put uint8 of shape (rows, columns, 3) there."""
        from PIL import Image

        self.image.paste(Image.fromarray(np.ascontiguousarray(colours)), (left, top))

    def png(self) -> bytes:
        """The file's bytes."""
        return _png(self.image)


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _png(image: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=False)
    return buffer.getvalue()
