"""The mailbox takes mail as a server would, and refuses or hangs up when told to."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.world.mail import Mailbox


@pytest.fixture
def box():
    with Mailbox() as mailbox:
        yield mailbox


def letter(subject="Accession: 1 to review"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bot@example.org", "ada@example.org", subject
    message.set_content("Grüße from the bot\n")
    return message


def send(box, message):
    with smtplib.SMTP("127.0.0.1", box.port, timeout=5) as client:
        client.send_message(message)


def test_a_message_is_kept_with_its_envelope(box):
    send(box, letter())
    (delivery,) = box.deliveries
    assert (delivery.sender, delivery.recipients) == ("bot@example.org", ("ada@example.org",))
    assert box.messages[0]["Subject"] == "Accession: 1 to review"
    assert box.messages[0].get_content() == "Grüße from the bot\n"


@pytest.mark.parametrize(("permanent", "code"), [(False, 451), (True, 550)])
def test_a_refused_message_is_not_kept_and_the_next_is(box, permanent, code):
    box.reject(1, permanent=permanent)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(box, letter())
    assert refused.value.smtp_code == code
    assert box.messages == []
    send(box, letter())
    assert len(box.messages) == 1


def test_a_cut_message_is_kept_although_the_sender_never_hears_so(box):
    box.cut()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(box, letter())
    assert len(box.messages) == 1
    send(box, letter("again"))
    assert [m["Subject"] for m in box.messages] == ["Accession: 1 to review", "again"]


@pytest.mark.filterwarnings("ignore:.*imghdr:DeprecationWarning")  # apprise loads its plugins late
def test_apprise_reaches_it_by_its_url(box):
    import apprise

    bot = apprise.Apprise()
    assert bot.add(box.apprise_url("ada@example.org"))
    assert bot.notify(title="To review", body="One submission waits.")
    (delivery,) = box.deliveries
    assert delivery.recipients == ("ada@example.org",)
    assert delivery.message["Subject"] == "To review"


def test_mail_is_stored_as_files_and_numbered_on(tmp_path):
    for subject in ("first", "second"):
        with Mailbox(tmp_path / "mail") as box:
            send(box, letter(subject))
    assert [p.name for p in sorted((tmp_path / "mail").iterdir())] == ["0001.eml", "0002.eml"]
    assert b"Subject: second" in (tmp_path / "mail" / "0002.eml").read_bytes()
