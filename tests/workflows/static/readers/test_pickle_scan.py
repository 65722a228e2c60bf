"""Every way in which a pickle names what it imports, the ones that fooled scanners before included. None is ever loaded."""

import collections
import datetime as dt
import fractions
import pickle
import pickletools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.static import pickle_asm as asm
from tests.workflows.static.pickle_asm import c, get, i, put, system, u
from workflows.static.readers import pickle_scan
from workflows.static.readers.byte_stream import ByteStream
from workflows.static.readers.pickle_ops import LINE, LINES, MARKED, OPS
from workflows.static.readers.pickle_scan import COMPUTED, Scan, scan

SYSTEM = ("os", "system")


def names(raw, size=7):
    return scanned(raw, size).names


def scanned(raw, size=7):
    return scan(ByteStream(raw[at : at + size] for at in range(0, len(raw), size)))


@pytest.mark.parametrize("protocol", range(6))
def test_python_s_own_pickles_are_followed_to_their_end(protocol):
    thing = [
        collections.OrderedDict(a=1),
        {1: 2.5, b"k": bytearray(b"v"), "s": {1}, "f": frozenset([2])},
        10**50,
        -5,
        True,
    ]
    thing += [
        fractions.Fraction(1, 2),
        dt.date(2020, 1, 1),
        "ü" * 300,
        b"x" * 300,
        (1, 2),
        (1, 2, 3, 4),
        None,
        2**31,
    ]
    thing.append(thing)
    raw = pickle.dumps(thing, protocol)
    found = scanned(raw)
    expected = [arg.replace(" ", ".") for op, arg, _ in pickletools.genops(raw) if op.name == "GLOBAL"]
    assert found.broken == ""
    assert ("fractions", "Fraction") in found.names
    assert set(expected) <= {".".join(name) for name in found.names}
    assert found.steps == len(list(pickletools.genops(raw)))


@pytest.mark.parametrize(
    "raw",
    [
        system(c("os", "system")),
        system(u("os") + u("system") + asm.STACK_GLOBAL),
        system(u("os") + put(0) + asm.POP + u("system") + put(1) + asm.POP + get(0) + get(1) + asm.STACK_GLOBAL),
        system(
            u("os") + asm.MEMOIZE + u("system") + asm.MEMOIZE + asm.POP + asm.POP + get(0) + get(1) + asm.STACK_GLOBAL
        ),
        system(u("os") + b"p7\n" + u("system") + b"r\x08\0\0\0" + b"00" + b"g7\n" + b"j\x08\0\0\0" + asm.STACK_GLOBAL),
        system(u("os") + asm.DUP + asm.POP + u("system") + asm.DUP + asm.POP + asm.STACK_GLOBAL),
        system(b"Vos\n" + b"Vsystem\n" + asm.STACK_GLOBAL),
        system(b"S'os'\n" + b'S"system"\n' + asm.STACK_GLOBAL),
        system(b"U\x02os" + b"T\x06\0\0\0system" + asm.STACK_GLOBAL),
        system(b"X\x02\0\0\0os" + b"\x8d\x06\0\0\0\0\0\0\0system" + asm.STACK_GLOBAL),
        system(u("os") + u("system") + asm.MARK + u("x") + b"1" + asm.STACK_GLOBAL),
        system(u("os") + u("system") + asm.MARK + asm.POP + asm.STACK_GLOBAL),
        b"(S'id'\n" + i("os", "system") + b".",
        b"\x80\x02(" + c("os", "system") + u("id") + asm.OBJ + b".",
        asm.PROTO2 + c("os", "system") + asm.EMPTY_TUPLE + asm.NEWOBJ + b".",
        asm.PROTO4 + c("os", "system") + asm.EMPTY_TUPLE + asm.EMPTY_DICT + asm.NEWOBJ_EX + b".",
        asm.PROTO2 + c("os", "system") + asm.EMPTY_DICT + asm.BUILD + b".",
        c("os", "system") + b"(S'id'\ntR.",
        b"\x80\x04\x95\x10\0\0\0\0\0\0\0" + c("os", "system")[:] + b".",
        b"\x80\x05" + c("os", "system") + b"\x97\x98.",
        b"Pid\n0" + c("os", "system") + b"Q.",
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10**6])
def test_every_way_to_import_is_seen(raw, size):
    found = scanned(raw, size)
    assert (found.names, found.broken) == ((SYSTEM,), "")


@pytest.mark.parametrize(
    "raw",
    [
        system(u("o") + u("s") + asm.TUPLE1 + u("system") + asm.STACK_GLOBAL),
        system(b"S'\\x6fs'\n" + u("system") + asm.STACK_GLOBAL),
        system(b"V\\u006fs\n" + u("system") + asm.STACK_GLOBAL),
        system(u("os") + b"C\x06system" + asm.STACK_GLOBAL),
        system(u("os") + b"X\xff\xff\0\0" + b"a" * 65535 + asm.STACK_GLOBAL),
        system(b"\x82\x01"),
        system(b"\x83\x01\x01"),
        system(b"\x84\x01\0\0\0"),
        system(b"c" + b"a" * 2000 + b"\nb\n"),
        system(b"c\xff\xfe\nb\n"),
    ],
)
def test_a_name_that_is_only_computed_is_seen_as_such(raw):
    assert COMPUTED in names(raw)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "ends before its end"),
        (b"\x80\x04K", "ends before its end"),
        (b"\x80\x04X\xff\xff\xff\x7fshort", "ends before its end"),
        (b"\x80\x04\x8e" + b"\xff" * 8, "ends before its end"),
        (b"cos", "ends before its end"),
        (b"\x80\x06.", "protocol is unknown"),
        (b"\x80\x04\xff", "byte 2 is no step of a pickle"),
        (b"\x80\x04R", "takes more than there is"),
        (b"\x80\x04t", "mark that is not there"),
        (b"\x80\x04K\x01(R.", "takes more than there is"),
        (b"\x80\x04h\x05.", "did not remember"),
        (b"\x80\x04q\x05.", "takes more than there is"),
        (b"K\x01px\n.", "a number that is none"),
        (b"(" * 20_000, "nested over 10,000 deep"),
    ],
)
def test_streams_that_break_say_where(raw, says):
    assert says in scanned(raw, 100).broken


def test_what_was_imported_before_the_break_counts():
    assert scanned(c("os", "system") + b"(S'id'\ntR\xff") == Scan((SYSTEM,), "byte 20 is no step of a pickle", 5)


@pytest.mark.parametrize(
    ("limit", "value", "raw"),
    [
        ("MOST_OPS", 100, b"N0" * 100),
        ("_MOST_MEMO", 100, b"N" + b"\x94" * 200),
        ("MOST_NAMES", 100, b"".join(c("m", f"n{number}") for number in range(200))),
        ("_MOST_TEXT", 100, u("x" * 60) * 2),
    ],
)
def test_limits_end_the_walk(monkeypatch, limit, value, raw):
    monkeypatch.setattr(pickle_scan, limit, value)
    found = scan(ByteStream(iter([raw])), value if limit == "MOST_OPS" else 10_000)
    assert "over 100" in found.broken


def test_each_step_takes_and_puts_what_pickletools_says():
    for op in pickletools.opcodes:
        ours = OPS[ord(op.code)]
        before = [thing.name for thing in op.stack_before]
        assert ours.name == op.name
        assert (ours.takes == MARKED) == ("mark" in before) or op.name == "POP", op.name
        follows = {None: 0} | {number: number for number in range(9)} | {-1: LINE}
        if op.arg is None or op.arg.n >= 0:
            assert ours.follows == follows[op.arg.n if op.arg else None], op.name
        elif op.arg.n == -1:
            assert ours.follows == (LINES if op.name in {"GLOBAL", "INST"} else LINE), op.name
        else:
            assert ours.counted == {-2: 1, -3: 4, -4: 4, -5: 8}[op.arg.n], op.name
    assert len(OPS) == len(pickletools.opcodes)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(raw):
    found = scanned(b"\x80\x04" + raw)
    assert found.steps <= len(raw) + 1


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.binary() | st.floats(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    ),
    st.integers(0, 5),
)
def test_everything_that_pickles_is_followed(thing, protocol):
    assert scanned(pickle.dumps(thing, protocol)).broken == ""
