"""The demo clinic, served to browsers, with a real id for every kind of id in an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from playwright.sync_api import Page

from journal.storage.accounts import Account
from journal.storage.appointments import Appointment
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.consents import Consent
from journal.storage.database import Database
from journal.storage.patients import Patient
from journal.storage.treatments import TreatmentSession
from journal.web.routes import Audience

if TYPE_CHECKING:
    from tests.journeys.conftest import LiveSite

PASSWORD = "quiet-river-at-night-123"
NOW = datetime(2026, 3, 31, 13, 0, tzinfo=UTC)
SIGN_INS = {
    Audience.PATIENT: "jordan@example.org",
    Audience.PROVIDER: "lena@example.org",
    Audience.ADMIN: "admin@example.org",
}


@dataclass(frozen=True)
class Clinic:
    """``ids``: what stands for each ``<name>`` of an address."""

    site: LiveSite
    ids: dict[str, str]


def real_ids(database: Database) -> dict[str, str]:
    with database.look() as db:
        jordan = db.scalars(
            sa.select(Patient).join(Account).where(Account.email == SIGN_INS[Audience.PATIENT])
        ).one()
        lena = db.scalars(
            sa.select(Provider).join(Account).where(Account.email == SIGN_INS[Audience.PROVIDER])
        ).one()

        def newest(table: type, *which: sa.ColumnElement[bool]) -> str:
            return str(
                db.scalars(sa.select(table.public_id).where(*which).order_by(table.id.desc()).limit(1)).one()
            )

        return {
            "patient_id": jordan.public_id,
            "provider_id": lena.public_id,
            "check_in_id": newest(CheckIn, CheckIn.patient_id == jordan.id, CheckIn.note.is_not(None)),
            "treatment_id": newest(TreatmentSession, TreatmentSession.patient_id == jordan.id),
            "appointment_id": newest(
                Appointment, Appointment.patient_id == jordan.id, Appointment.provider_id == lena.id
            ),
            "consent_id": newest(
                Consent,
                Consent.patient_id == jordan.id,
                Consent.provider_id == lena.id,
                Consent.ended_at.is_(None),
            ),
            "name": "none",
            "token": "a-link-that-has-run-out",
        }


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in/password")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
