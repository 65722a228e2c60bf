"""From facts to actions: what becomes of a pull request. Pure, and the only place that decides.

Actions are named in the order they are done. An observation after they are done decides `Wait` alone, so that any order and
repetition of events ends in the same world.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.digests import digest
from bot.records.decision import (
    Action,
    Close,
    DeleteBranch,
    DropDuplicates,
    MarkCommit,
    Merge,
    Nudge,
    PostReport,
    RebuildCollection,
    Reply,
    RestoreEntry,
    RunChecks,
    SetStage,
    Tell,
    Wait,
)
from bot.records.stage import STAGE_LABELS, Stage
from bot.records.suggestions import offered
from bot.review.applying import apply_due
from bot.review.blocks import settle, suggest
from bot.review.building import awaits, build_due
from bot.review.evidence import evidence, forgotten
from bot.review.reminding import closed_as_stale, reminding
from bot.review.replies import replies
from bot.review.verdict import approvals
from bot.words import building, sentences
from bot.words.reminding import done_stale

if TYPE_CHECKING:
    from bot.records.facts import PullFacts

MOST_ATTEMPTS = 3
_LONGEST_PAUSE = timedelta(minutes=15)
"""More than any pause between two tries."""
_SHORT = 12
_MAILED = {Stage.AWAITING_REVIEW, Stage.BLOCKED, Stage.MERGED}
_NUDGE = "nudge:"


def decide_pull(facts: PullFacts) -> tuple[Action, ...]:
    """Every action that is due now, in order; `Wait` at the end says what it waits for, and until when."""
    return reminding(facts, _decided(facts))


def _decided(facts: PullFacts) -> tuple[Action, ...]:
    first: tuple[Action, ...] = (DropDuplicates(facts.duplicates),) if facts.duplicates else ()
    if facts.pull.merged:
        return first + _merged(facts)
    if facts.pull.state == "closed":
        return first + _closed(facts)
    asked = (*build_due(facts), *apply_due(facts))
    said = tuple(action for action in asked if isinstance(action, Reply))
    return first + replies(facts) + said + _open(facts, tuple(action for action in asked if action not in said))


def mark_id(facts: PullFacts) -> str:
    """The name of a verdict on a commit: a re-check of other content is another mark."""
    return facts.check_key[:_SHORT]


def _merged(facts: PullFacts) -> tuple[Action, ...]:
    place = facts.place
    wait = sentences.done_merged(place.id, place.version) if place else ""
    new = facts.state is None or facts.state.stage != Stage.MERGED.value
    rebuild: tuple[Action, ...] = (RebuildCollection(),) if new else ()
    return (*rebuild, *_finish(facts, Stage.MERGED, wait), Wait(wait))


def _closed(facts: PullFacts) -> tuple[Action, ...]:
    closer = facts.pull.closed_by
    if closer and closer.id == facts.viewer and facts.newer is None and closed_as_stale(facts):
        return (*_say(facts, Stage.WITHDRAWN, done_stale()), Wait("withdrawn"))
    if closer and closer.id == facts.viewer:
        return (*_finish(facts, Stage.SUPERSEDED, sentences.done_superseded(facts.newer)), Wait("superseded"))
    login = closer.login if closer else "ghost"
    if closer and closer.id in {person.id for person in facts.policy.people}:
        return (*_say(facts, Stage.DECLINED, sentences.done_declined(login)), Wait("declined"))
    return (*_say(facts, Stage.WITHDRAWN, sentences.done_withdrawn(login)), Wait("withdrawn"))


def _finish(facts: PullFacts, stage: Stage, wait: str) -> tuple[Action, ...]:
    """The last words, our branch away, and the label last of all: it says that nothing is left to do."""
    say = _say(facts, stage, wait)
    branch = (DeleteBranch(),) if facts.own and facts.branch_left else ()
    label = tuple(action for action in say if isinstance(action, SetStage))
    return (*(action for action in say if action not in label), *branch, *label)


def _open(facts: PullFacts, commanded: tuple[Action, ...]) -> tuple[Action, ...]:
    if facts.newer is not None and facts.own:
        return (Close("superseded"),)
    if facts.trespass:
        return _blocked(facts, sentences.wait_human(facts.trespass))
    if commanded:
        return commanded
    asked = _asked(facts)
    if asked != RunChecks():
        return (asked,)
    outcome = _outcome(facts)
    if outcome is None:
        return (RunChecks(),)
    if outcome == "errored":
        return _errored(facts)
    if not _renderable(facts) or _unmarked_and_lost(facts) or forgotten(facts):
        return (RunChecks(),)
    restore = _restore(facts)
    if restore is not None:
        return restore
    return _failed(facts) if outcome == "failed" else _passed(facts)


def _failed(facts: PullFacts) -> tuple[Action, ...]:
    """The contributor's turn, unless the only thing missing is a maintainer's word."""
    if awaits(facts) == "all":
        return _told(facts, Stage.BLOCKED, building.wait_build())
    return _told(facts, Stage.NEEDS_CHANGES, sentences.wait_changes())


def _asked(facts: PullFacts) -> RunChecks:
    """What was not answered yet: the newest allowed `/accession recheck`, and "Re-run"; one check answers both."""
    answered = max(facts.state.answered if facts.state else 0, facts.checked.answered if facts.checked else 0)
    due = [c.comment for c in facts.commands if c.name == "recheck" and c.may and c.comment > answered]
    reran = facts.checked.reran if facts.checked else 0
    return RunChecks(max(due, default=0), facts.rerun if facts.rerun > reran else 0)


def _outcome(facts: PullFacts) -> str | None:
    """The verdict on what stands at the head, from the local store or from the signed state; None when there is none."""
    if facts.checked is not None:
        return facts.checked.report.outcome
    if facts.state is not None and facts.state.check_key == facts.check_key and facts.state.outcome:
        return facts.state.outcome
    return None


def _renderable(facts: PullFacts) -> bool:
    """The evidence is at hand, or stands unaltered in the comment."""
    return facts.checked is not None or facts.intact


def _unmarked_and_lost(facts: PullFacts) -> bool:
    return facts.checked is None and not _marked(facts)


def _marked(facts: PullFacts) -> bool:
    wanted = mark_id(facts)
    return any(mark.external_id == wanted and mark.sha == facts.pull.head_sha for mark in facts.marks)


def _mark(facts: PullFacts) -> tuple[Action, ...]:
    """Also where nobody waits for it: a protected branch may. "Re-run" is answered by one more, and ends with it."""
    return () if _marked(facts) and not facts.rerun else (MarkCommit(),)


def _errored(facts: PullFacts) -> tuple[Action, ...]:
    """Ours: three tries with growing pauses, then a human is asked."""
    attempts = facts.checked.attempts if facts.checked else facts.state.attempts if facts.state else 0
    if attempts >= MOST_ATTEMPTS:
        return _blocked(facts, sentences.wait_exhausted(MOST_ATTEMPTS))
    retry_at = facts.checked.retry_at if facts.checked else facts.state.retry_at if facts.state else ""
    until = datetime.fromisoformat(retry_at) if retry_at else facts.now
    if not facts.now < until <= facts.now + _LONGEST_PAUSE:  # farther ahead it was set before our clock went back
        return (RunChecks(),)
    wait = sentences.wait_checking(attempts, MOST_ATTEMPTS, until.strftime("%H:%M"))
    return (*_say(facts, Stage.CHECKING, wait), Wait(wait, until))


def _blocked(facts: PullFacts, wait: str) -> tuple[Action, ...]:
    """There may be nothing to mark, so the mail goes before the comment: the comment says that it was sent."""
    say = _say(facts, Stage.BLOCKED, wait)
    tell = tuple(action for action in say if isinstance(action, Tell) and not _stands(facts, Stage.BLOCKED, wait))
    return (*tell, *(action for action in say if not isinstance(action, Tell)), Wait(wait))


def _restore(facts: PullFacts) -> tuple[Action, ...] | None:
    """entry.yaml is the bot's: on its own branch it is written again, elsewhere the contributor is asked to drop it."""
    expected = facts.checked.entry_sha if facts.checked else facts.state.entry_sha if facts.state else ""
    if facts.content.entry == expected or not expected:
        return None
    if facts.own:
        return (RestoreEntry(),) if facts.checked else (RunChecks(),)
    if facts.content.entry is None:
        return None
    return _told(facts, Stage.NEEDS_CHANGES, sentences.wait_entry())


def _passed(facts: PullFacts) -> tuple[Action, ...]:
    judged = approvals(facts)
    if judged.against:
        return _told(facts, Stage.NEEDS_CHANGES, sentences.wait_changes(judged.against))
    if facts.pull.mergeable is False:
        return _told(facts, Stage.BLOCKED, sentences.wait_conflict())
    if len(judged.by) < facts.policy.approvals:
        refused = dict(judged.refused)
        return _told(facts, Stage.AWAITING_REVIEW, sentences.wait_review(facts.policy, len(judged.by), refused))
    if facts.merge_refused:
        return _told(facts, Stage.APPROVED, sentences.wait_refused(facts.merge_refused))
    if facts.pull.mergeable is None:
        return (Wait(sentences.wait_merging(), facts.now),)
    return (*settle(facts, approved=True), *_mark(facts), Merge(facts.pull.head_sha))


def _told(facts: PullFacts, stage: Stage, wait: str) -> tuple[Action, ...]:
    """Comment, suggestions on the lines, label, mark, and the short comment where somebody has to act again."""
    say = _say(facts, stage, wait, again=facts.rerun != 0)
    first = tuple(action for action in say if isinstance(action, PostReport))
    blocks = (*suggest(facts), *settle(facts, approved=stage is Stage.APPROVED))
    shown = () if first else evidence(facts, stage, wait)
    return (*first, *blocks, *say[len(first) :], *_mark(facts), *_nudges(facts, stage), *shown, Wait(wait))


def _say(facts: PullFacts, stage: Stage, wait: str, *, again: bool = False) -> tuple[Action, ...]:
    """The comment, the mails and the label, each only where something would change; `again`: the comment may have to."""
    stands = _stands(facts, stage, wait)
    labelled = facts.pull.labels & STAGE_LABELS == {stage.value}
    mails, nudges = _mails(facts, stage), _due_nudges(facts, stage)
    told = set(facts.state.told) if facts.state else set()
    new = tuple(key for key in (*mails, *nudges) if key not in told)
    actions: list[Action] = [] if stands and not again else [PostReport(stage, wait, new)]
    if mails and not (stands and labelled and (stage.final or _marked(facts))):
        actions.append(Tell(mails, stage, wait))
    return (*actions,) if labelled else (*actions, SetStage(stage))


def _stands(facts: PullFacts, stage: Stage, wait: str) -> bool:
    state = facts.state
    if state is None or facts.comment is None or not facts.intact:
        return False
    if facts.checked is not None and facts.checked.answered > state.answered and not stage.final:
        return False
    if facts.checked is not None and offered(facts.checked.report) != state.offered and not stage.final:
        return False
    same = state.stage == stage.value and state.wait == digest(wait)
    return same and (stage.final or (state.head == facts.pull.head_sha and state.check_key == facts.check_key))


def _mails(facts: PullFacts, stage: Stage) -> tuple[str, ...]:
    """The mail that goes with this stage and content: to act, or to know the end."""
    mentions = facts.checked.mentions if facts.checked else facts.state.mentioned if facts.state else ()
    if stage not in _MAILED and not (stage is Stage.NEEDS_CHANGES and not mentions):
        return ()
    return (f"mail:{stage.value}" if stage.final else f"mail:{stage.value}:{facts.check_key[:_SHORT]}",)


def _due_nudges(facts: PullFacts, stage: Stage) -> tuple[str, ...]:
    """The contributor's turn again, after other content: editing the report notifies nobody."""
    mentions = facts.checked.mentions if facts.checked else ()
    again = facts.state is not None and facts.state.check_key != facts.check_key
    return (f"{_NUDGE}{facts.check_key[:_SHORT]}",) if stage is Stage.NEEDS_CHANGES and again and mentions else ()


def _nudges(facts: PullFacts, stage: Stage) -> tuple[Action, ...]:
    """Nudges promised for this content that do not stand on the pull request yet; decided after the comment was posted."""
    if facts.state is None or stage is not Stage.NEEDS_CHANGES:
        return ()
    promised = (key.removeprefix(_NUDGE) for key in facts.state.told if key.startswith(_NUDGE))
    return tuple(Nudge(key, stage) for key in promised if key == facts.check_key[:_SHORT] and key not in facts.nudged)
