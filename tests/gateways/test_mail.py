"""Mail to the people of the policy, and whatever other channel apprise knows."""

from __future__ import annotations

import json
import smtplib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, ClassVar

import pytest
from werkzeug.wrappers import Request, Response

from bot.errors import GatewayError
from bot.gateways.fenced import FencedNotifier
from bot.gateways.mail import AppriseNotifier
from bot.records.notice import Notice
from tests.gateways.github_doors import said
from tests.world.mail import Mailbox
from tests.world.server import free_port, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise's import of pgpy
PASSWORD = "s3cr&t/word"
NOTICE = Notice(
    "zoo.collection.5.merged",
    "[accession] brave-otter 1001: merged",
    "Grüße\n\nhttps://x.example/5\n",
    ("a@zoo.example", "b@zoo.example"),
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


def notifier(box: Mailbox, *more: str) -> AppriseNotifier:
    return AppriseNotifier((box.apprise_url("ignored@zoo.example", "bot@zoo.example"), *more))


def send(door, notice=NOTICE):
    """By every channel."""
    for channel in door.channels():
        door.send(notice, channel)


def test_the_people_of_the_notice_get_one_letter(box):
    send(notifier(box))
    (delivery,) = box.deliveries
    assert delivery.recipients == ("a@zoo.example", "b@zoo.example")
    assert delivery.sender == "bot@zoo.example"
    letter = delivery.message
    assert letter["Subject"] == NOTICE.title
    assert letter["To"] == "a@zoo.example, b@zoo.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content() == NOTICE.text
    assert parsedate_to_datetime(letter["Date"]).year > 2000


def test_a_repeated_notice_has_the_same_message_id(box):
    for _ in range(2):
        send(notifier(box))
    assert {letter["Message-ID"] for letter in box.messages} == {"<zoo.collection.5.merged@accession>"}


def test_a_lost_answer_is_transient_and_its_repeat_is_the_same_letter(box):
    box.cut()
    with pytest.raises(GatewayError) as found:
        send(notifier(box))
    assert found.value.transient
    send(notifier(box))
    assert len(box.messages) == 2
    assert len({letter["Message-ID"] for letter in box.messages}) == 1


@pytest.mark.parametrize("permanent", [False, True])
def test_a_refusal_is_transient_or_for_ever(box, permanent):
    box.reject(permanent=permanent)
    with pytest.raises(GatewayError) as found:
        send(notifier(box))
    assert (found.value.reason, found.value.transient) == ("mail", not permanent)
    assert box.messages == []


def test_a_server_that_is_not_there_is_transient():
    with pytest.raises(GatewayError) as found:
        send(AppriseNotifier((f"mailto://127.0.0.1:{free_port()}",)))
    assert (found.value.reason, found.value.transient) == ("mail", True)


def test_without_people_no_letter_is_written(box):
    send(notifier(box), Notice("k", "t", "x", ()))
    assert box.messages == []


def test_without_an_address_the_sender_is_named_after_the_host(box):
    send(AppriseNotifier((f"mailto://127.0.0.1:{box.port}",)))
    assert box.deliveries[0].sender == "accession@127.0.0.1"


@pytest.mark.parametrize("url", ["mailto://127.0.0.1:port", "mailto://127.0.0.1:99999"])
def test_an_address_that_is_none_is_a_setting(url):
    with pytest.raises(GatewayError) as found:
        send(AppriseNotifier((url,)))
    assert (found.value.reason, found.value.transient) == ("notify-address", False)


def test_a_person_with_a_line_end_in_the_address_gets_no_letter(box):
    with pytest.raises(GatewayError) as found:
        send(notifier(box), Notice("k", "t", "x", ("a@zoo.example\nBcc: all@zoo.example",)))
    assert found.value.reason == "notify-address"
    assert box.messages == []


# how it connects: a server that speaks TLS is not at hand, so the door's own calls are looked at


class Spoken:
    """A server in memory that notes how it was spoken to."""

    log: ClassVar[list[object]] = []

    def __init__(self, host, port, timeout):
        self.log[:] = [type(self).__name__, host, port]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def starttls(self):
        self.log.append("starttls")

    def login(self, user, password):
        self.log.append((user, password))

    def send_message(self, letter):
        self.log.append(letter["From"])


class Sealed(Spoken):
    """The same, encrypted from the first byte."""


@pytest.mark.parametrize(
    ("url", "spoken"),
    [
        ("mailto://mail.example", ["Spoken", "mail.example", 25, "accession@mail.example"]),
        ("mailto://mail.example:2525", ["Spoken", "mail.example", 2525, "accession@mail.example"]),
        ("mailtos://mail.example", ["Spoken", "mail.example", 587, "starttls", "accession@mail.example"]),
        ("mailtos://mail.example:465", ["Sealed", "mail.example", 465, "accession@mail.example"]),
        (
            "mailtos://bot:s3cr%26t%2Fword@mail.example?from=zoo@mail.example",
            ["Spoken", "mail.example", 587, "starttls", ("bot", PASSWORD), "zoo@mail.example"],
        ),
    ],
)
def test_the_address_says_how_to_connect(monkeypatch, url, spoken):
    monkeypatch.setattr(smtplib, "SMTP", Spoken)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Sealed)
    send(AppriseNotifier((url,)))
    assert Spoken.log == spoken


def test_a_server_without_the_asked_encryption_gets_nothing(box):
    with pytest.raises(GatewayError) as found:
        send(AppriseNotifier((f"mailtos://bot:password@127.0.0.1:{box.port}",)))
    assert found.value.reason == "mail"
    assert box.messages == []


def test_no_password_is_in_an_error_or_repr():
    made = AppriseNotifier((f"mailto://bot:s3cr%26t%2Fword@127.0.0.1:{free_port()}", "json://bot:s3cr@127.0.0.1:1"))
    with pytest.raises(GatewayError) as found:
        send(made)
    shown = said(found.value) + repr(made)
    assert "s3cr" not in shown
    assert repr(made) == "AppriseNotifier(mailto 1, json 1)"


# other channels


class Channel:
    """An endpoint that takes messages, or refuses them."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.got = status, []

    def __call__(self, environ, start_response):
        self.got.append(json.loads(Request(environ).get_data()))
        return Response("ok", self.status)(environ, start_response)


def test_any_other_channel_hears_it_too(box):
    channel = Channel()
    with serve(channel) as served:
        send(notifier(box, f"json://127.0.0.1:{served.port}/hook"))
    assert [got["title"] for got in channel.got] == [NOTICE.title]
    assert "https://x.example/5" in channel.got[0]["message"]
    assert len(box.messages) == 1


def test_a_channel_that_refuses_is_tried_again_later():
    with serve(Channel(500)) as served, pytest.raises(GatewayError) as found:
        send(AppriseNotifier((f"json://127.0.0.1:{served.port}/hook",)))
    assert (found.value.reason, found.value.transient) == ("notify", True)


def test_an_address_that_no_channel_knows_is_a_setting(caplog):
    with pytest.raises(GatewayError) as found:
        send(AppriseNotifier(("nonsense://user:s3cr@127.0.0.1/x",)))
    assert (found.value.reason, found.value.transient) == ("notify-address", False)
    assert "s3cr" not in caplog.text


def test_channels_are_named_by_scheme_and_place_and_never_by_what_is_secret():
    urls = (
        "json://u:s3cr@h/s3cr",
        "mailto://u:s3cr@h",
        "json://u:s3cr@i",
        "s3cr",
        "S3CR://x",
        "s3" + "c" * 30 + "://x",
    )
    assert AppriseNotifier(urls).channels() == ("json 1", "mailto 1", "json 2", "channel 1", "channel 2", "channel 3")


def test_one_channel_is_sent_to_by_itself(box):
    channel = Channel()
    with serve(channel) as served:
        door = notifier(box, f"json://127.0.0.1:{served.port}/hook")
        door.send(NOTICE, "json 1")
        assert (len(channel.got), len(box.messages)) == (1, 0)
        door.send(NOTICE, "mailto 1")
        assert (len(channel.got), len(box.messages)) == (1, 1)


def test_without_addresses_nothing_happens():
    send(AppriseNotifier(()))
    assert repr(AppriseNotifier(())) == "AppriseNotifier()"


def test_behind_the_fence_nothing_is_sent(box):
    may = [True]

    def fence():
        if not may[0]:
            raise RuntimeError("another process speaks now")

    fenced = FencedNotifier(notifier(box), fence)
    send(fenced)
    may[0] = False
    with pytest.raises(RuntimeError):
        send(fenced)
    assert len(box.deliveries) == 1
