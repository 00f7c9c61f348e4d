"""Setting aside and choosing what is shown, each written down."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.attention import Kind, Shown
from journal.domain.errors import Refused
from journal.services import attention as acts
from journal.storage import attention
from journal.storage.audit import Act, AuditEvent
from journal.storage.database import Database
from tests.builders import the_patient
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)


def acts_written(database: Database) -> list[tuple[str, int | None, int | None]]:
    with database.look() as db:
        rows = db.execute(sa.select(AuditEvent.act, AuditEvent.patient_id, AuditEvent.provider_id))
        return [tuple(row) for row in rows]


def test_setting_aside_and_taking_back_are_written_down(sqlite_database: Database, sqlite_cast: Cast) -> None:
    cast, me = sqlite_cast, sqlite_cast.bob
    with sqlite_database.unit_of_work() as db:
        patient = the_patient(db, cast.alice)
        acts.set_aside(
            db, me.provider_id, patient, Kind.SIGNAL, until=date(2026, 4, 6), today=TODAY,
            actor_account_id=me.account_id, now=NOW,
        )  # fmt: skip
        for _ in range(2):
            acts.take_back(db, me.provider_id, patient, Kind.SIGNAL, actor_account_id=me.account_id, now=NOW)
    who = (cast.alice.patient_id, me.provider_id)
    assert acts_written(sqlite_database) == [(Act.SET_ASIDE, *who), (Act.SET_ASIDE_ENDED, *who)]


def test_a_flag_stays(sqlite_database: Database, sqlite_cast: Cast) -> None:
    me = sqlite_cast.bob
    with pytest.raises(Refused, match="flag_stays"), sqlite_database.unit_of_work() as db:
        acts.set_aside(
            db, me.provider_id, the_patient(db, sqlite_cast.alice), Kind.FLAG, until=date(2026, 4, 6), today=TODAY,
            actor_account_id=me.account_id, now=NOW,
        )  # fmt: skip
    assert acts_written(sqlite_database) == []


def test_a_choice_is_kept_once_and_an_old_page_is_refused(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    chosen = Shown(silence_days=21)

    def choose(shown: Shown, seen: int) -> None:
        with sqlite_database.unit_of_work() as db:
            acts.choose_shown(
                db, sqlite_cast.clinic_id, shown, seen_version=seen,
                actor_account_id=sqlite_cast.bob.account_id, now=NOW,
            )  # fmt: skip

    choose(Shown(), 0)  # nothing new
    choose(chosen, 0)
    with pytest.raises(Refused, match="changed_meanwhile"):
        choose(Shown(signal=False), 0)
    with pytest.raises(Refused, match="out_of_range"):
        choose(Shown(silence_days=2), 1)
    with sqlite_database.look() as db:
        assert attention.shown_at(db, sqlite_cast.clinic_id).shown == chosen
    assert acts_written(sqlite_database) == [(Act.ATTENTION_CHANGED, None, None)]
