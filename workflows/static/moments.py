"""Whether ISO 8601 text that is well formed names a day that exists."""

import re
from calendar import monthrange
from datetime import date

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:-?W(?P<week>[0-9]{2})(?:-?[1-7])?|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?"
    r"|(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9])|-?(?P<number>[0-9]{3}))?(?![0-9])",
    re.ASCII,
)
_LONG_YEAR = 53


def no_such_day(text: str) -> str | None:
    """The day that does not exist, in words; `None` where all is well, or where the text is no date at all."""
    found = _DAY.match(text)
    if found is None:
        return None
    year = int(found["year"])
    if year == 0:
        return "the year 0000"
    last = date(year, 12, 31)
    if found["number"] and not 1 <= int(found["number"]) <= last.timetuple().tm_yday:
        return f"day {int(found['number'])} of {year}"
    if found["week"] and int(found["week"]) == _LONG_YEAR and date(year, 12, 28).isocalendar().week != _LONG_YEAR:
        return f"week {_LONG_YEAR} of {year}"
    month, day = int(found["month"] or found["m"] or 1), int(found["day"] or found["d"] or 1)
    well_formed = 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 - the longest year and month; more is the schema's
    return f"day {day} of {year}-{month:02}" if well_formed and day > monthrange(year, month)[1] else None
