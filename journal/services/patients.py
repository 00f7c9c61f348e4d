"""A patient's journal as a whole: its beginning, and how the person likes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.checkins import CHIP_PRESETS
from journal.domain.days import known_zone, local_day
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.home_screen import APP_NAME, SETTLED, AppName
from journal.languages import Language
from journal.services import reminders
from journal.storage import accounts, activities, patients
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.storage.sealing import make_patient_key

NAME_LENGTH = 120


def begin_journal(
    db: Session, account_id: int, *, display_name: str, zone: str, now: datetime, region: str = ""
) -> Patient:
    """Make the patient of an account: their row, data key, activity chips and empty caseload row.

    ``zone`` is an IANA name; refuses ``zone_unknown``, ``name_missing`` and ``text_too_long``.
    """
    for problem in problems_of_newcomer(display_name, zone):
        raise problem
    patient = Patient(
        public_id=new_public_id(),
        account_id=account_id,
        display_name=display_name.strip(),
        zone=zone,
        first_day=local_day(now, zone),
        region=region,
        preferences={},
    )
    db.add(patient)
    db.flush()
    make_patient_key(db, patient.id, now=now)
    patients.add_empty_summary(db, patient.id)
    activities.add_preset_chips(db, patient.id, presets=tuple(CHIP_PRESETS))
    return patient


def problems_of_newcomer(display_name: str, zone: str) -> list[Refused]:
    """Why no journal could begin with this name and zone; nothing if one could."""
    problems = []
    name = display_name.strip()
    if not name:
        problems.append(Refused("name_missing", field="display_name"))
    if len(name) > NAME_LENGTH:
        problems.append(Refused("text_too_long", field="display_name", most=NAME_LENGTH))
    if not known_zone(zone):
        problems.append(Refused("zone_unknown", field="zone"))
    return problems


def change_settings(
    db: Session,
    account_id: int,
    *,
    display_name: str,
    zone: str,
    region: str,
    share_notes: bool,
    items_on: Sequence[str],
    app_name: AppName,
    language: Language,
    now: datetime,
) -> None:
    """Keep how a patient likes things. ``share_notes`` is what a new note begins with, ``items_on`` what is asked,
    ``app_name`` what the journal is called on their phone.

    Refuses what :func:`begin_journal` refuses, everything at once.
    """
    patient = patients.patient_of_account(db, account_id)
    if patient is None:
        raise NotFound
    problems = problems_of_newcomer(display_name, zone)
    if problems:
        raise RefusedFields(problems)
    patient.display_name = display_name.strip()
    patient.region = region
    patient.preferences = {
        **patient.preferences,
        "share_notes": share_notes,
        "items_on": list(items_on),
        APP_NAME: app_name.value,
    }
    accounts.set_language(db, account_id, language)
    db.flush()
    change_zone(db, patient, zone, now=now)


def settle_home_screen(db: Session, account_id: int) -> None:
    """Adding the journal to a home screen was answered, and is not offered again."""
    patient = patients.patient_of_account(db, account_id)
    if patient is None:
        raise NotFound
    patient.preferences = {**patient.preferences, SETTLED: True}


def change_zone(db: Session, patient: Patient, zone: str, *, now: datetime) -> None:
    """The patient lives by another clock from now on: what is written stays on its day, reminders move.

    ``patient`` was read in this transaction. Refuses ``zone_unknown``.
    """
    if not known_zone(zone):
        raise Refused("zone_unknown", field="zone")
    if zone == patient.zone:
        return
    patient.zone = zone
    db.flush()
    reminders.replan(db, patient.account_id, zone=zone, now=now)
