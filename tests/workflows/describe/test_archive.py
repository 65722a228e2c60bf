import stat
import struct
import zipfile

import pytest

from tests.workflows.rdf_sample import LIMITS
from workflows.describe.answer import Refusal
from workflows.describe.archive import inspect, read


def pack(path, entries, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def link(name="link"):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("../out.txt", "climbs"),
        ("a/../../out.txt", "climbs"),
        ("/etc/passwd", "absolute"),
        ("C:/x", "Windows"),
        ("a\\b", "Windows"),
        (link(), "link"),
        ("x" * 600, "impossible"),
    ],
)
def test_names_that_leave_the_folder_and_links_are_refused(tmp_path, entry, word):
    refusal = inspect(pack(tmp_path / "a.zip", [("rdf.yaml", "a"), (entry, "b")]), LIMITS)
    assert refusal.reason == "unsafe-archive"
    assert word in refusal.message


def test_an_encrypted_entry_is_refused(tmp_path):
    path = pack(tmp_path / "a.zip", [("rdf.yaml", "a")])
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    assert "encrypted" in inspect(path, LIMITS).message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_stand_in_it_twice_are_refused(tmp_path):
    assert "twice" in inspect(pack(tmp_path / "a.zip", [("a", "1"), ("a", "2")]), LIMITS).message
    assert "same file" in inspect(pack(tmp_path / "b.zip", [("a/b", "1"), ("a/./b", "2")]), LIMITS).message


def test_a_bomb_is_refused_by_its_directory_alone(tmp_path):
    path = pack(tmp_path / "a.zip", [("rdf.yaml", "a"), ("zeros", bytes(4_000_000))])
    refusal = inspect(path, LIMITS)
    assert refusal.reason == "archive-too-large"
    assert "200 times" in refusal.message


@pytest.mark.parametrize(
    ("limits", "word"),
    [({"files": 1}, "2 entries"), ({"file_bytes": 2}, "'big'"), ({"package_bytes": 3}, "unpacks to 4 bytes")],
)
def test_limits_hold_before_unpacking(tmp_path, limits, word):
    path = pack(tmp_path / "a.zip", [("rdf.yaml", "a"), ("big", "bbb")])
    refusal = inspect(path, LIMITS | limits)
    assert refusal.reason == "archive-too-large"
    assert word in refusal.message


def test_an_endless_directory_and_what_is_no_zip_are_refused(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(8) + struct.pack("<II", 2_000_000, 0) + bytes(2))
    assert inspect(path, LIMITS).reason == "archive-too-large"
    path.write_bytes(b"no zip")
    assert inspect(path, LIMITS).reason == "unsafe-archive"


def test_the_single_top_folder_is_cut_and_clutter_left_out(tmp_path):
    entries = [
        ("m/rdf.yaml", "r"),
        ("m/sub/w.pt", "ww"),
        ("m/.DS_Store", "x"),
        ("__MACOSX/m/._rdf.yaml", "x"),
        ("m/e/", ""),
    ]
    path = pack(tmp_path / "a.zip", entries)
    members = inspect(path, LIMITS)
    assert [(member.name, member.size) for member in members] == [("rdf.yaml", 1), ("sub/w.pt", 2)]
    assert [content for _, content in read(path, members)] == [b"r", b"ww"]


def test_a_damaged_or_mislabelled_member_ends_the_reading(tmp_path):
    path = pack(tmp_path / "a.zip", [("a", "good"), ("b", "damaged content")], zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"damaged", b"altered", 1))
    found = list(read(path, inspect(path, LIMITS)))
    assert found[0][1] == b"good"
    assert isinstance(found[1], Refusal)
    assert found[1].reason == "unsafe-archive"
    long = pack(tmp_path / "c.zip", [("a", "long content")], zipfile.ZIP_STORED)
    raw = bytearray(long.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 20)
    long.write_bytes(raw)
    assert isinstance(next(read(long, inspect(long, LIMITS))), Refusal)
    short = pack(tmp_path / "b.zip", [("a", "long content")], zipfile.ZIP_STORED)
    raw = bytearray(short.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 4)
    short.write_bytes(raw)
    assert isinstance(next(read(short, inspect(short, LIMITS))), Refusal)
