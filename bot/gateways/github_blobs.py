"""Many blobs in few requests, through GraphQL: what is asked together, in which words, and what of the answer is believed. Pure.

GraphQL shows text alone: none of what is binary, and the first 512,000 bytes of what is longer
(https://github.com/sveltia/sveltia-cms/issues/950). So those bytes are believed whose git name is the one that was asked for;
whatever else it shows is read by itself.
Source: https://docs.github.com/graphql/reference/objects#blob
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.digests import blob_sha

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.records.github import TreeFile

AT_ONCE = 100
"""Blobs in one document."""
BYTES_AT_ONCE = 2_000_000
SHOWN_BYTES = 512_000


def parcels(files: Iterable[TreeFile]) -> Iterator[tuple[str, ...]]:
    """Shas to be asked for together: at most 100, and about 2 MB; none that GraphQL would cut, or whose size is not known."""
    shas: list[str] = []
    size = 0
    for file in files:
        if file.size is None or file.size > SHOWN_BYTES:
            continue
        if shas and (len(shas) == AT_ONCE or size + file.size > BYTES_AT_ONCE):
            yield tuple(shas)
            shas, size = [], 0
        shas.append(file.sha)
        size += file.size
    if shas:
        yield tuple(shas)


def document(repository: str, shas: Sequence[str]) -> tuple[str, dict[str, str]]:
    """One GraphQL document for several blobs, each under an alias; and its variables."""
    owner, name = repository.split("/")
    names = "".join(f", $b{n}: GitObjectID!" for n in range(len(shas)))
    fields = " ".join(f"b{n}: object(oid: $b{n}) {{ ... on Blob {{ text }} }}" for n in range(len(shas)))
    text = f"query($owner: String!, $name: String!{names}) {{ repository(owner: $owner, name: $name) {{ {fields} }} }}"
    return text, {"owner": owner, "name": name} | {f"b{n}": sha for n, sha in enumerate(shas)}


def believed(shas: Sequence[str], answer: Any) -> dict[str, bytes]:
    """By sha, the bytes of those that were shown whole and unchanged."""
    shown = answer.get("repository") if isinstance(answer, dict) else None
    pairs = ((sha, _text((shown or {}).get(f"b{n}"))) for n, sha in enumerate(shas))
    return {sha: content for sha, content in pairs if content is not None and blob_sha(content) == sha}


def _text(node: Any) -> bytes | None:
    text = node.get("text") if isinstance(node, dict) else None
    return text.encode(errors="replace") if isinstance(text, str) else None
