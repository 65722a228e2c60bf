"""Do what was decided about a pull request. Each action looks before it writes; doing it twice is doing it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import TYPE_CHECKING

import structlog

from bot.corridor import line_suggestions, merges_refused, outbox, publish_evidence
from bot.corridor.allow_build import allow_build
from bot.corridor.apply_suggestions import apply_suggestions
from bot.corridor.check_pull import check_pull, source_of
from bot.corridor.observe_pull import observe_pull, writers
from bot.feedback.annotations import line_notes, mark
from bot.feedback.comment import LIMIT, ReportView, report_comment
from bot.feedback.gallery import gallery
from bot.feedback.labels import with_stage
from bot.feedback.memory import next_state
from bot.feedback.state_block import remember, seal
from bot.proposal.open_pull_request import reserve_by_hand
from bot.records import decision as do
from bot.review.decision import decide_pull, mark_id
from bot.review.replies import followed_key
from bot.review.verdict import approvals
from bot.words import reminding, sentences

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.facts import PullFacts
    from bot.records.github import Pull
    from bot.records.stage import Stage

_LONGEST = 65_536
"""Characters of a comment (https://docs.github.com/rest/issues/comments)."""

_NOBODY_HEARS = timedelta(days=1)

log = structlog.get_logger()


@singledispatch
def act(action: do.Action, desk: Desk, facts: PullFacts) -> None:
    """Do one action on the pull request that the facts are about; a kind without a function below is a mistake of ours."""
    raise NotImplementedError(action, desk, facts)


@act.register(do.RunChecks)
def _run_checks(action: do.RunChecks, desk: Desk, facts: PullFacts) -> None:
    check_pull(desk, facts, action)


@act.register(do.PostReport)
def _post_report(action: do.PostReport, desk: Desk, facts: PullFacts) -> None:
    """Make the one comment say this."""
    state, where = next_state(facts, action), desk.where(facts.pull.number)
    room = min(LIMIT, _LONGEST - len(seal("", state, desk.state_key, where)))
    body = seal(_text(facts, action, room), state, desk.state_key, where)
    if facts.comment is None:
        desk.github.create_comment(facts.pull.number, body)
    elif facts.comment.body != body:
        desk.github.edit_comment(facts.comment.id, body)


def _text(facts: PullFacts, action: do.PostReport, room: int) -> str:
    checked, state = facts.checked, facts.state
    view = ReportView(
        place=facts.place,
        stage=action.stage,
        wait=action.wait,
        report=checked.report if checked else None,
        mentions=checked.mentions if checked else state.mentioned if state else (),
        source=checked.source if checked else None,
        checks_url=checks_url(facts.pull),
        notes=checked.notes if checked else (),
        evidence=None if checked or facts.comment is None or not facts.intact else facts.comment.body,
        room=room,
        local=facts.local,
        gallery=gallery(facts),
    )
    return report_comment(view).text


@act.register(do.Tell)
def _tell(action: do.Tell, desk: Desk, facts: PullFacts) -> None:
    outbox.tell(desk, facts, action)


@act.register(do.SetStage)
def _set_stage(action: do.SetStage, desk: Desk, facts: PullFacts) -> None:
    """Not while a mail is owed that the store alone knows of, and the store does not last: the label says that people were told.

    After a day in this stage it is set nevertheless, or a channel that is dead for good would keep it off for ever.
    """
    if not desk.lasting and outbox.undelivered(desk, facts.pull.number) and not _waited_long(facts, action.stage):
        return
    desk.github.set_labels(facts.pull.number, with_stage(facts.pull.labels, action.stage))


def _waited_long(facts: PullFacts, stage: Stage) -> bool:
    """An end is as old as the comment that says it: its state remembers the turn before, and it is not edited any more."""
    state, comment = facts.state, facts.comment
    if state is None or comment is None or state.stage != stage.value:
        return False
    began = comment.updated_at if stage.final else datetime.fromisoformat(state.since) if state.since else facts.today
    return facts.today - began > _NOBODY_HEARS


@act.register(do.MarkCommit)
def _mark_commit(_action: do.MarkCommit, desk: Desk, facts: PullFacts) -> None:
    if facts.checked is None or facts.place is None:
        return
    found = line_notes(facts.checked.report, facts.place)
    made = mark(facts.checked.report, facts.pull.head_sha, mark_id(facts))
    desk.github.create_mark(made, found, url=facts.pull.url)


@act.register(do.Nudge)
def _nudge(action: do.Nudge, desk: Desk, facts: PullFacts) -> None:
    mentions = facts.checked.mentions if facts.checked else facts.state.mentioned if facts.state else ()
    said = sentences.nudge(action.key, action.stage, mentions)
    desk.github.create_comment(facts.pull.number, f"{said.text}\n\n{said.marker}")


@act.register(do.Remind)
def _remind(action: do.Remind, desk: Desk, facts: PullFacts) -> None:
    said = reminding.reminder(action.key, action.whom, action.mentions, action.which, action.closes)
    desk.github.create_comment(facts.pull.number, f"{said.text}\n\n{said.marker}")


@act.register(do.Remember)
def _remember(action: do.Remember, desk: Desk, facts: PullFacts) -> None:
    """The visible text stays, so that nobody is notified."""
    state, comment = facts.state, facts.comment
    if state is None or comment is None or set(action.keys) <= set(state.told):
        return
    reminded = action.reminded.isoformat() if action.reminded else state.reminded
    after = replace(state, told=(*state.told, *action.keys), reminded=reminded)
    body = remember(comment.body, after, desk.state_key, desk.where(facts.pull.number))
    desk.github.edit_comment(comment.id, body)


@act.register(do.Suggest)
def _suggest(action: do.Suggest, desk: Desk, facts: PullFacts) -> None:
    line_suggestions.post(desk, facts, action)


@act.register(do.SettleThreads)
def _settle_threads(action: do.SettleThreads, desk: Desk, facts: PullFacts) -> None:
    line_suggestions.settle(desk, facts, action)


@act.register(do.DropBlocks)
def _drop_blocks(action: do.DropBlocks, desk: Desk, _facts: PullFacts) -> None:
    for comment in action.comments:
        desk.github.delete_review_comment(comment)


@act.register(do.PublishEvidence)
def _publish_evidence(action: do.PublishEvidence, desk: Desk, facts: PullFacts) -> None:
    publish_evidence.publish(desk, facts, action)


@act.register(do.Apply)
def _apply(action: do.Apply, desk: Desk, facts: PullFacts) -> None:
    answer = apply_suggestions(desk, facts, action)
    if answer:
        _reply(do.Reply(followed_key(action.command.comment), answer), desk, facts)


@act.register(do.AllowBuild)
def _allow_build(action: do.AllowBuild, desk: Desk, facts: PullFacts) -> None:
    answer = allow_build(desk, facts, action)
    if answer:
        _reply(do.Reply(followed_key(action.command.comment), answer), desk, facts)


@act.register(do.Reply)
def _reply(action: do.Reply, desk: Desk, facts: PullFacts) -> None:
    said = sentences.reply(action.key, action.text)
    desk.github.create_comment(facts.pull.number, f"{said.text}\n\n{said.marker}")


@act.register(do.RestoreEntry)
def _restore_entry(_action: do.RestoreEntry, desk: Desk, facts: PullFacts) -> None:
    if facts.checked is None or facts.place is None:
        return
    path = f"{facts.place.folder}/entry.yaml"
    message = f"Derive entry.yaml of {facts.place.id} {facts.place.version}"
    desk.github.put_file(
        branch=facts.pull.head_branch, path=path, content=facts.checked.entry, message=message, old=facts.content.entry
    )


@act.register(do.DropDuplicates)
def _drop_duplicates(action: do.DropDuplicates, desk: Desk, _facts: PullFacts) -> None:
    for comment in action.comments:
        desk.github.delete_comment(comment)


@act.register(do.Merge)
def _merge_pull(action: do.Merge, desk: Desk, facts: PullFacts) -> None:
    """Everything that the merge stands on is read again, without cache, right before it."""
    fresh = observe_pull(desk, facts.pull.number, fresh=True)
    if fresh is None or action not in decide_pull(fresh):
        return
    reason = _hindrance(desk, fresh)
    if not reason:
        place = fresh.place
        title = f"Accept {place.id} {place.version} (#{facts.pull.number})" if place else f"Accept #{facts.pull.number}"
        merge = desk.github.merge(facts.pull.number, sha=action.sha, title=title)
        reason = "" if merge.merged else merge.reason
    if reason:
        merges_refused.keep(desk, facts.pull.number, action.sha, reason)
    log.info("merge_refused" if reason else "pull_merged", pull=facts.pull.number, sha=action.sha, reason=reason)


def _hindrance(desk: Desk, facts: PullFacts) -> str:
    """What the facts cannot show: whether the approvers may write, and whether the id is still to be had."""
    judged, place = approvals(facts), facts.place
    if len(writers(desk, judged.by)) < facts.policy.approvals:
        return "an approver has no write access to the repository."
    if place and not facts.own and not reserve_by_hand(desk.github, place, source_of(desk, place)[1]):
        return f"the id {place.id} was taken meanwhile."
    return ""


@act.register(do.Close)
def _close_pull(_action: do.Close, desk: Desk, facts: PullFacts) -> None:
    desk.github.close_pull(facts.pull.number)


@act.register(do.DeleteBranch)
def _delete_branch(_action: do.DeleteBranch, desk: Desk, facts: PullFacts) -> None:
    desk.github.delete_ref(f"heads/{facts.pull.head_branch}")


@act.register(do.Wait)
def _wait(_action: do.Wait, _desk: Desk, _facts: PullFacts) -> None:
    """Nothing; the reason is for `status` and the log."""


def checks_url(pull: Pull) -> str:
    """Where GitHub shows all checks of a pull request."""
    return f"{pull.url}/checks"
