"""Git objects as GraphQL shows them (docs: GraphQL, Repository.object and objects Blob, Tree, Commit, Tag).

That `text` is the first 512,000 bytes is not documented: https://github.com/sveltia/sveltia-cms/issues/950.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.grants import check_field

if TYPE_CHECKING:
    from tests.world.github.call import Call
    from tests.world.github.records import Repository

SHOWN_BYTES = 512_000
LOOKED_AT = 8_000
"""Bytes in which git looks for a zero to tell what is binary (xdiff-interface.c)."""


def git_object(call: Call, repo: Repository, asked: dict[str, Any]) -> dict[str, Any] | None:
    """An object by its whole name, None where there is none."""
    check_field(call, "object", repo)
    git, name = call.core.git(repo), str(asked.get("oid"))
    kind = git.kind(name) if len(name) == 40 else None
    if kind is None:
        return None
    if kind != "blob":
        return {"__typename": kind.title(), "oid": name}
    return {"__typename": "Blob", "oid": name, **_blob(git.blob(name))}


def _blob(data: bytes) -> dict[str, Any]:
    """Text of another encoding than UTF-8 is shown as if it were."""
    binary = b"\0" in data[:LOOKED_AT]
    return {
        "byteSize": len(data),
        "isBinary": binary,
        "isTruncated": len(data) > SHOWN_BYTES,
        "text": None if binary else data[:SHOWN_BYTES].decode(errors="replace"),
    }
