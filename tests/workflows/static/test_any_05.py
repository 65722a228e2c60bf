"""Whatever stands in a 0.5 model, something is said of it, in our own form."""

import pytest

from tests.agreement.mutate import changed, dump
from tests.agreement.samples import own
from tests.workflows.static.helpers import FINDING
from workflows.document import load
from workflows.static.static import context_of, look

ODD = (None, "", "x", "y.x", "a.py:b", "bcyx", 0, -1, 1.5, 10**400, float("inf"), float("nan"), True, [], {}, [[]], [{}], {"min": 1}, {"files": [1]}, {"source": 3}, {"callable": "a.py:b"}, {"values": [{}]}, {"name": []})  # fmt: skip
VALIDATOR = FINDING


@pytest.mark.parametrize("seed", range(3))
def test_nothing_falls_over(seed):
    found = 0
    for data in changed(own(r"^model-0\.5$"), 100, seed, ODD):
        for one in look(context_of(load(dump(data).encode()), {}, (), {}, package=False)):
            assert VALIDATOR.is_valid(one.as_json()), one
            found += one.level == "error"
    assert found > 50
