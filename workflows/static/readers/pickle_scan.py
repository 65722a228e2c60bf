"""What a pickle would import if somebody loaded it, found by walking its opcodes. Nothing is imported, called or built.

The stack and the memo are followed as far as texts go, because a name may be put together from them (`STACK_GLOBAL`). What was
found before the stream breaks counts: a loader has run it by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from workflows.static.readers.byte_stream import ByteStream, EndOfBytes
from workflows.static.readers.pickle_ops import LINE, LINES, MARKED, OPS, TEXTS, Op

MOST_OPS = 1_000_000
MOST_NAMES = 10_000
_MOST_MEMO = 500_000
_MOST_TEXT = 64 * 1024**2
_DEEPEST = 10_000
_LONGEST_NAME = 512
_NEWEST = 5  # protocol

Name = tuple[str, str]
COMPUTED: Name = ("", "")
"""An import whose name is only known once the pickle runs."""


@dataclass(frozen=True)
class Scan:
    """The names one pickle imports, in their order; why the walk ended early (empty where it reached the end); its length."""

    names: tuple[Name, ...]
    broken: str = ""
    steps: int = 0


class _Broken(ValueError):  # noqa: N818 - never leaves this file
    """The stream cannot go on."""


def scan(stream: ByteStream, most: int = MOST_OPS) -> Scan:
    """One pickle from where the stream stands to its STOP, of at most so many steps."""
    walk, broken = _Walk(stream), ""
    try:
        walk.run(most)
    except _Broken as error:
        broken = str(error)
    except EndOfBytes:
        broken = "it ends before its end"
    return Scan(tuple(walk.names), broken, walk.steps)


class _Walk:
    """The pickle machine with texts for values; everything else on its stack is `None`."""

    def __init__(self, stream: ByteStream) -> None:
        self.names: dict[Name, None] = {}
        self.steps = 0
        self._stream = stream
        self._stack: list[str | None] = []
        self._marks: list[list[str | None]] = []
        self._memo: dict[int, str | None] = {}
        self._kept = 0

    def run(self, most: int) -> None:
        for op in islice(self._ops(), max(0, most)):
            self.steps += 1
            if op.name == "STOP":
                return
            self._step(op)
        raise _Broken(f"there are over {MOST_OPS:,} steps")

    def _ops(self) -> Iterator[Op]:
        while (code := self._stream.byte()) is not None:
            if code not in OPS:
                raise _Broken(f"byte {self._stream.place - 1:,} is no step of a pickle")
            yield OPS[code]
        raise EndOfBytes

    def _step(self, op: Op) -> None:
        text = self._argument(op)
        special = _SPECIAL.get(op.name)
        if special is not None:
            special(self, text)
            return
        if op.takes == MARKED:
            self._pop_mark()
        elif op.takes:
            self._pop(op.takes)
        if op.name in TEXTS:
            self._push_text(text)
        elif op.puts:
            self._stack.append(None)

    def _argument(self, op: Op) -> str | None:
        """What follows the opcode, as text where it is short enough to be a name or a number."""
        if op.counted:
            size = int.from_bytes(self._stream.take(op.counted), "little")
            if op.name not in TEXTS or size > _LONGEST_NAME:
                self._stream.skip(size)
                return None
            return _text(self._stream.take(size))
        if op.follows == LINES:
            return _pair(self._line(), self._line())
        if op.follows == LINE:
            return _line_text(op.name, self._line())
        raw = self._stream.take(op.follows)
        return str(int.from_bytes(raw, "little")) if raw and op.name in _SPECIAL else None

    def _line(self) -> bytes:
        return self._stream.line(_LONGEST_NAME + 1)

    def _push_text(self, text: str | None) -> None:
        self._kept += len(text or "")
        if self._kept > _MOST_TEXT:
            raise _Broken(f"it holds over {_MOST_TEXT:,} characters of text")
        self._stack.append(text)

    def _pop(self, count: int) -> list[str | None]:
        if len(self._stack) < count:
            raise _Broken("a step takes more than there is")
        taken = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        return taken

    def _pop_mark(self) -> None:
        if not self._marks:
            raise _Broken("a step goes back to a mark that is not there")
        self._stack = self._marks.pop()

    def _import(self, module: str | None, name: str | None) -> None:
        self.names[COMPUTED if module is None or name is None else (module, name)] = None
        if len(self.names) > MOST_NAMES:
            raise _Broken(f"it imports over {MOST_NAMES:,} names")

    def on_global(self, text: str | None) -> None:
        module, end, name = (text or "").partition("\n")
        self._import(module if end else None, name)
        self._stack.append(None)

    def on_inst(self, text: str | None) -> None:
        self._pop_mark()
        self.on_global(text)

    def on_stack_global(self, _text: str | None) -> None:
        module, name = self._pop(2)
        self._import(module, name)
        self._stack.append(None)

    def on_extension(self, _text: str | None) -> None:
        self._import(None, None)
        self._stack.append(None)

    def on_mark(self, _text: str | None) -> None:
        if len(self._marks) >= _DEEPEST:
            raise _Broken(f"it is nested over {_DEEPEST:,} deep")
        self._marks.append(self._stack)
        self._stack = []

    def on_pop_one(self, _text: str | None) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._pop_mark()

    def on_dup(self, _text: str | None) -> None:
        self._stack += self._pop(1) * 2

    def on_memoize(self, _text: str | None) -> None:
        self._keep(len(self._memo))

    def on_put(self, text: str | None) -> None:
        self._keep(_index(text))

    def _keep(self, index: int) -> None:
        if not self._stack:
            raise _Broken("a step takes more than there is")
        if len(self._memo) >= _MOST_MEMO:
            raise _Broken(f"it remembers over {_MOST_MEMO:,} things")
        self._memo[index] = self._stack[-1]

    def on_get(self, text: str | None) -> None:
        index = _index(text)
        if index not in self._memo:
            raise _Broken("it asks for what it did not remember")
        self._stack.append(self._memo[index])

    def on_proto(self, text: str | None) -> None:
        if int(text or 0) > _NEWEST:
            raise _Broken("its protocol is unknown")


_SPECIAL = {
    "GLOBAL": _Walk.on_global,
    "INST": _Walk.on_inst,
    "STACK_GLOBAL": _Walk.on_stack_global,
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _Walk.on_extension),
    "MARK": _Walk.on_mark,
    "POP": _Walk.on_pop_one,
    "DUP": _Walk.on_dup,
    "MEMOIZE": _Walk.on_memoize,
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Walk.on_put),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Walk.on_get),
    "PROTO": _Walk.on_proto,
}


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _pair(module: bytes, name: bytes) -> str | None:
    """Two lines as one text, `None` where one of them is too long or none; neither holds a line feed."""
    if max(len(module), len(name)) > _LONGEST_NAME:
        return None
    texts = _text(module), _text(name)
    return None if None in texts else f"{texts[0]}\n{texts[1]}"


def _line_text(name: str, raw: bytes) -> str | None:
    """A line's text; one with escapes, which a loader would undo, counts as unknown."""
    if name == "STRING":
        raw = raw.strip()
        raw = raw[1:-1] if raw[:1] in {b"'", b'"'} and raw[:1] == raw[-1:] else b"\\"
    return None if b"\\" in raw or len(raw) > _LONGEST_NAME else _text(raw)


def _index(text: str | None) -> int:
    try:
        return int((text or "")[:20])
    except ValueError as error:
        raise _Broken("a step remembers under a number that is none") from error
