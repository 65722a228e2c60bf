"""The table of outputs against the test outputs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words.running import number
from bot.words.text import code, row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.verdict import Tensor

SIGNS = {"passed": "✅", "failed": "❌", "skipped": "➖", "errored": "⚠️"}
_HEAD = (
    "| output | differs | largest absolute | largest relative | worst element | tolerance |",
    "|---|---|---|---|---|---|",
)


def tensor_table(tensors: Iterable[Tensor]) -> str:
    """One row for each output, in the report's order."""
    return "\n".join([*_HEAD, *map(_tensor, tensors)])


def _tensor(tensor: Tensor) -> str:
    return row(
        f"{SIGNS[tensor.outcome.outcome]} {code(tensor.name)}",
        f"{tensor.mismatched:,} of {tensor.elements:,} ({tensor.mismatch_ppm:,.0f} ppm)" if tensor.elements else "–",
        number(tensor.max_abs),
        number(tensor.max_rel),
        _worst(tensor),
        _tolerance(tensor),
    )


def _worst(tensor: Tensor) -> str:
    worst = tensor.worst
    if not worst:
        return "–"
    return f"{worst['index']}: expected {number(worst['expected'])}, got {number(worst['produced'])}"


def _tolerance(tensor: Tensor) -> str:
    within = tensor.tolerance
    return f"atol {number(within['atol'])}, rtol {number(within['rtol'])}, {number(within['ppm'])} ppm"
