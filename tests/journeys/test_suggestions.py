"""Suggestions on the road: numbered in the report, on their lines, taken by command, resolved when they are done."""

from __future__ import annotations

import pytest

from bot.gateways.github_api import GitHubApi
from bot.review.corrections import applied
from tests.journeys.conftest import REPOSITORY, Little, rdf
from tests.journeys.test_dry_run import dry

MISTAKES = "one: bad # write good\ntwo: bad # write good\nthree: bad # write good\n"
BY_THE_BOT = "accession"


@pytest.fixture
def reported(little: Little) -> tuple[Little, int]:
    """An upload with three mistakes, proposed, checked and reported."""
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    little.go(little.start())
    little.later()
    return little, little.github.pulls(REPOSITORY)[0].number


def path_of(little: Little, number: int) -> str:
    return "collection/entries/{}/{}/rdf.yaml".format(*little.github.pull(REPOSITORY, number).title.split())


def text(little: Little, number: int) -> str:
    head = little.github.pull(REPOSITORY, number).head_ref
    return (little.github.file(REPOSITORY, path_of(little, number), head) or b"").decode()


def say(little: Little, number: int, words: str, login: str = "ada") -> None:
    little.github.comment(REPOSITORY, number, login=login, body=words)


def answers(little: Little, number: int) -> list[str]:
    """The bot's short comments, oldest first, without those that only call somebody."""
    said = (c.body for c in little.github.comments(REPOSITORY, number) if c.user == BY_THE_BOT)
    return [body for body in said if "accession:nudge followed-" in body or "accession:nudge command-" in body]


def threads(little: Little, number: int) -> list[bool]:
    """Whether each is resolved."""
    return [note.resolved for note in little.github.review_comments(REPOSITORY, number)]


def test_three_mistakes_are_mended_by_command_and_the_model_is_merged(reported: tuple[Little, int]) -> None:
    little, number = reported
    report = little.report(number)
    assert "#### Suggestions (3)" in report
    assert "`/accession apply 1 2`" in report
    (review,) = little.github.reviews(REPOSITORY, number)
    assert (review.user, review.state) == (BY_THE_BOT, "COMMENTED")
    blocks = little.github.review_comments(REPOSITORY, number)
    assert [(note.line, "```suggestion\n" in note.body) for note in blocks] == [(10, True), (11, True), (12, True)]

    say(little, number, "/accession apply 1 2")
    head = little.github.pull(REPOSITORY, number).head_sha
    desk = little.start()
    little.go(desk)
    assert text(little, number).endswith("one: good\ntwo: good\nthree: bad # write good\n")
    commits = desk.github.pull_commits(number)
    (made,) = [commit for commit in commits if applied(commit.message)]
    assert desk.github.commit(made.sha).parents == (head,)
    assert "Written to `rdf.yaml`: line 10, line 11." in answers(little, number)[0]
    assert threads(little, number) == [True, True, False]
    assert len(little.github.reviews(REPOSITORY, number)) == 1
    assert little.github.pull(REPOSITORY, number).labels == ("needs changes",)

    little.later()
    say(little, number, "Thanks!\n\n/accession apply all\n")
    little.go(desk)
    assert text(little, number) == rdf(extra="one: good\ntwo: good\nthree: good\n").decode()
    assert threads(little, number) == [True, True, True]
    assert little.github.pull(REPOSITORY, number).labels == ("awaiting review",)

    little.github.require_resolution(REPOSITORY)
    little.approve(number)
    little.go(desk)
    assert little.github.pull(REPOSITORY, number).merged
    merged = little.github.file(REPOSITORY, path_of(little, number)) or b""
    assert merged.decode() == rdf(extra="one: good\ntwo: good\nthree: good\n").decode()


# who may, and what is not done


def untouched(little: Little, number: int) -> bool:
    return text(little, number) == rdf(extra=MISTAKES).decode()


def test_a_strangers_command_is_refused_and_a_collection_maintainers_followed(reported: tuple[Little, int]) -> None:
    little, number = reported
    say(little, number, "/accession apply all", "mallory")
    desk = little.start()
    little.go(desk)
    little.go(desk)
    assert untouched(little, number)
    (answer,) = answers(little, number)
    assert "`mallory` may not ask for it" in answer
    assert "maintainers named in `rdf.yaml`" in answer
    say(little, number, "/accession apply 2", "curator")
    little.go(desk)
    assert text(little, number).endswith("one: bad # write good\ntwo: good\nthree: bad # write good\n")


def test_a_collection_maintainer_without_write_access_is_refused(reported: tuple[Little, int]) -> None:
    little, number = reported
    little.github.add_collaborator(REPOSITORY, "curator", "read")
    say(little, number, "/accession apply all", "curator")
    little.go(little.start())
    assert untouched(little, number)
    assert "`curator` has no write access" in answers(little, number)[0]


def test_who_asked_for_corrections_may_approve_them(reported: tuple[Little, int]) -> None:
    """The words are the rules', not theirs."""
    little, number = reported
    say(little, number, "/accession apply all", "curator")
    desk = little.start()
    little.go(desk)
    little.approve(number)
    little.go(desk)
    assert little.github.pull(REPOSITORY, number).merged


ASKED = {
    "/accession apply 4": "the report has suggestions 1 to 3, and no 4.",
    "/accession apply 1 2 7 9": "and no 7, 9.",
    "/accession apply everything": "after it come the numbers of suggestions",
    "/accession apply 1-3": "after it come the numbers of suggestions",
}


@pytest.mark.parametrize("words", ASKED)
def test_what_the_list_does_not_have_is_said_and_nothing_is_done(reported: tuple[Little, int], words: str) -> None:
    little, number = reported
    say(little, number, words)
    desk = little.start()
    little.go(desk)
    little.go(desk)
    assert untouched(little, number)
    (answer,) = answers(little, number)
    assert ASKED[words] in answer


def test_nothing_to_apply_is_said(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    say(little, 1, "/accession apply all")
    little.go(desk)
    assert "the report has no suggestions to write" in answers(little, 1)[0]
    assert little.github.review_comments(REPOSITORY, 1) == []


def test_of_two_that_overlap_the_first_is_written_and_the_other_comes_again(little: Little) -> None:
    little.publish({"rdf.yaml": rdf(extra="one: bad # take 2 lines\ntwo: bad # write good\nthree: 3\n")})
    desk = little.start()
    little.go(desk)
    little.later()
    say(little, 1, "/accession apply all")
    little.go(desk)
    assert text(little, 1) == rdf(extra="three: 3\n").decode()
    (answer,) = answers(little, 1)
    assert "lines 10 to 11" in answer
    assert "an earlier suggestion has the same lines: 2." in answer


def test_a_fork_is_not_written_to_and_its_suggestions_stand_on_the_lines(little: Little) -> None:
    fork = little.github.fork(REPOSITORY, "mallory")
    files = {"collection/entries/my-model/1/rdf.yaml": rdf(extra=MISTAKES)}
    tip = little.github.commit_files(fork, "mine", files, author="mallory")
    number = little.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title="Mine")
    desk = little.start()
    little.go(desk)
    assert "This pull request comes from a fork" in little.report(number)
    assert "apply 1 2" not in little.report(number)
    assert len(little.github.review_comments(REPOSITORY, number)) == 3
    little.later()
    say(little, number, "/accession apply all", "ada")
    say(little, number, "/accession apply all", "mallory")
    little.go(desk)
    assert little.github.pull(REPOSITORY, number).head_sha == tip
    refused, forked = answers(little, number)
    assert "`mallory` may not ask for it" in refused
    assert "comes from a fork" in forked


def test_the_head_that_moved_is_not_written_over(reported: tuple[Little, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody pushes between the bot's look and its write."""
    little, number = reported
    say(little, number, "/accession apply all")
    desk, head = little.start(), little.github.pull(REPOSITORY, number).head_ref
    create = desk.github.create_commit
    other = rdf(extra=MISTAKES + "four: 4\n")

    def late(**given: object) -> str:
        sha = create(**given)  # type: ignore[arg-type]
        if text(little, number) != other.decode():
            little.github.commit_files(REPOSITORY, head, {path_of(little, number): other}, author="ada")
        return sha

    monkeypatch.setattr(desk.github, "create_commit", late)
    little.go(desk)
    little.go(desk)
    assert text(little, number) == other.decode()
    (answer,) = answers(little, number)
    assert "the branch moved meanwhile" in answer
    assert len(little.github.review_comments(REPOSITORY, number)) == 3, "each finding once, whatever the head"


def test_numbers_of_an_older_report_do_not_count(reported: tuple[Little, int]) -> None:
    little, number = reported
    say(little, number, "/accession apply 1")
    head = little.github.pull(REPOSITORY, number).head_ref
    other = rdf(extra="zero: bad # write good\n" + MISTAKES)
    little.github.commit_files(REPOSITORY, head, {path_of(little, number): other}, author="ada")
    desk = little.start()
    little.go(desk)
    assert text(little, number) == other.decode()
    (answer,) = answers(little, number)
    assert "changed after the command was written" in answer
    little.later()
    say(little, number, "/accession apply 1")
    little.go(desk)
    assert text(little, number) == rdf(extra="zero: good\n" + MISTAKES).decode()


def test_a_branch_that_does_not_take_the_commit_is_said_once(reported: tuple[Little, int]) -> None:
    little, number = reported
    little.github.protect_branch(REPOSITORY, little.github.pull(REPOSITORY, number).head_ref)
    say(little, number, "/accession apply all")
    desk = little.start()
    little.go(desk)
    before = len(little.github.writes)
    little.go(desk)
    assert len(little.github.writes) == before
    (answer,) = answers(little, number)
    assert "does not let the bot write" in answer


def test_what_a_maintainer_is_called_is_compared_without_case_and_wholly(little: Little) -> None:
    extra = MISTAKES.replace("three", "four")
    little.publish({"rdf.yaml": rdf(extra=extra).replace(b"github_user: ada", b"github_user: Ada")})
    desk = little.start()
    little.go(desk)
    little.later()
    say(little, 1, "/accession apply 1")
    little.go(desk)
    assert "one: good\n" in text(little, 1)


# once, whatever happens


@pytest.mark.parametrize("fault", ["error-after", "error-before", "cut-after", "cut-before", "cut-midway"])
@pytest.mark.parametrize("keep", [True, False], ids=["database kept", "database lost"])
def test_a_finding_has_one_thread_whatever_github_answers(little: Little, fault: str, *, keep: bool) -> None:
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    little.github_faults.add(fault, method="POST", path="/pulls/1/reviews")
    for _ in range(3):
        little.go(little.start())
        if not keep:
            little.lose_database()
    lines = [note.line for note in little.github.review_comments(REPOSITORY, 1)]
    assert lines == [10, 11, 12]
    assert little.github.pull(REPOSITORY, 1).labels == ("needs changes",)


def test_lists_that_lag_leave_one_thread_for_each_finding_in_the_end(little: Little) -> None:
    little.github.faults.update({"stale_lists_seconds": 1000})
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    desk = little.start()
    for _ in range(3):
        little.go(desk)
    assert len(little.github.review_comments(REPOSITORY, 1)) >= 3
    little.github.faults.reset()
    for _ in range(3):
        little.go(desk)
    assert [note.line for note in little.github.review_comments(REPOSITORY, 1)] == [10, 11, 12]
    assert "#### Suggestions (3)" in little.report(1)


@pytest.mark.parametrize("fault", ["error-after", "error-before", "cut-after", "cut-before"])
@pytest.mark.parametrize("path", ["/git/trees", "/git/commits", "/git/refs/heads", "/graphql", "/issues/1/comments"])
def test_a_command_is_followed_once_whatever_github_answers(
    reported: tuple[Little, int], fault: str, path: str
) -> None:
    little, number = reported
    say(little, number, "/accession apply 1 3")
    little.github_faults.add(fault, method="*" if "heads" in path else "POST", path=path)
    desk = little.start()
    for _ in range(4):
        little.go(desk)
    assert text(little, number).endswith("one: good\ntwo: bad # write good\nthree: good\n")
    assert len([c for c in desk.github.pull_commits(number) if applied(c.message)]) == 1
    (answer,) = answers(little, number)
    assert "line 10, line 12" in answer
    assert threads(little, number) == [True, False, True]


def test_more_than_a_review_holds_come_in_several(little: Little) -> None:
    many = "".join(f"k{n}: bad # write good\n" for n in range(65))
    little.publish({"rdf.yaml": rdf(extra=many)})
    desk = little.start()
    little.go(desk)
    assert len(little.github.reviews(REPOSITORY, 1)) == 3
    assert len({note.line for note in little.github.review_comments(REPOSITORY, 1)}) == 65
    little.later()
    say(little, 1, "/accession apply all")
    little.go(desk)
    assert text(little, 1) == rdf(extra="".join(f"k{n}: good\n" for n in range(65))).decode()
    assert all(threads(little, 1))
    assert len(little.github.reviews(REPOSITORY, 1)) == 3


def test_an_unchanged_reconcile_with_suggestions_writes_and_reads_nothing_new(reported: tuple[Little, int]) -> None:
    little, _ = reported
    desk = little.start()
    little.go(desk)
    before, reads = len(little.github.writes), len(little.github.requests)
    little.go(desk)
    assert len(little.github.writes) == before
    assert [r.path for r in little.github.requests[reads:] if r.status != 304] == []


def test_without_suggestions_nobody_asks_for_threads_or_comments_on_lines(
    little: Little, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    monkeypatch.setattr(GitHubApi, "review_threads", lambda _self, number: threads.append(number) or ())
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.approve(1)
    little.go(desk)
    assert little.github.pull(REPOSITORY, 1).merged
    asked = [r.path for r in little.github.requests]
    assert not [path for path in asked if "/pulls/1/comments" in path]
    assert threads == []


def test_the_report_is_visible_before_the_suggestions_on_the_lines(reported: tuple[Little, int]) -> None:
    little, _ = reported
    paths = [w.path for w in little.github.writes if w.actor == BY_THE_BOT]
    assert [path.rpartition("/")[2] for path in paths[5:7]] == ["comments", "reviews"]


# threads and people


def test_what_a_person_resolved_stays_resolved(reported: tuple[Little, int]) -> None:
    little, number = reported
    first = little.github.review_comments(REPOSITORY, number)[0]
    little.github.resolve_thread(first.id, login="curator")
    say(little, number, "/accession apply 2")
    little.go(little.start())
    assert threads(little, number) == [True, True, False]
    assert little.github.review_comments(REPOSITORY, number)[0].resolved_by == "curator"


def test_a_mistake_that_comes_back_opens_its_thread_again(reported: tuple[Little, int]) -> None:
    little, number = reported
    head, desk = little.github.pull(REPOSITORY, number).head_ref, little.start()
    for extra, expected in ((MISTAKES.partition("\n")[2], [True, False, False]), (MISTAKES, [False, False, False])):
        little.github.commit_files(REPOSITORY, head, {path_of(little, number): rdf(extra=extra)}, author="ada")
        little.go(desk)
        assert threads(little, number) == expected
    assert len(little.github.review_comments(REPOSITORY, number)) == 3


def test_a_pasted_marker_is_not_ours(reported: tuple[Little, int]) -> None:
    little, number = reported
    ours = little.github.review_comments(REPOSITORY, number)[0]
    path = path_of(little, number)
    little.github.comment_on_line(REPOSITORY, number, path, 1, login="mallory", body=ours.body)
    say(little, number, "/accession apply 1")
    little.go(little.start())
    assert threads(little, number) == [True, False, False, False]


def test_advice_that_was_not_taken_does_not_stand_in_the_way_of_the_merge(little: Little) -> None:
    little.github.require_resolution(REPOSITORY)
    little.publish({"rdf.yaml": rdf(extra="one: plain # advise better\n")})
    desk = little.start()
    little.go(desk)
    assert little.github.pull(REPOSITORY, 1).labels == ("awaiting review",)
    assert threads(little, 1) == [False]
    little.approve(1)
    little.go(desk)
    assert little.github.pull(REPOSITORY, 1).merged
    assert threads(little, 1) == [True]


def test_a_persons_open_conversation_is_theirs_to_resolve(reported: tuple[Little, int]) -> None:
    little, number = reported
    little.github.require_resolution(REPOSITORY)
    note = little.github.comment_on_line(REPOSITORY, number, path_of(little, number), 1, login="curator", body="why")
    say(little, number, "/accession apply all")
    desk = little.start()
    little.go(desk)
    little.approve(number)
    little.go(desk)
    assert not little.github.pull(REPOSITORY, number).merged
    assert "conversation must be resolved" in little.report(number)
    little.github.resolve_thread(note.id, login="curator")
    little.later(1000)
    little.go(desk)
    assert little.github.pull(REPOSITORY, number).merged


# the next version, the App, the dry run


def test_a_correction_by_command_is_carried_to_the_next_version(little: Little) -> None:
    first = little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    desk = little.start()
    little.go(desk)
    little.later()
    say(little, 1, "/accession apply all")
    little.go(desk)
    newer = rdf(name="Renamed", extra=MISTAKES)
    little.publish({"rdf.yaml": newer}, concept=little.zenodo.record(first).concept)
    little.go(desk)
    assert text(little, 2) == rdf(name="Renamed", extra="one: good\ntwo: good\nthree: good\n").decode()


@pytest.mark.parametrize("kind", ["app", "actions"])
def test_the_same_with_an_apps_token(little: Little, kind: str) -> None:
    login = {"app": "accession[bot]", "actions": "github-actions[bot]"}[kind]
    little.github.add_token(login, "ghs_token", kind=kind)
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    desk = little.start(token="ghs_token", bot_login=login)
    little.go(desk)
    little.later()
    say(little, 1, "/accession apply 3")
    little.go(desk)
    assert threads(little, 1) == [False, False, True]
    assert text(little, 1).endswith("three: good\n")
    head = little.github.pull(REPOSITORY, 1).head_ref
    little.github.commit_files(REPOSITORY, head, {path_of(little, 1): rdf(extra=MISTAKES)}, author="ada")
    little.go(desk)
    assert threads(little, 1) == [False, False, False]


def test_a_dry_run_says_all_of_it_and_does_nothing(reported: tuple[Little, int]) -> None:
    little, number = reported
    say(little, number, "/accession apply 1")
    said: list[str] = []
    before = len(little.github.writes)
    little.go(dry(little.start(), said))
    assert any("would create commit" in line for line in said)
    assert any("would update ref" in line for line in said)
    assert len(little.github.writes) == before
    assert untouched(little, number)


def test_a_dry_run_says_the_review_and_the_resolving(little: Little) -> None:
    fork = little.github.fork(REPOSITORY, "mallory")
    path = "collection/entries/my-model/1/rdf.yaml"
    little.github.commit_files(fork, "mine", {path: rdf(extra=MISTAKES)}, author="mallory")
    little.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title="Mine")
    desk, said = little.start(), []
    little.go(dry(desk, said))
    assert sum("would create review: 1, commit=" in line for line in said) == 1
    assert little.github.reviews(REPOSITORY, 1) == []
    little.go(desk)
    little.github.commit_files(fork, "mine", {path: rdf()}, author="mallory")
    said.clear()
    little.go(dry(desk, said))
    assert sum("would set threads: resolved=[" in line for line in said) == 1
    assert threads(little, 1) == [False, False, False]
