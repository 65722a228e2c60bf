"""The page of one pull request."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.world.github.acts.mergeability import base_tip, mergeable
from tests.world.github.acts.thread_lines import lines_now
from tests.world.github.records import CheckRun, Comment, Label, Review, ReviewComment, Status, User
from tests.world.github.shapes.pulls import thread
from tests.world.github.web import layout
from tests.world.github.web.diff import coloured
from tests.world.github.web.markdown import render

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Issue, Pull

SHOWN_COMMITS = 100


def state(issue: Issue, pull: Pull | None) -> str:
    word = "merged" if pull and pull.merged is not None else issue.state
    return f'<span class="state {word}">{word}</span>'


def stickers(core: Core, issue: Issue) -> str:
    known = {label.name: label for label in core.store.group(Label, issue.group)}
    return "".join(layout.label(known[name]) for name in issue.labels if name in known)


def page(core: Core, pull: Pull, problem: str = "") -> str:
    """The whole conversation, what was checked, what would change, and the form to act."""
    issue = thread(core, pull)
    warning = f'<p class="problem">{escape(problem)}</p>' if problem else ""
    into = f"<code>{escape(pull.head_repo)}:{escape(pull.head_ref)}</code> → <code>{escape(pull.base_ref)}</code>"
    return "".join(
        [
            warning,
            f"<h1>{escape(issue.title)} <small>#{pull.number}</small></h1>",
            f"<p>{state(issue, pull)} {stickers(core, issue)}</p><p><b>{escape(issue.user)}</b> wants {into}</p>",
            layout.said(issue.user, "wrote", issue.created, issue.body or ""),
            conversation(core, pull),
            "<h2>Checks</h2>" + checks(core, pull),
            form(core, pull, issue),
            "<h2>Commits</h2>" + commits(core, pull),
            "<h2>Files changed</h2>" + coloured(core, pull),
        ]
    )


def conversation(core: Core, pull: Pull) -> str:
    parts: list[tuple[float, str]] = []
    for comment in core.store.group(Comment, pull.key):
        html = layout.said(comment.user, "commented", comment.created, comment.body, f"issuecomment-{comment.id}")
        if comment.minimized:
            html = f"<details><summary>Hidden as {escape(comment.minimized)}</summary>{html}</details>"
        parts.append((comment.created, html))
    for review in core.store.group(Review, pull.key):
        if review.submitted is not None:
            verb = f"reviewed: {review.state.replace('_', ' ').lower()} ({review.commit_id[:7]})"
            parts.append((review.submitted, layout.said(review.user, verb, review.submitted, review.body)))
    for note in core.store.group(ReviewComment, pull.key):
        outdated = " (outdated)" if note.line and lines_now(core, pull, note) is None else ""
        lines = f"{note.start_line}-{note.line}" if note.start_line else str(note.line or "-")
        verb = f"commented on {note.path} line {lines}{outdated}" + (" (resolved)" if note.resolved else "")
        parts.append((note.created, layout.said(note.user, verb, note.created, note.body, f"discussion_r{note.id}")))
    return "".join(html for _, html in sorted(parts, key=lambda part: part[0]))


def checks(core: Core, pull: Pull) -> str:
    key = (pull.repo.lower(), pull.head_sha)
    lines = [check(run) for run in core.store.group(CheckRun, key)]
    latest = {status.context: status for status in core.store.group(Status, key)}
    lines += [
        f'<b class="{status.state}">{status.state}</b> {escape(status.context)}: {escape(status.description or "")}'
        for status in latest.values()
    ]
    return layout.items(lines) if lines else "<p>Nothing has reported on this commit.</p>"


def check(run: CheckRun) -> str:
    word = run.conclusion or run.status
    notes = "".join(annotation(item) for item in run.annotations)
    table = f"<table><tr><th>where</th><th>level</th><th>message</th></tr>{notes}</table>" if notes else ""
    text = f"<p><b>{escape(run.title or '')}</b></p>{render(run.summary or '')}{render(run.text or '')}{table}"
    return f'<details><summary><b class="{word}">{word}</b> {escape(run.name)}</summary>{text}</details>'


def annotation(item: dict[str, object]) -> str:
    where = f"{item['path']}:{item['start_line']}"
    level, message = str(item["annotation_level"]), str(item["message"])
    return (
        f'<tr><td>{escape(where)}</td><td class="{escape(level)}">{escape(level)}</td><td>{escape(message)}</td></tr>'
    )


def commits(core: Core, pull: Pull) -> str:
    git = core.git(pull.repo)
    lines = []
    for commit in git.history(pull.head_sha, hide=base_tip(core, pull)):
        first = commit.message.split("\n", 1)[0]
        lines.append(f"<code>{str(commit.id)[:7]}</code> {escape(first)} <i>{escape(commit.author.name)}</i>")
        if len(lines) == SHOWN_COMMITS:
            break
    return layout.items(reversed(lines))


def form(core: Core, pull: Pull, issue: Issue) -> str:
    """The buttons, for whoever plays a person."""
    people = sorted({user.login for user in core.store.all(User) if user.type == "User"})
    options = "".join(f"<option>{escape(login)}</option>" for login in people)
    buttons = [("comment", "Comment", "")]
    if issue.state == "open":
        merge = "" if mergeable(core, pull) else " disabled"
        buttons += [("approve", "Approve", ' class="go"'), ("request_changes", "Request changes", ' class="no"')]
        buttons += [("close", "Close", ""), ("merge", "Merge", f' class="go"{merge}')]
    elif pull.merged is None:
        buttons.append(("reopen", "Reopen", ""))
    shown = "".join(f'<button name="act" value="{value}"{extra}>{text}</button>' for value, text, extra in buttons)
    body = (
        f'<form method="post"><p><label>act as: <select name="login">{options}</select></label></p>'
        f'<p><textarea name="body" aria-label="text"></textarea></p><p>{shown}</p></form>'
    )
    return "<h2>Act</h2>" + layout.box("Play a person", body, "act")
