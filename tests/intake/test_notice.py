"""Which record an upload notice names."""

import pytest

from bot.intake.notice import record_of
from bot.intake.shape import ShapeError

ZENODO = "https://zenodo.org"


@pytest.mark.parametrize(
    "text",
    [
        "5764893",
        " 5764893 ",
        "https://zenodo.org/records/5764893",
        "http://zenodo.org/record/5764893/",
        "https://zenodo.org/records/5764893?preview=1#files",
    ],
)
def test_a_number_or_an_address(text):
    assert record_of({"record": text}, ZENODO) == "5764893"


def test_the_archive_may_be_elsewhere():
    assert record_of({"record": "http://127.0.0.1:81/records/7"}, "http://127.0.0.1:81") == "7"


@pytest.mark.parametrize(
    "record",
    [
        None, 5764893, True, "", "0", "-1", "12a", "1" * 20, "٣", "https://zenodo.org", "https://zenodo.org/records/",
        "https://zenodo.org/records/1/files/2", "https://zenodo.org.evil.example/records/1", "https://sandbox.zenodo.org/records/1",
        "https://zenodo.org:444/records/1", "ftp://zenodo.org/records/1", "//zenodo.org/records/1", "https://[/records/1", "../1",
        "https://zenodo.org/records/0", ["1"], {"record": "1"},
    ],
)  # fmt: skip
def test_what_names_none(record):
    with pytest.raises(ShapeError):
        record_of({"record": record}, ZENODO)


def test_nothing_names_none():
    with pytest.raises(ShapeError):
        record_of({}, ZENODO)
