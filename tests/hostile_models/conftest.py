"""One work side and one street for all hostile uploads."""

import os

import pytest

from tests.hostile_models.archive import open_bureau
from tests.hostile_models.case import Case
from tests.hostile_models.street import Street
from tests.hostile_models.watch import Watch

IMAGE = os.environ.get("ACCESSION_JOB_IMAGE") or "accession-job:latest"


@pytest.fixture(scope="session")
def street(tmp_path_factory, request, watch):
    """All cases of this session are under way as soon as the first is asked for."""
    with open_bureau(tmp_path_factory.mktemp("hostile"), IMAGE) as bureau:
        made = Street(bureau)
        made.expect(selected(request.session.items))
        yield made
        made.close()


def selected(items):
    """The cases of the tests that will be run."""
    params = (getattr(item, "callspec", None) for item in items)
    found = (spec.params.get("case") for spec in params if spec is not None)
    return [one for one in found if isinstance(one, Case)]


@pytest.fixture(scope="session")
def watch():
    """The engine's events, from before the first box."""
    with Watch() as made:
        yield made


@pytest.fixture
def settled(street):
    """Checks what holds for every hostile upload, and hands on its answer."""

    def check(case):
        answer = street.answer(case)
        assert answer.answers == case.answers, (answer.weights, answer.report["findings"])
        assert case.told(answer), (answer.weights, answer.report["findings"])
        assert answer.report["outcome"] == ("passed" if case.answers == ("passed",) * 3 else "failed")
        good = street.neighbour_of(answer)
        assert good.report["outcome"] == "passed", good.report
        assert good.weights["tensors"][0]["max_abs"] < 5e-6
        return answer

    return check
