"""A person's own activities to tap: adding, renaming, sharing, hiding. None is removed: old check-ins name them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.checkins import CHIP_LABEL_LENGTH, CHIP_PRESETS, CHIPS_MOST
from journal.domain.errors import NotFound, Refused
from journal.languages import pgettext
from journal.storage import activities
from journal.storage.patients import Patient


def add_activity(db: Session, patient: Patient, *, label: str, shared: bool) -> str:
    """Add an activity after the others; its public id. Refuses an empty or too long name and a list that is full."""
    label = _name(label)
    if not label:
        raise Refused("activity_name_missing", field="label")
    if len(activities.chips_for(db, patient.id)) >= CHIPS_MOST:
        raise Refused("activities_full", most=CHIPS_MOST)
    return activities.add_chip(db, patient.id, label=label, shared=shared)


def change_activity(
    db: Session, patient: Patient, *, chip_id: str, label: str, shared: bool, hidden: bool, now: datetime
) -> None:
    """Rename, share or hide an activity. An empty name, or its own, gives a preset its first name back.

    Its own is the one that stands in the form: in the language being spoken.
    """
    chip = next((one for one in activities.chips_for(db, patient.id) if one.public_id == chip_id), None)
    if chip is None:
        raise NotFound
    label = _name(label)
    first_name = CHIP_PRESETS.get(chip.code)
    if first_name is not None and label in (first_name, pgettext("activity", first_name)):
        label = ""
    if not label and first_name is None:
        raise Refused("activity_name_missing", field="label")
    activities.change_chip(
        db, patient.id, chip_id, label=label, shared=shared, hidden_at=now if hidden else None
    )


def _name(label: str) -> str:
    label = " ".join(label.split())
    if len(label) > CHIP_LABEL_LENGTH:
        raise Refused("text_too_long", field="label", most=CHIP_LABEL_LENGTH)
    return label
