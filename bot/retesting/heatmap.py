"""The result as a picture: entries as rows, rules and formats as columns, a colour and a sign for each cell. SVG 1.1.

Names and messages are contributed: every text is cut, cleaned and escaped. Nothing in it runs, and nothing is loaded.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from bot.retesting.levels import BY_NAME, LEVELS
from bot.retesting.row import STATES
from bot.words.text import count, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.retesting.result import Result
    from bot.retesting.row import Cell, Row

MARGIN, LABEL, CELL, ROW, HEAD = 24, 270, 76, 22, 58
"""Pixels: around everything; width of the names and of a column; height of a row and of the columns' names."""

_LEGEND_ROWS, _LEGEND_WIDTH = 2, 4
_NAME = 36
_AGAIN = 40
"""Rows after which the columns are named anew."""
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 takes in no form (section 2.2)."""

_SECTIONS = {
    "worse": "Worse than before",
    "errored": "Errored: our trouble, nothing is known",
    "failing": "Failing",
    "right": "As it should be",
}
_HEADS = {
    "pytorch_state_dict": ("pytorch", "state_dict"),
    "keras_hdf5": ("keras", "hdf5"),
    "keras_v3": ("keras", "v3"),
    "tensorflow_saved_model_bundle": ("tensorflow", "saved_model", "bundle"),
    "tensorflow_js": ("tensorflow", "js"),
}
"""Names of columns on several lines, where they are wider than one."""

_STYLE = (
    "text{font-family:system-ui,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif;font-size:12px;fill:#1d2530}"
    ".h{font-size:20px;font-weight:600}.s{font-size:14px;font-weight:600}.m{fill:#59636e}"
    ".c{text-anchor:middle;font-weight:600}.k{font-size:11px;text-anchor:middle;fill:#59636e}.e{text-anchor:end}"
)


def heatmap(result: Result) -> str:
    """The file's text; the same result gives the same bytes."""
    width = 2 * MARGIN + max(LABEL + CELL * len(result.columns), 4 * 200)
    top, head = _heading(result)
    body: list[str] = []
    for state in STATES:
        rows = [row for row in result.rows if row.state == state]
        if rows:
            top, drawn = _section(result, state, rows, top, width)
            body += drawn
    height = top + MARGIN
    said = _text(f"{result.collection}: retest of {result.at[:10]}. {result.words}.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f'<title>{said}</title>\n<style>{_STYLE}</style>\n<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
        + "\n".join([*head, *body])
        + "\n</svg>\n"
    )


def _heading(result: Result) -> tuple[int, list[str]]:
    """Title, what it was tested with, and the legend; and where the rows may begin."""
    name = _text(f"Retest of {line(result.collection, 60)}, {result.at[:10]}")
    short = f"environment {result.environment[:12]} · policy {result.policy[:12]}"
    drawn = [
        f'<text class="h" x="{MARGIN}" y="44">{name}</text>',
        f'<text x="{MARGIN}" y="66">{_text(result.words)} · {result.asked:,} asked of the work side in this run</text>',
        f'<text class="m" x="{MARGIN}" y="84">{_text(short)}</text>',
    ]
    legend = [level for level in LEVELS if level.name != "passes"]
    for index, level in enumerate(legend):
        x, y = MARGIN + index % _LEGEND_WIDTH * 200, 102 + index // _LEGEND_WIDTH * 38
        drawn.append(
            f'<rect x="{x}" y="{y}" width="26" height="18" rx="3" fill="{level.fill}"/>'
            f'<text class="c" x="{x + 13}" y="{y + 13}" style="fill:{level.ink}">{level.sign}</text>'
            f'<text x="{x + 33}" y="{y + 10}">{level.name}</text>'
            f'<text class="m" x="{x + 33}" y="{y + 24}" style="font-size:10px">{level.meaning}</text>'
        )
    x, y = MARGIN + (_LEGEND_WIDTH - 1) * 200, 102 + (_LEGEND_ROWS - 1) * 38
    drawn.append(
        f'<rect x="{x + 1}" y="{y + 1}" width="44" height="16" rx="3" fill="#ffffff" stroke="#1d2530" stroke-width="2"/>'
        f'<text class="c" x="{x + 23}" y="{y + 13}">✓→R</text><text x="{x + 52}" y="{y + 10}">before → now</text>'
        f'<text class="m" x="{x + 52}" y="{y + 24}" style="font-size:10px">framed where it is worse</text>'
    )
    return 102 + _LEGEND_ROWS * 38 + 8, drawn


def _section(result: Result, state: str, rows: list[Row], top: int, width: int) -> tuple[int, list[str]]:
    """Rows of one state below their heading and the columns' names; and where the next one begins."""
    drawn = [
        f'<line x1="{MARGIN}" x2="{width - MARGIN}" y1="{top + 6}" y2="{top + 6}" stroke="#d5dae0"/>',
        f'<text class="s" x="{MARGIN}" y="{top + 30}">{_SECTIONS[state]}</text>',
        f'<text class="m" x="{MARGIN}" y="{top + 48}">{count(len(rows), "entry", "entries")}</text>',
    ]
    for index, row in enumerate(rows):
        if index % _AGAIN == 0:
            drawn += _heads(result, top)
            top += HEAD + 4
        drawn += _row(result, row, top)
        top += ROW
    return top + 12, drawn


def _heads(result: Result, top: int) -> Iterator[str]:
    for index, column in enumerate(result.columns):
        x = MARGIN + LABEL + index * CELL + CELL // 2
        words = _HEADS.get(column, (column,))
        for at, word in enumerate(words):
            yield f'<text class="k" x="{x}" y="{top + HEAD - 4 - 12 * (len(words) - 1 - at)}">{word}</text>'


def _row(result: Result, row: Row, top: int) -> Iterator[str]:
    name = line(row.id, _NAME)
    yield (
        f"<g><title>{_text(f'{row.id} {row.version}: {row.name}')}</title>"
        f'<text x="{MARGIN}" y="{top + 15}">{_text(name)} <tspan class="m">{_text(_fit(row.version, name))}</tspan></text></g>'
    )
    by_column = {cell.column: cell for cell in row.cells}
    for index, column in enumerate(result.columns):
        x = MARGIN + LABEL + index * CELL
        if column in by_column:
            yield _cell(row, by_column[column], x, top)
        else:
            yield f'<rect x="{x + 2}" y="{top + 1}" width="{CELL - 4}" height="{ROW - 2}" rx="3" fill="#f6f7f9"/>'


def _cell(row: Row, cell: Cell, x: int, top: int) -> str:
    level = BY_NAME[cell.level]
    changed = cell.before is not None and cell.before != cell.level
    sign = f"{BY_NAME[cell.before].sign}→{level.sign}" if changed and cell.before else level.sign
    frame = ' stroke="#1d2530" stroke-width="2.5"' if cell.worse else ""
    said = f"{row.id} {row.version}, {cell.column}: {cell.words}" + (f". {cell.message}" if cell.message else "")
    return (
        f'<g><title>{_text(said)}</title><rect x="{x + 2}" y="{top + 1}" width="{CELL - 4}" height="{ROW - 2}" rx="3" '
        f'fill="{level.fill}"{frame}/><text class="c" x="{x + CELL // 2}" y="{top + 15}" style="fill:{level.ink}">{sign}</text></g>'
    )


def _fit(version: str, name: str) -> str:
    return line(version, max(8, _NAME + 6 - len(name)))


def _text(text: str) -> str:
    return html.escape(_UNFIT.sub("\ufffd", line(text, 600)))
