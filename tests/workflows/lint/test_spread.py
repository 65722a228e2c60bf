"""Many files: in order, over processes, few held at a time."""

import json
from pathlib import Path

import pytest

from workflows.lint import spread as module
from workflows.lint.judged import Tally
from workflows.lint.spread import Work, cores, spread, tell
from workflows.lint.target import Target, Unusable


@pytest.fixture
def many(tmp_path):
    """Two hundred files, one of them unusable."""
    found = []
    for number in range(200):
        path = tmp_path / f"{number}.yaml"
        path.write_text(f"type: dataset\nname: data {number}\nformat_version: 0.2.4\n")
        found.append(Target(path))
    found[100] = Unusable(Path("gone"), "It is gone.")
    return found


def names(told):
    return [Path(json.loads(line)["file"]).stem for one in told for line in one.text.splitlines()]


def test_some_files_at_once(many):
    told = tell(Work("jsonl"), many[99:102])
    assert names([told]) == ["99", "101"]
    assert told.complaints == ("gone: It is gone.",)
    assert (told.tally.files, told.tally.unusable) == (2, 1)
    assert "}\n]}" not in tell(Work("sarif"), many[:2]).text


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_order_is_that_of_the_names(many, jobs):
    told = list(spread(Work("jsonl"), iter(many), jobs))
    assert names(told) == [str(number) for number in range(200) if number != 100]
    assert sum((one.tally for one in told), Tally()).files == 199
    assert [complaint for one in told for complaint in one.complaints] == ["gone: It is gone."]
    assert len(told) == (200 if jobs == 1 else 13)


def test_few_files_need_no_other_process(many, monkeypatch):
    monkeypatch.setattr(module, "_by_processes", None)
    assert len(list(spread(Work(), many[:48], 8))) == 48


def test_no_more_is_begun_than_is_soon_told(many):
    """Of a walk without end, what is told of the first files comes."""
    taken = []

    def walk():
        while True:
            taken.append(None)
            yield many[0]

    told = spread(Work("jsonl"), walk(), 2)
    assert names([next(told)]) == ["0"] * 16
    assert len(taken) <= 49 + 16 * 10
    told.close()


def test_there_is_a_core():
    assert cores() >= 1
