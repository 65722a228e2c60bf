"""What GitHub did not do, as an error that says what it was and whether it is worth another try. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.errors import GatewayError

_REASONS = {401: "bad-credentials", 403: "forbidden", 404: "not-found", 405: "not-allowed", 409: "conflict"}


def plain(path: str) -> str:
    """A path for messages: no host, no query."""
    return urlsplit(path).path


def limited(pause: float, status: int | None = None) -> GatewayError:
    """One of GitHub's limits was met, or soon would be."""
    return GatewayError(
        f"GitHub asks for a pause of {pause:.0f} s.",
        reason="rate-limited",
        transient=True,
        retry_after=pause,
        status=status,
    )


def refused(verb: str, path: str, status: int, said: str) -> GatewayError:
    """A status of 400 and more that is no limit."""
    if status >= 500:
        message = f"GitHub cannot be reached ({status} on {verb} {plain(path)})."
        return GatewayError(message, reason="github-unreachable", transient=True, status=status)
    reason = _REASONS.get(status, "refused")
    if status == 422 and ("already exists" in said or "already_exists" in said):
        reason = "exists"
    message = f"GitHub refused {verb} {plain(path)}: {status} {said}"
    return GatewayError(message, reason=reason, transient=False, status=status)


def unlisted(url: str) -> GatewayError:
    """A page to which another one led is not there: what came before it is not the whole listing."""
    message = f"GitHub does not know a further page of {plain(url)}."
    return GatewayError(message, reason="not-found", transient=True, status=404)


def moved(path: str, status: int | None = None) -> GatewayError:
    """Renamed, transferred, or GitHub itself lives elsewhere: followed by nobody, because a write would be lost on the way."""
    message = (
        f"GitHub sends {plain(path)} on to another address: set ACCESSION_REPOSITORY to the repository's present name, "
        "or ACCESSION_GITHUB_URL to GitHub's present address."
    )
    return GatewayError(message, reason="moved", transient=False, status=status)
