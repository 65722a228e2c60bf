"""No check tells what it has not declared: held in every test that looks."""

from dataclasses import replace

import pytest

from workflows.static import static


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """Each finding's rule and level are those of a rule of the check that told it."""
    checks_of = static.checks_of
    monkeypatch.setattr(static, "checks_of", lambda *of, **files: tuple(map(held, checks_of(*of, **files))))
    monkeypatch.setattr(static, "UNREAD", tuple(map(held, static.UNREAD)))


def held(check):
    """The same check, which fails instead of telling what nobody can look up."""
    levels = {rule.name: rule.levels for rule in check.rules}

    def look(context):
        for finding in check.look(context):
            assert finding.rule in levels, f"{check.look.__module__} declares no rule {finding.rule}"
            assert finding.level in levels[finding.rule], (
                f"{finding.rule} is told as {finding.level}: add it to its levels"
            )
            yield finding

    return replace(check, look=look)
