"""What a report offers: numbers in its order, and names that stay when lines move."""

from dataclasses import replace

from bot.records.suggestions import offered, offers
from bot.records.verdict import Suggestion
from tests.fakes.facts import finding, verdict


def report(*findings):
    return replace(verdict("failed"), findings=findings)


def test_findings_with_a_suggestion_are_numbered_in_the_reports_order():
    found = offers(report(finding(9), finding(3, suggestion=None), finding(2, level="warning"), finding(5)))
    assert [(offer.number, offer.finding.line) for offer in found] == [(1, 9), (2, 2), (3, 5)]


def test_lines_that_end_before_they_begin_are_no_suggestion():
    assert offers(report(finding(suggestion=Suggestion(4, 3, "x")))) == ()


def test_the_key_stays_when_lines_move_and_words_change():
    (here,) = offers(report(finding(4)))
    (there,) = offers(report(finding(9, message="Other words.", fix="", suggestion=Suggestion(9, 9, "license: MIT"))))
    assert here.key == there.key


def test_the_key_is_another_for_another_rule_field_or_text():
    found = [
        finding(), finding(rule="other"), finding(pointer="/other"), finding(suggestion=Suggestion(1, 1, "license: BSD")),
    ]  # fmt: skip
    assert len({offers(report(one))[0].key for one in found}) == 4


def test_equal_suggestions_are_told_apart_by_their_order():
    first, second = offers(
        report(finding(1, suggestion=Suggestion(1, 1, "x")), finding(2, suggestion=Suggestion(2, 2, "x")))
    )
    assert first.key != second.key
    assert offers(report(finding(7, suggestion=Suggestion(7, 7, "x"))))[0].key == first.key


def test_what_the_numbers_mean_has_a_name():
    one, other = finding(1), finding(2)
    assert offered(report(one, other)) == offered(report(finding(1, message="Other words."), other))
    assert len({offered(report(*found)) for found in [(one, other), (other, one), (one,), ()]}) == 4
    assert offered(report()) == offered(report(finding(suggestion=None))) == ""


def test_what_no_utf_8_can_hold_has_a_name_too():
    assert offered(report(finding(suggestion=Suggestion(1, 1, "\ud800"))))
