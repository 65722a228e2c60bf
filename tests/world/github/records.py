"""What the world remembers: flat frozen records, each with the key and the group it is found by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

Key = int | str | tuple[str | int, ...]


@dataclass(frozen=True)
class Record:
    """Base of everything stored. ``key`` is unique per kind; ``group`` is what lists are made of."""

    node: ClassVar[str] = "X"  # GitHub's own prefix of node ids

    @property
    def key(self) -> Key:
        raise NotImplementedError

    @property
    def group(self) -> Key:
        return ""


@dataclass(frozen=True)
class Numbered(Record):
    """A record with a numeric id."""

    id: int

    @property
    def key(self) -> Key:
        return self.id

    @property
    def node_id(self) -> str:
        return f"{self.node}_kwDO{self.id:010d}"


@dataclass(frozen=True)
class User(Numbered):
    node: ClassVar[str] = "U"
    login: str
    type: str = "User"
    created: float = 0.0

    @property
    def group(self) -> Key:
        return self.login.lower()


@dataclass(frozen=True)
class Token(Record):
    """A credential. ``kind`` decides what it may do: personal, app (installation token) or actions."""

    token: str
    login: str
    kind: str = "personal"
    expires: float | None = None
    app_id: int | None = None
    owner: str | None = None  # installation tokens reach the repositories of this account only

    @property
    def key(self) -> Key:
        return self.token


@dataclass(frozen=True)
class App(Numbered):
    node: ClassVar[str] = "A"
    slug: str
    login: str
    owner: str
    public_key_pem: str = field(repr=False)
    created: float = 0.0


@dataclass(frozen=True)
class Installation(Numbered):
    app_id: int
    owner: str
    created: float

    @property
    def group(self) -> Key:
        return self.app_id


@dataclass(frozen=True)
class Repository(Numbered):
    node: ClassVar[str] = "R"
    owner: str
    name: str
    created: float
    pushed: float
    private: bool = False
    parent: str | None = None
    default_branch: str = "main"
    protected: tuple[str, ...] = ()
    collaborators: tuple[tuple[str, str], ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def key(self) -> str:
        return self.full_name.lower()


@dataclass(frozen=True)
class InRepository(Numbered):
    """A numbered record that belongs to one repository."""

    repo: str

    @property
    def group(self) -> Key:
        return self.repo.lower()


@dataclass(frozen=True)
class OnThread(InRepository):
    """Something that hangs on an issue or pull request."""

    number: int

    @property
    def group(self) -> Key:
        return (self.repo.lower(), self.number)


@dataclass(frozen=True)
class Label(InRepository):
    node: ClassVar[str] = "LA"
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(frozen=True)
class Issue(InRepository):
    """An issue, or the issue half of a pull request (GitHub keeps both under one number)."""

    node: ClassVar[str] = "I"
    number: int
    title: str
    body: str | None
    user: str
    created: float
    updated: float
    state: str = "open"
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    closed: float | None = None
    closed_by: str | None = None
    state_reason: str | None = None
    is_pull: bool = False

    @property
    def key(self) -> Key:
        return (self.repo.lower(), self.number)


@dataclass(frozen=True)
class Pull(InRepository):
    """The git half of a pull request. ``base_sha`` stays what it was when the pull request was merged."""

    node: ClassVar[str] = "PR"
    number: int
    base_ref: str
    base_sha: str
    head_repo: str
    head_ref: str
    head_sha: str
    draft: bool = False
    merged: float | None = None
    merged_by: str | None = None
    merge_sha: str | None = None
    maintainer_can_modify: bool = False
    reviewers: tuple[str, ...] = ()
    created: float = 0.0
    null_reads: int = 0  # how many more reads answer ``mergeable: null``

    @property
    def key(self) -> Key:
        return (self.repo.lower(), self.number)


@dataclass(frozen=True)
class Comment(OnThread):
    node: ClassVar[str] = "IC"
    user: str
    body: str
    created: float
    updated: float
    minimized: str | None = None
    edited_by: str | None = None
    app_id: int | None = None


@dataclass(frozen=True)
class Review(OnThread):
    """A review; ``submitted`` is None while it is pending and visible to its author only."""

    node: ClassVar[str] = "PRR"
    user: str
    body: str
    state: str
    commit_id: str
    submitted: float | None
    created: float


@dataclass(frozen=True)
class ReviewComment(OnThread):
    node: ClassVar[str] = "PRRC"
    review_id: int | None
    user: str
    body: str
    path: str
    commit_id: str
    original_commit_id: str
    diff_hunk: str
    created: float
    updated: float
    line: int | None = None
    start_line: int | None = None
    side: str = "RIGHT"
    in_reply_to: int | None = None
    resolved: bool = False
    minimized: str | None = None


@dataclass(frozen=True)
class OnCommit(InRepository):
    """Something that hangs on a commit."""

    sha: str

    @property
    def group(self) -> Key:
        return (self.repo.lower(), self.sha)


@dataclass(frozen=True)
class CheckRun(OnCommit):
    node: ClassVar[str] = "CR"
    name: str
    app_id: int
    created: float
    status: str = "queued"
    conclusion: str | None = None
    external_id: str = ""
    details_url: str | None = None
    started: str | None = None
    completed: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Status(OnCommit):
    node: ClassVar[str] = "SC"
    context: str
    state: str
    description: str | None
    target_url: str | None
    user: str
    created: float


@dataclass(frozen=True)
class Hook(InRepository):
    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...]
    created: float
    active: bool = True


@dataclass(frozen=True)
class Delivery(Numbered):
    hook_id: int
    guid: str
    event: str
    action: str | None
    repository_id: int
    payload: str = field(repr=False)
    delivered: float
    redelivery: bool = False
    status: str = "pending"
    status_code: int = 0
    duration: float = 0.0
    response: str = ""

    @property
    def group(self) -> Key:
        return self.hook_id


@dataclass(frozen=True)
class Event(InRepository):
    """What happened. Events caused with an Actions token start no workflows (docs: Triggering a workflow)."""

    event: str
    action: str | None
    actor: str
    created: float
    started_workflows: bool
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WriteRecord(Numbered):
    """One mutating API request that was executed: a line of the write ledger."""

    time: float
    method: str
    path: str
    actor: str
    status: int


@dataclass(frozen=True)
class RequestRecord:
    """One API request of any kind; ``conditional`` says that it carried If-None-Match or If-Modified-Since."""

    time: float
    method: str
    path: str
    actor: str
    status: int
    conditional: bool

    @property
    def not_modified(self) -> bool:
        return self.status == 304


KINDS: tuple[type[Record], ...] = (
    User, Token, App, Installation, Repository, Label, Issue, Pull, Comment, Review, ReviewComment, CheckRun, Status,
    Hook, Delivery, Event, WriteRecord,
)  # fmt: skip
