"""A real, small network: blur, sharpen, sigmoid; in plain numpy, which knows no runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

SIDE = 64
BLUR = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float64) / 16
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float64)


@dataclass(frozen=True)
class Network:
    """sigmoid(gain * sharpen(blur(image)) + bias), zero-padded; `gain` and `bias` make two networks differ."""

    gain: float
    bias: float

    @classmethod
    def of_seed(cls, seed: int) -> Network:
        random = np.random.default_rng(seed)
        return cls(round(float(random.uniform(4, 8)), 3), round(float(random.uniform(-4, -2)), 3))

    def expected(self, image: Array) -> tuple[Array, Array]:
        """Probability (float32) and mask (bool), of the image's shape (b, 1, y, x), computed in float64."""
        probability = sigmoid(self.logits(image))
        return probability.astype(np.float32), probability > 0.5

    def logits(self, image: Array) -> Array:
        """What the sigmoid is taken of: float64."""
        planes = [convolved(convolved(one[0].astype(np.float64), BLUR), SHARPEN * self.gain) for one in image]
        return np.array(planes)[:, None] + self.bias

    def torch_tasks(self) -> dict[str, dict[str, Any]]:
        """What torch is asked for (see in_images.py): its numbers as lists, under the names that a module of it has."""
        sharpen = (SHARPEN * self.gain)[None, None].tolist()
        state = {"blur.weight": BLUR[None, None].tolist(), "sharpen.weight": sharpen, "sharpen.bias": [self.bias]}
        files = {"torchscript": "weights.pt", "state_dict": "state.pt"}
        return {kind: {"kind": kind, "file": file, "state": state} for kind, file in files.items()}


def sigmoid(values: Array) -> Array:
    """Of each value, in its own precision."""
    return np.asarray(1 / (1 + np.exp(-values)))


def convolved(plane: Array, kernel: Array) -> Array:
    """Cross-correlation of an image (y, x) with a 3x3 kernel, zero-padded to the same size."""
    padded = np.pad(plane, 1)
    height, width = plane.shape
    return sum(
        (kernel[dy, dx] * padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)),
        np.zeros_like(plane),
    )


def image_of_seed(seed: int) -> Array:
    """Round bright spots on a dark, noisy ground: float32, shape (1, 1, 64, 64), values about 0 to 1."""
    random = np.random.default_rng(seed + 1)
    y, x = np.mgrid[:SIDE, :SIDE]
    image = random.uniform(0, 0.1, (SIDE, SIDE))
    for center_y, center_x, radius in zip(*random.uniform([[8], [8], [3]], [[56], [56], [9]], (3, 7)), strict=True):
        image += np.exp(-((y - center_y) ** 2 + (x - center_x) ** 2) / (2 * radius**2))
    return (image / image.max())[None, None].astype(np.float32)
