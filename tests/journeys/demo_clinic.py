"""The demo clinic, served to browsers, with a real id for every kind of id in an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from playwright.sync_api import Page

from journal.domain.doses import DoseUnit
from journal.domain.reminder_decisions import TRIAL
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import Measured, TreatmentRecord, Vitals
from journal.domain.treatments import Phase, Route, Status, TreatmentBody
from journal.services.accounts import ask_to_sign_in, make_set_up_link
from journal.services.appointments import make_appointment
from journal.services.assessment_dates import opened_now
from journal.services.claiming import claim_due_reminders
from journal.services.consents import invite
from journal.services.kiosk import hand_over
from journal.services.links import fingerprint, new_token
from journal.services.reminders import EMAIL, try_channel
from journal.services.treatment_records import Said
from journal.services.treatments import record_treatment
from journal.storage.accounts import Account
from journal.storage.appointments import Appointment, AppointmentKind
from journal.storage.assessments import Assessment
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.consents import Consent, Draft, Invitation
from journal.storage.database import Database
from journal.storage.deliveries import Delivery, DeliveryState
from journal.storage.kiosk import KioskHandover
from journal.storage.patients import Patient
from journal.storage.provider_notes import ProviderNote
from journal.storage.treatments import TreatmentSession
from journal.web.routes import Audience
from tests.cast import Person

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
    """``ids``: what stands for each ``<name>`` of an address. ``links``: addresses with a secret that still works."""

    site: LiveSite
    ids: dict[str, str]
    links: tuple[str, ...]


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

        of_jordan = TreatmentSession.patient_id == jordan.id
        return {
            "patient_id": jordan.public_id,
            "provider_id": lena.public_id,
            "check_in_id": newest(CheckIn, CheckIn.patient_id == jordan.id, CheckIn.note.is_not(None)),
            "treatment_id": newest(TreatmentSession, TreatmentSession.by_provider_id.is_not(None), of_jordan),
            "own_treatment_id": newest(
                TreatmentSession, TreatmentSession.by_provider_id.is_(None), of_jordan
            ),
            "appointment_id": newest(
                Appointment, Appointment.patient_id == jordan.id, Appointment.provider_id == lena.id
            ),
            "own_appointment_id": newest(
                Appointment, Appointment.patient_id == jordan.id, Appointment.clinic_id.is_(None)
            ),
            "consent_id": newest(
                Consent,
                Consent.patient_id == jordan.id,
                Consent.provider_id == lena.id,
                Consent.ended_at.is_(None),
            ),
            "invitation_id": newest(Invitation, Invitation.provider_id == lena.id),
            "trial_id": str(
                db.scalars(sa.select(Delivery.slot).where(Delivery.slot.startswith(TRIAL))).one()
            ).removeprefix(TRIAL),
            "assessment_id": newest(Assessment, Assessment.patient_id == jordan.id),
            "handover_id": newest(KioskHandover, KioskHandover.patient_id == jordan.id),
            "note_id": newest(
                ProviderNote, ProviderNote.patient_id == jordan.id, ProviderNote.author_id == lena.id
            ),
            "place": "K7P4QX",
            "name": "none",
            "figure": "mood",
            "token": "a-link-that-has-run-out",
        }


def open_links(database: Database) -> tuple[str, ...]:
    """One address of every kind that is sent by mail, none of them used yet."""
    with database.unit_of_work() as db:
        signs_in = ask_to_sign_in(db, SIGN_INS[Audience.PATIENT], browser="elsewhere", now=NOW).token
        lena = db.scalars(
            sa.select(Provider).join(Account).where(Account.email == SIGN_INS[Audience.PROVIDER])
        ).one()
        sets_up = make_set_up_link(db, lena.account_id, now=NOW)
        invited = invite(
            db,
            lena.id,
            email="new@example.org",
            draft=Draft(label="N.", phase=Phase.INDUCTION, planned_sessions=6),
            actor_account_id=lena.account_id,
            now=NOW,
        )
        checks_in = new_token()
        newest = sa.select(sa.func.max(Delivery.id)).where(Delivery.state == DeliveryState.SENT)
        db.execute(
            sa.update(Delivery)
            .where(Delivery.id == newest.scalar_subquery())
            .values(link_hash=fingerprint(checks_in), link_ends_at=NOW + timedelta(days=1))
        )
        stops = new_token()
        db.execute(
            sa.update(Delivery)
            .where(Delivery.id == newest.scalar_subquery())
            .values(stop_hash=fingerprint(stops))
        )
    return (
        f"/sign-in/link/{signs_in}",
        f"/welcome/{sets_up}",
        f"/invitation/{invited.secret}",
        f"/c/{checks_in}",
        f"/stop/{stops}",
    )


def own_records(database: Database) -> None:
    """A session and an appointment that Jordan wrote down: those of the clinic are not a patient's to change. The
    clinic's own record of that day, and a reminder that Jordan tries out."""
    with database.unit_of_work() as db:
        jordan = db.scalars(
            sa.select(Patient).join(Account).where(Account.email == SIGN_INS[Audience.PATIENT])
        ).one()
        record_treatment(
            db,
            jordan,
            body=TreatmentBody(local_date=NOW.date() + timedelta(days=40), status=Status.PLANNED),
            zone="UTC",
            actor_account_id=jordan.account_id,
            now=NOW,
        )
        lena = db.scalars(
            sa.select(Provider).join(Account).where(Account.email == SIGN_INS[Audience.PROVIDER])
        ).one()
        record_treatment(  # the clinic has a record of the same day, which stands beside it
            db,
            jordan,
            body=TreatmentBody(
                local_date=NOW.date() + timedelta(days=40), status=Status.PLANNED, route=Route.IV
            ),
            said=Said(
                TreatmentRecord(
                    dose_value=Decimal(3),
                    dose_unit=DoseUnit.MG_PER_KG,
                    weight_kg=Decimal("70.5"),
                    vitals=(Vitals(Measured.PRE, t_min=-10, sys=145, dia=85, hr=72, spo2=98),),
                ),
                effects=(SideEffect("", SideEffectCode.HEADACHE, Severity.MILD, NOW.date()),),
            ),
            zone="UTC",
            actor_account_id=lena.account_id,
            now=NOW,
            by_provider_id=lena.id,
        )
        make_appointment(
            db,
            jordan,
            starts_at=NOW + timedelta(days=30),
            kind=AppointmentKind.THERAPY,
            actor_account_id=jordan.account_id,
            now=NOW,
        )
        opened_now(db, jordan, "gad7", now=NOW)
        hand_over(
            db,
            jordan,
            instrument="gad7",
            provider_id=lena.id,
            actor_account_id=lena.account_id,
            now=NOW,
        )
        try_channel(db, jordan.account_id, EMAIL, now=NOW)
        claim_due_reminders(db, worker="demo", now=NOW, limit=200)


def sign_in(clinic: Clinic, page: Page, audience: Audience) -> None:
    """Let the demo's patient, provider or administrator be signed in with this browser, without its pages."""
    with clinic.site.database.look() as db:
        account = db.scalars(sa.select(Account).where(Account.email == SIGN_INS[audience])).one()
        person = Person(name=audience.name, email=account.email, account_id=account.id)
    clinic.site.sign_in(page.context, person)


def sign_in_by_hand(page: Page, audience: Audience) -> None:
    """The same with the pages that people sign in with."""
    page.goto("/sign-in/password")
    page.get_by_label("Email").fill(SIGN_INS[audience])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
