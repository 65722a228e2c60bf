"""The doors: the smallest sets of verbs the road needs of each outside system.

Every gateway fulfils one Protocol; foreign exceptions stop in the gateway and leave as `GatewayError`
(`UnknownOutcomeError` for a write whose answer was lost). Tokens never appear in an error, a repr or a URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bot.records.box import FIRST, BoxLimits, BoxRun, Machine
from bot.records.event import Hint, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from bot.records.environment import Built, Unsolved
    from bot.records.github import (
        Annotation,
        Commit,
        IssueComment,
        LineComment,
        Merge,
        Pull,
        PullCommit,
        PullFile,
        PullSummary,
        Review,
        ReviewComment,
        ReviewThread,
        StatusMark,
        TreeFile,
        User,
        Viewer,
    )
    from bot.records.notice import Notice
    from bot.records.submission import Upload, UploadPage

Json = dict[str, Any]
NO_HINT = Hint()


class GitHub(Protocol):
    """What the bot may ask of GitHub; one repository, named when the gateway was built.

    Source: https://docs.github.com/rest. Reads may lag behind writes; writes are not repeated by the gateway.
    """

    def viewer(self) -> Viewer:
        """Who the credentials are: login, numeric id, and whether check runs may be created."""

    def clock_ahead(self) -> timedelta:
        """How far GitHub's clock is ahead of ours, zero when it is not: reviews carry GitHub's time."""

    def clock_behind(self) -> timedelta:
        """How far ours is ahead of GitHub's, zero unless it jumped: what is due by days must not be due for that."""

    def user(self, login: str) -> User | None:
        """The account of that login, None where there is none."""

    def permission(self, login: str) -> str:
        """`admin`, `maintain`, `write`, `triage`, `read` or `none`; read without cache."""

    def default_branch(self) -> str:
        """The base branch that entries are merged into and policy is read from."""

    def ref(self, name: str) -> str | None:
        """The sha that `heads/…` or `tags/…` points to, None where absent."""

    def commit(self, sha: str) -> Commit:
        """Message, tree, parents and committers' logins of one commit."""

    def folder(self, commit: str, path: str) -> tuple[TreeFile, ...]:
        """All files below a folder at a commit, recursive: path, mode, blob sha, size in bytes; empty where there is none."""

    def file(self, path: str, ref: str) -> tuple[str, bytes] | None:
        """Blob sha and bytes of a file at a branch or commit, None where there is none."""

    def blob(self, sha: str) -> bytes:
        """The bytes of one blob, opaque."""

    def names(self, path: str, ref: str) -> frozenset[str]:
        """What lies directly in a folder at a branch, by name, at most 1,000; empty where there is no such folder or branch."""

    def top(self, commit: str) -> tuple[TreeFile, ...]:
        """What lies at the root of a commit, folders (mode `040000`) included."""

    def pulls(self, *, state: str, head: str | None = None) -> tuple[PullSummary, ...]:
        """Pull requests against the default branch; `state` open, closed or all; `head` is `owner:branch`."""

    def recent_pulls(self, since: datetime | None) -> Iterator[PullSummary]:
        """Every pull request, the one that changed last first, until one that did not change since then (or all of them)."""

    def branches(self, prefix: str) -> tuple[str, ...]:
        """The branches whose names begin so."""

    def pull(self, number: int) -> Pull:
        """One pull request as it stands now, who closed it included."""

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        """Changed files, at most 3,000 (GitHub's own limit): compare with `Pull.changed_files`."""

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        """The pull request's commits, oldest first, at most 250 (GitHub's own limit)."""

    def comments(self, number: int) -> tuple[IssueComment, ...]:
        """All comments of a pull request, oldest first."""

    def reviews(self, number: int, *, fresh: bool = False) -> tuple[Review, ...]:
        """All reviews, oldest first; `fresh` bypasses every cache."""

    def review_comments(self, number: int) -> tuple[ReviewComment, ...]:
        """All comments on lines, oldest first."""

    def review_threads(self, number: int) -> tuple[ReviewThread, ...]:
        """All threads of comments on lines, and whether they are resolved; asked anew each time."""

    def marks(self, sha: str) -> tuple[StatusMark, ...]:
        """Our check runs and commit statuses on a commit."""

    def rerun_asked(self, sha: str) -> bool:
        """Whether somebody pressed "Re-run" at our check run on a commit, and none was made since; an App alone has the button."""

    def create_commit(self, *, parent: str, files: Mapping[str, bytes | None], message: str, when: datetime) -> str:
        """A commit on top of `parent`; None deletes a path. Deterministic: the same arguments give the same sha."""

    def create_root(self, *, files: Mapping[str, bytes], kept: Sequence[TreeFile], message: str, when: datetime) -> str:
        """A commit without parents: text files, and what lies in the repository already, by its sha. Deterministic."""

    def put_files(self, *, branch: str, head: str, files: Mapping[str, bytes], message: str) -> bool:
        """One commit of whatever bytes onto a branch; False, and nothing written, when its tip is not `head` any more."""

    def create_ref(self, name: str, sha: str) -> bool:
        """True when created, False when a ref of that name exists already."""

    def update_ref(self, name: str, sha: str, *, force: bool = False) -> bool:
        """Fast-forward only; False when somebody else moved it first. `force` moves it from wherever it is."""

    def delete_ref(self, name: str) -> None:
        """Gone afterwards, also when it was gone before."""

    def put_file(self, *, branch: str, path: str, content: bytes, message: str, old: str | None) -> str | None:
        """Write one file in one commit; `old` is the blob sha it replaces. None when somebody was faster (409)."""

    def create_pull(self, *, head: str, title: str, body: str) -> int:
        """The new pull request's number; raises `GatewayError(reason='exists')` for a duplicate."""

    def close_pull(self, number: int) -> None:
        """Close without merging."""

    def create_comment(self, number: int, body: str) -> int:
        """The new comment's id; at most 65,536 characters."""

    def edit_comment(self, comment: int, body: str) -> None:
        """Replace the body of one of our own comments."""

    def delete_comment(self, comment: int) -> None:
        """Remove one of our own comments; gone afterwards, also when it was gone before."""

    def create_review(self, number: int, *, commit: str, body: str, comments: Sequence[LineComment]) -> None:
        """A review that takes no side, with comments on lines that the diff shows at `commit`; one write."""

    def delete_review_comment(self, comment: int) -> None:
        """Remove one of our own comments on a line; gone afterwards, also when it was gone before."""

    def set_threads(self, *, resolved: Sequence[str], unresolved: Sequence[str]) -> None:
        """Resolve and unresolve threads by node id; one write for up to 50."""

    def set_labels(self, number: int, labels: Sequence[str]) -> None:
        """Make the pull request carry exactly these labels, one write."""

    def create_mark(self, mark: StatusMark, annotations: Sequence[Annotation], *, url: str) -> None:
        """A completed check run with its annotations (App, Actions) or a commit status (personal token)."""

    def merge(self, number: int, *, sha: str, title: str) -> Merge:
        """Merge iff the head is still `sha`."""

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """Start a workflow of the default branch, named by its file, with these inputs."""


class Archive(Protocol):
    """What the bot may ask of the archive uploads come from (Zenodo)."""

    def changed(self, keywords: Sequence[str], since: datetime | None) -> Iterator[UploadPage]:
        """Pages of uploads with one of the keywords changed since then, all versions; says whether it is complete."""

    def upload(self, record: str) -> Upload | None:
        """One record by id, also when the search does not show it yet; None where there is none."""


class Workshop(Protocol):
    """The work side as the key-holding side sees it: plain JSON in, schema-checked plain JSON out (at most 256 KB).

    A work side that is asked through a queue raises `PendingError` until its answer is there; asking again is asking once.
    """

    def prepare(self, job: Json) -> Json:
        """Fetch and describe an upload: an answer of `schemas/submission.schema.json`."""

    def check(self, job: Json) -> Json:
        """Run the boxes: an answer of `schemas/report.schema.json`."""

    def blob(self, sha256: str) -> bytes:
        """Opaque bytes of a fetched `rdf.yaml` or a report's picture (at most 1 MB), verified against the hash."""

    def environment(self) -> str:
        """Digest of the job images and of the rules' version: half of the verdict key."""


class Boxes(Protocol):
    """Sealed containers, as the work side sees them."""

    def images(self) -> Mapping[str, str]:
        """Digest by kind (`records.box.KINDS`) of the images that are there; raises `GatewayError` without the first one."""

    def machine(self) -> Machine:
        """What all boxes share."""

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """Start boxes ahead of their jobs, interpreter and libraries loaded, each for one job: one, or one for each format."""

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
        *,
        image: str = FIRST,
    ) -> BoxRun:
        """Run one box for `job['verb']` with `inputs` (local name to host file) laid into its read-only folder.

        `image` is a kind, or the digest of any other image (`sha256:…`); a container is always made by digest.
        Each frame goes to `take(name, chunks, size)`, the end is in `BoxRun`; raises (`GatewayError`) for the engine's trouble alone.
        """


class ImageBuilder(Protocol):
    """Makes images for models that declare dependencies of their own."""

    def build(self, requirements: Sequence[str]) -> Built | Unsolved:
        """The image that has all of `requirements` (each a `REQUIREMENT`); built once, however many ask at the same time.

        Raises `GatewayError` where the engine or the package registry did not do its part.
        """


class Notifier(Protocol):
    """Mail and messages to people named in policy."""

    def send(self, notice: Notice) -> None:
        """Deliver, or raise `GatewayError`; `notice.key` names it for ever (it becomes the Message-ID)."""


class Clock(Protocol):
    """Time is a door too."""

    def now(self) -> datetime:
        """Aware, UTC."""

    def steady(self) -> float:
        """Seconds that only ever go forward at their own pace, whatever is done to the time of day."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Engine(Protocol):
    """Queue, schedule and takeover: who is told about a subject, sees to it that it is looked at."""

    def tell(self, subject: Subject, hint: Hint = NO_HINT, *, after: float = 0.0) -> None:
        """Have the subject looked at once more, in `after` seconds; durable when it returns.

        Told during a look, it is looked at exactly once more afterwards. Many tellings may become one look.
        """


class Store(Protocol):
    """The local database: queue, schedule and cache. Losing it loses nothing but time."""

    def get(self, room: str, key: str) -> Json | None:
        """The value kept under that key."""

    def put(self, room: str, key: str, value: Json) -> None:
        """Keep a value, replacing an older one; durable when it returns."""

    def drop(self, room: str, key: str) -> None:
        """Forget a value, also when there is none."""

    def change(self, room: str, key: str, change: Callable[[Json | None], Json | None]) -> Json | None:
        """Read, change and write in one step that no other process can come between; None forgets. What is kept then.

        `change` may be called more than once, and must do nothing but compute.
        """

    def items(self, room: str) -> Mapping[str, Json]:
        """All values of a room, sorted by key."""
