"""Settings from the environment: read once, frozen, secrets hidden from every repr.

Only the key-holding side reads these; what the work side may know is `work_settings.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.errors import ConfigError
from bot.work_settings import LEASE, number_of, password_of, work_database

if TYPE_CHECKING:
    from collections.abc import Mapping

_REPOSITORY = re.compile(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}")
_KEY_LENGTH = 16
_DAY = 86_400
GITHUB_WRITES = 80.0
"""A minute: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api (secondary limits)."""
_LEAST_SECRET = 8
"""Of a webhook's secret, which a person may have typed into GitHub's form."""
_SQLITE = "sqlite:///"
_SERVERS = {"postgresql", "postgres"}


@dataclass(frozen=True)
class Settings:
    """See the table in README.md; urls have no trailing slash."""

    repository: str
    github_url: str
    zenodo_url: str
    cache: Path
    database: str = field(repr=False)
    """`sqlite:///path` or `postgresql://…`, which may hold a password."""
    github_token: str = field(default="", repr=False)
    github_app_id: str = ""
    github_app_key: str = field(default="", repr=False)
    state_key: bytes = field(default=b"", repr=False)
    zenodo_token: str = field(default="", repr=False)
    notify: tuple[str, ...] = field(default=(), repr=False)
    webhook_secrets: tuple[bytes, ...] = field(default=(), repr=False)
    """Any of them may have signed a delivery: two while the secret is changed."""
    notice_tokens: tuple[bytes, ...] = field(default=(), repr=False)
    public_url: str = ""
    """Where people see the service's pages; empty for none."""
    work_database: str = field(default="", repr=False)
    """Where the service asks its workers; the other commands start a worker of their own."""
    lease: float = LEASE
    """Seconds without a sign of life after which other processes take a service's work over."""
    poll_seconds: float = 300.0
    sweep_seconds: float = 900.0
    writes_per_minute: float = GITHUB_WRITES
    """What GitHub takes; a server of one's own may take more."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read `ACCESSION_*`; raises `ConfigError` saying which one is missing and what it is for."""
        repository = _need(environ, "ACCESSION_REPOSITORY", "the collection's repository as owner/name")
        if not _REPOSITORY.fullmatch(repository):
            raise ConfigError(f"ACCESSION_REPOSITORY is {repository!r}: give it as owner/name.")
        cache = Path(environ.get("ACCESSION_CACHE", ".accession"))
        found = cls(
            repository=repository,
            github_url=environ.get("ACCESSION_GITHUB_URL", "https://api.github.com").rstrip("/"),
            zenodo_url=environ.get("ACCESSION_ZENODO_URL", "https://zenodo.org").rstrip("/"),
            cache=cache,
            database=_database(environ.get("ACCESSION_DATABASE", ""), cache),
            github_token=environ.get("ACCESSION_GITHUB_TOKEN", ""),
            github_app_id=environ.get("ACCESSION_GITHUB_APP_ID", ""),
            github_app_key=_key(environ.get("ACCESSION_GITHUB_APP_KEY", "")),
            state_key=_need(
                environ, "ACCESSION_STATE_KEY", "a long random text that signs the state on pull requests"
            ).encode(),
            zenodo_token=environ.get("ACCESSION_ZENODO_TOKEN", ""),
            notify=tuple(environ.get("ACCESSION_NOTIFY", "").split()),
            webhook_secrets=_several(environ, "ACCESSION_WEBHOOK_SECRET", _LEAST_SECRET),
            notice_tokens=_several(environ, "ACCESSION_NOTICE_TOKEN", _KEY_LENGTH),
            public_url=_public(environ.get("ACCESSION_PUBLIC_URL", "").rstrip("/")),
            work_database=work_database(environ, cache),
            lease=number_of(environ, "ACCESSION_LEASE_SECONDS", LEASE, least=1, most=50),
            poll_seconds=number_of(environ, "ACCESSION_POLL_SECONDS", 300, least=5, most=_DAY),
            sweep_seconds=number_of(environ, "ACCESSION_SWEEP_SECONDS", 900, least=5, most=_DAY),
            writes_per_minute=number_of(environ, "ACCESSION_WRITES_PER_MINUTE", GITHUB_WRITES, least=1, most=100_000),
        )
        found.check()
        return found

    @property
    def schedules(self) -> dict[str, timedelta]:
        """How often two of the chores are told."""
        return {"poll": timedelta(seconds=self.poll_seconds), "sweep": timedelta(seconds=self.sweep_seconds)}

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be seen in an output."""
        parts = [part for url in self.notify for part in _secret_parts(url)]
        parts += [secret.decode() for secret in (*self.webhook_secrets, *self.notice_tokens)]
        parts += [*_passwords(self.database), *password_of(self.work_database)]
        return (self.github_token, self.github_app_key, self.state_key.decode(), self.zenodo_token, *parts)

    def check(self) -> None:
        """What no single variable shows."""
        if bool(self.github_token) == bool(self.github_app_id and self.github_app_key):
            raise ConfigError(
                "Set either ACCESSION_GITHUB_TOKEN, or ACCESSION_GITHUB_APP_ID and ACCESSION_GITHUB_APP_KEY."
            )
        if len(self.state_key) < _KEY_LENGTH:
            raise ConfigError(
                f"ACCESSION_STATE_KEY is shorter than {_KEY_LENGTH} characters: use e.g. `openssl rand -hex 32`."
            )

    def check_serving(self) -> None:
        """What `accession serve` cannot do without; the other commands do not ask."""
        if not self.webhook_secrets:
            raise ConfigError("ACCESSION_WEBHOOK_SECRET is not set: the secret that GitHub signs its webhooks with.")


def _several(environ: Mapping[str, str], name: str, least: int) -> tuple[bytes, ...]:
    """Secrets separated by white space: all of them count, so that one can be changed without a gap."""
    found = tuple(secret.encode() for secret in environ.get(name, "").split())
    if any(len(secret) < least for secret in found):
        raise ConfigError(f"{name} has a secret shorter than {least} characters: use e.g. `openssl rand -hex 32`.")
    return found


def _public(url: str) -> str:
    """An address as people type it; it is shown on pages and to GitHub, so nothing secret may be in it."""
    try:
        split = urlsplit(url)
        whole = not url or (split.scheme in {"http", "https"} and split.hostname and not split.username)
    except ValueError:
        whole = False
    if not whole or "?" in url or "#" in url or any(char.isspace() for char in url):
        raise ConfigError("ACCESSION_PUBLIC_URL is no web address: give it like https://accession.example.org.")
    return url


def _need(environ: Mapping[str, str], name: str, purpose: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise ConfigError(f"{name} is not set: {purpose}.")
    return value


def _database(text: str, cache: Path) -> str:
    """The address as it was given; a file in the cache where none was. What is wrong with it is said without showing it."""
    if not text:
        return f"{_SQLITE}{cache / 'accession.sqlite'}"
    try:
        good = (text.startswith(_SQLITE) and text != _SQLITE) or urlsplit(text).scheme in _SERVERS
    except ValueError:
        good = False
    if not good:
        raise ConfigError(
            "ACCESSION_DATABASE is no address of a database: give sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME."
        )
    return text


def _passwords(url: str) -> tuple[str, ...]:
    """Of a database's address, as written and as meant."""
    if url.startswith(_SQLITE):
        return ()
    parts = urlsplit(url)
    written = (parts.password or "", *(value for _, value in _hidden(parts.query)))
    return (url, *written, *map(unquote, written)) if any(written) else ()


def _hidden(query: str) -> list[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return [(name, value) for name, _, value in pairs if name in {"password", "sslpassword"}]


def _key(text: str) -> str:
    """The App's private key, as text or as the path of a PEM file."""
    if not text or "-----BEGIN" in text:
        return text.replace("\\n", "\n")
    try:
        return Path(text).read_text()
    except OSError as error:
        raise ConfigError("ACCESSION_GITHUB_APP_KEY is neither a PEM text nor a readable file.") from error


def _secret_parts(url: str) -> tuple[str, ...]:
    """An apprise address itself, and its password as written and as meant; the address of many services is a key."""
    password = urlsplit(url).password or ""
    return (url, password, unquote(password))
