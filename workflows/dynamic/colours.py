"""Numbers as colours: arrays of shape (rows, columns) become uint8 of shape (rows, columns, 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workflows.dynamic.npy import Array

Colour = tuple[int, int, int]

NOT_FINITE: Colour = (214, 0, 190)
"""NaN and infinities: a colour that no scale here has."""
UNDER: Colour = (33, 102, 172)
OVER: Colour = (178, 24, 43)
NONE: Colour = (247, 247, 247)
"""The ends and the middle of the diverging scale; told apart by people who do not see red and green alike."""
GROUND: Colour = (24, 26, 32)
"""Label 0."""


def grey(values: Array, low: float, high: float) -> Array:
    """`low` black, `high` white."""
    with np.errstate(invalid="ignore", over="ignore"):
        level = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
        level = np.clip(np.nan_to_num(level * 255), 0, 255).astype(np.uint8)
    return with_marks(np.repeat(level[..., None], 3, axis=-1), ~np.isfinite(values))


def diverging(change: Array, most: float) -> Array:
    """Blue below 0, red above; full at `most`."""
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.clip(np.nan_to_num(change / most), -1, 1) if most > 0 else np.zeros(change.shape)
    ends = np.where((share < 0)[..., None], np.array(UNDER), np.array(OVER))
    mixed = np.array(NONE) + (ends - np.array(NONE)) * np.abs(share)[..., None]
    return with_marks(np.rint(mixed).astype(np.uint8), ~np.isfinite(change))


def distinct(codes: Array) -> Array:
    """A colour for each whole number: 0 is the ground, neighbours in number are far apart in hue."""
    hue = (codes * 0.6180339887498949) % 1.0 * 6
    level = np.where(codes % 2 == 0, 0.95, 0.7)[..., None]
    wheel = np.abs((hue[..., None] + np.array([0.0, 4.0, 2.0])) % 6 - 3) - 1
    bright = 255 * level * (0.25 + 0.75 * np.clip(wheel, 0, 1))
    found: Array = np.where((codes == 0)[..., None], np.array(GROUND), bright).astype(np.uint8)
    return found


def with_marks(picture: Array, where: Array, colour: Colour = NOT_FINITE) -> Array:
    """The picture with one colour where `where` is true."""
    marked: Array = np.where(where[..., None], np.array(colour, np.uint8), picture)
    return marked


def fitted(picture: Array, width: int, height: int) -> Array:
    """As large as it gets within a box, each element a block."""
    rows, columns = picture.shape[:2]
    scale = min(width / columns, height / rows)
    tall, wide = max(1, int(rows * scale)), max(1, int(columns * scale))
    found: Array = picture[(np.arange(tall) * rows // tall)[:, None], np.arange(wide) * columns // wide]
    return found
