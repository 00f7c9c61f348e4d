"""Pages that a patient and a provider have in the same shape: who reads or writes here, and how a form is answered.

A page whose address holds a patient is a provider's: it is read through the consent, which has to open sessions, and
the look is written down. Any other is the patient's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import flask
from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.errors import CHANGED_MEANWHILE, Refused, RefusedFields
from journal.messages import by_field
from journal.services.writers import Writer
from journal.storage import patients
from journal.storage.patients import Patient
from journal.web import current


@dataclass(frozen=True, slots=True)
class Here:
    """The database as it is read or written here, whose journal it is, and who asks."""

    db: Session
    patient: Patient
    writer: Writer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a form that was sent: the sentence for each field, and whether somebody was faster."""

    errors: dict[str, str]
    was_faster: bool = False


@contextmanager
def reading(patient_id: str | None) -> Iterator[Here]:
    """Read for a page: the patient's own, or ``patient_id`` for the signed-in provider, to whom sessions are open."""
    if patient_id is None:
        yield Here(current.db(), current.patient(), _writer(None))
        return
    with current.look_at(patient_id) as (look, patient, sight):
        yield Here(look, patient, _writer(sight))


def attempt(patient_id: str | None, write: Callable[[Here], object]) -> Outcome | None:
    """Do what a form asks for, in one transaction; None when it is done, else why not."""
    try:
        with current.unit_of_work() as db:
            if patient_id is None:
                write(Here(db, current.patient(), _writer(None)))
            else:
                patient, sight = current.patient_or_404(db, patient_id)
                write(Here(db, patient, _writer(sight)))
    except (Refused, RefusedFields) as fault:
        if patient_id is not None:
            current.write_down_look(patient_id)
        return Outcome(by_field(fault), isinstance(fault, Refused) and fault.code == CHANGED_MEANWHILE)
    return None


def names_of_readers(patient: Patient, *scopes: Scope) -> list[str]:
    """The names of those who share all of these with the patient who reads this page."""
    readers = patients.readers_of(current.db(), patient.id, now=current.now())
    return [one.name for one in readers if one.sight.opens(*scopes)]


def _writer(sight: Sight | None) -> Writer:
    account_id = current.account().account_id
    if sight is None:
        return Writer(account_id, None, WHOLE)
    if not sight.opens(Scope.SESSIONS):
        flask.abort(404)
    return Writer(account_id, current.provider_id(), sight)
