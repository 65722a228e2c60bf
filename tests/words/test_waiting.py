"""What is said of place and time."""

import pytest

from bot.records.backlog import Place
from bot.words.waiting import about, first_report, waiting, within


@pytest.mark.parametrize(
    ("place", "seconds", "said"),
    [
        (None, None, "It is being checked."),
        (Place(under_way=True), None, "It is being checked."),
        (Place(under_way=True), 100.0, "It is being checked; it is usually done within about 2 minutes."),
        (Place(0), 20.0, "It waits to be checked and is next; it is usually done within a minute."),
        (Place(0), None, "It waits to be checked and is next."),
        (Place(1), None, "It waits to be checked, with 1 before it."),
        (Place(6), 3500.0, "It waits to be checked, with about 5 before it; it is usually done within about an hour."),
        (Place(4, workers=False), 60.0, "It waits to be checked: no worker is running at the moment."),
    ],
)
def test_a_sentence_for_each_place(place, seconds, said):
    assert waiting(place, seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "within a minute"),
        (59, "within a minute"),
        (60, "within about 1 minute"),
        (100, "within about 2 minutes"),
        (240, "within about 5 minutes"),
        (12 * 60, "within about 15 minutes"),
        (40 * 60, "within about 45 minutes"),
        (50 * 60, "within about an hour"),
        (130 * 60, "within about 2 hours"),
        (23 * 3600, "within about 23 hours"),
        (40 * 3600, "in more than a day"),
    ],
)
def test_times_are_coarse(seconds, said):
    assert within(seconds) == said


def test_a_longer_time_never_reads_shorter():
    order = list(dict.fromkeys(within(seconds) for seconds in range(0, 200_000, 30)))
    assert len(order) == len(set(order)) == 35


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1"), (3, "3"), (4, "about 3"), (5, "about 5"), (70, "about 50"), (400, "about 500"), (900, "more than 500")],
)
def test_counts_are_coarse(number, said):
    assert about(number) == said


def test_the_first_text_says_what_is_known():
    assert first_report(None, "") == ""
    assert first_report(90.0, "") == " The first report usually comes within about 2 minutes."
    assert first_report(None, "https://zoo.example") == (
        " Its place in the queue is shown on [the status page](https://zoo.example)."
    )
