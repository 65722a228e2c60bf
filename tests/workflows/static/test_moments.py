"""Days that there are, and some that there are not."""

import pytest

from workflows.static.moments import no_such_day


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024-02-29", None),
        ("2023-02-29T10:00", "day 29 of 2023-02"),
        ("20230229", "day 29 of 2023-02"),
        ("2024-366", None),
        ("2023366", "day 366 of 2023"),
        ("2023-000", "day 0 of 2023"),
        ("2020-W53-7", None),
        ("2023W531", "week 53 of 2023"),
        ("2024", None),
        ("2024-01", None),
        ("2024-00-01", None),
        ("0000-01-01", "the year 0000"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days(text, told):
    assert no_such_day(text) == told
