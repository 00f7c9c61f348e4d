"""What a patient prepares for the next time with one provider: topics of their own, and lines they leave out.

Both are for the visit that comes next and end with it, wherever it is moved to: what was written before a visit began
is over on the day after it. Without a visit in the calendar they simply go on. Topics end with sharing too: whoever
shares again begins with none. What was hidden stays hidden then, because nobody has said otherwise.

The provider reads the topics. That a line is hidden, or how many are, nobody but the patient can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from journal.domain import topics as rules
from journal.domain.consents import unbroken_since
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.errors import NotFound
from journal.domain.topics import Topic
from journal.services.writers import Writer, write_down
from journal.storage import appointments, consents, topics
from journal.storage.appointments import AppointmentStatus, Visit
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.storage.topics import KeptTopic

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Preparation:
    """What stands for the next time with one provider: ``topics`` in their order, and the keys of the lines that the
    provider is not shown."""

    topics: tuple[Topic, ...]
    hidden: frozenset[str]


def prepared_for(
    db: Session, patient: Patient, provider_id: int, *, now: datetime, visits: Sequence[Visit] | None = None
) -> Preparation:
    """What ``patient`` has prepared for the next time with ``provider_id``. No topics where they may not read now.

    ``visits`` are all of the two, where they were read already.
    """
    over = (
        _last_time(db, patient, provider_id, now=now)
        if visits is None
        else max((visit.starts_at for visit in visits if _is_over(visit, patient, now=now)), default=_EVER)
    )
    since = _reads_since(db, patient, provider_id, now=now)
    return Preparation(
        topics=()
        if since is None
        else tuple(topics.topics_for(db, patient.id, provider_id, since=max(over, since))),
        hidden=frozenset(topics.hidden_from(db, patient.id, provider_id, since=over)),
    )


def brought_before(
    db: Session, patient: Patient, provider_id: int, *, prepared: Preparation
) -> list[KeptTopic]:
    """What was for visits with ``provider_id`` that are over, the newest first, for the patient alone.

    Topics of a restored journal are among them: they were for somebody of another place. ``prepared`` is what stands
    for the next time.
    """
    still = {one.public_id for one in prepared.topics}
    return [
        kept
        for kept in reversed(topics.topics_of(db, patient.id))
        if kept.provider_id in {provider_id, None} and kept.topic.public_id not in still
    ]


def add_topic(db: Session, patient: Patient, provider_id: int, said: str, *, now: datetime) -> Topic:
    """Add a topic to those for the next visit; the same words a second time are the same topic.

    Refuses what ``journal.domain.topics.check`` refuses; NotFound where the provider may not read now.
    """
    consents.hold(db, patient.id)  # of two forms at once, the second finds what the first one kept
    if _reads_since(db, patient, provider_id, now=now) is None:
        raise NotFound
    beside = prepared_for(db, patient, provider_id, now=now).topics
    text = rules.tidied(said)
    for topic in beside:
        if topic.text == text:
            return topic
    rules.check(text, beside=beside)
    topic = Topic(new_public_id(), text, position=len(beside) + 1, written_at=now)
    topics.add_topic(db, patient.id, topic, provider_id=provider_id)
    _note(db, patient, provider_id, Act.TOPIC_ADDED, subject=topic.public_id, now=now)
    return topic


def remove_topic(db: Session, patient: Patient, provider_id: int, public_id: str, *, now: datetime) -> None:
    """Remove a topic, also of a time that is over; those behind it move up. Twice is once."""
    consents.hold(db, patient.id)
    before = prepared_for(db, patient, provider_id, now=now).topics
    if not topics.remove_topic(db, patient.id, public_id):
        return
    left = [topic for topic in before if topic.public_id != public_id]
    if len(left) < len(before):
        for position, topic in enumerate(left, start=1):
            if topic.position != position:
                topics.place_topic(db, patient.id, topic.public_id, position=position)
    _note(db, patient, provider_id, Act.TOPIC_REMOVED, subject=public_id, now=now)


def hide_line(db: Session, patient: Patient, provider_id: int, line: str, *, now: datetime) -> None:
    """Leave a line of what to talk about out of the page until the next visit is over. Twice is once."""
    consents.hold(db, patient.id)
    over = _last_time(db, patient, provider_id, now=now)
    topics.forget_lines(db, patient.id, provider_id, before=over)
    if line not in topics.hidden_from(db, patient.id, provider_id, since=over):
        topics.hide_line(db, patient.id, provider_id, line, now=now)


def show_line(db: Session, patient: Patient, provider_id: int, line: str) -> None:
    """Let a line be seen again. Twice is once."""
    consents.hold(db, patient.id)
    hidden = topics.hidden_from(db, patient.id, provider_id, since=_EVER)
    topics.show_lines(db, patient.id, [public_id for key, public_id in hidden.items() if key == line])


def _last_time(db: Session, patient: Patient, provider_id: int, *, now: datetime) -> datetime:
    """When the last visit began that is over: one on a day before today, where the patient lives."""
    midnight = resolve_wall_time(local_day(now, patient.zone), time(0), patient.zone)
    last = appointments.last_visits(db, provider_id, [patient.id], before=midnight)
    return last.get(patient.id, _EVER)


def _is_over(visit: Visit, patient: Patient, *, now: datetime) -> bool:
    is_before_today = local_day(visit.starts_at, patient.zone) < local_day(now, patient.zone)
    return visit.status is not AppointmentStatus.CANCELLED and is_before_today


def _reads_since(db: Session, patient: Patient, provider_id: int, *, now: datetime) -> datetime | None:
    given = consents.consents_of_pair(db, patient_id=patient.id, provider_id=provider_id)
    return unbroken_since(given, patient_id=patient.id, provider_id=provider_id, now=now)


def _note(db: Session, patient: Patient, provider_id: int, act: Act, *, subject: str, now: datetime) -> None:
    by = Writer(patient.account_id)
    write_down(db, patient, act, by, subject=subject, now=now, reader_id=provider_id)
