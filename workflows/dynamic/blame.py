"""Whose fault an exception is while somebody's model is loaded or run.

What tells them apart, in this order:

1. Words that name what the box cannot have (`limits_here`): a graphics card, code of another Python, operations of
   another TensorFlow, classes that the weights do not hold: nobody's fault, *skipped*.
2. A limit of the box is hit, or the model ends the interpreter: *failed*, also without any frame of its own.
3. A frame of the contributor's own code (a file below the inputs or the scratch folder, TorchScript's `__torch__`) or
   of the framework that runs its weights (FRAMEWORKS), or the import of an architecture by the name that the
   description gives, anywhere in the exception's chain: the weights or the input were refused where they were used:
   *failed*. What Node says of a TensorFlow.js model comes as a ValueError, see 4.
4. Without such a frame, what is left was raised between the recipe and bioimageio.core. ValueError, OSError and EOFError
   *refuse* a value or a file of the contributor's (a hash that differs, an array that is none, more axes than declared),
   as does a TypeError that somebody raised on purpose: *failed*. Anything else (KeyError, AssertionError, AttributeError,
   NotImplementedError, ...) is a fault of the tool: *errored*.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from workflows.dynamic.exhausted import exhausted
from workflows.dynamic.limits_here import limit_in
from workflows.dynamic.outcome import DETAIL_LIMIT, Outcome, errored, failed, shortened, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FRAMEWORKS = ("onnxruntime", "torch", "tensorflow", "keras", "tf_keras", "h5py")
NAMED_BY_THE_DESCRIPTION = ("digest_spec.py", "import_callable")
"""bioimageio.core's function that imports what the description names: its exceptions are of the contributor's choice."""
OURS = (Path(__file__).parents[1], Path(sys.prefix))
"""This package and the interpreter's libraries: never the contributor's, even where the scratch folder is above them."""
REFUSALS = (ValueError, OSError, EOFError)


def judge_exception(error: BaseException, doing: str, own_folders: Sequence[Path]) -> Outcome:
    """The outcome that `error` means, raised while `doing` ("loading the weights"); below `own_folders` code is foreign."""
    ends = leaves(error)
    words, detail = words_with_cause(ends[0]), tail(error)
    chain = tuple(causes(error))
    for one in chain:
        if limit := limit_in(one):
            return skipped(f"{limit}: {first_words(one)}")
    if beyond := exhausted(chain):
        return failed(f"{doing} {beyond}: {words}", detail)
    if isinstance(error, SystemExit):
        return failed(f"{doing} ended the interpreter (exit code {error.code})", detail)
    if any(is_foreign(path, own_folders) for one in chain for path in files(one)) or any(map(by_name, chain)):
        return failed(f"{doing} failed: {words}", detail)
    if all(isinstance(one, REFUSALS) or (isinstance(one, TypeError) and on_purpose(one)) for one in ends):
        return failed(f"{doing} was refused: {words}", detail)
    return errored(f"{doing} met a fault of the tool that runs models: {words}", detail)


def is_foreign(path: str, own_folders: Sequence[Path]) -> bool:
    """Whether that source file is the contributor's, or the framework's that runs the contributor's weights."""
    if "__torch__" in path:
        return True
    ours = any(Path(path).is_relative_to(root) for root in OURS)
    if not ours and any(Path(path).is_relative_to(folder) for folder in own_folders):
        return True
    parts = Path(path).parts
    place = max((i for i, part in enumerate(parts) if part in {"site-packages", "dist-packages"}), default=None)
    return place is not None and place + 1 < len(parts) and parts[place + 1] in FRAMEWORKS


def by_name(error: BaseException) -> bool:
    """Whether it was raised while something was imported by the name that the description gives."""
    frames = traceback.extract_tb(error.__traceback__)
    return any((Path(frame.filename).name, frame.name) == NAMED_BY_THE_DESCRIPTION for frame in frames)


def on_purpose(error: BaseException) -> bool:
    """Whether a `raise` statement raised it, rather than an expression that went wrong."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and (frames[-1].line or "").startswith("raise")


def leaves(error: BaseException) -> tuple[BaseException, ...]:
    """The exception itself, or what a group was raised for: bioimageio.core groups one for each device it tried."""
    members = getattr(error, "exceptions", ())
    return tuple(leaf for member in members for leaf in leaves(member)) or (error,)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it came from, and the members of groups."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        pending += [origin for origin in (one.__cause__, one.__context__) if origin is not None]
        pending += getattr(one, "exceptions", ())


def files(error: BaseException) -> list[str]:
    """The source files of the traceback's frames, outermost first."""
    return [frame.filename for frame in traceback.extract_tb(error.__traceback__)]


def words_with_cause(error: BaseException) -> str:
    """The exception's first words; where it was raised from another one, that one's too: "could not import" says little."""
    origin, seen = error, {id(error)}
    while origin.__cause__ is not None and id(origin.__cause__) not in seen:
        origin = origin.__cause__
        seen.add(id(origin))
    return first_words(error) if origin is error else f"{first_words(error)}, from {first_words(origin)}"


def first_words(error: BaseException) -> str:
    """Type and first line of the message, at most 500 characters."""
    lines = str(error).strip().splitlines()
    return shortened(f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__, 500)


def tail(error: BaseException) -> str:
    """The end of the printed traceback, at most DETAIL_LIMIT characters."""
    return "".join(traceback.format_exception(error))[-DETAIL_LIMIT:]
