"""What the world remembers."""

from __future__ import annotations

from tests.world.github.records.base import InRepository, Key, Numbered, OnCommit, OnThread, Record
from tests.world.github.records.commits import CheckRun, Rerequest, Status
from tests.world.github.records.history import Delivery, Event, Hook, RequestRecord, WriteRecord
from tests.world.github.records.people import App, Installation, Token, User
from tests.world.github.records.repositories import Label, Repository, Workflow
from tests.world.github.records.threads import Comment, Issue, Pull, Review, ReviewComment

__all__ = [
    "KINDS", "App", "CheckRun", "Comment", "Delivery", "Event", "Hook", "InRepository", "Installation", "Issue", "Key",
    "Label", "Numbered", "OnCommit", "OnThread", "Pull", "Record", "Repository", "RequestRecord", "Rerequest",
    "Review", "ReviewComment", "Status", "Token", "User", "Workflow", "WriteRecord",
]  # fmt: skip

KINDS: tuple[type[Record], ...] = (
    User, Token, App, Installation, Repository, Label, Workflow, Issue, Pull, Comment, Review, ReviewComment, CheckRun, Rerequest, Status,
    Hook, Delivery, Event, WriteRecord,
)  # fmt: skip
