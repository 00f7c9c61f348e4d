"""Writing a plan: kept whole or not at all, never over what somebody wrote meanwhile, and in the log without a word."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from journal.domain.errors import Refused, RefusedFields
from journal.domain.support import CopingPlan
from journal.services.support import save_plan
from journal.storage import support
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from tests.builders import the_patient
from tests.cast import NOW, Cast, Person


def save(database: Database, person: Person, plan: CopingPlan, *, seen: int) -> None:
    with database.unit_of_work() as db:
        save_plan(
            db,
            the_patient(db, person),
            plan,
            seen_version=seen,
            actor_account_id=person.account_id,
            now=NOW,
        )


def kept(database: Database, person: Person) -> tuple[CopingPlan, int]:
    with database.look() as db:
        found = support.plan_of(db, person.patient_id)
    return found.plan, found.version


def acts(database: Database) -> list[tuple[str, int | None, int | None, str | None]]:
    columns = (AuditEvent.act, AuditEvent.actor_account_id, AuditEvent.patient_id, AuditEvent.subject)
    with database.look() as db:
        return [tuple(row) for row in db.execute(sa.select(*columns).order_by(AuditEvent.id))]


def test_a_plan_is_kept_and_the_log_says_that_and_no_more(database: Database, cast: Cast) -> None:
    save(database, cast.alice, CopingPlan(signs=" sleeping in my clothes\r\n"), seen=0)
    assert kept(database, cast.alice) == (CopingPlan(signs="sleeping in my clothes"), 1)
    assert acts(database) == [("coping_plan_changed", cast.alice.account_id, cast.alice.patient_id, None)]


def test_the_same_plan_again_changes_nothing(database: Database, cast: Cast) -> None:
    save(database, cast.alice, CopingPlan(alone="a walk"), seen=0)
    save(database, cast.alice, CopingPlan(alone="a walk "), seen=0)  # a double tap
    assert kept(database, cast.alice) == (CopingPlan(alone="a walk"), 1)
    assert len(acts(database)) == 1


def test_an_empty_form_begins_nothing(database: Database, cast: Cast) -> None:
    save(database, cast.alice, CopingPlan(signs="  "), seen=0)
    assert kept(database, cast.alice) == (CopingPlan(), 0)
    assert acts(database) == []


def test_emptying_a_plan_takes_its_words_away(database: Database, cast: Cast) -> None:
    save(database, cast.alice, CopingPlan(alone="a walk"), seen=0)
    save(database, cast.alice, CopingPlan(), seen=1)
    assert kept(database, cast.alice) == (CopingPlan(), 2)
    assert [act for act, *_rest in acts(database)] == ["coping_plan_changed", "coping_plan_removed"]


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_nothing_is_written_over_what_was_not_seen(database: Database, cast: Cast, seen: int) -> None:
    save(database, cast.alice, CopingPlan(alone="a walk"), seen=0)
    with pytest.raises(Refused, match="changed_meanwhile"):
        save(database, cast.alice, CopingPlan(alone="a bath"), seen=seen)
    assert kept(database, cast.alice) == (CopingPlan(alone="a walk"), 1)


def test_a_plan_that_was_emptied_and_begun_again_is_another_one(database: Database, cast: Cast) -> None:
    save(database, cast.alice, CopingPlan(alone="a walk"), seen=0)
    save(database, cast.alice, CopingPlan(), seen=1)
    save(database, cast.alice, CopingPlan(alone="a bath"), seen=2)
    with pytest.raises(Refused, match="changed_meanwhile"):
        save(database, cast.alice, CopingPlan(alone="a walk by the river"), seen=1)


def test_a_plan_is_kept_whole_or_not_at_all(database: Database, cast: Cast) -> None:
    with pytest.raises(RefusedFields):
        save(database, cast.alice, CopingPlan(alone="a walk", person_phone="ask Theo"), seen=0)
    assert kept(database, cast.alice) == (CopingPlan(), 0)


def test_everybody_has_a_plan_of_their_own(database: Database, cast: Cast) -> None:
    save(database, cast.alice, CopingPlan(alone="a walk"), seen=0)
    save(database, cast.dan, CopingPlan(alone="the piano"), seen=0)
    assert kept(database, cast.alice)[0].alone == "a walk"
    assert kept(database, cast.dan)[0].alone == "the piano"
