"""A contributor at work: publishes a folder as a record, over HTTP, by the deposit API that real clients use."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = 300
"""Seconds for one request; an upload of gigabytes on loopback takes a few."""
Json = dict[str, Any]


def publish_folder(
    folder: Path, *, zenodo: str, keyword: str, token: str, concept: str | int | None = None, title: str | None = None
) -> Json:
    """The record's JSON after publishing the files of `folder`; with `concept` as its next version.

    Zenodo has no folders: files in sub-folders and hidden files stay behind. An empty folder is a ValueError, a
    refusal of Zenodo's a `requests.HTTPError`.
    """
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    if not files:
        raise ValueError(f"{folder} has no files to publish")
    with _Contributor(zenodo, token) as contributor:
        deposit = contributor.next_version(concept) if concept else contributor.new_deposit()
        contributor.describe(deposit, _metadata(title or folder.resolve().name, keyword))
        contributor.upload(deposit, files)
        return contributor.publish(deposit)


def _metadata(title: str, keyword: str) -> Json:
    return {
        "title": title,
        "upload_type": "other",
        "description": f"<p>{title}</p>",
        "creators": [{"name": "Contributor, Ada"}],
        "keywords": [keyword],
        "access_right": "open",
        "license": "cc-by-4.0",
        "publication_date": dt.datetime.now(dt.UTC).date().isoformat(),
    }


class _Contributor(requests.Session):
    """A session with the token in its header, where it shows in no URL and no error text."""

    def __init__(self, zenodo: str, token: str) -> None:
        super().__init__()
        self.trust_env = False
        self.base = f"{zenodo.rstrip('/')}/api"
        self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, url: str, **what: Any) -> Any:
        answer = self.request(method, url, timeout=TIMEOUT, **what)
        if not answer.ok:
            raise requests.HTTPError(f"{method} {url}: {answer.status_code} {answer.text[:500]}", response=answer)
        return answer.json() if answer.content else None

    def new_deposit(self) -> Json:
        deposit: Json = self.ask("POST", f"{self.base}/deposit/depositions", json={})
        return deposit

    def next_version(self, concept: str | int) -> Json:
        """The draft after the concept's latest version, emptied of the files that it inherits."""
        latest = self.ask("GET", f"{self.base}/records/{concept}")["id"]
        answer = self.ask("POST", f"{self.base}/deposit/depositions/{latest}/actions/newversion")
        deposit: Json = self.ask("GET", answer["links"]["latest_draft"])
        for file in deposit["files"]:
            self.ask("DELETE", file["links"]["self"])
        return deposit

    def describe(self, deposit: Json, metadata: Json) -> None:
        self.ask("PUT", deposit["links"]["self"], json={"metadata": metadata})

    def upload(self, deposit: Json, files: list[Path]) -> None:
        for path in files:
            url = f"{deposit['links']['bucket']}/{quote(path.name)}"
            with path.open("rb") as source:
                self.ask("PUT", url, data=source if path.stat().st_size else b"")

    def publish(self, deposit: Json) -> Json:
        done = self.ask("POST", deposit["links"]["publish"])
        record: Json = self.ask("GET", f"{self.base}/records/{done['id']}")
        return record
