"""The headings of a markdown text, as far as one is looked for. Source: CommonMark 0.31, 4.2, 4.3, 4.5."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ATX = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_LONGEST_LINE = 1000  # characters; a heading is shorter


def headings(text: str) -> Iterator[str]:
    """The text of each heading of either form, outside of fenced and indented code."""
    fence, before = "", ""
    for line in text.splitlines():
        found = _FENCE.match(line[:_LONGEST_LINE])
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
            continue
        if found and not (found[1][0] == "`" and "`" in found[2]):
            fence, before = found[1], ""
            continue
        if len(line) <= _LONGEST_LINE:
            if atx := _ATX.match(line):
                yield line[atx.end() :].strip().rstrip("#").strip()
                line = ""  # noqa: PLW2901 - an underline below it makes no heading
            elif before and _UNDERLINE.match(line):
                yield before.strip()
                line = ""  # noqa: PLW2901
        before = line if line.strip() and not line.startswith(("    ", "\t", ">")) else ""
