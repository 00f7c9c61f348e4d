"""What is said straight to the driver goes in and comes out as it would through the session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Among, Change, Question, Spread, say, spread
from journal.storage.submissions import Submission
from tests import builders
from tests import cast as people
from tests.cast import Cast
from tests.conftest import MASTER_KEYS

SUMMARY = Question(
    sa.select(PatientSummary.last_check_in_on, PatientSummary.last_check_in_at, PatientSummary.tail).where(
        PatientSummary.patient_id == sa.bindparam("patient_id")
    )
)
FLAGS = Question(
    sa.select(CheckIn.unsure, CheckIn.note_shared, CheckIn.bed_time, CheckIn.activity_type).where(
        CheckIn.patient_id == sa.bindparam("patient_id")
    )
)
TAKE = Change(sa.insert(Submission).inline())
MOVE = Change(
    sa.update(Patient).where(Patient.zone == sa.bindparam("from_zone")).values(zone=sa.bindparam("to_zone"))
)


def key_of_alice(cast: Cast, *, client_key: str = "a key") -> dict[str, object]:
    return {
        "patient_id": cast.alice.patient_id,
        "client_key": client_key,
        "body_hash": "a hash",
        "check_in_public_id": "an id",
        "received_at": datetime(2026, 3, 30, 18, 0, tzinfo=UTC),
        "deleted_at": None,
    }


def test_dates_instants_and_documents_come_back_as_themselves(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 7)
        rows = SUMMARY.rows(db, {"patient_id": cast.alice.patient_id})
    assert rows == [
        (date(2026, 3, 30), datetime(2026, 3, 30, 18, 0, tzinfo=UTC), [["2026-03-30", 7.0, 1, 1]])
    ]


def test_yes_and_no_come_back_as_truth_and_nothing_as_none(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, None, note="a note", note_shared=True)
        rows = FLAGS.rows(db, {"patient_id": cast.alice.patient_id})
    assert rows == [(True, True, None, [])]


def test_a_question_without_an_answer_gives_no_rows(database: Database, cast: Cast) -> None:
    with database.look() as db:
        assert SUMMARY.rows(db, {"patient_id": 0}) == []


def test_a_change_says_how_many_rows_it_touched(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert MOVE.apply(db, {"from_zone": "Europe/Berlin", "to_zone": "Europe/Madrid"}) == 2
        assert MOVE.apply(db, {"from_zone": "Europe/Berlin", "to_zone": "Europe/Paris"}) == 0


def test_a_change_stands_or_falls_with_its_transaction(database: Database, cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as db:
        TAKE.apply(db, key_of_alice(cast))
        raise ZeroDivisionError
    with database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Submission)) == 0


def test_what_the_database_refuses_is_said_without_the_parameters(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        TAKE.apply(db, key_of_alice(cast, client_key="a secret"))
    with pytest.raises(sa.exc.IntegrityError) as refusal, database.unit_of_work() as db:
        TAKE.apply(db, key_of_alice(cast, client_key="a secret"))
    assert "[parameters" not in str(refusal.value)
    assert refusal.value.params is None


def test_a_value_that_is_not_named_is_not_guessed(database: Database, cast: Cast) -> None:
    values = key_of_alice(cast)
    del values["deleted_at"]
    with pytest.raises(KeyError), database.unit_of_work() as db:
        TAKE.apply(db, values)


def test_many_rows_go_in_as_each_would_alone(database: Database, cast: Cast) -> None:
    rows = [key_of_alice(cast, client_key=key) for key in ("one", "two", "three")]
    rows[1]["deleted_at"] = datetime(2026, 3, 30, 19, 0, tzinfo=UTC)
    with database.unit_of_work() as db:
        assert TAKE.apply_all(db, rows) == 3
    with database.look() as db:
        kept = db.execute(
            sa.select(Submission.client_key, Submission.received_at, Submission.deleted_at).order_by(
                Submission.id
            )
        ).all()
    received = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
    assert [tuple(row) for row in kept] == [
        ("one", received, None),
        ("two", received, datetime(2026, 3, 30, 19, 0, tzinfo=UTC)),
        ("three", received, None),
    ]


@pytest.mark.postgres
def test_rows_that_are_spread_go_in_at_once_each_with_its_own_nothings(
    migrated_postgres: Callable[[], str],
) -> None:
    database = Database(migrated_postgres(), MASTER_KEYS)
    submission = Submission.__table__
    rows = spread({column.key: column.type for column in submission.c if column.key != "id"})
    taking = Spread(
        postgresql.insert(submission)
        .from_select([column.key for column in rows.c], sa.select(*rows.c))
        .on_conflict_do_nothing()
        .inline()
    )
    deleted = datetime(2026, 3, 31, 7, 0, tzinfo=UTC)
    with database.unit_of_work() as db:
        cast = people.assemble(db)
        first = key_of_alice(cast)
        assert taking.apply_all(db, []) == 0
        assert (
            taking.apply_all(db, [first, key_of_alice(cast, client_key="b") | {"deleted_at": deleted}]) == 2
        )
        assert taking.apply_all(db, [first, key_of_alice(cast, client_key="c")]) == 1
        kept = db.execute(
            sa.select(Submission.client_key, Submission.deleted_at).order_by(Submission.id)
        ).all()
    database.close()
    assert kept == [("a key", None), ("b", deleted), ("c", None)]


def test_no_rows_are_no_statement(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert TAKE.apply_all(db, []) == 0


def test_a_limit_is_a_value_like_any_other(database: Database, cast: Cast) -> None:
    few = Question(sa.select(Patient.zone).limit(sa.bindparam("most", type_=sa.Integer())))
    with database.look() as db:
        assert few.rows(db, {"most": 1}) == [("Europe/Berlin",)]


def test_a_statement_that_cannot_be_said_is_refused_as_any_other(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.engine.connect() as connection:
        say(connection, "NO SUCH STATEMENT")


def test_rows_are_found_for_as_many_numbers_as_there_are(database: Database, cast: Cast) -> None:
    some = Among(
        Patient.id,
        lambda is_one_of_them: sa.select(Patient.id).where(is_one_of_them, Patient.id > sa.bindparam("over")),
    )
    with database.look() as db:
        everybody = [*db.scalars(sa.select(Patient.id).order_by(Patient.id))]
        assert some.rows(db, everybody, {"over": everybody[0]}) == [(one,) for one in everybody[1:]]
        assert some.rows(db, {everybody[0]}, {"over": 0}) == [(everybody[0],)]
        assert some.rows(db, [], {"over": 0}) == []
