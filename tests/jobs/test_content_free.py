"""By proof: no message of any channel, in any language, says anything of anybody.

A patient, a therapist, a clinic, a session and a check-in are full of words that occur nowhere else. Every kind of
message is really sent, to real receivers, and all that came out is searched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from journal.config import Config
from journal.domain.home_screen import APP_NAME, AppName
from journal.domain.reminder_decisions import Why, why
from journal.domain.treatments import Status
from journal.jobs import reminders as jobs
from journal.languages import Language, speaking
from journal.services import digests, reminders, sms_numbers, sms_replies
from journal.services.mail import FileCarrier, Post
from journal.services.reminders import CHANNELS, EMAIL
from journal.storage import clinics
from journal.storage.accounts import Account, set_language
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.reminders import ReminderQueue
from tests.builders import appointment, check_in, the_patient, treatment
from tests.cast import NOW, Cast
from tests.conftest import Clock
from tests.peers import Peers, opened, peers, remind_by, text_said, worker_of
from tests.private_words import GUILT, HEALTH, PLANTED, PLANTED_GUILT
from tests.reminding import rule

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MONDAY = date(2026, 3, 30)
SECRETS = (
    "Zykora", "Quaxley", "Vexmoor", "Jorvik", "Brindlewax", "Ofgrim", "Lumerel",
    "alice", "bob@", "riverside",
)  # fmt: skip
LINK = re.compile(r"https://journal\.example\.org\S*|/c/\S+")


@pytest.fixture
def to() -> Iterator[Peers]:
    with peers() as found:
        yield found


def a_life(database: Database, cast: Cast, language: Language, app: AppName) -> list[str]:
    """Everything private that there can be, and every wish that brings a message; the ids that name any of it."""
    with database.unit_of_work() as db:
        patient = the_patient(db, cast.alice)
        patient.display_name = "Zykora Ofgrim"
        patient.preferences = {APP_NAME: app.value}
        db.get_one(clinics.Clinic, cast.clinic_id).name = "Vexmoor Clinic"
        db.get_one(clinics.Provider, cast.bob.provider_id).display_name = "Dr Quaxley"
        for person in (cast.alice, cast.bob):
            set_language(db, person.account_id, language)
        written = check_in(db, cast.alice, 1, on=MONDAY - timedelta(days=1), note="Jorvik was heavy")
        session = treatment(
            db, cast.alice, MONDAY + timedelta(days=2), status=Status.PLANNED, note="Brindlewax 84 mg"
        )
        visit = appointment(db, cast.alice, MONDAY + timedelta(days=4), with_=cast.bob)
        digests.begin_notes(db, cast.bob.account_id, now=NOW)
        ids = [patient.public_id, written.public_id, session.public_id, visit.public_id]
        ids += db.scalars(sa.select(Account.public_id)).all()
    asked = replace(rule("08:30", "20:30"), follow_up=True, both_times=True)
    remind_by(database, cast.alice, at=NOW, asked=asked)
    return ids


def live(database: Database, config: Config, clock: Clock, to: Peers, cast: Cast) -> set[Why]:
    """Nine days of a worker's ticks, with a snooze and a trial by every channel; what messages came for."""
    worker = worker_of(database, config, clock, to, wait_s=10)
    with database.unit_of_work() as db:
        for channel in CHANNELS:
            reminders.try_channel(db, cast.alice.account_id, channel, now=NOW)
    snoozed = False
    while clock.moment < NOW + timedelta(days=10):
        for channel in CHANNELS:
            jobs.send_due(worker, channel)
        if not snoozed and (sent := first_sent(database)):
            with database.unit_of_work() as db:
                for delivery_id in sent:
                    reminders.snooze(
                        db, delivery_id, until=clock.moment + timedelta(minutes=30), now=clock.moment
                    )
            snoozed = True
        with database.look() as db:
            asked = sa.select(sa.func.min(ReminderQueue.next_due_at))
            clock.moment = db.scalars(asked.where(ReminderQueue.next_due_at > clock.moment)).one()
    with database.look() as db:
        return {why(slot) for slot in db.scalars(sa.select(Delivery.slot).where(Delivery.state == "sent"))}


def first_sent(database: Database) -> list[int]:
    with database.look() as db:
        asked = sa.select(Delivery.id).where(Delivery.state == "sent", Delivery.slot.like("checkin:%"))
        return list(db.scalars(asked))


def what_a_letter_says(letter: EmailMessage) -> str:
    """Its headers but for whom it is for, its parts, and the name of any file."""
    said = [f"{name}: {value}" for name, value in letter.items() if name != "To"]
    for part in letter.walk():
        said.append(str(part.get_filename() or ""))
        if not part.is_multipart():
            said.append(str(part.get_content()))
    return "\n".join(said)


def everything(to: Peers) -> list[str]:
    """All that came out, one text a message."""
    notices = ["\n".join([asked.headers["topic"], opened(asked.body).decode()]) for asked in to.push.requests]
    return [
        *(what_a_letter_says(letter) for letter in to.mail.messages),
        *notices,
        *(text_said(asked.body) for asked in to.sms.requests),
    ]


def lines(to: Peers) -> list[str]:
    """What a lock screen shows: subjects, titles, bodies of notifications, and text messages without their link."""
    notices = [json.loads(opened(asked.body)) for asked in to.push.requests]
    return [
        *(str(letter["Subject"]) for letter in to.mail.messages),
        *(notice["title"] for notice in notices),
        *(notice["body"] for notice in notices),
        *(LINK.sub("", text_said(asked.body)) for asked in to.sms.requests),
    ]


def seen(text: str) -> str:
    """What a reader sees of it: no links, no style, no markup."""
    bare = re.sub(r"<style.*?</style>|<[^>]*>", " ", LINK.sub("", text), flags=re.DOTALL | re.IGNORECASE)
    return re.sub(
        r"(?m)^(Message-ID|Date|Content-\S+|MIME-Version|List-\S+|From|X-\S+|Received):.*$", "", bare
    )


@only_sqlite
@pytest.mark.parametrize(
    ("language", "app"),
    [
        (Language.ENGLISH, AppName.TIDELINE),
        (Language.SPANISH, AppName.DAYBOOK),
        (Language.GREEK, AppName.DAYBOOK),
    ],
)
def test_no_message_of_any_channel_says_anything_of_anybody(
    database: Database, cast: Cast, config: Config, clock: Clock, to: Peers, language: Language, app: AppName
) -> None:
    ids = a_life(database, cast, language, app)
    assert live(database, config, clock, to, cast) == set(Why) - {Why.QUESTIONNAIRE}
    said = everything(to)
    assert min(len(to.mail.messages), len(to.push.requests), len(to.sms.requests)) >= 20
    assert found_in(said, [*SECRETS, *ids]) == []
    assert [text for text in said if HEALTH[language].search(seen(text))] == []
    assert [text for text in said if GUILT[language].search(seen(text).replace("<!", ""))] == []
    assert [line for line in lines(to) if re.search(r"\d", line)] == []
    assert {str(letter["From"]) for letter in to.mail.messages} == {config.mail_from}


def found_in(said: list[str], secrets: list[str]) -> list[str]:
    """The secrets that stand anywhere in these texts."""
    together = "\n".join(said).casefold()
    return [secret for secret in secrets if secret.casefold() in together]


def test_a_planted_secret_is_found() -> None:
    letter = EmailMessage()
    letter["Subject"] = "Got a minute?"
    letter.set_content("Got a minute?")
    assert found_in([what_a_letter_says(letter)], list(SECRETS)) == []
    letter.add_attachment(b"", maintype="text", subtype="calendar", filename="Vexmoor.ics")
    assert found_in([what_a_letter_says(letter)], list(SECRETS)) == ["Vexmoor"]


@pytest.mark.parametrize("language", Language)
def test_the_lists_find_what_is_planted(language: Language) -> None:
    assert [text for text in PLANTED[language] if not HEALTH[language].search(text)] == []
    assert [text for text in PLANTED_GUILT[language] if not GUILT[language].search(text)] == []


@pytest.mark.parametrize("language", Language)
def test_no_text_message_that_is_no_reminder_says_what_it_is_about(language: Language) -> None:
    with speaking(language):
        said = [sms_replies.words(line, address="https://journal.example.org") for line in sms_replies.Line]
        said.append(sms_numbers.words_of("123456"))
    for text in said:
        assert HEALTH[language].search(seen(text)) is None
        assert GUILT[language].search(seen(text)) is None


@only_sqlite
def test_a_letter_that_becomes_a_file_is_named_by_nothing_but_its_key(
    database: Database, cast: Cast, config: Config, clock: Clock, to: Peers
) -> None:
    a_life(database, cast, Language.ENGLISH, AppName.TIDELINE)
    worker = worker_of(database, config, clock, to)
    clock.moment = NOW + timedelta(minutes=30)
    jobs.send_due(replace(worker, post=Post(config, FileCarrier(config.outbox))), EMAIL)
    with database.look() as db:
        keys = db.scalars(sa.select(Delivery.message_key)).all()
    assert [path.name for path in config.outbox.iterdir()] == [
        f"{key}@journal.example.org.eml" for key in keys
    ]
