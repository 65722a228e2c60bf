"""Token buckets: bursts pass, floods wait, and no number of names makes the memory grow."""

from bot.serving.limits import Bucket, Limits


class Now:
    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


def test_a_bucket_fills_again():
    now = Now()
    bucket = Bucket(2.0, 3.0, now)
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]
    now.at += 0.5
    assert (bucket.take(), bucket.take()) == (0, 0.5)
    now.at += 1000
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


def test_asking_takes_nothing():
    bucket = Bucket(1.0, 1.0, Now())
    assert (bucket.wait(), bucket.wait(), bucket.take(), bucket.wait()) == (0, 0, 0, 1)


def test_a_clock_that_goes_back_neither_fills_nor_empties():
    now = Now()
    bucket = Bucket(1.0, 2.0, now)
    bucket.take()
    now.at -= 100
    assert (bucket.take(), bucket.take()) == (0, 1)


def test_repositories_have_purses_of_their_own_and_no_case(monkeypatch):
    monkeypatch.setattr("bot.serving.limits.BURST", 1)
    limits = Limits(Now())
    assert (limits.delivery("a/b"), limits.delivery("A/B") > 0, limits.delivery("a/c")) == (0, True, 0)


def test_names_do_not_fill_the_memory():
    limits = Limits(Now())
    for number in range(3000):
        limits.delivery(f"a/{number}")
        limits.proved(f"192.0.2.{number}")
    assert (len(limits._repositories), len(limits._proved)) == (100, 1000)


def test_a_good_name_is_lost_by_a_forgery(monkeypatch):
    monkeypatch.setattr("bot.serving.limits.FORGED_BURST", 2)
    limits = Limits(Now())
    limits.proved("a")
    assert (limits.failed("b"), limits.failed("b"), limits.failed("b") > 0) == (0, 0, True)
    assert limits.stranger("a") == 0
    limits.failed("a")
    assert limits.stranger("a") > 0
