"""Messages to people named in policy: mail over SMTP with a Message-ID of ours, and any other apprise channel.

apprise makes its own Message-ID, so a repeated delivery after a crash would be a second mail; for mail its `mailto(s)://`
address is read and the letter is sent by smtplib, so that mailboxes fold a repeat (RFC 5322 section 3.6.4).
"""

from __future__ import annotations

import re
import smtplib
from collections import Counter
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
_MAIL = ("mailto://", "mailtos://")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20})://")


class AppriseNotifier:
    """See `ports.Notifier`; `urls` are apprise addresses (https://github.com/caronc/apprise/wiki)."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = _named(urls)

    def __repr__(self) -> str:
        return f"AppriseNotifier({', '.join(self._urls)})"

    def channels(self) -> tuple[str, ...]:
        """Each named by its scheme and its place among those of that scheme: an address may hold a password."""
        return tuple(self._urls)

    def send(self, notice: Notice, channel: str) -> None:
        """See `ports.Notifier`."""
        url = self._urls[channel]
        if url.startswith(_MAIL):
            _send_mail(url, notice)
        else:
            _send_elsewhere(url, notice)


def _named(urls: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    schemes = Counter[str]()
    for url in urls:
        scheme = _SCHEME.match(url)
        kind = scheme[1] if scheme else "channel"
        schemes[kind] += 1
        found[f"{kind} {schemes[kind]}"] = url
    return found


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


def _send_elsewhere(url: str, notice: Notice) -> None:
    import apprise

    desk = apprise.Apprise()
    if not desk.add(url):
        raise GatewayError(
            "An address in ACCESSION_NOTIFY is not one that apprise knows.", reason="notify-address", transient=False
        )
    if not desk.notify(title=notice.title, body=notice.text):
        raise GatewayError("A channel of ACCESSION_NOTIFY did not take the message.", reason="notify", transient=True)
