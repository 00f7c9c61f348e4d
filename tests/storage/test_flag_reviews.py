"""Which clinics look at flags, as it is kept: the word, the rota, and the numbers that patients are shown."""

from __future__ import annotations

import sqlalchemy as sa

from journal.storage import accounts, flag_reviews
from journal.storage.clinics import Clinic
from journal.storage.database import Database
from tests.cast import NOW, Cast, Person
from tests.flagging import let_review, work_elsewhere

WEEK = range(1, 6)


def test_a_clinic_has_said_nothing_until_it_does(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert flag_reviews.review_of(db, cast.clinic_id) is None
        let_review(db, cast)
        said = flag_reviews.review_of(db, cast.clinic_id)
        assert said is not None
        assert (said.reviewer_name, said.stated_by_account_id, said.stated_at, said.sends_notes) == (
            "Bob", cast.erin.account_id, NOW, False,
        )  # fmt: skip
        assert flag_reviews.take_back_review(db, cast.clinic_id)
        assert flag_reviews.review_of(db, cast.clinic_id) is None


def test_a_word_whose_person_has_left_is_none(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        accounts.disable_account(db, cast.bob.account_id, now=NOW)
        assert flag_reviews.review_of(db, cast.clinic_id) is None


def test_mails_end_with_a_hole_in_the_rota(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        flag_reviews.put_notes(db, cast.clinic_id, wanted=True)
        flag_reviews.put_rota(db, cast.clinic_id, dict.fromkeys(WEEK, cast.carol.provider_id))
        whole = flag_reviews.review_of(db, cast.clinic_id)
        accounts.disable_account(db, cast.carol.account_id, now=NOW)
        holed = flag_reviews.review_of(db, cast.clinic_id)
    assert whole is not None
    assert holed is not None
    assert (whole.sends_notes, holed.wants_notes, holed.sends_notes, holed.rota) == (True, True, False, {})


def test_who_works_there_is_who_can_sign_in(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        accounts.disable_account(db, cast.carol.account_id, now=NOW)
        assert [one.name for one in flag_reviews.working_at(db, cast.clinic_id)] == ["Bob", "Frank"]


def test_numbers_are_those_of_clinics_where_somebody_may_read(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert flag_reviews.clinic_phones(db, cast.alice.patient_id, now=NOW) == []
        flag_reviews.put_phone(db, cast.clinic_id, "+1 555 0100147")
        assert db.scalar(sa.select(Clinic.phone)) == "+1 555 0100147"
        shared = flag_reviews.clinic_phones(db, cast.alice.patient_id, now=NOW)
        assert shared == [("Riverside Clinic", "+1 555 0100147")]  # once, though two of hers work there
        assert flag_reviews.clinic_phones(db, cast.dan.patient_id, now=NOW) == []


def test_the_number_of_one_clinic_names_no_other(database: Database, cast: Cast) -> None:
    def numbers(at: Person) -> list[tuple[str, str]]:
        return flag_reviews.clinic_phones(db, cast.alice.patient_id, now=NOW, at_clinic_of=at.provider_id)

    with database.unit_of_work() as db:
        elsewhere = work_elsewhere(db, cast.frank)
        flag_reviews.put_phone(db, cast.clinic_id, "+1 555 0100147")
        flag_reviews.put_phone(db, elsewhere, "+1 555 0100148")
        assert numbers(cast.bob) == [("Riverside Clinic", "+1 555 0100147")]
        assert numbers(cast.frank) == [("Hill Practice", "+1 555 0100148")]
