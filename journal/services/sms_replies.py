"""What is done about a text message that came in, and what is said back.

Writing only: nothing that is said back depends on anything that was recorded before. A message counts if its number was
proven by a code; from any other nothing is taken and nothing is said. The caller knows that the message is genuine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from journal.domain.checkins import CheckInBody, Via, Written, default_day
from journal.domain.moods import LOW_MOOD
from journal.domain.text_replies import Reply, understood
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.services.checkins import Outcome, record_check_in
from journal.storage import sms
from journal.storage.patients import Patient
from journal.storage.rate_limits import is_first
from journal.storage.sms import Writer

KNOWN_FOR = timedelta(days=30)
"""How long a message is known again by its id. A check-in is known for ever."""


class Line(StrEnum):
    """What is said back."""

    SAVED = "saved"
    SAVED_LOW = "saved_low"
    STOPPED = "stopped"
    STARTED = "started"
    HELP = "help"
    NOT_READ = "not_read"


LINES: dict[Line, str] = {
    Line.SAVED: translatable("Saved. Thank you."),
    Line.SAVED_LOW: translatable("Saved. Thank you. If you need someone now: %(address)s/help"),
    Line.STOPPED: translatable("No more messages will come. START brings them back."),
    Line.STARTED: translatable("Messages will come again. STOP ends them."),
    Line.HELP: translatable("These messages come from %(address)s, as you asked there. STOP ends them."),
    Line.NOT_READ: translatable(
        "Nobody reads messages sent here. You can write at %(address)s. If you need someone now: %(address)s/help"
    ),
}
"""The sentences; ``%(address)s`` is that of the installation."""

OF_WORDS = frozenset({Line.STOPPED, Line.STARTED, Line.HELP})
"""What some gateways say by themselves."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What to say back, and to whom."""

    account_id: int
    locale: str
    line: Line


def take_in(db: Session, *, number: str, text: str, message_id: str, now: datetime) -> Heard | None:
    """Do what a message asks for; None where nothing is to be said.

    However often a message is delivered, it is done once: a mood becomes one check-in, START does not undo a later
    STOP. STOP itself always counts, from any number that was written down here. It is about what we send: a number
    that comes after it is saved all the same, and nothing is said.
    """
    number_hash = sms.fingerprint_of(db, number)
    said = understood(text)
    is_new = is_first(db, f"sms-in {_short(message_id)}", kept_for=KNOWN_FOR, now=now)
    writer = sms.writer_of(db, number_hash)
    was_stopped = writer is not None and writer.stopped
    if said.reply is Reply.STOP:
        sms.stop(db, number_hash, now=now)
    elif said.reply is Reply.START and is_new:
        sms.start(db, number_hash)
    if writer is None:
        return None
    if said.mood is not None:
        heard = _record(db, writer, said.mood, message_id=message_id, now=now)
        return None if was_stopped else heard
    if not is_new:
        return None
    line = _line(said.reply, was_stopped=was_stopped)
    return None if line is None else Heard(writer.account_id, writer.locale, line)


def words(line: Line, *, address: str) -> str:
    """What a line says, in the language being spoken; ``address`` is the installation's own, such as base_url."""
    return _(LINES[line], address=address)


def _line(reply: Reply, *, was_stopped: bool) -> Line | None:
    if reply is Reply.STOP:
        return None if was_stopped else Line.STOPPED
    if reply is Reply.START and was_stopped:
        return Line.STARTED
    if was_stopped:
        return None
    return Line.HELP if reply is Reply.HELP else Line.NOT_READ


def _record(db: Session, writer: Writer, mood: int, *, message_id: str, now: datetime) -> Heard | None:
    """Today's mood; before four in the morning it is the evening's, as in the form. A deleted one stays deleted."""
    patient = db.get_one(Patient, writer.patient_id)
    written = Written(
        client_key=f"sms-{_short(message_id)[:56]}", via=Via.SMS, zone=patient.zone, recorded_at=now
    )
    body = CheckInBody(local_date=default_day(now, patient.zone), mood=mood)
    recorded = record_check_in(db, patient, body=body, written=written, now=now)
    if recorded.outcome is Outcome.DELETED:
        return None
    line = Line.SAVED_LOW if mood <= LOW_MOOD else Line.SAVED
    return Heard(writer.account_id, writer.locale, line)


def _short(message_id: str) -> str:
    return hashlib.sha256(message_id.encode(errors="replace")).hexdigest()
