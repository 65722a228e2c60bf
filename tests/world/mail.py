"""A mailbox on loopback: takes mail over SMTP (RFC 5321) and keeps it, or refuses, or hangs up too early."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from email.message import EmailMessage
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
TEMPORARY = "451 4.3.0 Requested action aborted: try again later"
PERMANENT = "550 5.7.1 Message refused"
SIZE_LIMIT = 33_554_432
"""Bytes of one message; the 32 MiB that the greeting announces as SIZE (RFC 1870)."""


@dataclass(frozen=True)
class Delivery:
    """One accepted message with its envelope, which need not agree with its headers; lines end in a bare line feed."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


class Mailbox:
    """A context manager: an SMTP server on `port` (0 = a free one), its mail in `messages` and in `folder` as .eml."""

    def __init__(self, folder: Path | None = None, port: int = 0) -> None:
        self.deliveries: list[Delivery] = []
        self._folder = folder
        self._moods: deque[str] = deque()
        self._controller = _Controller(self, port)
        self.port = self._controller.port

    @property
    def messages(self) -> list[EmailMessage]:
        """The accepted messages in order of arrival, those whose answer was cut off included."""
        return [delivery.message for delivery in self.deliveries]

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    def apprise_url(self, to: str, sender: str = "accession@example.org") -> str:
        """The address by which apprise mails `to` through this box: no login, no TLS."""
        return f"mailto://{HOST}:{self.port}?from={quote(sender)}&to={quote(to)}&mode=insecure&format=text"

    def reject(self, count: int = 1, *, permanent: bool = False) -> None:
        """Refuse the next `count` messages: 451 (come again) or 550 (never)."""
        self._moods.extend([PERMANENT if permanent else TEMPORARY] * count)

    def cut(self, count: int = 1) -> None:
        """Accept and keep the next `count` messages, then hang up before saying so."""
        self._moods.extend(["cut"] * count)

    def clear(self) -> None:
        """Forget the mail and the moods; files already written stay."""
        self.deliveries.clear()
        self._moods.clear()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd)
        """The answer to a complete message."""
        mood = self._moods.popleft() if self._moods else ""
        if mood and mood != "cut":
            return mood
        self._keep(envelope)
        if mood == "cut":
            _hang_up(server)
        return "250 2.0.0 Message accepted for delivery"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        message = email.message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=email.policy.default)
        self.deliveries.append(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            number = sum(1 for _ in self._folder.glob("*.eml")) + 1
            (self._folder / f"{number:04}.eml").write_bytes(raw)

    def start(self) -> None:
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hang_up(server: SMTP) -> None:
    """Reset the connection under the server's feet."""
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


class _Controller(Controller):
    """Binds before it starts: the stock controller cannot tell which free port it got."""

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        self._socket = socket.create_server((HOST, port))
        bound = self._socket.getsockname()[1]
        super().__init__(mailbox, hostname=HOST, port=bound, data_size_limit=SIZE_LIMIT, enable_SMTPUTF8=True)

    def _create_server(self) -> Coroutine[Any, Any, Any]:
        created: Coroutine[Any, Any, Any] = self.loop.create_server(self._factory_invoker, sock=self._socket)
        return created

    def stop(self, *args: Any, **kwargs: Any) -> None:
        super().stop(*args, **kwargs)
        self._socket.close()
