"""Pickles put together step by step, so that hostile ones can be had without anything that would pickle them. Never loaded."""

PROTO2, PROTO4, STOP = b"\x80\x02", b"\x80\x04", b"."
MARK, EMPTY_TUPLE, TUPLE, TUPLE1 = b"(", b")", b"t", b"\x85"
REDUCE, BUILD, OBJ, NEWOBJ, NEWOBJ_EX = b"R", b"b", b"o", b"\x81", b"\x92"
STACK_GLOBAL, MEMOIZE, POP, DUP, EMPTY_DICT = b"\x93", b"\x94", b"0", b"2", b"}"


def c(module, name):
    """GLOBAL."""
    return f"c{module}\n{name}\n".encode()


def i(module, name):
    """INST."""
    return f"i{module}\n{name}\n".encode()


def u(text):
    """SHORT_BINUNICODE."""
    raw = text.encode()
    return b"\x8c" + bytes([len(raw)]) + raw


def system(how):
    """What `os.system('id')` looks like, imported by these steps."""
    return PROTO4 + how + u("id") + TUPLE1 + REDUCE + STOP


def put(index):
    """BINPUT."""
    return b"q" + bytes([index])


def get(index):
    """BINGET."""
    return b"h" + bytes([index])
