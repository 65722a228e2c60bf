"""The full model of 0.4 with something changed in its text, and what is said of it then."""

from tests.agreement.samples.model_04 import FULL
from workflows.document import load
from workflows.static.static import context_of, look

ALWAYS = frozenset({("warning", "old-field", "/download_url"), ("warning", "data-type", "/inputs/1/data_type")})
"""What is said of it as it is, besides of a shape that follows an output's."""


def found(*changes, rule=None):
    """The findings after each (old, new) was replaced once, without those of the unchanged model."""
    text = FULL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    told = look(context_of(load(text.encode()), {}, (), {}, package=False))
    new = [
        one for one in told if (one.level, one.rule, one.pointer) not in ALWAYS and "is an output" not in one.message
    ]
    return [one for one in new if rule in {None, one.rule}]


def said(*changes, rule=None):
    """The same as level, pointer, message and fix."""
    return [(one.level, one.pointer, one.message, one.fix) for one in found(*changes, rule=rule)]


def lines(*changes, rule=None):
    """The lines that are suggested."""
    return [one.suggestion and one.suggestion.text for one in found(*changes, rule=rule)]
