"""Pages that a patient and a provider have in the same shape: who reads or writes here, and what a form's page shows.

A page whose address holds a patient is a provider's: it is read through the consent, which has to open sessions, and
the look is written down. Any other is the patient's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import flask
from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE, Scope, Sight
from journal.services.writers import Writer
from journal.storage.patients import Patient
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.reading import VersionForm
from journal.web.readers import names_of_readers


@dataclass(frozen=True, slots=True)
class Here:
    """The database as it is read or written here, whose journal it is, and who asks."""

    db: Session
    patient: Patient
    writer: Writer


@contextmanager
def reading(patient_id: str | None) -> Iterator[Here]:
    """Read for a page: the patient's own, or ``patient_id`` for the signed-in provider, to whom sessions are open."""
    if patient_id is None:
        yield Here(current.db(), current.patient(), _writer(None))
        return
    with current.look_at(patient_id) as (look, patient, sight):
        yield Here(look, patient, _writer(sight))


@contextmanager
def writing(attempt: Attempt, patient_id: str | None) -> Iterator[Here]:
    """Do what a form asks for within, in one transaction: in one's own journal, or in that of ``patient_id``."""
    if patient_id is None:
        with attempt.writing() as db:
            yield Here(db, current.patient(), _writer(None))
        return
    with attempt.writing_about(patient_id) as (db, patient, sight):
        yield Here(db, patient, _writer(sight))


def asked(
    here: Here, form: VersionForm, attempt: Attempt, *, scope: Scope, version: int | None = None
) -> dict[str, object]:
    """What the page of a form shows, and to the patient who reads all that opens to ``scope``.

    ``version`` is that of what the form changes. Where somebody was faster, the next press is a decision.
    """
    if attempt.was_faster and version is not None:
        form.version.data = str(version)
    return {
        "form": form,
        "errors": attempt.errors,
        "patient": here.patient,
        "was_faster": attempt.was_faster,
        "readers": names_of_readers(here.patient, scope) if here.writer.provider_id is None else [],
    }


def _writer(sight: Sight | None) -> Writer:
    account_id = current.account().account_id
    if sight is None:
        return Writer(account_id, None, WHOLE)
    if not sight.opens(Scope.SESSIONS):
        flask.abort(404)
    return Writer(account_id, current.provider_id(), sight)
