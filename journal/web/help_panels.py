"""The help panel: what follows an answer that must not be overlooked, before anything else is shown.

It is drawn in the answer to the very request that saved, and at an address of its own for whoever comes back. Nothing
it needs may keep it from being shown: whose it is, what is known of them and what they answer is read and written in a
thread of its own, and where that fails or takes too long the page comes with everything that needs no database. So it
asks nobody to sign in or to unlock either: a "yes" is never met by another page than the one with the numbers.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.errors import NotFound, RefusedFields
from journal.domain.instrument_files import instrument
from journal.domain.safety_flags import RightNow, Stage, answered, opens_help
from journal.domain.support import CopingPlan
from journal.logs import log, where
from journal.services import safety as acts
from journal.services.links import fingerprint
from journal.services.safety import WhoSees
from journal.storage import accounts, assessments
from journal.storage.database import Database
from journal.storage.patients import Patient
from journal.web import current, plan_at_hand, safety
from journal.web.forms.assessments import read_answers
from journal.web.labels import plan_steps
from journal.web.plan_at_hand import AtHand, Clinic
from journal.web.safety import Country

WAITS_S = 2.0
"""The longest that the panel waits for what is known of its reader, in seconds; what they answered is kept after it."""
AT_ONCE = 16
QUESTION = instrument("asq").item("5").text
"""The question about right now, letter by letter as it was published; asked whether or not the ASQ is switched on."""
QUESTION_BY = instrument("asq").licence.attribution
_CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Known:
    """What the panel knows of its reader. ``stage`` is None where the questionnaire is not theirs, or opened none."""

    stage: Stage | None
    at_hand: AtHand | None
    clinics: tuple[Clinic, ...]
    seen_by: WhoSees | None


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn. ``here`` is whom to call where the person lives, None where nobody knows. ``is_kept``: what was
    answered is stored; where it cannot be, the panel says so."""

    stage: Stage
    here: Country | None
    at_hand: AtHand | None
    clinics: tuple[Clinic, ...]
    seen_by: WhoSees | None
    answer_to: str
    is_handed_over: bool
    is_kept: bool = True
    question: str = QUESTION
    question_by: str = QUESTION_BY

    @property
    def asks(self) -> bool:
        """Whether the question about right now stands on it."""
        return self.stage is Stage.ASKS

    @property
    def is_emergency(self) -> bool:
        """Whether it was answered yes."""
        return self.stage is Stage.EMERGENCY

    @property
    def is_plan(self) -> bool:
        """Whether the person's own plan comes first."""
        return self.stage is Stage.PLAN

    @property
    def plan(self) -> CopingPlan | None:
        """The person's own plan, where it is open and holds anything."""
        return None if self.at_hand is None or self.at_hand.plan.is_empty else self.at_hand.plan


def show(assessment_id: str) -> ResponseReturnValue:
    """The panel of one questionnaire; the answer to its question; and closing it, which only its reader does."""
    form = flask.request.form
    said = form.get("right_now", "") if flask.request.method == "POST" else ""
    right_now = RightNow(said) if said in set(RightNow) else None
    closes = flask.request.method == "POST" and _CLOSE in form
    known = _known(assessment_id, right_now, closes=closes)
    if closes:
        return flask.redirect(_afterwards(known, assessment_id), 303)
    if known is not None and known.stage is None:
        flask.abort(404)
    stage = known.stage if known is not None else None
    if stage is None:
        stage = Stage.ASKS if right_now is None else answered(Stage.ASKS, right_now)
    return _page(stage, known, assessment_id)


def after_saving(assessment_id: str, stage: Stage) -> str:
    """The panel as the answer to the request that saved the questionnaire, at ``stage`` if nothing more is known."""
    known = _known(assessment_id, None, closes=False)
    if known is not None and known.stage is not None:
        stage = known.stage
    return _page(stage, known, assessment_id)


def for_nobody() -> ResponseReturnValue | None:
    """Before every request: the panel for an answer above zero from a page whose web session has ended meanwhile.

    Nothing can be stored then, and nothing is written down; help comes all the same, not "nothing here".
    """
    if flask.request.endpoint != "assessments.answer" or flask.request.method != "POST":
        return None
    if current.KIOSK in flask.session or current.someone() is not None:
        return None
    form = flask.request.form
    try:
        shown = instrument(form.get("shown", ""))
        if not opens_help(shown, read_answers(shown, form)):
            return None
    except (NotFound, RefusedFields):
        return None
    return _page(Stage.ASKS, None, str((flask.request.view_args or {})["assessment_id"]), is_kept=False)


def panel(
    stage: Stage,
    known: Known | None,
    *,
    answer_to: str,
    is_handed_over: bool = False,
    is_kept: bool = True,
    region: str | None = None,
) -> Panel:
    """The panel to draw at ``stage``; ``answer_to`` is where its question and its closing are sent.

    ``is_handed_over``: on a device that others use too, where nobody's own plan or person is shown. ``region``: where
    the person lives, if this browser does not know it itself.
    """
    here, _elsewhere = safety.shown(
        safety.countries(),
        today=current.now().date(),
        region=safety.remembered_region() if region is None else region,
    )
    return Panel(
        stage=stage,
        here=here,
        at_hand=None if known is None or is_handed_over else known.at_hand,
        clinics=known.clinics if known else (),
        seen_by=known.seen_by if known else None,
        answer_to=answer_to,
        is_handed_over=is_handed_over,
        is_kept=is_kept,
    )


def about(db: Session, patient: Patient, assessment_id: str, stage: Stage | None, *, now: datetime) -> Known:
    """What there is to show of a patient's clinics and readers, for a panel at ``stage``; nothing of their own."""
    record = assessments.assessment_of(db, patient.id, assessment_id)
    return Known(
        stage=stage,
        at_hand=None,
        clinics=plan_at_hand.clinics_of(db, patient.id, now=now),
        seen_by=None if record is None else acts.who_sees(db, patient.id, record, now=now),
    )


def _afterwards(known: Known | None, assessment_id: str) -> str:
    """Where closing leads: to what was stored, or to the start where that would ask for an unlock or a sign-in."""
    if known is None or known.stage is None or known.at_hand is None or known.at_hand.is_locked:
        return flask.url_for("accounts.home")
    return flask.url_for("assessments.saved", assessment_id=assessment_id)


def _page(stage: Stage, known: Known | None, assessment_id: str, *, is_kept: bool = True) -> str:
    answer_to = flask.url_for("help_panels.show", assessment_id=assessment_id)
    drawn = panel(stage, known, answer_to=answer_to, is_kept=is_kept)
    return flask.render_template("help_panels/show.html", panel=drawn, steps=plan_steps())


def _known(assessment_id: str, right_now: RightNow | None, *, closes: bool) -> Known | None:
    """What is known, once what was answered is kept; None where it could not be had in time, or nobody is signed in."""
    token, database, now = plan_at_hand.secret_here(), current.journal().database, current.now()
    if not token:
        return None
    turns = flask.current_app.extensions.setdefault("help_panels", threading.BoundedSemaphore(AT_ONCE))
    return plan_at_hand.at_once(
        lambda: _kept_and_read(database, token, assessment_id, right_now, closes=closes, now=now),
        turns,
        waits_s=WAITS_S,
    )


def _kept_and_read(
    database: Database,
    token: str,
    assessment_id: str,
    right_now: RightNow | None,
    *,
    closes: bool,
    now: datetime,
) -> Known | None:
    with database.look() as db:
        person = accounts.signed_in(db, fingerprint(token), now=now)
        patient = None if person is None else person.patient
        if person is None or patient is None:
            return None
        record = assessments.assessment_of(db, patient.id, assessment_id)
        at_hand = plan_at_hand.of_person(db, person, now=now)
    if record is None:
        return Known(stage=None, at_hand=None, clinics=(), seen_by=None)
    stage: Stage | None = Stage.ASKS if right_now is None else answered(Stage.ASKS, right_now)
    try:
        with database.unit_of_work() as db:
            if closes:
                acts.close_panel(db, record, now=now)
            elif right_now is not None:
                stage = acts.answer_panel(
                    db, patient, record, right_now, actor_account_id=person.account_id, now=now
                )
            else:
                stage = acts.make_sure(db, patient, record, actor_account_id=person.account_id, now=now)
    except NotFound:
        # It is their own questionnaire: whoever answers is never told that nothing is here.
        stage = stage if right_now is not None else None
    except Exception as fault:
        log.error("help panel not kept", fault=type(fault).__name__, where=where(fault))
    with database.look() as db:
        known = about(db, patient, assessment_id, stage, now=now)
    return Known(stage=known.stage, at_hand=at_hand, clinics=known.clinics, seen_by=known.seen_by)
