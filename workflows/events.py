"""The events of a YAML text, from the parser that reads it right.

libyaml is twenty times faster than ruamel's own parser, and speaks an older YAML: inside brackets it refuses `http://x` and `a?`,
it breaks lines at U+0085, U+2028 and U+2029, and lets tabs and byte order marks stand where BioImage.IO's reader refuses them.
Where it matters, ruamel's own parser has the last word: it is that of BioImage.IO's reader.
"""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import ScalarEvent

from workflows.problem import Problem, Refused, refused, shown

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:
    CParser = None

FAST = CParser is not None
_READ_DIFFERENTLY = re.compile("[\t\x85\u2028\u2029\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# what ruamel's scanner lets through on absurd escapes, directives and marks, instead of an error of its own
_SLIPS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


def fast_events(text: str) -> Iterator[Any]:
    """The events of libyaml; its memory and time grow with what is asked for, so that a limit can stop it."""
    try:
        yield from iter(CParser(text).get_event, None)
    except MarkedYAMLError as error:
        raise _marked(error) from None
    except (YAMLError, ValueError) as error:
        raise _unmarked(error) from None


def exact_events(text: str) -> Iterator[Any]:
    """The events of ruamel's own parser."""
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            check_characters(event)
            yield event
    except MarkedYAMLError as error:
        raise _marked(error) from None
    except (YAMLError, *_SLIPS) as error:
        raise _unmarked(error) from None


def reads_alike(text: str) -> bool:
    """Whether both parsers read the text alike, if libyaml reads it at all."""
    return not _READ_DIFFERENTLY.search(text)


def check_characters(event: Any) -> None:
    """Refuse half characters, which only escapes in double quotes can spell."""
    if isinstance(event, ScalarEvent) and event.style == '"' and _SURROGATE.search(event.value):
        message = "The text holds half a character (an escape from \\ud800 to \\udfff)."
        raise refused(event, "control-character", message, "Write the character itself.")


def _marked(error: MarkedYAMLError) -> Refused:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    message = "Not YAML: " + ", ".join(part for part in (error.context, error.problem) if part) + "."
    return Refused(Problem("syntax", message, "Correct the line.", line, column))


def _unmarked(error: Exception) -> Refused:
    return Refused(Problem("syntax", f"Not YAML: {shown(error)}.", "Correct the file."))
