"""The people of the tests, always the same: Alice, a patient; Bob, her therapist; Carol, a provider without consent;
Dan, another patient; Erin, the administrator; and Frank, Alice's prescriber, in a circle of his own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from journal.domain.consents import LASTS, Scope
from journal.services.links import fingerprint
from journal.services.passwords import hash_password
from journal.services.patients import begin_journal
from journal.storage import accounts, clinics, consents
from journal.storage.accounts import Role
from journal.storage.base import new_public_id

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
"""Monday 30 March 2026, 20:00 in Berlin: the moment at which tests happen unless they say otherwise."""

PASSWORD = "a quiet river at night"
ZONE = "Europe/Berlin"
EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True)
class Person:
    """One of the cast, with the ids its role has."""

    name: str
    email: str
    account_id: int
    patient_id: int = 0
    provider_id: int = 0
    public_id: str = ""


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    alice: Person
    bob: Person
    carol: Person
    dan: Person
    erin: Person
    frank: Person
    clinic_id: int


def assemble(db: Session, *, now: datetime = NOW) -> Cast:
    """Put the cast into an empty database. Alice lets Bob read every scope, and Frank the scores alone."""
    password_hash = hash_password(PASSWORD)
    clinic = clinics.Clinic(public_id=new_public_id(), name="Riverside Clinic", zone=ZONE, created_at=now)
    db.add(clinic)
    db.flush()

    def account(name: str, role: Role) -> accounts.Account:
        return accounts.add_account(
            db, f"{name.lower()}@example.org", role, now=now, password_hash=password_hash
        )

    def patient(name: str) -> Person:
        signs_in = account(name, Role.PATIENT)
        row = begin_journal(db, signs_in.id, display_name=name, zone=ZONE, now=now)
        return Person(name, signs_in.email, signs_in.id, patient_id=row.id, public_id=row.public_id)

    def provider(name: str, kind: clinics.Kind) -> Person:
        signs_in = account(name, Role.PROVIDER)
        row = clinics.Provider(
            public_id=new_public_id(),
            account_id=signs_in.id,
            clinic_id=clinic.id,
            kind=kind.value,
            display_name=name,
        )
        db.add(row)
        db.flush()
        return Person(name, signs_in.email, signs_in.id, provider_id=row.id, public_id=row.public_id)

    admin = account("Erin", Role.ADMIN)
    cast = Cast(
        alice=patient("Alice"),
        bob=provider("Bob", clinics.Kind.THERAPIST),
        carol=provider("Carol", clinics.Kind.THERAPIST),
        dan=patient("Dan"),
        erin=Person("Erin", admin.email, admin.id),
        frank=provider("Frank", clinics.Kind.PRESCRIBER),
        clinic_id=clinic.id,
    )
    for reader, scopes in ((cast.bob, EVERY_SCOPE), (cast.frank, frozenset({Scope.SCORES}))):
        consents.add_consent(
            db,
            patient_id=cast.alice.patient_id,
            provider_id=reader.provider_id,
            scopes=scopes,
            visible_from=None,
            now=now,
            expires_at=now + LASTS,
        )
    return cast


def web_session(db: Session, person: Person, *, now: datetime = NOW) -> str:
    """Sign a person in without the pages: the token that their browser would hold."""
    token = f"token-of-{person.name}-{new_public_id()}"
    accounts.begin_web_session(
        db, person.account_id, token_hash=fingerprint(token), now=now, ends_at=now + LASTS
    )
    return token
