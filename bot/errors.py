"""Three families of errors, each with a sentence for people and a `reason` for machines; `PendingError` is none.

`LostLeaseError` is of no family either: it ends a process's part in the work.

An outcome of a check is never an exception (`records/report.py`); these are for what stops a step.
"""

from __future__ import annotations

AWAY = frozenset({"github-down", "github-unreachable", "rate-limited", "archive-down", "archive-unreachable"})
"""Reasons that say that the other side is not there, or asks for a pause. Nobody is to blame and no try is counted: it is waited
for, however long it takes."""
DATABASE = "database"
"""`reason` of a `GatewayError` for a database that is locked, read-only, full, damaged or away: a subject has no part in it,
so it is never taken for what became of one."""
WORK_DATABASE = "work-database"
"""The same of the work side's."""
DATABASES = frozenset({DATABASE, WORK_DATABASE})
NO_WORKER = "no-worker"
"""`reason` where no worker was ever seen, so that nobody knows what checks run on."""
WAITED_FOR = AWAY | DATABASES | {NO_WORKER}
"""What is the same for every subject, and passes without any of them having a part in it."""


class AccessionError(Exception):
    """The root: `message` is shown to people, `reason` is a stable kebab-case word for logs and tests."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class ContributorError(AccessionError):
    """The contributor can mend it: shown on the pull request or in `status`, and says what to do."""


class GatewayError(AccessionError):
    """An outside system did not do its part. `transient` ones are tried again, the others need a human."""

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        transient: bool,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, reason=reason)
        self.transient = transient
        self.retry_after = retry_after
        """Seconds, where the other side named them."""
        self.status = status
        """HTTP status, where there was one."""

    @property
    def away(self) -> bool:
        """See `AWAY`."""
        return self.transient and self.reason in AWAY


class PendingError(AccessionError):
    """No failure: the work side was asked and has not answered yet. `job` names the question (`digests.job_id`)."""

    def __init__(self, job: str, message: str = "It is being checked.", *, advanced: bool = False) -> None:
        super().__init__(message, reason="pending")
        self.job = job
        self.advanced = advanced
        """Other questions of the same look were answered, and what followed from them was written."""


class LostLeaseError(AccessionError):
    """Another process took over what this one was doing: it must write nothing any more. No try of its own mends that."""

    def __init__(self, message: str = "Another process took over; this one writes nothing any more.") -> None:
        super().__init__(message, reason="lost-lease")


class UnknownOutcomeError(GatewayError):
    """A write whose answer was lost: it may have happened. Look before writing again, never repeat blindly."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, reason="unknown-outcome", transient=True, status=status)


class ConfigError(AccessionError):
    """Settings or policy are wrong; the command line ends with exit code 2 and this sentence."""

    def __init__(self, message: str, *, reason: str = "config") -> None:
        super().__init__(message, reason=reason)
