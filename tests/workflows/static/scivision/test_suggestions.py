"""Whatever is suggested, the file stays JSON, and what was told of the place is told no more."""

import json

import pytest

from tests.agreement.mutate import changed, dump
from tests.workflows.static.scivision import samples
from tests.workflows.static.scivision.ours import applied, said

LAYOUTS = {"lines": samples.text, "one line": json.dumps, "tabs": lambda data: json.dumps(data, indent="\t")}


def files(seed, count):
    """Catalogs and entries, some in the first catalogs' form, each with a part changed."""
    first = [samples.catalog(kind, entry, samples.ENTRIES[kind]) for kind, entry in samples.FIRST_ENTRIES.items()]
    own = [data for form in ("catalog", "entry") for _, data in samples.originals(form)]
    for data in (*first, *samples.FIRST_ENTRIES.values(), *own):
        yield data
        yield from changed([data], count, seed, samples.ODD)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_suggestion_is_right_wherever_it_stands(layout):
    suggested = 0
    for data in files(3, 40):
        text = LAYOUTS[layout](data)
        for finding in said(text).findings:
            if finding.suggestion:
                better = applied(text, finding.suggestion)
                json.loads(better)
                after = {(one.rule, one.pointer, one.message) for one in said(better).findings}
                assert (finding.rule, finding.pointer, finding.message) not in after, text
                suggested += 1
    assert suggested > 300


def test_yaml_is_judged_as_json_is_and_says_that_it_is_none():
    for data in files(4, 15):
        if "NaN" not in json.dumps(data):
            as_json, as_yaml = said(samples.text(data)), said(dump(data))
            assert as_yaml.family == as_json.family
            told = {(one.level, one.rule, one.pointer) for one in as_json.findings}
            if as_json.family.startswith("scivision"):
                told.add(("warning", "scivision-form", ""))
            assert {(one.level, one.rule, one.pointer) for one in as_yaml.findings} == told, data
