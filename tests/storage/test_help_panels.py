"""The help panel of a questionnaire: opened, answered, closed and opened again; the answer sealed."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from journal.domain.safety_flags import RightNow
from journal.storage import help_panels
from journal.storage.database import Database
from journal.storage.help_panels import KeptPanel
from tests.cast import NOW, Cast
from tests.flagging import saved

HOUR = timedelta(hours=1)


def test_a_panel_is_kept_from_its_opening_to_its_closing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record = saved(db, cast.alice, {"9": 1})
        assert help_panels.panel_of(db, record.id) is None
        help_panels.open_panel(db, cast.alice.patient_id, record.id, now=NOW)
        panel = help_panels.panel_of(db, record.id)
        assert panel is not None
        help_panels.put_answer(db, panel, assessment_id=record.id, right_now=RightNow.NO, now=NOW)
        help_panels.close_panel(db, record.id, now=NOW + HOUR)
        closed = help_panels.panel_of(db, record.id)
        help_panels.open_panel(db, cast.alice.patient_id, record.id, now=NOW + 2 * HOUR)
        again = help_panels.panel_of(db, record.id)
    assert closed == KeptPanel(panel.public_id, cast.alice.patient_id, RightNow.NO, NOW, is_closed=True)
    assert again == KeptPanel(panel.public_id, cast.alice.patient_id, RightNow.NO, NOW, is_closed=False)


def test_what_was_answered_is_sealed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record = saved(db, cast.alice, {"9": 1})
        help_panels.open_panel(db, cast.alice.patient_id, record.id, now=NOW)
        panel = help_panels.panel_of(db, record.id)
        assert panel is not None
        help_panels.put_answer(db, panel, assessment_id=record.id, right_now=RightNow.DECLINED, now=NOW)
        kept = db.scalar(sa.text("SELECT right_now FROM help_panel"))
    assert b"declined" not in bytes(kept)


def test_the_last_answer_since_an_instant_is_found_on_whichever_panel(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for hours, right_now in ((0, RightNow.NO), (2, RightNow.DECLINED)):
            record = saved(db, cast.alice, {"9": 1}, code="phq9" if hours else "asq")
            help_panels.open_panel(db, cast.alice.patient_id, record.id, now=NOW)
            panel = help_panels.panel_of(db, record.id)
            assert panel is not None
            at = NOW + hours * HOUR
            help_panels.put_answer(db, panel, assessment_id=record.id, right_now=right_now, now=at)
        since = {
            hours: help_panels.answered_since(db, cast.alice.patient_id, since=NOW + hours * HOUR)
            for hours in (0, 1, 3)
        }
        assert since == {0: RightNow.DECLINED, 1: RightNow.DECLINED, 3: None}
        assert help_panels.answered_since(db, cast.dan.patient_id, since=NOW) is None


def test_the_one_left_open_last_is_found_until_it_is_closed(database: Database, cast: Cast) -> None:
    alice = cast.alice.patient_id
    with database.unit_of_work() as db:
        first, second = (
            saved(db, cast.alice, {key: 1}, code=code) for code, key in (("phq9", "9"), ("asq", "1"))
        )
        help_panels.open_panel(db, alice, first.id, now=NOW)
        help_panels.open_panel(db, alice, second.id, now=NOW + HOUR)
        assert help_panels.left_open(db, alice, since=NOW) == second.public_id
        assert help_panels.left_open(db, cast.dan.patient_id, since=NOW) is None
        assert help_panels.left_open(db, alice, since=NOW + 2 * HOUR) is None
        help_panels.close_panel(db, second.id, now=NOW + HOUR)
        assert help_panels.left_open(db, alice, since=NOW) == first.public_id
