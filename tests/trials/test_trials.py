"""The trials in small: whatever is killed, paused, lost, dropped or doubled, the world ends as it does undisturbed.

`make trials` plays the large ones. Nothing is timed here: a run that does not come to its end in minutes has lost something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.journeys.conftest import REPOSITORY
from tests.trials.ending import ending, finished
from tests.trials.run import Outcome, Run, run
from tests.trials.submissions import submissions
from tests.trials.world import trial_world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.postgres import Postgres

UPLOADS = 5
UNDISTURBED: dict[int, Outcome] = {}


def undisturbed(folder: Path, uploads: int) -> Outcome:
    """How it ends where nothing happens; played once for each number of uploads."""
    if uploads not in UNDISTURBED:
        (folder / "undisturbed").mkdir()
        UNDISTURBED[uploads] = run(folder / "undisturbed", Run(1, uploads))
    return UNDISTURBED[uploads]


def same(folder: Path, what: Run) -> Outcome:
    expected = undisturbed(folder, what.uploads)
    (folder / "run").mkdir()
    found = run(folder / "run", what)
    assert (found.ending.duplicates, found.ending.losses) == ((), ())
    assert found.ending.seen == expected.ending.seen
    assert found.done
    return found


def test_undisturbed_every_upload_has_its_end_beside_a_subject_that_always_fails(tmp_path: Path) -> None:
    found = undisturbed(tmp_path, UPLOADS)
    assert found.done
    assert (found.ending.duplicates, found.ending.losses) == ((), ())
    seen: Any = found.ending.seen
    assert [pull["merged"] for n in range(1, UPLOADS + 1) for pull in seen[f"Upload {n}"]] == [
        True,
        True,
        True,
        False,
        True,
    ]
    assert seen["parked"] == "forbidden"
    assert seen["collection"] == [1, 1, 1, 1]
    assert found.writes <= 15 * UPLOADS


def test_killed_processes_and_lost_databases_change_nothing(tmp_path: Path) -> None:
    found = same(tmp_path, Run(2, UPLOADS, kills=6, lose=0.4))
    assert (found.kills, found.lost) == (6, 2)


def test_three_processes_on_postgres_one_of_them_paused_change_nothing(tmp_path: Path, postgres_here: Postgres) -> None:
    databases = (postgres_here.database(), postgres_here.database())
    found = same(tmp_path, Run(3, UPLOADS, serves=3, kills=4, pause=True, databases=databases))
    assert found.kills == 4
    assert found.pauses


def test_a_storm_changes_nothing(tmp_path: Path) -> None:
    found = same(tmp_path, Run(4, UPLOADS, storm=True))
    assert found.calls > undisturbed(tmp_path, UPLOADS).calls / 2


def test_the_judge_can_say_no(tmp_path: Path) -> None:
    """Two uploads that nobody took in, and a pull request of an upload's that somebody opened twice."""
    uploads = submissions(2)
    with trial_world(tmp_path) as world:
        for one in uploads:
            world.publish(one)
        assert ending(world, uploads, ()).losses == ("Upload 1: no pull request", "Upload 2: no pull request")
        assert not finished(world, uploads)
        for branch in ("first", "second"):
            name = f"accession/zenodo-{world.concepts[1]}/{branch}"
            world.github.commit_files(REPOSITORY, name, {f"{branch}.txt": b"x"}, author="zoo")
            number = world.github.open_pull(REPOSITORY, name, login="zoo", title=branch)
        for _ in range(2):
            world.github.comment(REPOSITORY, number, login="zoo", body="<!-- accession:report -->")
        found = ending(world, uploads, ())
    assert found.duplicates == ("Upload 1: 2 pull requests", f"Upload 1: 2 reports on pull request {number}")
    assert f"Upload 1: pull request {number - 1} is open [], not merged" in found.losses
