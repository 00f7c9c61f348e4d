"""Who could read what a patient writes here, for the patient: names alone, or as who they are to them."""

from __future__ import annotations

from journal.domain.consents import Scope
from journal.languages import gettext as _
from journal.storage import patients
from journal.storage.patients import Patient
from journal.web import current
from journal.web.labels import READERS


def names_of_readers(patient: Patient, *scopes: Scope) -> list[str]:
    """The names of those who share all of these with the patient who reads this page."""
    readers = patients.readers_of(current.db(), patient.id, now=current.now())
    return [one.name for one in readers if one.sight.opens(*scopes)]


def readers_in_words(patient: Patient, *needed: tuple[Scope, ...]) -> list[list[str]]:
    """For each of ``needed`` those to whom all of its scopes are open: “Lena Fischer, my therapist”."""
    readers = patients.readers_of(current.db(), patient.id, now=current.now())
    return [
        [_(READERS[one.kind], name=one.name) for one in readers if one.sight.opens(*scopes)]
        for scopes in needed
    ]
