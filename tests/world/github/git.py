"""One bare git repository, through pygit2. Shas are strings; what git refuses is None or GitError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pygit2
from pygit2.enums import ObjectType, SortMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BLOB = 0o100644
EXECUTABLE = 0o100755
LINK = 0o120000
TREE = 0o040000
COMMIT = 0o160000


class GitError(Exception):
    """An object is absent or of another kind."""


class Person(NamedTuple):
    """Who and when, with the offset in minutes, as git writes it."""

    name: str
    email: str
    time: int
    offset: int = 0


class Entry(NamedTuple):
    """One line of a tree."""

    path: str
    mode: int
    sha: str

    @property
    def type(self) -> str:
        return {TREE: "tree", COMMIT: "commit"}.get(self.mode, "blob")


Changes = dict[str, tuple[int, str] | None]


def signature(person: Person) -> pygit2.Signature:
    return pygit2.Signature(person.name or "unknown", person.email or "unknown", person.time, person.offset)


class GitRepository:
    """Reading and writing of objects and refs. Merging and diffing stand in ``gitmerge`` and ``gitdiff``."""

    def __init__(self, path: Path) -> None:
        self.raw = pygit2.Repository(str(path))
        self.memo: dict[tuple[str, str, str], Any] = {}  # what follows from two shas, for ever

    @classmethod
    def create(cls, path: Path) -> GitRepository:
        pygit2.init_repository(str(path), bare=True, initial_head="main")
        return cls(path)

    # refs

    def ref(self, name: str) -> str | None:
        """The sha of a full ref name (``refs/heads/main``)."""
        try:
            found = self.raw.lookup_reference(name)
        except (KeyError, ValueError):
            return None
        return str(found.resolve().target)

    def branch(self, name: str) -> str | None:
        return self.ref(f"refs/heads/{name}")

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        names = sorted(name for name in self.raw.references if name.startswith(prefix))
        return {name: sha for name in names if (sha := self.ref(name))}

    def set_ref(self, name: str, sha: str) -> None:
        self.raw.references.create(name, pygit2.Oid(hex=sha), force=True)

    def delete_ref(self, name: str) -> None:
        self.raw.references.delete(name)

    def resolve(self, name: str) -> str | None:
        """The commit that a branch, tag, full ref or sha (also short) stands for."""
        for prefix in ("", "refs/heads/", "refs/tags/", "refs/"):
            if name and (sha := self.ref(prefix + name)):
                return self._peel(sha)
        return self._peel(name)

    def _peel(self, name: str) -> str | None:
        try:
            return str(self.raw[name].peel(pygit2.Commit).id)
        except (KeyError, ValueError, pygit2.InvalidSpecError, pygit2.GitError):
            return None

    # objects

    def _object(self, sha: str) -> Any:
        try:
            return self.raw[sha]
        except (KeyError, ValueError):
            return None

    def kind(self, sha: str) -> str | None:
        try:
            kind = self.raw[sha].type
        except (KeyError, ValueError):
            return None
        names = {ObjectType.COMMIT: "commit", ObjectType.TREE: "tree", ObjectType.BLOB: "blob", ObjectType.TAG: "tag"}
        return names.get(ObjectType(kind))

    def commit(self, sha: str) -> pygit2.Commit:
        found = self._object(sha)
        if not isinstance(found, pygit2.Commit):
            raise GitError(sha)
        return found

    def tree(self, sha: str) -> pygit2.Tree:
        """A tree by its own sha or by a commit's."""
        found = self._object(sha)
        if isinstance(found, pygit2.Commit):
            return found.tree
        if not isinstance(found, pygit2.Tree):
            raise GitError(sha)
        return found

    def blob(self, sha: str) -> bytes:
        found = self._object(sha)
        if not isinstance(found, pygit2.Blob):
            raise GitError(sha)
        return found.data

    def size(self, sha: str) -> int:
        found = self._object(sha)
        return found.size if isinstance(found, pygit2.Blob) else 0

    def write_blob(self, data: bytes) -> str:
        return str(self.raw.create_blob(data))

    def write_commit(
        self, tree: str, parents: list[str], message: str, author: Person, committer: Person | None = None
    ) -> str:
        oids: list[str | pygit2.Oid] = [pygit2.Oid(hex=parent) for parent in parents]
        by, via = signature(author), signature(committer or author)
        return str(self.raw.create_commit(None, by, via, message, pygit2.Oid(hex=tree), oids))

    def write_tag(self, name: str, target: str, message: str, by: Person) -> str:
        """An annotated tag object; unlike libgit2's own call it makes no ref, as GitHub does not."""
        sign = "-" if by.offset < 0 else "+"
        zone = f"{sign}{abs(by.offset) // 60:02}{abs(by.offset) % 60:02}"
        head = f"object {target}\ntype {self.kind(target)}\ntag {name}\ntagger {by.name} <{by.email}> {by.time} {zone}"
        return str(self.raw.write(ObjectType.TAG, f"{head}\n\n{message}".encode()))

    # trees

    def entry(self, tree: str, path: str) -> Entry | None:
        """The entry at a path below a tree or commit; the empty path is the tree itself."""
        top = self.tree(tree)
        if not path:
            return Entry("", TREE, str(top.id))
        try:
            found = top[path]
        except (KeyError, ValueError):
            return None
        return Entry(path, int(found.filemode), str(found.id))

    def listing(self, tree: str, prefix: str = "", *, recursive: bool = False) -> Iterator[Entry]:
        for item in self.tree(tree):
            found = Entry(f"{prefix}{item.name}", int(item.filemode), str(item.id))
            yield found
            if recursive and found.mode == TREE:
                yield from self.listing(found.sha, found.path + "/", recursive=True)

    def write_tree(self, base: str | None, changes: Changes) -> str:
        """The base tree with paths set or (None) removed; only the folders on the way are rewritten."""
        here: Changes = {}
        below: dict[str, Changes] = {}
        for path, change in changes.items():
            name, _, rest = path.partition("/")
            if rest:
                below.setdefault(name, {})[rest] = change
            else:
                here[name] = change
        builder = self.raw.TreeBuilder(self.tree(base)) if base else self.raw.TreeBuilder()
        for name, inner in below.items():
            here[name] = self._folder(builder, name, inner)
        for name, new in here.items():
            if new is not None:
                builder.insert(name, pygit2.Oid(hex=new[1]), new[0])
            elif builder.get(name) is not None:
                builder.remove(name)
        return str(builder.write())

    def _folder(self, builder: pygit2.TreeBuilder, name: str, inner: Changes) -> tuple[int, str] | None:
        old: Any = builder.get(name)
        base = str(old.id) if old is not None and int(old.filemode) == TREE else None
        sha = self.write_tree(base, inner)
        return (TREE, sha) if len(self.tree(sha)) else None

    def write_files(self, base: str | None, files: Mapping[str, bytes | str | None]) -> str:
        """A tree with these files; the mode of a file that exists already is kept."""
        changes: Changes = {}
        for path, data in files.items():
            if data is None:
                changes[path] = None
                continue
            old = self.entry(base, path) if base else None
            blob = self.write_blob(data.encode() if isinstance(data, str) else data)
            changes[path] = (old.mode if old else BLOB, blob)
        return self.write_tree(base, changes)

    # history

    def history(self, tip: str, hide: str | None = None) -> Iterator[pygit2.Commit]:
        """Commits newest first, without what ``hide`` reaches."""
        walker = self.raw.walk(pygit2.Oid(hex=tip), SortMode.TOPOLOGICAL | SortMode.TIME)
        if hide:
            walker.hide(pygit2.Oid(hex=hide))
        yield from walker

    def merge_base(self, one: str, two: str) -> str | None:
        found = self.raw.merge_base(pygit2.Oid(hex=one), pygit2.Oid(hex=two))
        return str(found) if found else None

    def contains(self, tip: str, sha: str) -> bool:
        """Whether ``sha`` is ``tip`` or one of its ancestors."""
        return tip == sha or self.raw.descendant_of(pygit2.Oid(hex=tip), pygit2.Oid(hex=sha))

    def ahead_behind(self, local: str, upstream: str) -> tuple[int, int]:
        return self.raw.ahead_behind(pygit2.Oid(hex=local), pygit2.Oid(hex=upstream))
