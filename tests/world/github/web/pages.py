"""The pages a person can look at and click in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.world.github.acts import comments, merging, reviews
from tests.world.github.acts import pulls as acts
from tests.world.github.auth import Actor, allows, human
from tests.world.github.errors import ApiError
from tests.world.github.git import TREE
from tests.world.github.records import Issue, Pull, Repository
from tests.world.github.routes import Routes
from tests.world.github.shapes.pulls import thread
from tests.world.github.web import layout
from tests.world.github.web import pull as pull_page
from tests.world.github.web.diff import unified

if TYPE_CHECKING:
    from tests.world.github.core import Core

pages = Routes(area="web")
REPO = "/<page_owner:owner>/<name>"
RAW_TYPES = {"png": "image/png", "zip": "application/zip"}
"""What the original serves as more than text; pictures in comments come from there."""


@pages.add("GET", "/")
def home(core: Core, request: Request) -> Response:
    lines = [f'<a href="/{repo.full_name}">{escape(repo.full_name)}</a>' for repo in core.store.all(Repository)]
    return layout.frame("Local GitHub", "<h1>Repositories</h1>" + layout.items(lines))


@pages.add("GET", REPO)
def repository(core: Core, request: Request, owner: str, name: str) -> Response:
    repo = core.find_repository(f"{owner}/{name}")
    if repo is None:
        return layout.missing()
    issues = core.store.group(Issue, repo.key)[::-1]
    groups = {
        "Open pull requests": [issue for issue in issues if issue.is_pull and issue.state == "open"],
        "Closed pull requests": [issue for issue in issues if issue.is_pull and issue.state == "closed"],
        "Issues": [issue for issue in issues if not issue.is_pull],
    }
    body = "".join(f"<h2>{title} ({len(found)})</h2>{_threads(core, found)}" for title, found in groups.items())
    tree = f'<p><a href="/{repo.full_name}/blob/{repo.default_branch}/">Files on {escape(repo.default_branch)}</a></p>'
    return layout.frame(repo.full_name, f"<h1>{escape(repo.full_name)}</h1>{tree}{body}", where=repo.full_name)


def _threads(core: Core, found: list[Issue]) -> str:
    return layout.items(
        f'{pull_page.state(issue, core.store.get(Pull, issue.key))} <a href="/{issue.repo}/'
        f'{"pull" if issue.is_pull else "issues"}/{issue.number}">{escape(issue.title)}</a> '
        f"#{issue.number} by {escape(issue.user)} {pull_page.stickers(core, issue)}"
        for issue in found
    )


@pages.add("GET", f"{REPO}/pull/<int:number>")
def pull(core: Core, request: Request, owner: str, name: str, number: int) -> Response:
    found = core.store.get(Pull, (f"{owner}/{name}".lower(), number))
    return _shown(core, found) if found else layout.missing()


def _shown(core: Core, found: Pull, problem: str = "") -> Response:
    title = f"{found.repo}#{found.number}"
    status = 422 if problem else 200
    return layout.frame(title, pull_page.page(core, found, problem), where=found.repo, status=status)


@pages.add("GET", f"{REPO}/pull/<int:number>.diff")
def diff(core: Core, request: Request, owner: str, name: str, number: int) -> Response:
    found = core.store.get(Pull, (f"{owner}/{name}".lower(), number))
    return Response(unified(core, found), mimetype="text/plain") if found else layout.missing()


@pages.add("POST", f"{REPO}/pull/<int:number>")
def act(core: Core, request: Request, owner: str, name: str, number: int) -> Response:
    """What the buttons do; roles count here too. A refusal is shown on the page."""
    found = core.store.get(Pull, (f"{owner}/{name}".lower(), number))
    actor = human(request.form.get("login", ""))
    if found is None or core.user(actor.login) is None:
        return layout.missing()
    try:
        _perform(core, found, actor, request.form.get("act", ""), request.form.get("body", ""))
    except ApiError as error:
        detail = ", ".join(str(item) for item in error.errors or [])
        return _shown(core, found, f"{error.message} {detail}".strip())
    back: Any = redirect(f"/{found.repo}/pull/{found.number}", 303)
    return Response(status=303, headers=back.headers)


REVIEWS = {"approve": "APPROVE", "request_changes": "REQUEST_CHANGES"}


def _perform(core: Core, found: Pull, actor: Actor, verb: str, text: str) -> None:
    issue = thread(core, found)
    if verb in {"merge", "close", "reopen"}:
        _role(core, found, actor, own=verb != "merge" and issue.user == actor.login)
    if verb in REVIEWS:
        reviews.add_review(core, found, actor, REVIEWS[verb], text, None, [])
    elif verb == "comment":
        comments.add_comment(core, issue, text, actor)
    elif verb == "close":
        acts.close_pull(core, found, actor)
    elif verb == "reopen":
        acts.reopen_pull(core, found, actor)
    elif verb == "merge":
        merging.merge_pull(core, found, actor, "merge", None, None)


def _role(core: Core, found: Pull, actor: Actor, *, own: bool) -> None:
    if not own and not allows(core, actor, core.repository(found.repo), "write"):
        raise ApiError(403, f"{actor.login} has no write role here.")


@pages.add("GET", f"{REPO}/issues/<int:number>")
def issue(core: Core, request: Request, owner: str, name: str, number: int) -> Response:
    from tests.world.github.records import Comment

    found = core.store.get(Issue, (f"{owner}/{name}".lower(), number))
    if found is None:
        return layout.missing()
    told = [layout.said(found.user, "wrote", found.created, found.body or "")]
    told += [
        layout.said(comment.user, "commented", comment.created, comment.body, f"issuecomment-{comment.id}")
        for comment in core.store.group(Comment, found.key)
    ]
    head = f"<h1>{escape(found.title)} <small>#{number}</small></h1><p>{pull_page.state(found, None)}</p>"
    return layout.frame(f"{found.repo}#{number}", head + "".join(told), where=found.repo)


@pages.add("GET", f"{REPO}/blob/<ref>/", f"{REPO}/blob/<ref>/<path:path>", f"{REPO}/tree/<ref>/<path:path>")
def blob(core: Core, request: Request, owner: str, name: str, ref: str, path: str = "") -> Response:
    repo = core.find_repository(f"{owner}/{name}")
    sha = core.git(repo).resolve(ref) if repo else None
    entry = core.git(repo).entry(sha, path.strip("/")) if repo and sha else None
    if repo is None or entry is None:
        return layout.missing()
    head = f"<h1>{escape(path or repo.name)} <small>{escape(ref)}</small></h1>"
    if entry.mode == TREE:
        prefix = path.strip("/") + "/" if path.strip("/") else ""
        found = core.git(repo).listing(entry.sha, prefix)
        lines = [
            f'<a href="/{repo.full_name}/blob/{escape(ref)}/{escape(item.path)}">{escape(item.path)}</a>'
            for item in found
        ]
        return layout.frame(path or repo.name, head + layout.items(lines), where=repo.full_name)
    text = core.git(repo).blob(entry.sha)
    shown = (
        f"<p>Binary, {len(text)} bytes.</p>"
        if b"\0" in text[:8000]
        else f"<pre>{escape(text.decode('utf-8', 'replace'))}</pre>"
    )
    return layout.frame(path, head + shown, where=repo.full_name)


@pages.add("GET", f"{REPO}/raw/<ref>/<path:path>")
def raw(core: Core, request: Request, owner: str, name: str, ref: str, path: str) -> Response:
    repo = core.find_repository(f"{owner}/{name}")
    sha = core.git(repo).resolve(ref) if repo else None
    entry = core.git(repo).entry(sha, path) if repo and sha else None
    if repo is None or entry is None or entry.type != "blob":
        return layout.missing()
    kind = RAW_TYPES.get(path.rpartition(".")[2], "text/plain")
    response = Response(core.git(repo).blob(entry.sha), mimetype=kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
