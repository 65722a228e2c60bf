"""Look at a pull request: everything `decide_pull` asks for, read afresh from GitHub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import looks
from bot.corridor import checks_kept, line_suggestions, merges_refused, publish_evidence
from bot.corridor.check_pull import source_of
from bot.feedback.state_block import REPORT_MARKER, unseal
from bot.proposal import naming
from bot.proposal.open_pull_request import id_owner
from bot.records.facts import Command, Content, PullFacts
from bot.records.reminder import Reminder, Spoken
from bot.review.applying import NAME as APPLY
from bot.review.building import NAME as OK_TO_BUILD
from bot.review.corrections import applied
from bot.review.policy import PATH, read_policy
from bot.review.verdict import WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.corridor.desk import Desk
    from bot.records.facts import Checked, Place
    from bot.records.github import IssueComment, Pull, PullCommit, PullFile, Review, StatusMark
    from bot.records.policy import Policy
    from bot.records.state import State
    from bot.records.suggestions import Applied

_COMMAND = re.compile(r"^/accession ([a-z]+(?:-[a-z]+)*)\b(.*)", re.MULTILINE)
_NUDGED = re.compile(r"<!-- accession:nudge ([0-9a-z-]+) -->")
_REMINDED = re.compile(r"<!-- accession:remind (remind-[0-9]{1,12}-[0-9]{1,3}) -->")
_FILES = {"rdf.yaml", "entry.yaml"}
_PLAIN = "100644"
MOST_MARKS = 10
"""On one commit; beyond it nobody's "Re-run" is answered, so that a suite that would stay queued costs no check for ever."""
_NAMED = 3
"""So many foreign paths are named, the others counted."""


@dataclass(frozen=True)
class _Sticky:
    """Our report comment, the ones that double it, and what its signed block says."""

    comment: IssueComment | None
    duplicates: tuple[int, ...]
    state: State | None
    intact: bool


def observe_pull(desk: Desk, number: int, *, fresh: bool = False) -> PullFacts | None:
    """The facts, or None for a pull request that touches no entry: it is none of the bot's business."""
    looks.renew()
    pull = desk.github.pull(number)
    files = desk.github.pull_files(number)
    if not touches_entry(files):
        return None
    policy = base_policy(desk)
    comments = desk.github.comments(number)
    sticky = _sticky(desk, number, comments)
    own = _own(desk, pull)
    place, trespass = _place(files, pull, desk.github.default_branch())
    content, trespass = _content(desk, pull, place, trespass)
    if not own and place and not trespass and pull.state == "open":
        trespass = _foreign_id(desk, place)
    source, build = _source_key(pull, place, own=own), sticky.state.build if sticky.state else ""
    check_key = checks_kept.check_key(source, content.rdf, desk.environment(), policy.digest, build)
    checked = checks_kept.load(desk.store, check_key)
    commits = desk.github.pull_commits(number)
    reviews = desk.github.reviews(number, fresh=fresh)
    marks = desk.github.marks(pull.head_sha)
    seen = PullFacts(
        pull=pull,
        own=own,
        place=place,
        trespass=trespass,
        content=content,
        check_key=check_key,
        policy=policy,
        state=sticky.state,
        comment=sticky.comment,
        duplicates=sticky.duplicates,
        intact=sticky.intact,
        checked=checked,
        reviews=reviews,
        committers=frozenset(who for commit in commits for who in commit.people) - {desk.github.viewer().user.login},
        marks=marks,
        newer=_newer(desk, pull, place) if own else None,
        commands=_commands(desk, comments, policy, sticky.state, checked),
        branch_left=own and pull.state == "closed" and desk.github.ref(f"heads/{pull.head_branch}") is not None,
        viewer=desk.github.viewer().user.id,
        now=desk.now(),
        nudged=_nudged(desk, comments),
        at_github=desk.now_at_github(),
        reminders=_reminders(desk, comments),
        spoken=_spoken(desk, comments, reviews),
        merge_refused=merges_refused.reason(desk, pull),
        local=pull.head_repository == desk.repository,
        shown=next((f.shown for f in files if place and f.path == f"{place.folder}/rdf.yaml"), ()),
        blocks=line_suggestions.standing(desk, number, sticky.state, checked),
        blocks_refused=line_suggestions.refused(desk, pull),
        threads_settled=line_suggestions.settled(desk, number),
        applied=_applied(desk, pull, commits),
        commits=frozenset(commit.sha for commit in commits),
        newest_comment=max((comment.id for comment in comments), default=0),
        rerun=_rerun(desk, pull, marks),
    )
    return publish_evidence.standing(desk, seen)


def touches_entry(files: Iterable[PullFile]) -> bool:
    """Whether a pull request with these files is any of the bot's business."""
    return any(file.path.startswith("collection/entries/") for file in files)


def base_policy(desk: Desk) -> Policy:
    """The policy on the base branch, never the pull request's."""
    found = desk.github.file(PATH, desk.github.default_branch())
    return read_policy(found[1] if found else None)


def _own(desk: Desk, pull: Pull) -> bool:
    ours = pull.author.id == desk.github.viewer().user.id and pull.head_repository == desk.repository
    return ours and naming.is_ours(pull.head_branch)


def _sticky(desk: Desk, number: int, comments: Sequence[IssueComment]) -> _Sticky:
    """Marker and author id must both match: anyone can paste a marker. The lowest id stays."""
    viewer = desk.github.viewer().user.id
    mine = sorted((c for c in comments if c.author.id == viewer and REPORT_MARKER in c.body), key=lambda c: c.id)
    if not mine:
        return _Sticky(None, (), None, intact=False)
    first, rest = mine[0], tuple(c.id for c in mine[1:])
    found = unseal(first.body, desk.state_key, desk.where(number))
    return _Sticky(first, rest, found[0] if found else None, intact=bool(found and found[1]))


def _nudged(desk: Desk, comments: Iterable[IssueComment]) -> frozenset[str]:
    viewer = desk.github.viewer().user.id
    return frozenset(key for c in comments if c.author.id == viewer for key in _NUDGED.findall(c.body))


def _reminders(desk: Desk, comments: Iterable[IssueComment]) -> tuple[Reminder, ...]:
    viewer = desk.github.viewer().user.id
    found = ((c, _REMINDED.search(c.body)) for c in comments if c.author.id == viewer)
    return tuple(Reminder(c.id, key[1], c.created_at) for c, key in found if key)


def _spoken(desk: Desk, comments: Iterable[IssueComment], reviews: Iterable[Review]) -> tuple[Spoken, ...]:
    """By people: what another bot says once a day moves nothing."""
    said = [(c.author, c.created_at) for c in comments] + [(r.author, r.submitted_at) for r in reviews]
    viewer = desk.github.viewer().user.id
    return tuple(Spoken(who.id, at) for who, at in said if who.id != viewer and not who.login.endswith("[bot]"))


def _rerun(desk: Desk, pull: Pull, marks: Sequence[StatusMark]) -> int:
    """Asked only where there is a button to press."""
    if pull.state != "open" or not 0 < len(marks) <= MOST_MARKS or not desk.github.rerun_asked(pull.head_sha):
        return 0
    return max(mark.id for mark in marks)


def _applied(desk: Desk, pull: Pull, commits: Iterable[PullCommit]) -> tuple[Applied, ...]:
    """From branches that only writers can push to: in a fork anybody could claim to be us."""
    local = pull.head_repository == desk.repository
    return tuple(found for commit in commits if local and (found := applied(commit.message)))


def _place(files: Sequence[PullFile], pull: Pull, base: str) -> tuple[Place | None, str]:
    """The one entry folder that all changed files lie in, or why there is none."""
    places = {naming.place_of(file.path) for file in files}
    place = next(iter(sorted((p for p in places if p), key=lambda p: p.folder)), None)
    own = {f"{place.folder}/{name}" for name in _FILES} if place else set()
    outside = sorted(file.path for file in files if file.path not in own)
    if pull.base_branch != base:
        return place, f"it goes to the branch `{pull.base_branch}`, and entries go to `{base}`."
    if pull.changed_files != len(files):
        return place, f"it changes {pull.changed_files} files and GitHub lists {len(files)} of them."
    if place is None:
        return (
            place,
            "its folder is not named collection/entries/<id>/<version> with lower-case letters, digits, dots and hyphens.",
        )
    if outside:
        more = f" and {len(outside) - _NAMED} more" if len(outside) > _NAMED else ""
        return place, f"it touches {', '.join(f'`{path}`' for path in outside[:_NAMED])}{more} beside its own entry."
    moved = [file for file in files if file.status not in {"added", "modified"}]
    if moved:
        return place, f"it has `{moved[0].path}` {moved[0].status}."
    return place, ""


def _content(desk: Desk, pull: Pull, place: Place | None, trespass: str) -> tuple[Content, str]:
    """What stands in the folder at the head; anything but plain files is for human eyes."""
    if place is None:
        return Content(None, None), trespass
    found = {
        file.path.removeprefix(f"{place.folder}/"): file for file in desk.github.folder(pull.head_sha, place.folder)
    }
    odd = sorted(file.path for file in found.values() if file.mode != _PLAIN)
    if odd and not trespass:
        trespass = f"`{odd[0]}` is not a plain file (a link, a submodule or an executable)."
    rdf, entry = found.get("rdf.yaml"), found.get("entry.yaml")
    if rdf is None and not trespass:
        trespass = f"`{place.folder}/rdf.yaml` is missing."
    return Content(rdf.sha if rdf else None, entry.sha if entry else None), trespass


def _foreign_id(desk: Desk, place: Place) -> str:
    """A hand-made entry may use an id that its own concept owns, or a free one."""
    owner, (_, concept) = id_owner(desk.github, place.id), source_of(desk, place)
    if owner is None or owner == concept:
        return ""
    return f"the id `{place.id}` belongs to another upload."


def _source_key(pull: Pull, place: Place | None, *, own: bool) -> str:
    if own:
        return naming.source_key(pull.head_branch)
    return place.folder if place else ""


def _newer(desk: Desk, pull: Pull, place: Place | None) -> int | None:
    """An open pull request of ours with a later upload of the same concept; the archive's record ids only grow."""
    owner, prefix = desk.repository.partition("/")[0], naming.concept_prefix(pull.head_branch)
    branches = (name for name in desk.github.branches(prefix) if name != pull.head_branch)
    others = (p.number for name in branches for p in desk.github.pulls(state="open", head=f"{owner}:{name}"))
    versions = {number: _version(desk, number) for number in others}
    here = _number(place.version) if place else 0
    return max((number for number, version in versions.items() if version > here), default=None)


def _version(desk: Desk, number: int) -> int:
    places = (naming.place_of(file.path) for file in desk.github.pull_files(number))
    return max((_number(place.version) for place in places if place), default=0)


def _number(version: str) -> int:
    return int(version) if version.isdigit() else 0


def _commands(
    desk: Desk, comments: Iterable[IssueComment], policy: Policy, state: State | None, checked: Checked | None
) -> tuple[Command, ...]:
    """Commands on a line of their own, by anybody but us; who may is decided on numeric ids and on the RDF's maintainers."""
    viewer = desk.github.viewer().user.id
    people = {person.id for person in policy.people}
    mentioned, maintainers = _named(state, checked)
    found = []
    for comment in comments:
        command = None if comment.author.id == viewer else _COMMAND.search(comment.body.replace("\r\n", "\n"))
        if command:
            login = comment.author.login
            named = login.lower() in {APPLY: maintainers, OK_TO_BUILD: frozenset[str]()}.get(command[1], mentioned)
            may = comment.author.id in people or named
            found.append(Command(comment.id, command[1], login, may, command[2], comment.created_at, named))
    return tuple(found)


def _named(state: State | None, checked: Checked | None) -> tuple[frozenset[str], frozenset[str]]:
    """Who may ask for a check, and who for a correction, in lower case.

    Without the check at hand everybody named in the RDF may seem to be a maintainer: the check is made before that counts.
    """
    mentioned = checked.mentions if checked else state.mentioned if state else ()
    maintainers = (*mentioned, *checked.maintainers) if checked else state.excluded if state else ()
    return frozenset(map(str.lower, mentioned)), frozenset(map(str.lower, maintainers))


def writers(desk: Desk, logins: Iterable[str]) -> tuple[str, ...]:
    """Those of them who have write access now; read without cache, right before a merge."""
    return tuple(login for login in logins if desk.github.permission(login) in WRITERS)
