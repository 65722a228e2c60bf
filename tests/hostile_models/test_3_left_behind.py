"""When all of them have been there: no container, no volume, no file of a box, and the cache holds what it held."""

import hashlib
import time

import pytest

from tests.hostile_models.code_cases import CASES

pytestmark = pytest.mark.docker
WORST = [case for case in CASES if case.name.startswith(("forks", "deletes", "leaves", "takes", "one_huge"))]


def test_no_input_was_changed(street):
    for case in WORST:
        street.answer(case)
    blobs = [path for path in (street.bureau.cache / "blobs").rglob("*") if path.is_file()]
    assert len(blobs) > 10
    assert [path for path in blobs if hashlib.sha256(path.read_bytes()).hexdigest() != path.name] == []


def test_nothing_is_left_behind(street, watch):
    for case in WORST:
        street.answer(case)
    (owner,) = street.bureau.owners()
    street.close()
    street.bureau.work.close()
    made = watch.containers("create", owner)
    assert len(made) > 2 * len(WORST)
    deadline = time.monotonic() + 10
    while watch.containers("destroy", owner) != made and time.monotonic() < deadline:
        time.sleep(0.1)
    assert watch.containers("destroy", owner) == made
    assert watch.with_volumes() & made == set()
    assert street.bureau.owners() == []
    assert [path.name for path in (street.bureau.cache / "tmp").iterdir() if path.name != "evict.lock"] == []
