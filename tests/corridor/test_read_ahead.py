"""Files that are wanted one after the other are read many at a time, and none is held for ever."""

import pytest

from bot.corridor.read_ahead import ReadAhead
from bot.publishing.read_entries import AT_ONCE
from bot.records.github import TreeFile


class Counting:
    """The bytes of a file are its path; `asked` says what was read together."""

    def __init__(self):
        self.asked = []

    def blobs(self, files):
        self.asked.append([file.path for file in files])
        return {file.sha: file.path.encode() for file in files}


@pytest.fixture
def github():
    return Counting()


def files(count, start=0):
    return [TreeFile(f"{n}", "100644", f"sha {n}", 1) for n in range(start, start + count)]


def test_all_in_turn_take_few_requests(github):
    wanted = files(2 * AT_ONCE + 1)
    read = ReadAhead(github, wanted)
    assert [read(file) for file in wanted] == [file.path.encode() for file in wanted]
    assert len(github.asked) == 3
    assert max(map(len, github.asked)) <= AT_ONCE


def test_one_that_is_wanted_again_is_read_again_and_what_lies_ahead_stays(github):
    first, second = files(2)
    read = ReadAhead(github, [first, second])
    assert [read(first), read(first), read(second)] == [b"0", b"0", b"1"]
    assert github.asked == [["0", "0", "1"], ["0"]]


def test_the_same_bytes_under_two_paths_are_both_had(github):
    one = TreeFile("same", "100644", "sha", 1)
    read = ReadAhead(github, [one, one])
    assert [read(one), read(one)] == [b"same", b"same"]


def test_those_that_nobody_wants_after_all_are_held_up_to_a_bound(github):
    wanted = files(5 * AT_ONCE)
    read = ReadAhead(github, wanted)
    for file in wanted[:: AT_ONCE // 4]:
        assert read(file) == file.path.encode()
        assert len(read._read) <= AT_ONCE


def test_many_that_are_tried_again_pull_no_more_than_that(github):
    wanted = files(5 * AT_ONCE)
    read = ReadAhead(github, wanted)
    for file in wanted[:AT_ONCE]:
        read(file)
        read(file)
        assert len(read._read) <= AT_ONCE
