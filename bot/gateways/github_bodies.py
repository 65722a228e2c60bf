"""What the bot sends to GitHub: request bodies. Pure.

Source: https://docs.github.com/rest/git/trees, /checks/runs, /commits/statuses, /pulls/reviews; and
https://docs.github.com/graphql for what REST cannot do, resolving review threads, or takes many writes for, several
binary files in one commit.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.records.github import Annotation, LineComment, StatusMark, TreeFile

CONTEXT = "accession"
"""Name of our check run or status context."""

ACTIONS_BOT = "github-actions[bot]"
"""As whom Actions' own token speaks."""

THREADS = """\
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved resolvedBy { login } comments(first: 1) { nodes { databaseId } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""

COMMIT = """\
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""

_BLOB, _FOLDER = "100644", "040000"


def tree_item(path: str, content: bytes | None) -> dict[str, Any]:
    """A plain file inline in a new tree, or a deletion."""
    item: dict[str, Any] = {"path": path, "mode": _BLOB, "type": "blob"}
    return item | ({"sha": None} if content is None else {"content": content.decode()})


def kept_item(file: TreeFile) -> dict[str, Any]:
    """What lies in the repository already, in a new tree."""
    kind = "tree" if file.mode == _FOLDER else "blob"
    return {"path": file.path, "mode": file.mode, "type": kind, "sha": file.sha}


def commit(tree: str, parents: list[str], message: str, when: datetime) -> dict[str, Any]:
    """A commit whose author and dates are fixed, so that writing it again gives the same sha."""
    date = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    person = {"name": "Accession", "email": "accession@users.noreply.github.com", "date": date}
    return {"message": message, "tree": tree, "parents": parents, "author": person, "committer": person}


def commit_on_branch(
    repository: str, branch: str, head: str, files: Mapping[str, bytes], message: str
) -> dict[str, Any]:
    """Input of `createCommitOnBranch`; author and dates are GitHub's choice."""
    added = [{"path": path, "contents": b64encode(content).decode()} for path, content in sorted(files.items())]
    return {
        "branch": {"repositoryNameWithOwner": repository, "branchName": branch},
        "expectedHeadOid": head,
        "fileChanges": {"additions": added},
        "message": {"headline": message},
    }


_STATES = {"success": "success", "failure": "failure", "neutral": "pending"}


def status(mark: StatusMark, url: str) -> dict[str, Any]:
    """A commit status. A description has at most 140 characters; the verdict's name rides on the target address."""
    target = f"{url}#accession-{mark.external_id}"
    return {
        "state": _STATES[mark.conclusion],
        "context": CONTEXT,
        "description": mark.title[:140],
        "target_url": target,
    }


def output(mark: StatusMark, annotations: Iterable[Annotation]) -> dict[str, Any]:
    """A check run's output; GitHub takes 65,535 characters of summary and 64 KB a message."""
    lines = [
        {
            "path": a.path,
            "start_line": a.start_line,
            "end_line": a.end_line,
            "annotation_level": a.level,
            "title": a.title[:255],
            "message": a.message[:60_000],
        }
        for a in annotations
    ]
    return {"title": mark.title, "summary": mark.summary[:65_000], "annotations": lines}


def check_run(mark: StatusMark, annotations: Sequence[Annotation], url: str) -> dict[str, Any]:
    """A completed check run with its first annotations."""
    return {
        "name": CONTEXT,
        "head_sha": mark.sha,
        "status": "completed",
        "conclusion": mark.conclusion,
        "external_id": mark.external_id,
        "details_url": url,
        "output": output(mark, annotations),
    }


def review(commit: str, body: str, comments: Iterable[LineComment]) -> dict[str, Any]:
    """A review that only comments; a comment on one line may name no first line."""
    return {"commit_id": commit, "event": "COMMENT", "body": body, "comments": [_on_lines(item) for item in comments]}


def _on_lines(comment: LineComment) -> dict[str, Any]:
    made: dict[str, Any] = {"path": comment.path, "line": comment.end_line, "side": "RIGHT", "body": comment.body}
    several = comment.start_line < comment.end_line
    return made | ({"start_line": comment.start_line, "start_side": "RIGHT"} if several else {})


def thread_changes(changes: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """One GraphQL document for several threads, each (mutation, node id) under an alias; and its variables."""
    names = ", ".join(f"$t{n}: ID!" for n in range(len(changes)))
    fields = " ".join(
        f"t{n}: {verb}(input: {{threadId: $t{n}}}) {{ thread {{ id isResolved }} }}"
        for n, (verb, _) in enumerate(changes)
    )
    return f"mutation({names}) {{ {fields} }}", {f"t{n}": node for n, (_, node) in enumerate(changes)}
