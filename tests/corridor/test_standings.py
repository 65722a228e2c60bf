"""`status`: every submission, where it stands, what it waits for."""

import io
import json

from rich.console import Console

from bot import pipeline
from bot.corridor.standings import standings
from bot.status_table import show
from tests.journeys.conftest import REPOSITORY, rdf


def shown(found):
    out = io.StringIO()
    show(found, Console(file=out, width=220))
    return out.getvalue()


def test_with_nothing_there_it_says_so(little):
    found = standings(little.start())
    assert found == {"submissions": [], "listing": {"complete": None, "at": None}, "parked": [], "channels": []}
    assert "Nothing is open and nothing is held." in shown(found)


def test_every_submission_has_a_line_and_a_reason(little):
    good = little.publish({"rdf.yaml": rdf()})
    bad = little.publish({"README.md": b"no rdf"})
    little.github.commit_files(REPOSITORY, "docs", {"README.md": "Better.\n"}, author="ada")
    little.github.open_pull(REPOSITORY, "docs", login="ada", title="Docs")
    desk = little.start()
    little.go(desk)
    found = standings(desk)
    assert json.loads(json.dumps(found)) == found
    lines = {line["version"]: line for line in found["submissions"]}
    assert set(lines) == {good, bad}
    assert lines[good]["stage"] == "awaiting review"
    assert "Next: 1 approving review by `curator`" in lines[good]["waits_for"]
    assert lines[good]["next_attempt"] is None
    assert (lines[bad]["pull_request"], lines[bad]["stage"], lines[bad]["next_attempt"]) == (None, "refused", None)
    assert "no rdf.yaml" in lines[bad]["waits_for"]
    assert found["listing"]["complete"] is True
    table = shown(found)
    assert f"#{lines[good]['pull_request']}" in table
    assert "refused" in table


def test_what_was_not_looked_at_yet_waits_for_the_bot(little):
    desk = little.start()
    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    (line,) = standings(desk)["submissions"]
    assert (line["stage"], line["waits_for"]) == ("checking", "the bot's next run")


def test_our_trouble_says_when_it_is_tried_again(little):
    little.workshop.broken = 1
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    (line,) = standings(desk)["submissions"]
    assert line["stage"] == "checking"
    assert line["next_attempt"] is not None
    assert "the trouble is ours" in line["waits_for"]


def test_what_is_held_comes_with_the_next_poll(little):
    desk = little.start()
    desk.store.put(
        "uploads", "77", {"status": "held", "reason": "quota", "message": "It [bold]waits[/bold].", "pull": None}
    )
    desk.store.put("poll", "listing", {"complete": False, "at": "now"})
    found = standings(desk)
    assert found["submissions"][0]["next_attempt"] == "next poll"
    table = shown(found)
    assert "It [bold]waits[/bold]." in table
    assert "The last listing of the archive was not complete" in table


def test_looking_writes_nothing(little):
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    writes = len(little.github.writes)
    standings(desk)
    assert len(little.github.writes) == writes


def test_what_is_parked_is_shown_with_its_reason(little):
    desk = little.start()
    row = {"subject": "pull 7", "reason": "internal", "message": "It broke [badly].", "tries": 5, "since": "2026-01-01"}
    desk.store.put("parked", "pull 7", {**row, "more": 1})
    found = standings(desk)
    assert found["parked"] == [row]
    assert "pull 7 failed 5 times and is left alone until something happens to it: It broke [badly]." in shown(found)
