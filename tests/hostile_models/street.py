"""Hostile uploads two at a time, and beside them a neighbour who goes on submitting good ones."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.hostile_models import upload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.hostile_models.archive import Answer, Bureau
    from tests.hostile_models.case import Case

AT_ONCE = 2
PAUSE = 8.0
"""Seconds between the neighbour's uploads."""


class Street:
    """Every case is checked once, whoever asks for its answer first."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hostile")
        self._answers: dict[str, Future[Answer]] = {}
        self._goods: list[Answer] = []
        self._news = threading.Condition()
        self._closed = threading.Event()
        self._failure: Exception | None = None
        self._neighbour = threading.Thread(target=self._submit_good_ones, name="neighbour")
        self._neighbour.start()

    def expect(self, cases: Iterable[Case]) -> None:
        """Start what will be asked for, in this order."""
        for case in cases:
            if case.name not in self._answers:
                self._answers[case.name] = self._pool.submit(self._check, case)

    def answer(self, case: Case) -> Answer:
        """Its report, as soon as there is one."""
        self.expect([case])
        return self._answers[case.name].result()

    def neighbour_of(self, answer: Answer) -> Answer:
        """The good upload that was checked at the same time, or else right after it."""
        with self._news:
            while self._failure is None:
                found = next((good for good in self._goods if good.ended > answer.began), None)
                if found is not None:
                    return found
                self._news.wait()
            raise self._failure

    def close(self) -> None:
        """When nothing more is wanted."""
        self._pool.shutdown(cancel_futures=True)
        self._closed.set()
        self._neighbour.join()

    def _check(self, case: Case) -> Answer:
        return self.bureau.check(case.make(self.bureau.uploads / case.name), case.limits)

    def _submit_good_ones(self) -> None:
        for seed in itertools.count(100):
            try:
                good = self.bureau.check(upload.good(self.bureau.uploads / f"good-{seed}", seed))
            except Exception as error:  # noqa: BLE001 - raised where somebody asks for the neighbour
                self._failure = error
            else:
                self._goods.append(good)
            with self._news:
                self._news.notify_all()
            if self._failure or self._closed.wait(PAUSE):
                return
