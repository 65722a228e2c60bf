"""Rows for tests: made in one line, and a whole collection of them, the same in every run."""

from __future__ import annotations

import random

from bot.retesting.result import FORMATS, Result, result
from bot.retesting.row import Cell, Row

ENVIRONMENT, POLICY = "1" * 64, "2" * 64
AT = "2024-05-01T12:00:00+00:00"


def made(
    name: str = "calm-seal", version: str = "7", *, before=None, title="A model", message="", **levels: str
) -> Row:
    """A row with those levels by column; `before` likewise."""
    cells = tuple(Cell(column, level, message, (before or {}).get(column)) for column, level in levels.items())
    return Row(name, version, title, "model", "a" * 64, "a" * 64, cells, 1.5)


def results(*rows: Row, asked: int = 1, collection: str = "Test zoo") -> Result:
    return result(collection, AT, ENVIRONMENT, POLICY, asked, rows)


ADJECTIVES = (
    "affable",
    "brave",
    "calm",
    "diplomatic",
    "efficient",
    "famous",
    "gentle",
    "humble",
    "idealistic",
    "jolly",
)
ANIMALS = ("ant", "badger", "cuttlefish", "duck", "elephant", "falcon", "gorilla", "hedgehog", "ibis", "jaguar")
_USUAL = ("reproduces",) * 14 + ("reproduces only within", "runs", "loads", "fails", "skipped", "skipped")
_SAID = {
    "reproduces only within": "output `probability`: reproduces only within 0.031 (declared: 0.05 absolute): for human eyes",
    "runs": "output `probability`: 1,204 of 65,536 elements (18,372 ppm) differ by more than the tolerance",
    "loads": "RuntimeError: Given groups=1, expected input[1, 3, 512, 512] to have 1 channels, but got 3 instead",
    "fails": "The file is no ONNX model: it ends after 1,024 bytes.",
    "skipped": "TensorFlow 1 operations have no counterpart.",
    "errored": "The engine did not answer.",
}


def many(size: int) -> Result:
    """A collection of that many entries, some of them in every kind of trouble."""
    chance = random.Random(7)
    rows = []
    for number in range(size):
        name = f"{ADJECTIVES[number % 10]}-{ANIMALS[number // 10 % 10]}" + ("" if number < 100 else f"-{number}")
        levels = {"rules": "fails" if number % 61 == 3 else "passes"}
        for column in chance.sample(FORMATS, chance.choice((1, 1, 2, 2, 3, 4))):
            levels[column] = chance.choice(_USUAL) if number % 3 == 0 else "reproduces"
        before = dict.fromkeys(levels, "reproduces") | {"rules": levels["rules"]} if number % 9 == 0 else {}
        if number % 41 == 5:
            levels = dict.fromkeys(levels, "errored")
        cells = tuple(Cell(column, level, _SAID.get(level, ""), before.get(column)) for column, level in levels.items())
        rows.append(Row(name, str(5_000_000 + number), "A model", "model", "a" * 64, "a" * 64, cells, 12.0))
    return results(*rows, asked=size)
