"""What a clinic says about its flags: who looks at them every weekday, whose day it is, and whether anybody is told.

Where nothing is said, the ninth item of the PHQ-9 is not asked of its patients (``safety.item_nine_is_read``). Whoever
is told learns by mail that there is something to read, and nothing more; nobody is ever paged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.support import PERSON_PHONE_LENGTH, can_be_dialled
from journal.languages import Language
from journal.storage import audit, clinics, flag_reviews, patients, safety_flags, staff
from journal.storage.audit import Act
from journal.storage.clinics import Clinic
from journal.storage.flag_reviews import WORKING_WEEK, Review

AT_ONCE = 50
"""Flags taken in one transaction."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a clinic's settings say. ``reviewer`` and ``rota`` (by ISO weekday) name providers by public id; an empty
    ``reviewer`` takes the clinic's word back."""

    phone: str = ""
    reviewer: str = ""
    rota: Mapping[int, str] = field(default_factory=dict)
    sends_notes: bool = False


def change(
    db: Session, clinic: Clinic, said: Said, *, actor_account_id: int | None, now: datetime
) -> Review | None:
    """Write down what ``said`` says; the clinic's word as it stands then, None where it gives none.

    Who gave it, and when, stays as it was while the same person is named. Refuses, all at once, a number that no phone
    could dial (``phone``), a name that does not work there (``reviewer``, ``rota``), and notes without a name for every
    day of the working week (``rota_missing``).
    """
    people = {one.public_id: one.provider_id for one in flag_reviews.working_at(db, clinic.id)}
    _check(said, people)
    if said.phone != clinic.phone:
        flag_reviews.put_phone(db, clinic.id, said.phone)
    before = flag_reviews.review_of(db, clinic.id)
    reviewer_id = people.get(said.reviewer)
    if reviewer_id is None:
        if flag_reviews.take_back_review(db, clinic.id):
            _written_down(db, clinic, Act.FLAG_REVIEW_ENDED, None, actor_account_id, now)
        flag_reviews.put_rota(db, clinic.id, {})
        return None
    if before is None or before.reviewer_id != reviewer_id:
        flag_reviews.put_review(
            db, clinic.id, reviewer_id=reviewer_id, stated_by_account_id=actor_account_id, now=now
        )
        _written_down(db, clinic, Act.FLAG_REVIEW_STATED, reviewer_id, actor_account_id, now)
    flag_reviews.put_rota(db, clinic.id, {day: people[name] for day, name in said.rota.items()})
    flag_reviews.put_notes(db, clinic.id, wanted=said.sends_notes)
    return flag_reviews.review_of(db, clinic.id)


def end_with(db: Session, provider_id: int, *, actor_account_id: int | None, now: datetime) -> Clinic | None:
    """Take a clinic's word back because ``provider_id``, whom it named, leaves; that clinic, None where it had not.

    It would count for nothing from then on; so that nobody finds out by chance, it ends by name and in the log.
    """
    clinic = clinics.clinic_of(db, clinics.provider_by_id(db, provider_id))
    review = flag_reviews.review_of(db, clinic.id)
    if review is None or review.reviewer_id != provider_id:
        return None
    flag_reviews.take_back_review(db, clinic.id)
    flag_reviews.put_rota(db, clinic.id, {})
    _written_down(db, clinic, Act.FLAG_REVIEW_ENDED, provider_id, actor_account_id, now)
    return clinic


@dataclass(frozen=True, slots=True)
class ToTell:
    """Whom to tell that there is something to read."""

    email: str
    language: Language


def take_untold(db: Session, *, now: datetime) -> list[ToTell]:
    """Take flags that nobody was told of yet, as told of, and say whom to tell: once each, however many there are.

    Those whose day it is, and those who can see the flag, at clinics that send notes; nobody where none does.
    """
    found: dict[str, ToTell] = {}
    for patient_id in safety_flags.claim_unnoted(db, now=now, limit=AT_ONCE):
        for provider_id in _told_about(db, patient_id, now=now):
            person = staff.member_of_account(db, clinics.account_of(db, provider_id))
            if person is not None and person.disabled_at is None:
                found[person.email] = ToTell(person.email, person.language)
    return list(found.values())


def whose_day(review: Review, *, zone: str, now: datetime) -> int | None:
    """Whose day it is by a clinic's rota; on a day that is nobody's, whose the next one is. None without a rota."""
    today = local_day(now, zone)
    for ahead in range(7):
        provider_id = review.rota.get((today + timedelta(days=ahead)).isoweekday())
        if provider_id is not None:
            return provider_id
    return None


def _told_about(db: Session, patient_id: int, *, now: datetime) -> set[int]:
    told: set[int] = set()
    readers = patients.readers_of(db, patient_id, now=now)
    seeing = {one.provider_id for one in readers if one.sight.opens(Scope.ASSESSMENTS)}
    for clinic_id in flag_reviews.reading_clinics(db, patient_id, now=now):
        review = flag_reviews.review_of(db, clinic_id)
        if review is None or not review.sends_notes:
            continue
        there = {one.provider_id for one in flag_reviews.working_at(db, clinic_id)}
        told |= seeing & there
        zone = clinics.workplace_of(db, review.reviewer_id).zone
        on_duty = whose_day(review, zone=zone, now=now)
        if on_duty is not None:
            told.add(on_duty)
    return told


def _check(said: Said, people: Mapping[str, int]) -> None:
    problems = []
    if len(said.phone) > PERSON_PHONE_LENGTH:
        problems.append(Refused("text_too_long", field="phone", most=PERSON_PHONE_LENGTH))
    elif said.phone and not can_be_dialled(said.phone):
        problems.append(Refused("phone_unreadable", field="phone"))
    if said.reviewer and said.reviewer not in people:
        problems.append(Refused("not_a_choice", field="reviewer"))
    for day, name in said.rota.items():
        if name not in people:
            problems.append(Refused("not_a_choice", field=f"day_{day}"))
    if said.sends_notes and not (said.reviewer and all(day in said.rota for day in WORKING_WEEK)):
        problems.append(Refused("rota_missing", field="sends_notes"))
    if problems:
        raise RefusedFields(problems)


def _written_down(
    db: Session,
    clinic: Clinic,
    act: Act,
    provider_id: int | None,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    audit.record(
        db, act, now=now, actor_account_id=actor_account_id, provider_id=provider_id, subject=clinic.public_id
    )
