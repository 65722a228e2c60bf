"""Findings for people: where, what, the line itself, what to do, and the line that would be right."""

from collections.abc import Callable, Iterator

from workflows.lint.judged import Judged, Tally
from workflows.lint.words import count, plain, width
from workflows.static.finding import Finding, Suggestion

Paint = Callable[[str, str], str]
"""A colour's name and a text, to the text in that colour."""

_CODES = {"red": "31", "green": "32", "yellow": "33", "cyan": "36", "bold": "1", "faint": "2"}
_LEVELS = {"error": "red", "policy": "yellow", "warning": "cyan"}
_SIGNS = {"|": "faint", "-": "red", "+": "green"}
_WIDEST = 100  # characters of a line of the file
_MOST_LINES = 8  # of a suggestion
_MOST_FINDINGS = 100  # of one file


def colours(style: str, text: str) -> str:
    """For terminals (ECMA-48, select graphic rendition)."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text else text


def no_colours(_style: str, text: str) -> str:
    """For everything else."""
    return text


def file_text(judged: Judged, paint: Paint) -> str:
    """A block for each finding, an empty line after each; nothing for a file without findings."""
    blocks = ["\n".join(_block(judged, finding, paint)) + "\n\n" for finding in judged.findings[:_MOST_FINDINGS]]
    more = len(judged.findings) - _MOST_FINDINGS
    rest = f"{plain(judged.file)}: {count(more, 'more finding')}\n\n" if more > 0 else ""
    return "".join(blocks) + rest


def summary(tally: Tally) -> str:
    """The last line; before it, what was not looked at."""
    said = _lone(tally.lone) if tally.lone else ""
    levels = [(tally.errors, "error"), (tally.policies, "policy finding"), (tally.warnings, "warning")]
    found = ", ".join(count(number, noun) for number, noun in levels if number)
    invalid = f"{tally.invalid:,} invalid" if tally.invalid else ""
    end = f": {found}" if found else ", nothing to change"
    return f"{said}{count(tally.files, 'file')}{', ' + invalid if invalid else ''}{end}\n" if tally.files else said


def _lone(number: int) -> str:
    what = "One file names files" if number == 1 else f"{number:,} files name files"
    where = "it" if number == 1 else "them"
    return f"{what} that do not lie beside {where}; those were not looked at (--files always asks for them).\n"


def _block(judged: Judged, finding: Finding, paint: Paint) -> Iterator[str]:
    place = ":".join(str(part) for part in (plain(judged.file), finding.line, finding.column) if part is not None)
    level = paint(_LEVELS[finding.level], finding.level)
    yield f"{paint('bold', place)}: {level}: {plain(finding.message)} {paint('faint', f'[{plain(finding.rule)}]')}"
    if not finding.suggestion or not _covers(finding.suggestion, finding.line):
        yield from _excerpt(judged, finding, paint)
    if finding.suggestion:
        yield from _difference(judged, finding, finding.suggestion, paint)
    if finding.fix:
        yield f"  fix: {plain(finding.fix)}"


def _covers(suggestion: Suggestion, line: int | None) -> bool:
    return line is not None and suggestion.start_line <= line <= suggestion.end_line


def _excerpt(judged: Judged, finding: Finding, paint: Paint) -> Iterator[str]:
    """The line and a caret; not for a field that is missing at the top, of which the first line says nothing."""
    line = judged.document.line(finding.line) if finding.line else ""
    parts = finding.pointer.split("/")
    missing = len(parts) == 2 and isinstance(judged.document.data, dict) and parts[1] not in judged.document.data  # noqa: PLR2004
    if line.strip() and not missing:
        yield from _pointed(finding, "|", line, paint)


def _pointed(finding: Finding, sign: str, line: str, paint: Paint) -> Iterator[str]:
    """A line with its number, and a caret below the column; long lines are cut around it."""
    column = min(finding.column or 1, len(line) or 1) - 1
    start = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    head = ("…" if start else "") + plain(line[start:column])
    tail = plain(line[column : start + _WIDEST]) + ("…" if start + _WIDEST < len(line) else "")
    yield _row(finding.line, sign, head + tail, paint)
    yield _row(None, "|", " " * width(head) + paint("green", "^"), paint)


def _row(number: int | None, sign: str, text: str, paint: Paint) -> str:
    gutter = f"{number or '':>5} {sign} "
    style = _SIGNS[sign]
    return paint(style, gutter) + text if sign == "|" else paint(style, gutter + text)


def _difference(judged: Judged, finding: Finding, suggestion: Suggestion, paint: Paint) -> Iterator[str]:
    """The old lines, those that stay and those that go, and the new ones; a caret where the finding is."""
    old = [(number, judged.document.line(number)) for number in range(suggestion.start_line, suggestion.end_line + 1)]
    new = suggestion.text.split("\n") if suggestion.text else []
    same = [before[1] == after for before, after in zip(old, new, strict=False)]
    stay = same.index(False) if False in same else len(same)
    for place, (number, line) in enumerate(old[: stay + _MOST_LINES]):
        sign = "|" if place < stay else "-"
        if number == finding.line:
            yield from _pointed(finding, sign, line, paint)
        elif place >= stay - 1:
            yield _row(number, sign, _cut(line), paint)
    yield from (_row(None, "+", _cut(line), paint) for line in new[stay : stay + _MOST_LINES])
    more = max(len(old), len(new)) - stay - _MOST_LINES
    if more > 0:
        yield _row(None, "|", f"… and {count(more, 'more line')}", paint)


def _cut(line: str) -> str:
    return plain(line[:_WIDEST]) + ("…" if len(line) > _WIDEST else "")
