"""What is said around `/accession ok-to-build`; pure."""

from __future__ import annotations

OK = "/accession ok-to-build"


def wait_build() -> str:
    """Nothing is wrong with the upload; a maintainer has to look at what it declares."""
    return (
        "The weights declare dependencies that the stock boxes do not have, and nothing else is in the way. Next: one of the "
        f"collection's people looks at them in the report and comments `{OK}`; then an image with them is built, and "
        "the weights are tested in it."
    )


def reply_allowed() -> str:
    """It stands."""
    return (
        "Images with the dependencies that this content declares may be built: the weights are tested in them, and the report "
        f"says how it went. Other content needs a new `{OK}`."
    )


def reply_early() -> str:
    """Before the report, or on other content than the report is about."""
    return (
        f"`{OK}` allowed nothing: it counts when it is given after the report on what stands at the head now. Wait for that "
        "report, look at the dependencies in it, and comment again."
    )


def reply_nothing() -> str:
    """No weights wait for it."""
    return f"`{OK}` allowed nothing: no weights in the report wait for an image."


def reply_human() -> str:
    """The bot keeps its hands off."""
    return f"`{OK}` allowed nothing: this pull request is for human eyes."


def reply_no_role(login: str) -> str:
    """Named in policy, but without write access."""
    return f"`{OK}` allowed nothing: `{login}` has no write access to the repository."


def reply_moved() -> str:
    """The comment that would hold it was changed meanwhile."""
    return f"`{OK}` allowed nothing: the report changed meanwhile. Look at the new one, and comment again."
