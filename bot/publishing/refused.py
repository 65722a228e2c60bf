"""What is said where GitHub does not take a commit of ours although nobody was faster."""

from __future__ import annotations

from bot.errors import GatewayError

PROTECTED = "branch-protected"


def refused(branch: str, what: str, otherwise: str) -> GatewayError:
    """For good, until somebody changes the rules; `otherwise` is what helps where that cannot be done."""
    message = (
        f"GitHub does not let the bot commit {what} to `{branch}`: put its App on the bypass list of the rule that guards this "
        f"branch. The token of Actions can be on none; with it, {otherwise}."
    )
    return GatewayError(message, reason=PROTECTED, transient=False)
