"""Settings from the environment: every mistake names its variable, no secret is shown."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import Settings

PEM = "-----BEGIN RSA PRIVATE KEY-----\nsecret\n-----END RSA PRIVATE KEY-----\n"
LEAST = {
    "ACCESSION_REPOSITORY": "zoo/collection",
    "ACCESSION_GITHUB_TOKEN": "token-of-the-bot",
    "ACCESSION_STATE_KEY": "a state key of good length",
}
APP = {
    "ACCESSION_REPOSITORY": "zoo/collection",
    "ACCESSION_GITHUB_APP_ID": "77",
    "ACCESSION_GITHUB_APP_KEY": PEM,
    "ACCESSION_STATE_KEY": "a state key of good length",
}


def without(name):
    return {key: value for key, value in LEAST.items() if key != name}


def test_the_least_takes_the_public_addresses():
    found = Settings.from_env(LEAST)
    assert (found.github_url, found.zenodo_url) == ("https://api.github.com", "https://zenodo.org")
    assert (found.cache, found.notify, found.zenodo_token) == (Path(".accession"), (), "")
    assert found.state_key == b"a state key of good length"


def test_everything_can_be_said():
    found = Settings.from_env(
        LEAST
        | {
            "ACCESSION_GITHUB_URL": "http://127.0.0.1:1/",
            "ACCESSION_ZENODO_URL": "http://127.0.0.1:2/",
            "ACCESSION_CACHE": "cache",
            "ACCESSION_ZENODO_TOKEN": "zenodo-token",
            "ACCESSION_NOTIFY": " mailto://bot:pass%2Fword@mail.example  json://127.0.0.1 ",
        }
    )
    assert (found.github_url, found.zenodo_url) == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    assert found.notify == ("mailto://bot:pass%2Fword@mail.example", "json://127.0.0.1")
    assert found.cache == Path("cache")
    assert {"token-of-the-bot", "a state key of good length", "zenodo-token", "pass%2Fword"} <= set(found.secrets)


@pytest.mark.parametrize("name", ["ACCESSION_REPOSITORY", "ACCESSION_STATE_KEY"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_missing_is_named_with_its_purpose(name, value):
    environ = without(name) if value is None else {**LEAST, name: value}
    with pytest.raises(ConfigError, match=f"^{name} is not set: ") as found:
        Settings.from_env(environ)
    assert found.value.reason == "config"


@pytest.mark.parametrize(
    "value", ["collection", "zoo/", "/collection", "zoo/collection/x", "zoo collection", "zoo/a b", "z_o/c"]
)
def test_a_repository_is_owner_and_name(value):
    with pytest.raises(ConfigError, match=r"ACCESSION_REPOSITORY is .*: give it as owner/name"):
        Settings.from_env(LEAST | {"ACCESSION_REPOSITORY": value})


def test_a_short_state_key_is_refused_and_not_shown():
    with pytest.raises(ConfigError, match="ACCESSION_STATE_KEY is shorter than 16") as found:
        Settings.from_env(LEAST | {"ACCESSION_STATE_KEY": "hunter2"})
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    "environ",
    [
        without("ACCESSION_GITHUB_TOKEN"),
        LEAST | APP,
        {**APP, "ACCESSION_GITHUB_APP_ID": ""},
        {**APP, "ACCESSION_GITHUB_APP_KEY": ""},
    ],
    ids=["none", "both", "key without id", "id without key"],
)
def test_there_is_one_credential(environ):
    with pytest.raises(
        ConfigError, match="either ACCESSION_GITHUB_TOKEN, or ACCESSION_GITHUB_APP_ID and ACCESSION_GITHUB_APP_KEY"
    ):
        Settings.from_env(environ)


def test_the_key_of_an_app_is_text_or_a_file(tmp_path):
    (tmp_path / "app.pem").write_text(PEM)
    for value in (PEM, PEM.replace("\n", "\\n"), str(tmp_path / "app.pem")):
        found = Settings.from_env({**APP, "ACCESSION_GITHUB_APP_KEY": value})
        assert found.github_app_key == PEM
        assert PEM in found.secrets


def test_a_key_that_is_neither_is_named(tmp_path):
    with pytest.raises(ConfigError, match="ACCESSION_GITHUB_APP_KEY is neither a PEM text nor a readable file"):
        Settings.from_env({**APP, "ACCESSION_GITHUB_APP_KEY": str(tmp_path / "absent.pem")})


def test_no_secret_is_in_the_repr():
    shown = repr(
        Settings.from_env(
            {**LEAST, "ACCESSION_ZENODO_TOKEN": "zenodo-token", "ACCESSION_NOTIFY": "mailto://a:b-secret@m"}
        )
    )
    shown += repr(Settings.from_env(APP))
    for secret in ("token-of-the-bot", "a state key", "zenodo-token", "b-secret", "BEGIN RSA"):
        assert secret not in shown
    assert "zoo/collection" in shown


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (None, "sqlite:///deep/accession.sqlite"),
        ("", "sqlite:///deep/accession.sqlite"),
        ("sqlite:////elsewhere/db.sqlite", "sqlite:////elsewhere/db.sqlite"),
        ("postgresql://user:hunter2@db.example/name", "postgresql://user:hunter2@db.example/name"),
    ],
)
def test_the_database_lies_in_the_cache_unless_it_is_said(given, used):
    more = {} if given is None else {"ACCESSION_DATABASE": given}
    assert Settings.from_env(LEAST | {"ACCESSION_CACHE": "deep"} | more).database == used


@pytest.mark.parametrize(
    "value", ["db.sqlite", "sqlite:///", "sqlite://x", "mysql://a:hunter2@b/c", "postgresql//x", "http://[x"]
)
def test_a_database_that_is_none_is_named_and_not_shown(value):
    with pytest.raises(
        ConfigError, match=r"^ACCESSION_DATABASE is no address of a database: give sqlite:///PATH"
    ) as found:
        Settings.from_env(LEAST | {"ACCESSION_DATABASE": value})
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    "address",
    ["postgresql://user:hunter%2F2@db.example/name", "postgresql://db.example/name?user=u&password=hunter%2F2"],
)
def test_the_password_of_a_database_is_a_secret(address):
    found = Settings.from_env(LEAST | {"ACCESSION_DATABASE": address})
    assert {address, "hunter%2F2", "hunter/2"} <= set(found.secrets)
    assert "hunter" not in repr(found)


def test_a_file_is_no_secret():
    found = Settings.from_env(LEAST | {"ACCESSION_DATABASE": "sqlite:////elsewhere/db.sqlite"})
    assert not any("elsewhere" in secret for secret in found.secrets)


SERVED = {
    "ACCESSION_WEBHOOK_SECRET": "webhook-secret-new  webhook-secret-old\n",
    "ACCESSION_NOTICE_TOKEN": "a-notice-token-of-ours",
    "ACCESSION_PUBLIC_URL": "https://accession.zoo.example/",
}


def test_the_web_door_takes_several_secrets_while_one_is_changed():
    found = Settings.from_env(LEAST | SERVED)
    assert found.webhook_secrets == (b"webhook-secret-new", b"webhook-secret-old")
    assert found.notice_tokens == (b"a-notice-token-of-ours",)
    assert found.public_url == "https://accession.zoo.example"
    assert {"webhook-secret-new", "webhook-secret-old", "a-notice-token-of-ours"} <= set(found.secrets)
    assert "webhook-secret" not in repr(found)
    assert "notice-token" not in repr(found)
    found.check_serving()


@pytest.mark.parametrize("value", ["", " \n"])
def test_other_commands_do_without_what_serving_needs(value):
    found = Settings.from_env({**LEAST, **SERVED, "ACCESSION_WEBHOOK_SECRET": value})
    with pytest.raises(ConfigError, match=r"^ACCESSION_WEBHOOK_SECRET is not set: "):
        found.check_serving()


def test_a_service_does_without_notices_and_an_address():
    Settings.from_env(LEAST | {"ACCESSION_WEBHOOK_SECRET": "long-enough-a-secret"}).check_serving()


@pytest.mark.parametrize(
    ("name", "field", "usual"),
    [
        ("ACCESSION_LEASE_SECONDS", "lease", 20),
        ("ACCESSION_POLL_SECONDS", "poll_seconds", 300),
        ("ACCESSION_SWEEP_SECONDS", "sweep_seconds", 900),
        ("ACCESSION_WRITES_PER_MINUTE", "writes_per_minute", 80),
    ],
)
def test_paces_are_numbers_between_bounds(name, field, usual):
    assert getattr(Settings.from_env(LEAST), field) == usual
    assert getattr(Settings.from_env(LEAST | {name: "7.5"}), field) == 7.5
    for wrong in ("soon", "0", "-1", "nan", "1e9"):
        with pytest.raises(ConfigError, match=f"^{name} is '{wrong}': give a number from "):
            Settings.from_env(LEAST | {name: wrong})


@pytest.mark.parametrize(
    ("name", "value"),
    [("ACCESSION_WEBHOOK_SECRET", "long-enough-a-secret abc123"), ("ACCESSION_NOTICE_TOKEN", "fifteen-letters")],
)
def test_a_secret_that_can_be_guessed_is_not_repeated(name, value):
    with pytest.raises(ConfigError, match=f"^{name} has a secret shorter than") as found:
        Settings.from_env(LEAST | {name: value})
    assert value.split()[-1] not in found.value.message


@pytest.mark.parametrize(
    "url",
    ["zoo.example", "ftp://zoo.example", "https://", "https://user:secret@zoo.example", "https://zoo.example?key=1",
     "https://zoo.example#a", "https://zoo example", "https://[zoo"],
)  # fmt: skip
def test_the_public_address_is_one_that_people_type(url):
    with pytest.raises(ConfigError, match="ACCESSION_PUBLIC_URL is no web address"):
        Settings.from_env(LEAST | {"ACCESSION_PUBLIC_URL": url})


def test_where_workers_are_asked_and_where_people_look():
    found = Settings.from_env({**LEAST, "ACCESSION_CACHE": "/c"})
    assert (found.work_database, found.public_url) == ("sqlite:////c/work.sqlite", "")
    given = {
        "ACCESSION_PUBLIC_URL": "https://zoo.example/",
        "ACCESSION_WORK_DATABASE": "postgresql://a:s%40cret@db/work",
    }
    found = Settings.from_env(LEAST | given)
    assert found.public_url == "https://zoo.example"
    assert "cret" not in repr(found)
    assert {"s%40cret", "s@cret"} <= set(found.secrets)


@pytest.mark.parametrize(
    "url", ["zoo.example", "javascript:alert(1)", "https://x/) [y](https://evil.example", "https://a b"]
)
def test_an_address_that_cannot_stand_in_a_link_is_refused(url):
    with pytest.raises(ConfigError, match="ACCESSION_PUBLIC_URL"):
        Settings.from_env({**LEAST, "ACCESSION_PUBLIC_URL": url})
