"""Having a head checked: the job that is asked for, and what is kept of the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot import plain_json
from bot.corridor import checks_kept
from bot.corridor.check_pull import LOGIN, check_pull, contributor_of, make_job
from bot.corridor.observe_pull import observe_pull
from bot.digests import blob_sha
from bot.errors import AWAY, GatewayError
from bot.records.decision import RunChecks
from bot.records.facts import Place
from tests.fakes.facts import POLICY, state, upload
from tests.journeys.conftest import REPOSITORY, rdf


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def seen(little, desk):
    """A proposed pull request that was not checked."""
    return proposed(little, desk, rdf())


def proposed(little, desk, text, **more):
    from bot import pipeline

    little.publish({"rdf.yaml": text}, **more)
    list(pipeline.poll(desk))
    return observe_pull(desk, little.github.pulls(REPOSITORY)[-1].number)


def kept(desk, facts):
    return checks_kept.load(desk.store, facts.check_key)


@pytest.mark.parametrize("found", [upload(), None])
@pytest.mark.parametrize("text", [None, b"name: x\n\xff"])
@pytest.mark.parametrize("verb", ["prepare", "check"])
def test_a_job_fits_its_schema(found, text, verb):
    job = make_job(verb, found, "zenodo-1000", POLICY, rdf=text)
    assert plain_json.validate(job, "job") == job


def test_what_a_check_finds_is_kept_under_its_key(little, desk, seen):
    assert seen.checked is None
    check_pull(desk, seen, RunChecks())
    found = kept(desk, seen)
    assert found == observe_pull(desk, seen.pull.number).checked
    assert (found.report.outcome, found.mentions, found.excluded, found.attempts) == ("passed", ("ada",), ("ada",), 0)
    assert found.source == f"{little.zenodo.url}/records/{seen.place.version}"
    assert found.entry_sha == blob_sha(found.entry) == seen.content.entry


def test_the_key_follows_upload_text_environment_and_policy():
    first = checks_kept.check_key("s", "r", "e", "p")
    others = {
        checks_kept.check_key(*parts)
        for parts in (
            ("x", "r", "e", "p"),
            ("s", "x", "e", "p"),
            ("s", "r", "x", "p"),
            ("s", "r", "e", "x"),
            ("s", None, "e", "p"),
        )
    }
    assert len({first, *others}) == 6
    assert checks_kept.check_key("s", "r", "e", "p") == first


def test_another_image_is_another_check(little, desk, seen):
    check_pull(desk, seen, RunChecks())
    little.workshop.image = "image-2"
    assert observe_pull(desk, seen.pull.number).checked is None


def test_our_trouble_is_counted_with_growing_pauses(little, desk, seen):
    little.workshop.broken = 9
    pauses = []
    for _ in range(3):
        before = desk.clock.now()
        check_pull(desk, seen, RunChecks())
        found = kept(desk, seen)
        pauses.append(
            round((datetime.fromisoformat(found.retry_at) - before).total_seconds() / 60) if found.retry_at else None
        )
    assert pauses == [1, 10, None]
    assert found.attempts == 3


def test_a_command_begins_the_count_anew_and_is_remembered(little, desk, seen):
    little.workshop.broken = 9
    for answers in (0, 0, 0, 41):
        check_pull(desk, seen, RunChecks(answers))
    assert (kept(desk, seen).attempts, kept(desk, seen).answered) == (1, 41)
    little.workshop.broken = 0
    check_pull(desk, seen, RunChecks())
    assert (kept(desk, seen).attempts, kept(desk, seen).answered) == (0, 41)


def test_re_run_asks_another_question_begins_the_count_anew_and_is_remembered(little, desk, seen, monkeypatch):
    asked, check = [], little.workshop.check
    monkeypatch.setattr(little.workshop, "check", lambda job: asked.append(job) or check(job))
    little.workshop.broken = 9
    attempts = []
    for action in (RunChecks(), RunChecks(), RunChecks(41, 50), RunChecks(0, 50), RunChecks(0, 51), RunChecks()):
        check_pull(desk, seen, action)
        attempts.append(kept(desk, seen).attempts)
    assert attempts == [1, 2, 1, 1, 1, 2]
    presses = [f"{10**19 + 50}.0", f"{10**19 + 51}.0"]
    assert [job.get("attempt") for job in asked] == [None, "0.1", "41.0", *presses, f"{10**19 + 51}.1"]
    assert [job["turn"]["kind"] for job in asked] == ["new", "new", "again", "again", "again", "again"]
    assert (kept(desk, seen).answered, kept(desk, seen).reran) == (41, 51)
    for job in asked:
        assert plain_json.validate(job, "job") == job


def test_the_count_of_a_lost_database_is_in_the_state_for_this_content_alone(little, desk, seen):
    little.workshop.broken = 9
    check_pull(desk, replace(seen, state=state(check_key=seen.check_key, outcome="errored", attempts=2)), RunChecks())
    assert kept(desk, seen).attempts == 3
    desk.store.drop("checks", seen.check_key)
    check_pull(desk, replace(seen, state=state(check_key="0" * 64, outcome="errored", attempts=2)), RunChecks())
    assert kept(desk, seen).attempts == 1


def test_a_description_that_is_refused_is_a_finding(little, desk, seen):
    refused = {
        "outcome": "refused",
        "reason": "not-yaml",
        "message": "It is not YAML.",
        "resource": None,
        "content_hash": None,
        "rdf": None,
        "files": [],
    }
    little.workshop.prepare = lambda job: refused
    check_pull(desk, seen, RunChecks())
    found = kept(desk, seen)
    assert (found.report.outcome, found.entry, found.entry_sha, found.mentions) == ("failed", b"", "", ())
    (finding,) = found.report.findings
    assert (finding.level, finding.rule, finding.message, finding.line) == ("error", "not-yaml", "It is not YAML.", 1)
    assert little.workshop.checks == 0


def test_a_description_that_failed_is_ours(little, desk, seen):
    errored = {
        "outcome": "errored",
        "reason": "",
        "message": "No engine.",
        "resource": None,
        "content_hash": None,
        "rdf": None,
        "files": [],
    }
    little.workshop.prepare = lambda job: errored
    check_pull(desk, seen, RunChecks())
    found = kept(desk, seen)
    assert (found.report.outcome, found.report.message, found.report.findings, found.attempts) == (
        "errored",
        "No engine.",
        (),
        1,
    )


PEOPLE = """\
type: model
format_version: 0.4.9
name: Many
license: MIT
authors: [{name: A, github_user: Author}, {name: B, github_user: "no login!"}]
packaged_by: [{name: C, github_user: packer}]
maintainers:
- {name: Ada, github_user: ada}
- {name: Twice, github_user: ada}
- {name: Nobody, github_user: no-such-account}
- {name: Constantin Pape, github_user: "Constantin Pape"}
- {name: Tick, github_user: "a`@everyone"}
- {name: Silent}
"""


def test_only_existing_well_formed_logins_are_mentioned_and_the_others_named_safely(little, desk):
    seen = proposed(little, desk, PEOPLE.encode())
    check_pull(desk, seen, RunChecks())
    found = kept(desk, seen)
    assert found.mentions == ("ada",)
    assert found.excluded == ("ada", "author", "no-such-account", "packer")
    (note,) = found.notes
    assert "no-such-account" in note
    assert "Constantin Pape" in note
    little.go(desk)
    from tests.fakes import markdown

    report = little.report(seen.pull.number).partition("\n\n<!-- accession:report")[0]
    assert markdown.escapes(report, mentions=frozenset({"@ada"}), addresses=tuple(markdown.links(report))) == []


def test_policy_says_how_many_are_mentioned_at_most(little, desk):
    people = "".join(f"- {{name: N, github_user: user{n}}}\n" for n in range(9))
    for n in range(9):
        little.github.add_user(f"user{n}")
    seen = proposed(little, desk, PEOPLE.partition("maintainers:")[0].encode() + f"maintainers:\n{people}".encode())
    check_pull(desk, seen, RunChecks())
    assert len(kept(desk, seen).mentions) == 5
    assert len([login for login in kept(desk, seen).excluded if login.startswith("user")]) == 9


@pytest.mark.parametrize("name", ["-a", "a-", "a b", "", "a" * 40, "é", "@a", "a_b", "a\n"])
def test_what_is_no_login(name):
    assert not LOGIN.fullmatch(name)


def test_the_same_content_of_another_concept_is_linked_both_ways(little, desk):
    first = proposed(little, desk, rdf())
    check_pull(desk, first, RunChecks())
    second = proposed(little, desk, rdf())
    assert second.pull.number != first.pull.number
    check_pull(desk, second, RunChecks())
    assert kept(desk, first).notes == ()
    assert kept(desk, second).notes == (
        f"The same content was uploaded under another record: pull request {first.pull.number}.",
    )
    check_pull(desk, first, RunChecks())
    assert kept(desk, first).notes == (
        f"The same content was uploaded under another record: pull request {second.pull.number}.",
    )


def test_a_withdrawn_upload_is_the_contributor_to_explain(little, desk, seen):
    little.zenodo.withdraw(seen.place.version)
    check_pull(desk, seen, RunChecks())
    found = kept(desk, seen)
    assert found.report.outcome == "failed"
    assert "not open in the archive any more" in found.report.findings[0].message


def test_a_hand_made_entry_brings_everything_by_address(little, desk):
    fork = little.github.fork(REPOSITORY, "mallory")
    little.github.commit_files(fork, "mine", {f"{Place('my-model', 'v1').folder}/rdf.yaml": rdf()}, author="mallory")
    seen = observe_pull(desk, little.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title="Mine"))
    check_pull(desk, seen, RunChecks())
    found = kept(desk, seen)
    assert (found.report.outcome, found.source) == ("passed", None)
    assert b'"archive": "none"' in found.entry


def test_a_job_says_whose_turn_it_is(little, desk, seen, monkeypatch):
    asked = []
    prepare, check = desk.workshop.prepare, desk.workshop.check
    monkeypatch.setattr(desk.workshop, "prepare", lambda job: asked.append(job["turn"]) or prepare(job))
    monkeypatch.setattr(desk.workshop, "check", lambda job: asked.append(job["turn"]) or check(job))
    check_pull(desk, seen, RunChecks())
    owner = desk.archive.upload(seen.place.version).owners[0]
    assert asked[0] == {"contributor": f"zenodo-{owner}", "kind": "new", "weights": []}
    asked.clear()
    check_pull(desk, seen, RunChecks(77))
    assert {turn["kind"] for turn in asked} == {"again"}


@pytest.mark.parametrize(("owners", "who"), [(("9", "7"), "zenodo-7"), ((), "zenodo-1001")])
def test_a_contributor_is_one_account_of_the_archive(owners, who):
    assert contributor_of(upload(owners=owners)) == who
    assert make_job("check", upload(owners=owners), "x", POLICY, rdf=None)["turn"]["contributor"] == who


def test_what_is_in_no_archive_is_its_concepts():
    assert make_job("check", None, "github-otter", POLICY, rdf=None)["turn"]["contributor"] == "github-otter"


# the archive is away


def away(little, host, reason="server"):
    """The work side could not fetch; it says so in the words of `checking/fetch_file.py`."""
    message = f"The file 'w.onnx' at {host}/w.onnx could not be fetched: its server answered 503."
    nothing = {"resource": None, "content_hash": None, "rdf": None, "files": []}
    little.workshop.prepare = lambda job: {"outcome": "errored", "reason": reason, "message": message, **nothing}


@pytest.mark.parametrize("how", ["its record", "its files"])
def test_an_archive_that_is_away_is_nobodys_verdict(little, desk, seen, how):
    real = little.workshop.prepare
    if how == "its record":
        little.zenodo_faults.add("error-before", times=None, status=503)
    else:
        away(little, little.zenodo.url)
    for _ in range(5):
        with pytest.raises(GatewayError) as found:
            check_pull(desk, seen, RunChecks())
        assert found.value.away
    assert kept(desk, seen) is None
    little.zenodo_faults.clear()
    little.later(120)
    little.workshop.prepare = real
    check_pull(desk, seen, RunChecks())
    assert (kept(desk, seen).report.outcome, kept(desk, seen).attempts) == ("passed", 0)


def test_each_time_it_was_away_makes_another_question(little, desk, seen):
    asked = []
    away(little, little.zenodo.url)
    answer = little.workshop.prepare
    little.workshop.prepare = lambda job: asked.append(job.get("attempt", "")) or answer(job)
    for _ in range(3):
        with pytest.raises(GatewayError):
            check_pull(desk, seen, RunChecks())
        little.later(300)
    assert asked == ["", "0.1", "0.2"]


@pytest.mark.parametrize(("host", "reason"), [("https://elsewhere.example", "server"), ("", "wrong-content")])
def test_a_file_that_lies_elsewhere_is_a_try(little, desk, seen, host, reason):
    away(little, host or little.zenodo.url, reason)
    check_pull(desk, seen, RunChecks())
    assert (kept(desk, seen).report.outcome, kept(desk, seen).attempts) == ("errored", 1)


def test_while_the_archive_is_away_nobody_is_told_anything(little, desk):
    from bot import pipeline
    from bot.records.event import PullSubject

    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    little.zenodo_faults.add("error-before", times=None, status=503)
    for _ in range(6):
        answer = pipeline.reconcile_all(desk, [PullSubject(1)])["pull 1"]
        assert (answer.failed, answer.transient, answer.reason in AWAY) == (True, True, True)
        little.later(3600)
    assert little.github.comments(REPOSITORY, 1) == []
    assert little.github.labels(REPOSITORY, 1) == ()
    assert little.mail.messages == []
    little.zenodo_faults.clear()
    little.go(desk)
    assert little.github.labels(REPOSITORY, 1) == ("awaiting review",)
