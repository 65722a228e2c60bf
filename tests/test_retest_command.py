"""`accession retest` on the command line: usage, what it prints and writes, and how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console
from rich.progress import Progress

from bot import app, plain_json, retest_options, work
from bot.cli import main
from bot.corridor.retest_rounds import Try
from bot.retest_show import Bar, Lines, said, show
from tests.fakes.clock import FakeClock
from tests.journeys.conftest import REPOSITORY, TOKEN, little_world
from tests.retesting.collection import files
from tests.retesting.rows import made, results
from tests.retesting.test_accepted import version
from tests.retesting.workshop import ShelfWorkshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> ShelfWorkshop:
    made_ = ShelfWorkshop()
    monkeypatch.setattr(app, "WorkProcess", lambda _environ: made_)
    return made_


@pytest.fixture
def run(tmp_path: Path, workshop: ShelfWorkshop, monkeypatch, capsys) -> Iterator:
    monkeypatch.chdir(tmp_path)
    with little_world(tmp_path / "world") as little:
        names = ("calm-seal", "brave-otter")
        entries = {path: content for name in names for path, content in files(name).items()}
        little.github.commit_files(REPOSITORY, "main", entries, author="curator")
        environ = {
            "ACCESSION_REPOSITORY": REPOSITORY,
            "ACCESSION_GITHUB_TOKEN": TOKEN,
            "ACCESSION_STATE_KEY": "a state key of good length",
            "ACCESSION_GITHUB_URL": little.github_url,
            "ACCESSION_ZENODO_URL": little.zenodo.url,
            "ACCESSION_CACHE": str(tmp_path / "cache"),
        }

        def command(*words: str) -> tuple[int, str, str]:
            code = main(words, environ)
            shown = capsys.readouterr()
            return code, shown.out, shown.err

        yield command


# usage


@pytest.mark.parametrize("words", [("--workers", "0"), ("--workers", "many"), ("--workers", "65"), ("--workers", "-1")])
def test_wrong_usage_ends_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["retest", *words], {})
    assert ended.value.code == 2
    assert "usage: accession retest" in capsys.readouterr().err


def test_an_unknown_id_is_wrong_usage_and_names_near_ones(run, workshop, tmp_path):
    code, out, err = run("retest", "calm-sael")
    assert (code, out) == (2, "")
    assert "accession: The collection has no entry 'calm-sael'. Did you mean calm-seal?" in err
    assert workshop.jobs == []
    assert not (tmp_path / "retest").exists()


@pytest.mark.parametrize("name", ["a-file", "a-file/below"])
def test_where_nothing_can_be_written_is_said_before_anything_runs(run, workshop, tmp_path, name):
    (tmp_path / "a-file").write_text("mine")
    code, _, err = run("retest", "--output", name)
    assert code == 2
    assert f"The results cannot be written to {name}" in err
    assert "name a folder with --output" in err
    assert workshop.jobs == []
    assert (tmp_path / "a-file").read_text() == "mine"


def test_as_many_are_asked_at_once_as_the_work_side_answers():
    assert retest_options.WORKERS == work.AT_ONCE


# what it prints and writes


def test_table_json_and_picture(run, workshop, tmp_path):
    workshop.levels["calm-seal"] = {"onnx": "runs"}
    code, out, err = run("retest", "--workers", "1")
    assert code == 0
    assert out.splitlines()[1].split()[:3] == ["calm-seal", "7", "failing"]
    assert out.endswith("2 entries: 1 failing, 1 right.\n")
    lines = err.splitlines()
    assert lines[0] == "2 entries to test, 0 known for this environment."
    assert lines[1].startswith("[1/2] brave-otter/7: passes: rules; reproduces: onnx · ")
    assert " left" in lines[1]
    assert lines[2].startswith("[2/2] calm-seal/7: runs: onnx; passes: rules · output `out`: 12 of 4,096")
    assert " left" not in lines[2]
    assert lines[3] == "Written: retest/retest.json and retest/retest.svg."
    assert sorted(path.name for path in (tmp_path / "retest").iterdir()) == ["retest.json", "retest.svg"]
    data = plain_json.validate(json.loads((tmp_path / "retest/retest.json").read_text()), "retest")
    assert [entry["id"] for entry in data["entries"]] == ["calm-seal", "brave-otter"]
    assert "calm-seal" in "".join(ET.fromstring((tmp_path / "retest/retest.svg").read_text()).itertext())


def test_json_on_request_is_what_was_written(run, tmp_path):
    code, out, _ = run("retest", "--json", "--output", "there")
    assert code == 0
    assert out == (tmp_path / "there/retest.json").read_text()
    assert json.loads(out)["counts"]["right"] == 2


def test_it_ends_with_1_where_something_is_worse(run, workshop):
    assert run("retest")[0] == 0
    workshop.image, workshop.levels["calm-seal"] = "2" * 64, {"onnx": "fails"}
    code, out, _ = run("retest")
    assert code == 1
    assert "fails (was: reproduces): onnx" in out.splitlines()[1]


def test_nothing_changed_says_so_and_asks_nobody(run, workshop):
    run("retest")
    code, out, err = run("retest")
    assert (code, len(workshop.jobs)) == (0, 2)
    assert "0 entries to test, 2 known for this environment." in err
    assert "2 entries: 2 right." in out


def test_a_run_that_was_stopped_is_gone_on_with_or_given_up(run, workshop):
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    workshop.work = lambda _: os.kill(os.getpid(), signal.SIGTERM)
    code, out, err = run("retest", "--workers", "1")
    assert (code, out, workshop.asked) == (128 + signal.SIGTERM, "", ["brave-otter"])
    assert err.count("Stopping: what is under way is finished first.") == 1
    assert {number: signal.getsignal(number) for number in before} == before
    workshop.work = lambda _: None
    assert "Going on with the run of " in run("--dry-run", "retest")[2]
    workshop.image = "2" * 64
    code, _, err = run("retest")
    assert code == 0
    assert err.startswith(
        "An unfinished run had another environment or policy and is not gone on with: 2 entries to test"
    )
    assert "Going on" not in run("retest")[2]


def test_named_entries_alone(run, workshop):
    _, out, _ = run("retest", "brave-otter", "brave-otter")
    assert workshop.asked == ["brave-otter"]
    assert "1 entry: 1 right." in out


def test_a_dry_run_says_what_would_be_tested_and_tests_nothing(run, workshop, tmp_path):
    code, out, _ = run("--dry-run", "retest")
    assert (code, out) == (0, "would test brave-otter/7\nwould test calm-seal/7\n")
    assert workshop.jobs == []
    assert not (tmp_path / "retest").exists()
    assert run("retest")[0] == 0
    assert len(workshop.jobs) == 2


def test_an_older_result_is_replaced_whole(run, tmp_path):
    run("retest")
    (tmp_path / "retest/retest.json").write_text("x" * 100_000)
    run("retest")
    assert json.loads((tmp_path / "retest/retest.json").read_text())["asked"] == 0


# on a terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown_on_a_terminal(result, monkeypatch) -> str:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    out = Terminal()
    show(result, out)
    return out.getvalue()


def test_a_terminal_gets_a_coloured_table(monkeypatch):
    row = made(rules="passes", onnx="runs", message="[red]not markup[/red]", before={"onnx": "reproduces"})
    text = shown_on_a_terminal(results(row), monkeypatch)
    assert "\x1b[1;31m" in text
    assert "[red]not" in text
    assert "1 entry: 1 worse than before." in text


def test_an_empty_collection_is_a_sentence_on_a_terminal_too(monkeypatch):
    assert shown_on_a_terminal(results(), monkeypatch) == "0 entries: nothing to test.\n"


def tried(row, *, again=None, tries=1):
    return Try(version(), row, tries, again)


def test_the_bar_says_how_long_it_takes_and_shows_trouble_above_it(monkeypatch):
    out = Terminal()
    console = Console(file=out, force_terminal=True, width=200)
    with Progress("{task.completed} of {task.total} {task.fields[left]}", console=console) as progress:
        bar = Bar(progress, 3)
        bar.tried(tried(made("fine", rules="passes", onnx="reproduces")), 1, 840.0)
        bar.tried(tried(made("bad", rules="passes", onnx="fails", message="[bold]No file.")), 2, 420.0)
        progress.refresh()
    text = out.getvalue()
    assert "2 of 3 about 7 min left" in text
    assert "[bold]No file." in text
    assert "reproduces: onnx" not in text  # what is right needs no line beside a bar


def test_a_second_try_is_announced_with_its_time():
    clock = FakeClock()
    row = made(rules="errored", onnx="errored", message="No engine.")
    assert said(tried(row, again=clock.now())).endswith(f"· asked again at {clock.now().astimezone():%H:%M}")
    out = io.StringIO()
    Lines(3, out).tried(tried(replace(row, seconds=0.25), again=clock.now()), 0, None)
    assert out.getvalue().startswith("[0/3] calm-seal/7: errored: rules, onnx · No engine. · asked again at ")
    assert out.getvalue().endswith(" · 0.2 s\n")


def test_what_is_left_behind_is_readable_by_its_owner_s_umask(run, tmp_path):
    before = os.umask(0o022)
    try:
        run("retest")
    finally:
        os.umask(before)
    assert (tmp_path / "retest/retest.svg").stat().st_mode & 0o777 == 0o644
