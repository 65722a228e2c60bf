"""Whatever a path names, the answer is bytes or a sentence, at once."""

import errno
import os
import socket
from pathlib import Path

import pytest

from workflows import read_file as module
from workflows.problem import Problem
from workflows.read_file import read_file


def test_a_file_is_read_up_to_one_byte_more_than_the_limit(tmp_path):
    path = tmp_path / "rdf.yaml"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    assert read_file(path, 3) == b"1234"
    path.write_bytes(b"")
    assert read_file(path, 3) == b""


def test_a_link_to_a_file_is_read(tmp_path):
    (tmp_path / "rdf.yaml").write_bytes(b"x")
    (tmp_path / "link").symlink_to("rdf.yaml")
    assert read_file(tmp_path / "link", 5) == b"x"


def make_folder(path):
    path.mkdir()


def make_socket(path):
    os.chdir(path.parent)  # the name of a socket may be about 100 characters long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)


def make_link_to_pipe(path):
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_folder, "a folder"),
        (os.mkfifo, "a pipe"),
        (make_link_to_pipe, "a pipe"),
        (make_socket, "a socket"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
    ],
)
def test_what_is_no_file(make, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "rdf.yaml")
    found = read_file(tmp_path / "rdf.yaml", 5)
    assert found == Problem("not-a-file", f"This is {kind}, not a file.", "Name the RDF file itself.")


def test_a_pipe_that_took_the_place_of_a_file_is_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "rdf.yaml"
    path.write_bytes(b"x")
    regular = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(module.os, "stat", lambda _: regular)
    assert read_file(path, 5) == Problem("not-a-file", "This is a pipe, not a file.", "Name the RDF file itself.")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "There is no such file."),
        ("file/rdf.yaml", "There is no such file: a part of its path is a file itself."),
        ("x" * 300, "The name is longer than a file's can be."),
        ("again", "The link leads back to itself."),
        ("a\0b", "The name holds a NUL byte."),
    ],
)
def test_what_cannot_be_opened(name, message, tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "again").symlink_to("again")
    found = read_file(tmp_path / name, 5)
    assert isinstance(found, Problem)
    assert (found.rule, found.message) == ("unreadable", message)
    assert found.fix.endswith(".")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, "The file may not be read."),
        (errno.EPERM, "The file may not be read."),
        (errno.EIO, "The file cannot be read: Input/output error."),
    ],
)
def test_what_the_system_refuses(number, message, tmp_path, monkeypatch):
    """Played, because root may open everything."""
    path = tmp_path / "rdf.yaml"
    path.write_text("x")

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module.os, "open", refuse)
    found = read_file(path, 5)
    assert isinstance(found, Problem)
    assert found.message == message


def test_no_descriptor_is_left_open(tmp_path):
    path = tmp_path / "rdf.yaml"
    path.write_bytes(b"x")
    open_before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    for _ in range(20):
        read_file(path, 5)
        read_file(tmp_path, 5)
    open_after = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    assert open_after <= open_before


def test_what_is_a_file_or_a_folder_and_never_an_error(tmp_path):
    (tmp_path / "a").write_text("a")
    (tmp_path / "circle").symlink_to("circle")
    assert module.is_file(tmp_path / "a")
    assert module.is_folder(tmp_path)
    for odd in (tmp_path / "gone", tmp_path / "a" / "b", tmp_path / "circle", tmp_path / ("x" * 5000), Path("a\0b")):
        assert not module.is_file(odd)
        assert not module.is_folder(odd)
