"""Doors that narrate every write instead of making it; reads go through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.records.github import Merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.github_port import GitHub
    from bot.records.notice import Notice

_ANSWERS: dict[str, Any] = {
    "create_commit": "0" * 40,
    "create_root": "0" * 40,
    "put_files": True,
    "create_ref": True,
    "update_ref": True,
    "delete_ref": None,
    "put_file": "0" * 40,
    "create_pull": 0,
    "close_pull": None,
    "create_comment": 0,
    "edit_comment": None,
    "delete_comment": None,
    "create_review": None,
    "delete_review_comment": None,
    "set_threads": None,
    "set_labels": None,
    "create_mark": None,
    "dispatch": None,
    "keep_enabled": None,
    "merge": Merge(merged=False, sha=None, reason="dry run"),
}


class DryRunGitHub:
    """`ports.GitHub` whose writes only say what they would do."""

    def __init__(self, real: GitHub, say: Callable[[str], None]) -> None:
        self._real, self._say = real, say

    def __getattr__(self, name: str) -> Any:
        """A read of the real door, or a narrated write."""
        if name not in _ANSWERS:
            return getattr(self._real, name)
        return lambda *args, **kwargs: self._narrate(name, args, kwargs)

    def _narrate(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        told = [_short(value) for value in args] + [f"{key}={_short(value)}" for key, value in kwargs.items()]
        self._say(f"would {name.replace('_', ' ')}: {', '.join(told)}")
        return _ANSWERS[name]


class DryRunNotifier:
    """`ports.Notifier` that only says whom it would tell what."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def channels(self) -> tuple[str, ...]:
        """One, which stands for all."""
        return ("narrated",)

    def send(self, notice: Notice, channel: str) -> None:  # noqa: ARG002 - the port's
        """Narrate."""
        self._say(f"would tell {', '.join(notice.to) or 'the channels'}: {notice.title}")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    joined = " ".join(text.split())
    return joined if len(joined) <= 80 else joined[:79] + "…"
