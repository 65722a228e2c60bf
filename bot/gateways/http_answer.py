"""What a server's refusal means: whose it is, and when to come back. Pure.

Reasons: `gone` and `restricted` are for the contributor; `server`, `busy`, `timeout`, `connection` pass by themselves;
`bad-url`, `no-host`, `private-address`, `redirects`, `certificate` come from before there is an answer.
"""

from __future__ import annotations

from bot.errors import GatewayError

_GONE = frozenset({404, 410})
_RESTRICTED = frozenset({401, 402, 403, 451})
_BUSY = frozenset({408, 425, 429})
_SERVER = 500
_LONGEST_PAUSE = 3600.0


def refusal(status: int, retry_after: str | None) -> GatewayError:
    """The error for a status other than 200."""
    pause = _seconds(retry_after)
    if status in _GONE:
        return GatewayError(f"it is not there ({status})", reason="gone", transient=False, status=status)
    if status in _RESTRICTED:
        return GatewayError(f"it is not public ({status})", reason="restricted", transient=False, status=status)
    if status in _BUSY or status >= _SERVER:
        reason = "busy" if status in _BUSY else "server"
        return GatewayError(
            f"its server answered {status}", reason=reason, transient=True, retry_after=pause, status=status
        )
    return GatewayError(f"its server answered {status}", reason="refused", transient=False, status=status)


def _seconds(text: str | None) -> float | None:
    """`Retry-After` in seconds; its other form, a date, is treated as not given."""
    if text is None or not text.strip().isascii() or not text.strip().isdigit():
        return None
    return min(float(text), _LONGEST_PAUSE)
