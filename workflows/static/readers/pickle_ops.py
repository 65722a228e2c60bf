"""The opcodes of Python's pickle protocols 0 to 5: what follows each in the stream, and what it takes from the stack.

Source: PEP 307, PEP 3154, PEP 574, and the comments of CPython's `pickletools`.
"""

from dataclasses import dataclass

LINE, LINES = -1, -2
"""What follows is one line, or two."""
MARKED = -1
"""It takes everything down to the last mark."""


@dataclass(frozen=True, slots=True)
class Op:
    """`follows`: fixed bytes, or `LINE`, `LINES`; `counted`: that many bytes of length before as many of content."""

    name: str
    follows: int = 0
    counted: int = 0
    takes: int = 0
    puts: int = 0


_ROWS: tuple[tuple[str, str, int, int, int, int], ...] = (
    ("(", "MARK", 0, 0, 0, 0),
    (".", "STOP", 0, 0, 0, 0),
    ("0", "POP", 0, 0, 0, 0),
    ("1", "POP_MARK", 0, 0, MARKED, 0),
    ("2", "DUP", 0, 0, 0, 0),
    ("F", "FLOAT", LINE, 0, 0, 1),
    ("I", "INT", LINE, 0, 0, 1),
    ("J", "BININT", 4, 0, 0, 1),
    ("K", "BININT1", 1, 0, 0, 1),
    ("L", "LONG", LINE, 0, 0, 1),
    ("M", "BININT2", 2, 0, 0, 1),
    ("N", "NONE", 0, 0, 0, 1),
    ("P", "PERSID", LINE, 0, 0, 1),
    ("Q", "BINPERSID", 0, 0, 1, 1),
    ("R", "REDUCE", 0, 0, 2, 1),
    ("S", "STRING", LINE, 0, 0, 1),
    ("T", "BINSTRING", 0, 4, 0, 1),
    ("U", "SHORT_BINSTRING", 0, 1, 0, 1),
    ("V", "UNICODE", LINE, 0, 0, 1),
    ("X", "BINUNICODE", 0, 4, 0, 1),
    ("a", "APPEND", 0, 0, 1, 0),
    ("b", "BUILD", 0, 0, 1, 0),
    ("c", "GLOBAL", LINES, 0, 0, 1),
    ("d", "DICT", 0, 0, MARKED, 1),
    ("}", "EMPTY_DICT", 0, 0, 0, 1),
    ("e", "APPENDS", 0, 0, MARKED, 0),
    ("g", "GET", LINE, 0, 0, 0),
    ("h", "BINGET", 1, 0, 0, 0),
    ("i", "INST", LINES, 0, MARKED, 1),
    ("j", "LONG_BINGET", 4, 0, 0, 0),
    ("l", "LIST", 0, 0, MARKED, 1),
    ("]", "EMPTY_LIST", 0, 0, 0, 1),
    ("o", "OBJ", 0, 0, MARKED, 1),
    ("p", "PUT", LINE, 0, 0, 0),
    ("q", "BINPUT", 1, 0, 0, 0),
    ("r", "LONG_BINPUT", 4, 0, 0, 0),
    ("s", "SETITEM", 0, 0, 2, 0),
    ("t", "TUPLE", 0, 0, MARKED, 1),
    (")", "EMPTY_TUPLE", 0, 0, 0, 1),
    ("u", "SETITEMS", 0, 0, MARKED, 0),
    ("G", "BINFLOAT", 8, 0, 0, 1),
    ("\x80", "PROTO", 1, 0, 0, 0),
    ("\x81", "NEWOBJ", 0, 0, 2, 1),
    ("\x82", "EXT1", 1, 0, 0, 1),
    ("\x83", "EXT2", 2, 0, 0, 1),
    ("\x84", "EXT4", 4, 0, 0, 1),
    ("\x85", "TUPLE1", 0, 0, 1, 1),
    ("\x86", "TUPLE2", 0, 0, 2, 1),
    ("\x87", "TUPLE3", 0, 0, 3, 1),
    ("\x88", "NEWTRUE", 0, 0, 0, 1),
    ("\x89", "NEWFALSE", 0, 0, 0, 1),
    ("\x8a", "LONG1", 0, 1, 0, 1),
    ("\x8b", "LONG4", 0, 4, 0, 1),
    ("B", "BINBYTES", 0, 4, 0, 1),
    ("C", "SHORT_BINBYTES", 0, 1, 0, 1),
    ("\x8c", "SHORT_BINUNICODE", 0, 1, 0, 1),
    ("\x8d", "BINUNICODE8", 0, 8, 0, 1),
    ("\x8e", "BINBYTES8", 0, 8, 0, 1),
    ("\x8f", "EMPTY_SET", 0, 0, 0, 1),
    ("\x90", "ADDITEMS", 0, 0, MARKED, 0),
    ("\x91", "FROZENSET", 0, 0, MARKED, 1),
    ("\x92", "NEWOBJ_EX", 0, 0, 3, 1),
    ("\x93", "STACK_GLOBAL", 0, 0, 2, 1),
    ("\x94", "MEMOIZE", 0, 0, 0, 0),
    ("\x95", "FRAME", 8, 0, 0, 0),
    ("\x96", "BYTEARRAY8", 0, 8, 0, 1),
    ("\x97", "NEXT_BUFFER", 0, 0, 0, 1),
    ("\x98", "READONLY_BUFFER", 0, 0, 0, 0),
)
"""Opcode byte, name, follows, counted, takes, puts."""

OPS = {ord(byte): Op(name, *numbers) for byte, name, *numbers in _ROWS}
TEXTS = frozenset(
    {"STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
)
"""Opcodes that put a text on the stack, of which a module or a name may be made."""
