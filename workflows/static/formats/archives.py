"""What every format that is a zip asks of it."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from workflows.static.formats.fault import Fault
from workflows.static.readers.zips import Member, NotAZip, members, odd

_AGAIN = "Pack or save it again, and upload that."


def opened_zip(file: BinaryIO) -> tuple[list[Member], list[Fault]]:
    """Its members and what is wrong with it as a zip; no members where it cannot be read."""
    try:
        found = members(file)
    except NotAZip as error:
        return [], [Fault(str(error), _AGAIN, "weights-archive")]
    return found, [Fault(words, _AGAIN, "weights-archive") for words in odd(found)]


def base_names(found: Sequence[Member]) -> set[str]:
    """Every file's own name."""
    return {PurePosixPath(member.name).name for member in found if not member.is_folder}


def at_top(found: Sequence[Member], name: str) -> Member | None:
    """The file of this name at the top, or in the one folder that everything is in; loaders look there."""
    files = [member for member in found if not member.is_folder and not member.name.startswith("__MACOSX/")]
    tops = {member.name.partition("/")[0] for member in files}
    places = {name, f"{next(iter(tops))}/{name}"} if len(tops) == 1 else {name}
    return next((member for member in files if member.name in places), None)


def is_below(found: Sequence[Member], folder: str) -> Iterator[Member]:
    """The files of a folder at whatever depth."""
    return (member for member in found if f"/{folder}/" in f"/{member.name}" and not member.is_folder)
