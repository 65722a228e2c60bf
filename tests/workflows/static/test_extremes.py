"""No rule raises, whatever stands at whatever place."""

import copy
from dataclasses import replace

import pytest

from tests.agreement.samples import generic, model_04, model_05
from tests.workflows.lint.helpers import GOOD
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from workflows.document import load
from workflows.static.static import context_of, look

EXTREMES = [
    *(10**399, -(10**399), -1, float("nan"), float("inf"), 1e308, True, None),
    *("x" * 5000, "", "http://[", "é:/" * 30, [[]], [None, None], {"": None}, {"a": {"b": []}}),
]


def samples(module):
    """Every text of a module that is a description."""
    for value in vars(module).values():
        texts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
        yield from (text for text in texts if isinstance(text, str) and "format_version:" in text)


TEXTS = [MODEL_04, MODEL_05, GOOD, *(text for module in (generic, model_04, model_05) for text in samples(module))]


def places(value, *at):
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*at, key)
        if isinstance(item, dict | list):
            yield from places(item, *at, key)


def with_value(data, at, value):
    """The data with another value at a place."""
    changed = holder = copy.copy(data)
    for key in at[:-1]:
        holder[key] = copy.copy(holder[key])
        holder = holder[key]
    holder[at[-1]] = value
    return changed


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_no_rule_raises(number):
    """Every place of a description; of the many extremes each text takes its share."""
    document = load(TEXTS[number].encode())
    assert document.readable
    shares = EXTREMES[number % 7 :: 7]
    for at in places(document.data):
        for value in shares:
            changed = replace(document, data=with_value(document.data, at, value))
            context = context_of(changed, {}, ("in.npy",), {"minimum_format_version": {"model": "0.5"}})
            assert isinstance(look(context), list), (at, value)
