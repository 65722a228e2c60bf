"""Who is at the door: signatures over raw bytes, several secrets at once, and nothing that can be claimed without one."""

import hmac

import pytest

from bot.intake.signature import bearer, claimed, signed

BODY = b'{"zen": 1}'


def made(secret, body=BODY):
    return hmac.digest(secret, body, "sha256")


def test_the_documented_example():
    """Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries."""
    header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signed((b"It's a Secret to Everybody",), b"Hello, World!", claimed(header))


def test_any_of_several_secrets_counts():
    for secret in (b"new", b"old"):
        assert signed((b"new", b"old"), BODY, made(secret))
    assert not signed((b"new", b"old"), BODY, made(b"older"))


def test_another_body_is_not_signed():
    assert not signed((b"new",), BODY + b" ", made(b"new"))


@pytest.mark.parametrize("secrets", [(), (b"",)])
def test_without_a_secret_nothing_is_signed(secrets):
    assert not signed(secrets, BODY, made(b""))


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", "sha1=" + "a" * 40, "sha256=" + "a" * 63, "sha256=" + "A" * 64, "sha256=" + "g" * 64,
     " sha256=" + "a" * 64, "sha256=" + "a" * 64 + "\n", "a" * 64],
)  # fmt: skip
def test_what_can_be_no_signature_claims_none(header):
    assert claimed(header) is None


@pytest.mark.parametrize("header", ["Bearer first", "bearer second", "BEARER  second "])
def test_a_token_of_ours(header):
    assert bearer((b"first", b"second"), header)


@pytest.mark.parametrize(
    "header",
    [None, "", "first", "Bearer", "Bearer ", "Basic first", "Bearer firs", "Bearer first second", "Bearer \xe9"],
)
def test_no_token_of_ours(header):
    assert not bearer((b"first", b"second"), header)


@pytest.mark.parametrize("tokens", [(), (b"",)])
def test_without_tokens_nobody_has_one(tokens):
    assert not bearer(tokens, "Bearer x")
