"""Mail on the wire, spoken with a real server on loopback."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jinja2.meta
import pytest

from journal.config import Config
from journal.languages import Language, gettext, speaking
from journal.places import TEMPLATES
from journal.services.mail import FileCarrier, Letter, Post, SmtpCarrier, letter_pages
from journal.services.reminder_lines import EVERY_LINE
from journal.services.sending import NotSent, PerhapsSent
from tests.mail_server import HANG, MailServer
from tests.private_words import GUILT, HEALTH

IMPATIENT_S = 0.3


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def letter() -> Letter:
    return Letter(
        to="alice@example.org",
        subject="A quiet moment, if you’d like one.",
        text="A line.\n.\n..and one that begins with dots\n",
        html="<p>Here’s a line.</p>\n",
        key="k" * 22,
    )


def post(config: Config, url: str, *, timeout_s: float = 5) -> Post:
    return Post(config, SmtpCarrier(url, timeout_s=timeout_s))


def refusal(post: Post, letter: Letter) -> NotSent:
    with pytest.raises(NotSent) as refused:
        post.send(letter)
    return refused.value


# What arrives


def test_a_letter_arrives_word_for_word(config: Config, server: MailServer, letter: Letter) -> None:
    post(config, server.url).send(letter)
    (message,) = server.messages
    assert message["To"] == "alice@example.org"
    assert message["From"] == "hello@journal.example.org"
    assert message["Subject"] == "A quiet moment, if you’d like one."
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_message_id_is_the_letters_key_at_every_attempt(
    config: Config, server: MailServer, letter: Letter
) -> None:
    server.answers_to["DATA"].append("451 not now")
    sender = post(config, server.url)
    assert not refusal(sender, letter).permanent
    sender.send(letter)
    assert [message["Message-ID"] for message in server.messages] == [f"<{'k' * 22}@journal.example.org>"]


def test_a_named_sender_does_not_spoil_the_message_id(
    config: Config, server: MailServer, letter: Letter
) -> None:
    named = replace(config, mail_from="Tideline <hello@journal.example.org>")
    post(named, server.url).send(letter)
    assert server.messages[0]["Message-ID"] == f"<{'k' * 22}@journal.example.org>"


def test_a_server_that_knows_only_seven_bits_can_carry_it(
    config: Config, server: MailServer, letter: Letter
) -> None:
    post(config, server.url).send(letter)
    assert all(byte < 128 for byte in server.accepted[0])


def test_a_letter_has_a_date(config: Config, server: MailServer, letter: Letter) -> None:
    post(config, server.url).send(letter)
    assert server.messages[0]["Date"] is not None


# Refusals before the text was taken are certain


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "permanent"), [("451 not now", False), ("550 no such person", True)])
def test_a_refusal_is_for_now_or_for_good(
    config: Config, server: MailServer, letter: Letter, command: str, answer: str, permanent: bool
) -> None:
    server.answers_to[command].append(answer)
    refused = refusal(post(config, server.url), letter)
    assert (refused.reason, refused.permanent) == (f"refused {answer[:3]}", permanent)
    assert server.messages == []


def test_a_refusal_of_the_sender_is_never_for_good(
    config: Config, server: MailServer, letter: Letter
) -> None:
    server.answers_to["MAIL"].append("550 your domain is blocked")
    refused = refusal(post(config, server.url), letter)
    assert (refused.reason, refused.permanent) == ("refused 550", False)


def test_silence_before_the_text_was_handed_over_means_not_sent(
    config: Config, server: MailServer, letter: Letter
) -> None:
    server.answers_to["RCPT"].append(HANG)
    assert not refusal(post(config, server.url, timeout_s=IMPATIENT_S), letter).permanent


def test_silence_after_the_text_was_handed_over_means_perhaps(
    config: Config, server: MailServer, letter: Letter
) -> None:
    server.answers_to["DATA"].append(HANG)
    with pytest.raises(PerhapsSent):
        post(config, server.url, timeout_s=IMPATIENT_S).send(letter)


def test_nobody_listening_means_not_sent(config: Config, letter: Letter) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert not refusal(post(config, f"smtp://127.0.0.1:{port}"), letter).permanent


def scripted(*lines: str) -> tuple[socket.socket, int]:
    """A server that says each line after whatever it hears, and then nothing more."""
    import threading

    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        client, _ = listening.accept()
        with client:
            for line in lines:
                client.sendall(line.encode() + b"\r\n")
                client.recv(100_000)
            client.recv(1)

    threading.Thread(target=talk, daemon=True).start()
    return listening, listening.getsockname()[1]


def test_a_server_that_leaves_at_the_greeting_means_not_sent(config: Config, letter: Letter) -> None:
    listening, port = scripted("554 closed")
    with listening:
        assert not refusal(post(config, f"smtp://127.0.0.1:{port}", timeout_s=IMPATIENT_S), letter).permanent


def test_a_server_that_hangs_at_the_farewell_has_taken_the_letter(config: Config, letter: Letter) -> None:
    listening, port = scripted("220 hello", "250 hello", "250 ok", "250 ok", "354 go ahead", "250 taken")
    with listening:
        post(config, f"smtp://127.0.0.1:{port}", timeout_s=IMPATIENT_S).send(letter)


def test_an_address_that_no_server_understands_is_refused_for_good(
    config: Config, server: MailServer, letter: Letter
) -> None:
    assert refusal(post(config, server.url), replace(letter, to="jürgen@example.org")).permanent


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_header_cannot_be_smuggled_in(
    config: Config, server: MailServer, letter: Letter, field: str
) -> None:
    poisoned = replace(letter, **{field: "a@example.org\r\nBcc: everybody@example.org"})  # type: ignore[arg-type]
    assert refusal(post(config, server.url), poisoned).permanent
    assert server.messages == []


def test_a_smuggled_header_value_is_refused_too(config: Config, server: MailServer, letter: Letter) -> None:
    poisoned = replace(letter, headers={"List-Id": "x\nBcc: everybody@example.org"})
    assert refusal(post(config, server.url), poisoned).reason == "header"


# TLS


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only its own signer vouches for."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail.test",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[MailServer, Path]]:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with MailServer(tls=context) as server:
        yield server, cert


def test_a_server_nobody_vouches_for_gets_nothing(
    config: Config, secured: tuple[MailServer, Path], letter: Letter
) -> None:
    server, _ = secured
    refused = refusal(post(config, server.url), letter)
    assert (refused.reason, refused.permanent) == ("SSLCertVerificationError", False)
    assert server.messages == []


def test_a_server_whose_signer_the_operator_trusts_is_used_over_tls(
    config: Config, secured: tuple[MailServer, Path], letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, cert = secured
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    post(config, server.url).send(letter)
    assert (len(server.messages), server.secured) == (1, 1)


OFF_LOOPBACK = """
import socket
from email.message import EmailMessage
from journal.services.mail import SmtpCarrier
from journal.services.sending import NotSent
from tests.mail_server import MailServer

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:  # asking for a route sends nothing
    try:
        asking.connect(("192.0.2.1", 9))
        address = asking.getsockname()[0]
    except OSError:
        address = "127.0.0.1"
if address.startswith(("127.", "0.")):
    raise SystemExit("none")
message = EmailMessage()
message["From"], message["To"] = "a@example.org", "b@example.org"
with MailServer(host=address) as server:
    try:
        SmtpCarrier(f"smtp://{address}:{server.port}").carry(message)
    except NotSent as refused:
        print(refused.reason, refused.permanent, len(server.messages))
"""


def test_off_loopback_a_server_without_tls_gets_nothing() -> None:
    """In a process of its own, because the connection goes to this machine's other address."""
    asked = subprocess.run([sys.executable, "-c", OFF_LOOPBACK], capture_output=True, text=True, check=False)
    if asked.stderr.strip() == "none":
        pytest.skip("this machine has no address but loopback")
    assert asked.stdout.split("\n")[0] == "no TLS False 0", asked.stderr


# Files


def test_without_a_server_a_letter_becomes_a_file(config: Config, letter: Letter) -> None:
    Post(config).send(letter)
    (file,) = config.outbox.iterdir()
    assert file.name == f"{'k' * 22}@journal.example.org.eml"
    assert b"To: alice@example.org" in file.read_bytes()


def test_a_letter_sent_again_is_the_same_file(config: Config, letter: Letter) -> None:
    for _ in range(2):
        Post(config).send(letter)
    assert len(list(config.outbox.iterdir())) == 1


def test_only_the_owner_can_look_into_the_folder(config: Config, letter: Letter) -> None:
    Post(config, FileCarrier(config.outbox)).send(letter)
    assert config.outbox.stat().st_mode & 0o777 == 0o700


# Soon


def test_a_letter_sent_soon_has_arrived_when_the_post_closes(
    config: Config, server: MailServer, letter: Letter
) -> None:
    sender = post(config, server.url)
    sender.send_soon(letter)
    sender.close()
    assert len(server.messages) == 1


def test_a_letter_that_cannot_be_sent_soon_troubles_nobody(
    config: Config, server: MailServer, letter: Letter
) -> None:
    server.answers_to["RCPT"].append("550 no")
    sender = post(config, server.url)
    sender.send_soon(letter)
    sender.close()
    assert server.messages == []


# Templates: whatever a message is filled with, it says nothing private

MESSAGES = sorted(
    path.name.removesuffix(".subject.txt") for path in (TEMPLATES / "email").glob("*.subject.txt")
)
PARTS = ("subject.txt", "txt", "html")


def gaps_of(name: str) -> set[str]:
    """What a part of a message, or the frame that it stands in, is filled with."""
    pages = letter_pages()
    parsed = pages.parse((TEMPLATES / "email" / name).read_text(encoding="utf-8"))
    gaps = jinja2.meta.find_undeclared_variables(parsed) - set(pages.globals)
    return gaps.union(*(gaps_of(frame) for frame in jinja2.meta.find_referenced_templates(parsed) if frame))


def filled(message: str, part: str) -> str:
    """One part of a message, each gap filled with a link, or a code, or (the reminder's line) a harmless sentence."""
    page = letter_pages().get_template(f"{message}.{part}")
    return page.render(**{gap: f"CANARY-{gap}" for gap in gaps_of(f"{message}.{part}")})


def test_what_stands_in_the_frame_of_a_message_is_looked_at_too() -> None:
    assert gaps_of("note.txt") == {"line", "link", "settings", "stop", "app"}


def test_there_is_a_reminder() -> None:
    assert "reminder" in MESSAGES


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", Language)
def test_no_message_says_what_it_is_about(message: str, part: str, language: Language) -> None:
    with speaking(language):
        said = filled(message, part)
    said = re.sub(r"<!doctype[^>]*>|<style.*?</style>|style=\"[^\"]*\"", "", said, flags=re.IGNORECASE)
    assert HEALTH[language].search(said) is None
    assert GUILT[language].search(said) is None


@pytest.mark.parametrize("line", EVERY_LINE)
@pytest.mark.parametrize("language", Language)
def test_no_line_of_a_reminder_says_what_it_is_about(line: str, language: Language) -> None:
    with speaking(language):
        assert HEALTH[language].search(gettext(line)) is None
        assert GUILT[language].search(gettext(line)) is None


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("language", Language)
def test_a_message_names_the_language_it_is_written_in(message: str, language: Language) -> None:
    with speaking(language):
        assert f'<html lang="{language}">' in filled(message, "html")


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("part", PARTS)
def test_no_message_can_carry_a_name(message: str, part: str) -> None:
    """A gap may hold an address of this site, a code, a length of time, a fixed line or name; never anybody's words."""
    allowed = {
        "line",
        "link",
        "settings",
        "stop",
        "app",
        "code",
        "minutes",
        "hours",
        "days",
        "sign_in",
        "help",
    }
    canaries = set(re.findall(r"CANARY-(\w+)", filled(message, part)))
    assert canaries <= allowed


@pytest.mark.parametrize("message", MESSAGES)
def test_no_subject_carries_a_link_or_a_code(message: str) -> None:
    assert set(re.findall(r"CANARY-(\w+)", filled(message, "subject.txt"))) <= {"line"}


@pytest.mark.parametrize("message", MESSAGES)
def test_no_message_loads_anything_or_tells_that_it_was_opened(message: str) -> None:
    page = filled(message, "html")
    for loads in ("<img", "<script", "<link", "url(", "@import", "<iframe", "http"):
        assert loads not in page


def test_the_reminder_says_how_to_change_or_stop_it(config: Config) -> None:
    facts = {
        "line": "Got a minute?",
        "link": "https://j.example.org/c/abc",
        "settings": "https://j.example.org/reminders",
        "stop": "https://j.example.org/stop/def",
        "app": "Daybook",
    }
    letter = Post(config).write("reminder", "alice@example.org", key="k", **facts)
    assert letter.subject == "Got a minute?"
    for body in (letter.text, letter.html):
        assert "https://j.example.org/c/abc" in body
        assert "https://j.example.org/reminders" in body
        assert "https://j.example.org/stop/def" in body
        assert "Daybook" in body
        assert "Tideline" not in body
