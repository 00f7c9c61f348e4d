"""Consents and invitations as rows: one live consent a pair, sealed invitations, circles apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.domain.consents import LASTS, Scope
from journal.domain.treatments import Phase, PresetId
from journal.storage import accounts, consents
from journal.storage.consents import Consent, Draft, Invitation
from journal.storage.database import Database
from tests.cast import NOW, Cast, Person

HOUR = timedelta(hours=1)
DRAFT = Draft("J. M.", Phase.INDUCTION, "low mood", 6, date(2026, 4, 6), PresetId.IV_6X_2WK)


def consent(database: Database, patient: Person, reader: Person) -> str:
    with database.unit_of_work() as db:
        return consents.add_consent(
            db,
            patient_id=patient.patient_id,
            provider_id=reader.provider_id,
            scopes=frozenset({Scope.SESSIONS, Scope.NOTES}),
            visible_from=date(2026, 3, 1),
            now=NOW,
            expires_at=NOW + LASTS,
        )


def invitation(database: Database, cast: Cast, token: str, *, contact: str = "new@example.org") -> str:
    with database.unit_of_work() as db:
        return consents.add_invitation(
            db,
            clinic_id=cast.clinic_id,
            provider_id=cast.carol.provider_id,
            contact=contact,
            draft=DRAFT,
            token_hash=token,
            now=NOW,
            ends_at=NOW + HOUR,
        )


def test_a_consent_comes_back_as_it_was_given(database: Database, cast: Cast) -> None:
    public_id = consent(database, cast.dan, cast.carol)
    with database.look() as db:
        found = consents.live_consent(db, patient_id=cast.dan.patient_id, provider_id=cast.carol.provider_id)
    assert found is not None
    assert (found.public_id, found.scopes, found.visible_from) == (
        public_id,
        frozenset({Scope.SESSIONS, Scope.NOTES}),
        date(2026, 3, 1),
    )


def test_the_database_refuses_a_second_live_consent(database: Database, cast: Cast) -> None:
    consent(database, cast.dan, cast.carol)
    with pytest.raises(sa.exc.IntegrityError):
        consent(database, cast.dan, cast.carol)


def test_an_ended_consent_stays_readable(database: Database, cast: Cast) -> None:
    consent(database, cast.dan, cast.carol)
    with database.unit_of_work() as db:
        pair = {"patient_id": cast.dan.patient_id, "provider_id": cast.carol.provider_id}
        assert consents.end_consent(db, **pair, now=NOW + HOUR)
        assert not consents.end_consent(db, **pair, now=NOW + HOUR)
        assert consents.live_consent(db, **pair) is None
    with database.look() as db:
        ended = db.scalars(sa.select(Consent).where(Consent.patient_id == cast.dan.patient_id)).one()
    assert (ended.granted_at, ended.ended_at) == (NOW, NOW + HOUR)


def test_each_circle_shows_its_newest_consent(database: Database, cast: Cast) -> None:
    consent(database, cast.dan, cast.carol)
    with database.unit_of_work() as db:
        consents.end_consent(db, patient_id=cast.dan.patient_id, provider_id=cast.carol.provider_id, now=NOW)
    newest = consent(database, cast.dan, cast.carol)
    consent(database, cast.dan, cast.bob)
    with database.unit_of_work() as db:
        accounts.disable_account(db, cast.bob.account_id, now=NOW)
    with database.look() as db:
        bob, carol = consents.circles_of(db, cast.dan.patient_id)
    assert (bob.name, bob.has_left) == ("Bob", True)
    assert (carol.name, carol.has_left, carol.consent.public_id) == ("Carol", False, newest)


def test_a_circle_is_found_by_its_own_patient_alone(database: Database, cast: Cast) -> None:
    public_id = consent(database, cast.dan, cast.carol)
    with database.look() as db:
        assert consents.circle_of(db, cast.dan.patient_id, public_id) is not None
        assert consents.circle_of(db, cast.alice.patient_id, public_id) is None


def test_an_invitation_opens_with_everything_that_was_noted(database: Database, cast: Cast) -> None:
    public_id = invitation(database, cast, "t")
    with database.look() as db:
        found = consents.invitation_by_token(db, "t")
    assert found is not None
    assert (found.public_id, found.contact, found.draft) == (public_id, "new@example.org", DRAFT)
    assert found.is_open(NOW)
    assert not found.is_open(NOW + HOUR)


def test_a_sealed_contact_does_not_open_in_another_row(database: Database, cast: Cast) -> None:
    invitation(database, cast, "one", contact="one@example.org")
    invitation(database, cast, "two", contact="two@example.org")
    with database.unit_of_work() as db:
        stolen = db.scalar(sa.select(Invitation.contact).where(Invitation.token_hash == "one"))
        db.execute(sa.update(Invitation).where(Invitation.token_hash == "two").values(contact=stolen))
    with database.look() as db, pytest.raises(InvalidTag):
        consents.invitation_by_token(db, "two")


def test_a_spent_invitation_forgets_contact_and_draft(database: Database, cast: Cast) -> None:
    invitation(database, cast, "t")
    with database.unit_of_work() as db:
        assert not consents.spend_invitation(db, "t", patient_id=cast.dan.patient_id, now=NOW + HOUR)
        assert consents.spend_invitation(db, "t", patient_id=cast.dan.patient_id, now=NOW)
        assert not consents.spend_invitation(db, "t", patient_id=cast.alice.patient_id, now=NOW)
    with database.look() as db:
        row = db.scalars(sa.select(Invitation)).one()
    assert (row.contact, row.draft, row.patient_id) == (None, None, cast.dan.patient_id)


def test_the_list_holds_what_waits_and_what_ran_out(database: Database, cast: Cast) -> None:
    first, second, third = (invitation(database, cast, token) for token in ("1", "2", "3"))
    with database.unit_of_work() as db:
        consents.withdraw_invitation(db, cast.carol.provider_id, second, now=NOW)
        assert not consents.withdraw_invitation(db, cast.bob.provider_id, first, now=NOW)
    with database.look() as db:
        assert [one.public_id for one in consents.invitations_of(db, cast.carol.provider_id)] == [
            third,
            first,
        ]
        assert consents.invitations_of(db, cast.bob.provider_id) == []
        assert consents.invitation_of(db, cast.bob.provider_id, first) is None


def test_a_withdrawn_invitation_cannot_be_renewed(database: Database, cast: Cast) -> None:
    public_id = invitation(database, cast, "t")
    carol = cast.carol.provider_id
    with database.unit_of_work() as db:
        assert consents.renew_invitation(db, carol, public_id, token_hash="new", now=NOW, ends_at=NOW + HOUR)
        assert consents.invitation_by_token(db, "t") is None
        consents.withdraw_all(db, carol, now=NOW)
        assert not consents.renew_invitation(
            db, carol, public_id, token_hash="newer", now=NOW, ends_at=NOW + HOUR
        )
