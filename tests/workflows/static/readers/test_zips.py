"""Zips as loaders read them: wherever CRC, flags and local names lie, the bytes are the loader's."""

import io
import os
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.rdf_sample import zipped
from workflows.static.readers.zips import MOST_MEMBERS, Member, NotAZip, chunks, members, odd, read

FILES = {"a/b.txt": b"x" * 100_000, "empty": b"", "ü.bin": os.urandom(70_000)}
PLAIN = {"size": 4, "packed": 4, "offset": 0, "method": 0, "flags": 0, "mode": 0, "crc": 0}


def listed(raw):
    return members(io.BytesIO(raw))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_zipfile_writes_is_read(method):
    file = io.BytesIO(zipped(FILES, method))
    found = members(file)
    assert {member.name: read(file, member, 10**9) for member in found} == FILES
    assert [read(file, member, 10) for member in found] == [content[:10] for content in FILES.values()]


def test_the_long_form_is_read():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"content")
    raw = bytearray(buffer.getvalue())
    at = raw.rindex(b"PK\x01\x02")
    size, packed = struct.unpack_from("<2L", raw, at + 20)
    raw[at + 20 : at + 28] = b"\xff" * 8
    extra = struct.pack("<2H2Q", 1, 16, size, packed)
    raw[at + 30 : at + 32] = len(extra).to_bytes(2, "little")
    raw[at + 47 : at + 47] = extra
    end = raw.rindex(b"PK\x05\x06")
    length = end - at
    raw[end + 12 : end + 16] = length.to_bytes(4, "little")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, length, at)
    raw[end:end] = record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    (found,) = listed(bytes(raw))
    assert (found.name, found.size, read(io.BytesIO(bytes(raw)), found, 100)) == ("a", 7, b"content")


def test_a_wrong_crc_a_flag_and_another_local_name_hide_nothing():
    raw = bytearray(zipped({"data.pkl": b"secret"}))
    raw[14:18] = b"\0\0\0\0"
    at = raw.index(b"PK\x01\x02")
    raw[at + 16 : at + 20] = b"\1\2\3\4"
    raw[6] |= 1
    raw[30:38] = b"else.txt"
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read("data.pkl")
    (member,) = listed(bytes(raw))
    assert (member.name, read(io.BytesIO(bytes(raw)), member, 100)) == ("data.pkl", b"secret")


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ({"flags": 1}, "holds 'a' encrypted"),
        ({"mode": 0o120777}, "as a link"),
        ({"mode": 0o020666}, "as a link or a device"),
        ({"name": "a/../../b"}, "leads out of its folder"),
        ({"name": "a\0b"}, "leads out of its folder"),
        ({"name": ""}, "leads out of its folder"),
        ({"name": "/a"}, "an absolute or a Windows path"),
        ({"name": "C:a"}, "an absolute or a Windows path"),
        ({"name": "a\\b"}, "an absolute or a Windows path"),
        ({"size": 10**9, "packed": 10**6}, "packed to less than one 200th"),
    ],
)
def test_what_is_odd_is_told(member, says):
    assert says in next(odd([Member(**{"name": "a", **PLAIN, **member})]))


def test_what_is_not_odd_is_not_told():
    ordinary = [Member(**{**PLAIN, "name": name}) for name in ("a", "b/", "b/a..b", "b/c.d")]
    assert list(odd([*ordinary, Member(**{**PLAIN, "name": "zeros", "size": 999_999, "packed": 1})])) == []


def test_a_bomb_is_unpacked_no_further_than_asked():
    file = io.BytesIO(zipped({"bomb": bytes(300_000_000)}, zipfile.ZIP_DEFLATED))
    (member,) = members(file)
    tracemalloc.start()
    assert sum(map(len, chunks(file, member, 50_000_000))) == 50_000_000
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_tables_that_announce_too_much_are_not_read():
    raw = bytearray(zipped({"a": b"1"}))
    end = raw.rindex(b"PK\x05\x06")
    raw[end + 8 : end + 12] = struct.pack("<2H", 65_535, 65_535)
    with pytest.raises(NotAZip, match=f"at most {MOST_MEMBERS:,} are read"):
        listed(bytes(raw))


@pytest.mark.parametrize("method", [9, 12, 14, 93, 99])
def test_other_ways_of_packing_are_told(method):
    raw = zipped({"a": b"1"})
    with pytest.raises(NotAZip, match="in a way that loaders do not know"):
        read(io.BytesIO(raw), Member(**{**PLAIN, "name": "a", "method": method}), 10)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_else(data):
    raw = bytearray(zipped({"a/data.pkl": b"x" * 50, "b": b"y"}, zipfile.ZIP_DEFLATED))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    file = io.BytesIO(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    try:
        for member in members(file):
            assert len(read(file, member, 1000)) <= 1000
    except NotAZip:
        return
