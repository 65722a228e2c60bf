"""Messages to people named in policy: mail over SMTP with a Message-ID of ours, and any other apprise channel.

apprise makes its own Message-ID, so a repeated delivery after a crash would be a second mail; for mail its `mailto(s)://`
address is read and the letter is sent by smtplib, so that mailboxes fold a repeat (RFC 5322 section 3.6.4).
"""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.records.notice import Notice

_TIMEOUT = 20
_SMTP, _SUBMISSION = 25, 587


class AppriseNotifier:
    """See `ports.Notifier`; `urls` are apprise addresses (https://github.com/caronc/apprise/wiki)."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._mail = tuple(url for url in urls if url.startswith(("mailto://", "mailtos://")))
        self._others = tuple(url for url in urls if url not in self._mail)

    def __repr__(self) -> str:
        return f"AppriseNotifier({len(self._mail)} mail, {len(self._others)} other)"

    def send(self, notice: Notice) -> None:
        """Every channel once; the first that fails raises and the whole notice is tried again later."""
        for url in self._mail:
            _send_mail(url, notice)
        if self._others:
            _send_elsewhere(self._others, notice)


def _letter(notice: Notice, sender: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = notice.title, sender, ", ".join(notice.to)
    letter["Message-ID"] = f"<{notice.key}@accession>"
    letter["Date"] = formatdate()
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(notice.text)
    return letter


def _send_mail(url: str, notice: Notice) -> None:
    """`mailto://user:password@host:port?from=…`; the people come from the notice, never from the address."""
    if not notice.to:
        return
    parts, query = urlsplit(url), {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    secure = parts.scheme == "mailtos"
    sender = query.get("from", f"accession@{parts.hostname}")
    try:
        kind = smtplib.SMTP_SSL if secure and parts.port == 465 else smtplib.SMTP
        with kind(
            query.get("smtp") or parts.hostname or "",
            parts.port or (_SUBMISSION if secure else _SMTP),
            timeout=_TIMEOUT,
        ) as server:
            if secure and parts.port != 465:
                server.starttls()
            user = query.get("user") or unquote(parts.username or "")
            password = query.get("pass") or unquote(parts.password or "")
            if user and password:
                server.login(user, password)
            server.send_message(_letter(notice, sender))
    except ValueError:  # a port that is none, an address that no header takes
        raise GatewayError(
            "A mail address in ACCESSION_NOTIFY or in the policy is none.", reason="notify-address", transient=False
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        transient = not _permanent(error)
        raise GatewayError(
            f"The mail could not be delivered ({type(error).__name__}).", reason="mail", transient=transient
        ) from None


def _permanent(error: Exception) -> bool:
    """The server said 5xx, to the letter or to everybody it was for."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _send_elsewhere(urls: Sequence[str], notice: Notice) -> None:
    import apprise

    desk = apprise.Apprise()
    if not all(desk.add(url) for url in urls):
        raise GatewayError(
            "An address in ACCESSION_NOTIFY is not one that apprise knows.", reason="notify-address", transient=False
        )
    if not desk.notify(title=notice.title, body=notice.text):
        raise GatewayError("A channel of ACCESSION_NOTIFY did not take the message.", reason="notify", transient=True)
