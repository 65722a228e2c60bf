"""Three families of errors: a sentence for people, a reason for machines."""

import pytest

from bot.errors import AccessionError, ConfigError, ContributorError, GatewayError, UnknownOutcomeError


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ContributorError("Add an rdf.yaml.", reason="no-rdf"), "no-rdf"),
        (GatewayError("Gone.", reason="gone", transient=False), "gone"),
        (UnknownOutcomeError("No answer."), "unknown-outcome"),
        (ConfigError("Set it."), "config"),
        (ConfigError("Set it.", reason="policy"), "policy"),
    ],
)
def test_every_error_says_a_sentence_and_a_reason(error, reason):
    assert isinstance(error, AccessionError)
    assert error.reason == reason
    assert str(error) == error.message


def test_a_gateway_says_whether_and_when_to_come_again():
    error = GatewayError("Later.", reason="limit", transient=True, retry_after=3.5, status=429)
    assert (error.transient, error.retry_after, error.status) == (True, 3.5, 429)
    plain = GatewayError("No.", reason="no", transient=False)
    assert (plain.retry_after, plain.status) == (None, None)


def test_an_unknown_outcome_is_looked_at_again():
    error = UnknownOutcomeError("No answer.", status=502)
    assert isinstance(error, GatewayError)
    assert (error.transient, error.status) == (True, 502)
