"""A pull request in memory: what each action does to the facts, without doors."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.feedback.labels import with_stage
from bot.feedback.memory import next_state
from bot.records import decision as do
from bot.records.evidence import wanted
from bot.records.facts import Content
from bot.records.github import StatusMark
from bot.records.reminder import Reminder
from bot.records.suggestions import Applied, Block
from bot.review.decision import decide_pull, mark_id
from tests.fakes.facts import BOT, MARK, checked, comment, facts, verdict
from tests.fakes.failing import failing_report

if TYPE_CHECKING:
    from bot.records.facts import PullFacts
    from bot.records.github import IssueComment
    from bot.records.verdict import Report

ROUNDS = 12


@dataclass
class Sim:
    """`truth` says what a check of a content finds; `told` are mails by key, as a mailbox folds them."""

    seen: PullFacts = field(default_factory=facts)
    truth: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    reminded: list[str] = field(default_factory=list)
    nudges: list[str] = field(default_factory=list)
    rebuilt: int = 0
    open: dict[int, bool] = field(default_factory=dict)
    """Whether the thread of a block is open, by the block's comment."""
    applied: list[int] = field(default_factory=list)
    checks: int = 0
    pictured: bool = False
    """A failed check has a picture and tensors to show."""
    evicted: bool = False
    """The work side has them no more."""
    published: list[tuple[str, ...]] = field(default_factory=list)

    def settle(self) -> int:
        """Observe, decide, act until only `Wait` is left; the number of rounds, 0 for never."""
        for number in range(1, ROUNDS + 1):
            actions = decide_pull(self.seen)
            if self.step(actions):
                return number
        return 0

    def step(self, actions: tuple[do.Action, ...], *, crash_after: int | None = None) -> bool:
        """All actions (or the first few, then the process dies) of one look; true when there was nothing to do."""
        look = self.seen
        for action in actions[:crash_after]:
            self.apply(action, look)
        return all(isinstance(action, do.Wait) for action in actions)

    def apply(self, action: do.Action, look: PullFacts) -> None:  # noqa: C901, PLR0912, PLR0915  (one case for each action)
        now = self.seen
        match action:
            case do.RunChecks():
                self.seen = replace(now, checked=self._check(look, action))
            case do.PostReport():
                self.seen = replace(now, state=next_state(look, action), comment=self._posted(look), intact=True)
            case do.Tell(keys):
                self.told |= set(keys)
            case do.SetStage(stage):
                self.pull(labels=frozenset(with_stage(look.pull.labels, stage)))
            case do.MarkCommit():
                if look.checked:
                    newest = max((mark.id for mark in now.marks), default=MARK - 1)
                    mark = StatusMark(look.pull.head_sha, "success", "", "", mark_id(look), newest + 1)
                    self.seen = replace(now, marks=(*now.marks, mark), rerun=0)
            case do.Remind(key):
                self.reminded.append(key)
                first = max((900, *(one.comment for one in now.reminders))) + 1
                self.seen = replace(now, reminders=(*now.reminders, Reminder(first, key, look.today)))
            case do.Remember(keys, reminded):
                assert now.state is not None
                at = reminded.isoformat() if reminded else now.state.reminded
                self.seen = replace(now, state=replace(now.state, told=(*now.state.told, *keys), reminded=at))
            case do.Nudge(key):
                self.nudges.append(key)
                self.seen = replace(now, nudged=now.nudged | {key})
            case do.Reply(key):
                self.seen = replace(now, nudged=now.nudged | {key})
            case do.AllowBuild(_, content):
                assert now.state is not None
                key = hashlib.sha256(f"{now.check_key}{content}".encode()).hexdigest()
                self.seen = replace(
                    now, state=replace(now.state, build=content), check_key=key, checked=None, marks=(), rerun=0
                )
            case do.PublishEvidence(paths):
                self.published.append(paths)
                gone = {exhibit.sha256 for exhibit in wanted(look) if exhibit.path in paths} if self.evicted else set()
                there = frozenset() if self.evicted else frozenset(paths)
                self.seen = replace(
                    now, evidence=now.evidence | there, evidence_lost=now.evidence_lost | frozenset(gone)
                )
            case do.Suggest() | do.SettleThreads() | do.DropBlocks() | do.Apply():
                self._on_lines(action, look)
            case do.RestoreEntry():
                assert look.checked is not None
                self.head(entry=look.checked.entry_sha)
            case do.DropDuplicates(comments):
                left = tuple(one for one in now.reminders if one.comment not in comments)
                self.seen = replace(now, duplicates=(), reminders=left)
            case do.Merge(sha):
                if now.pull.head_sha == sha and now.pull.mergeable and now.pull.state == "open":
                    self.pull(state="closed", merged=True)
                    self.seen = replace(self.seen, branch_left=now.own)
            case do.Close():
                self.pull(state="closed", closed_by=BOT)
                self.seen = replace(self.seen, branch_left=now.own)
            case do.DeleteBranch():
                self.seen = replace(now, branch_left=False)
            case do.RebuildCollection():
                self.rebuilt += 1
            case do.Wait():
                pass

    def _posted(self, look: PullFacts) -> IssueComment:
        return replace(self.seen.comment or comment(), updated_at=look.now)

    def _on_lines(self, action: do.Action, look: PullFacts) -> None:
        now = self.seen
        match action:
            case do.Suggest(keys):
                first = max((block.comment for block in now.blocks), default=900)
                made = tuple(Block(first + n, key) for n, key in enumerate(keys, 1))
                self.open |= {block.comment: True for block in made}
                self.seen = replace(now, blocks=(*now.blocks, *made))
            case do.SettleThreads(wanted, name):
                self.open |= {block.comment: block.key in wanted for block in look.blocks}
                self.seen = replace(now, threads_settled=name)
            case do.DropBlocks(comments):
                self.seen = replace(now, blocks=tuple(b for b in now.blocks if b.comment not in comments))
            case do.Apply(command):
                self.applied.append(command.comment)
                self.head(content=hashlib.sha256(f"{now.check_key}{command.comment}".encode()).hexdigest())
                self.seen = replace(self.seen, applied=(*now.applied, Applied(command.comment, ((1, 1),))))

    def pull(self, **changes: object) -> None:
        self.seen = replace(self.seen, pull=replace(self.seen.pull, **changes))

    def head(self, *, content: str | None = None, entry: str | None = None) -> None:
        """A push: a new head, other content, or another entry.yaml; what was checked is found under its key."""
        now = self.seen
        sha = hashlib.sha1(f"{now.pull.head_sha}{content}{entry}".encode()).hexdigest()
        self.pull(head_sha=sha)
        self.seen = replace(self.seen, marks=(), rerun=0)
        if entry is not None:
            self.seen = replace(self.seen, content=Content(now.content.rdf, entry))
        if content is not None and content != now.check_key:
            self.seen = replace(
                self.seen, check_key=content, checked=None, content=Content(content[:40], now.content.entry)
            )

    def lose_database(self) -> None:
        self.seen = replace(self.seen, checked=None)

    def press(self) -> None:
        """Somebody presses "Re-run", where there is a button."""
        if self.seen.pull.state == "open" and self.seen.marks:
            self.seen = replace(self.seen, rerun=max(mark.id for mark in self.seen.marks))

    def later(self, seconds: int = 3600) -> None:
        self.seen = replace(self.seen, now=self.seen.now + timedelta(seconds=seconds))

    def _check(self, look: PullFacts, asked: do.RunChecks) -> object:
        """As `check_pull` keeps it."""
        self.checks += 1
        outcome = self.truth.get(look.check_key, "passed")
        before = look.checked
        tried = (
            before.attempts
            if before
            else look.state.attempts
            if look.state and look.state.check_key == look.check_key
            else 0
        )
        attempts = (0 if asked != do.RunChecks() else tried) + 1 if outcome == "errored" else 0
        retry_at = (look.now + timedelta(minutes=1)).isoformat() if 0 < attempts < 3 else ""
        return checked(
            outcome,
            report=self._report(outcome, look),
            attempts=attempts,
            retry_at=retry_at,
            answered=max(asked.answers, before.answered if before else 0),
            reran=max(asked.rerun, before.reran if before else 0),
        )

    def _report(self, outcome: str, look: PullFacts) -> Report:
        made = failing_report() if self.pictured and outcome == "failed" else verdict(outcome)
        return replace(made, content_hash=look.check_key)


def after(moment: str) -> datetime:
    """A moment at which a review given after reading the report was submitted."""
    return datetime.fromisoformat(moment) + timedelta(seconds=5)
