import stat
import zipfile

import pytest

from workflows.dynamic.adapters import unpacked as module
from workflows.dynamic.adapters.unpacked import UnpackingError, folder_with, unpacked


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.chdir(tmp_path / "scratch")
    return tmp_path / "scratch"


def zipped(place, *members):
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return place


def test_members_come_out_below_a_folder_of_their_own(tmp_path, scratch):
    root = unpacked(zipped(tmp_path / "a.zip", ("m/", ""), ("m/saved_model.pb", "pb"), ("m/v/x", "1")))
    assert root.is_relative_to(scratch)
    assert {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} == {"m/saved_model.pb", "m/v/x"}


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a\\x", "C:x"])
def test_no_member_leads_out(tmp_path, scratch, name):
    with pytest.raises(UnpackingError, match="leads out of its folder"):
        unpacked(zipped(tmp_path / "a.zip", (name, "x")))
    assert [path for path in tmp_path.rglob("x*") if path.is_file()] == []


def test_a_link_is_not_followed(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(UnpackingError, match="has a link"):
        unpacked(zipped(tmp_path / "a.zip", (link, "/etc/passwd")))


def test_an_encrypted_member_is_told():
    member = zipfile.ZipInfo("secret")
    member.flag_bits = 1
    assert "is encrypted" in module.fault_of(member)


def test_a_bomb_is_refused_before_anything_is_written(tmp_path, scratch):
    bomb = zipped(tmp_path / "a.zip", ("zeros", b"\0" * 5_000_000))
    assert bomb.stat().st_size < 10_000
    with pytest.raises(UnpackingError, match="unpacks to 5,000,000 bytes, and the box has room for 1,000,000"):
        unpacked(bomb, limit=1_000_000)
    assert [path for path in scratch.rglob("*") if path.is_file()] == []


def test_too_many_members(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_MEMBERS", 3)
    with pytest.raises(UnpackingError, match="4 members, over 3"):
        unpacked(zipped(tmp_path / "a.zip", *((str(number), "") for number in range(4))))


def test_what_is_no_zip(tmp_path):
    (tmp_path / "a.zip").write_text("no")
    with pytest.raises(UnpackingError, match="no zip"):
        unpacked(tmp_path / "a.zip")


def test_a_member_that_is_there_twice(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = zipped(tmp_path / "a.zip", ("x", "1"), ("x", "2"))
    with pytest.raises(FileExistsError):
        unpacked(archive)


def test_the_root_or_one_folder_at_the_top(tmp_path):
    (tmp_path / "r" / "m").mkdir(parents=True)
    (tmp_path / "r" / "__MACOSX").mkdir()
    (tmp_path / "r" / "m" / "model.json").touch()
    assert folder_with(tmp_path / "r", "model.json") == tmp_path / "r" / "m"
    (tmp_path / "r" / "n").mkdir()
    with pytest.raises(UnpackingError, match="at its top, nor in one folder"):
        folder_with(tmp_path / "r", "model.json")
    (tmp_path / "r" / "model.json").touch()
    assert folder_with(tmp_path / "r", "model.json") == tmp_path / "r"
