"""A device that was handed over for one questionnaire: opening it by a code, answering, and leaving nothing behind.

The browser is told nothing but the questions: no name, no earlier answer, no way to anywhere else. What it may use at
all is decided in ``current.admit``. Handing over is the provider's side, ``handovers``.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal import languages
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import Answers, asked
from journal.domain.errors import Refused, RefusedFields
from journal.domain.instrument_files import instrument
from journal.domain.safety_flags import RightNow, answered
from journal.domain.safety_flags import Stage as Panel
from journal.logs import log, where
from journal.messages import by_field
from journal.services import kiosk as acts
from journal.services import safety as care_acts
from journal.services.kiosk import Opened, Standing
from journal.storage import assessments
from journal.web import current, help_panels, naming, plan_at_hand, safety, speech
from journal.web.assessment_words import length_of
from journal.web.forms.accounts import CodeForm
from journal.web.forms.assessments import field_of, read_answers


def open_here(place: str) -> ResponseReturnValue:
    """Where the code is typed. Whether anything waits at this address, the page does not say."""
    form, errors = CodeForm(), dict[str, str]()
    somebody = current.someone() is not None
    if not somebody and form.validate_on_submit() and not _speaks_another():
        with current.unit_of_work() as db:
            opened = acts.open_by_code(db, place, form.digits(), now=current.now())
        if opened is not None:
            return open_in_this_browser(opened)
        errors = by_field(Refused("kiosk_code_wrong", field="code"))
    page = flask.render_template("kiosk/open_here.html", errors=errors, somebody=somebody)
    return page, 422 if errors else 200


def open_in_this_browser(opened: Opened) -> ResponseReturnValue:
    """Make this browser's cookie one of the questionnaire alone, in the language of the patient."""
    app = naming.here()
    flask.session.clear()
    naming.remember(app.code)
    flask.session[current.KIOSK] = opened.token
    speech.speak_with(opened.locale)
    return flask.redirect(flask.url_for("kiosk.fill"), 303)


def fill() -> ResponseReturnValue:
    """The questions, without any answer of before. What is left open is asked about once, and then kept as it is.

    Everything that was answered is stored by every press, so that nothing is lost when the device is taken away.
    """
    here = current.kiosk()
    if flask.request.method == "GET":
        return _care(here) if _panel_waits(here) else _page(here, {})
    if _speaks_another():
        return _page(here, _typed(here))
    try:
        answers = read_answers(instrument(here.handover.instrument), flask.request.form)
        if not answers and "finished" in flask.request.form:
            return _over(was_saved=here.handover.saved_at is not None)
        with current.unit_of_work() as db:
            saved = acts.save(db, here, answers, now=current.now())
    except (Refused, RefusedFields) as fault:
        return _page(here, _typed(here), errors=by_field(fault)), 422
    if saved.panel is not None:
        return _first_shown(here, saved.record, saved.panel)
    if saved.unanswered and not {"finished", "asked_once"} & flask.request.form.keys():
        return _page(here, answers, left_open=saved.unanswered)
    return _over(was_saved=True)


def care() -> ResponseReturnValue:
    """The help panel that follows an answer, its question about right now, and the way past it."""
    return _care(current.kiosk())


def end() -> ResponseReturnValue:
    """“I’m finished”, on a page that has nothing to save."""
    return _over(was_saved=current.kiosk().handover.saved_at is not None)


def over() -> ResponseReturnValue:
    """What everybody sees who comes, or comes back, when there is nothing to answer. It knows nothing of anybody."""
    was_saved = "saved" in flask.request.args
    country, _elsewhere = safety.shown(
        safety.countries(), today=current.now().date(), region=safety.remembered_region()
    )
    page = flask.render_template("kiosk/over.html", was_saved=was_saved, country=country)
    return page, 200 if was_saved else 410


def still_here() -> ResponseReturnValue:
    """Nothing, while it is open: a page that comes back out of a browser's memory asks."""
    return "", 204


def _care(here: Standing) -> ResponseReturnValue:
    record = _record(current.db(), here)
    if record is None:
        flask.abort(404)
    if flask.request.method == "POST" and "close" in flask.request.form:
        with current.unit_of_work() as db:
            care_acts.close_panel(db, record, now=current.now())
        return _over(was_saved=True)
    said = flask.request.form.get("right_now", "") if flask.request.method == "POST" else ""
    right_now = RightNow(said) if said in set(RightNow) else None
    if right_now is None:
        with current.unit_of_work() as db:
            stage = care_acts.make_sure(db, here.patient, record, actor_account_id=None, now=current.now())
        if stage is None:
            flask.abort(404)
        return _panel(here, stage)
    return _panel(here, _answered(here, record, right_now))


def _answered(here: Standing, record: AssessmentRecord, right_now: RightNow) -> Panel:
    """The stage after an answer, kept if it can be: a "yes" is met by the page with the numbers and by no other."""
    try:
        with current.unit_of_work() as db:
            return care_acts.answer_panel(
                db, here.patient, record, right_now, actor_account_id=None, now=current.now()
            )
    except Exception as fault:
        log.error("help panel not kept", fault=type(fault).__name__, where=where(fault))
        return answered(Panel.ASKS, right_now)


def _first_shown(here: Standing, record: AssessmentRecord, stage: Panel) -> str:
    """The panel as the answer to what was saved, written down as shown; it is shown even where that fails."""
    try:
        with current.unit_of_work() as db:
            kept = care_acts.make_sure(db, here.patient, record, actor_account_id=None, now=current.now())
    except Exception as fault:
        log.error("help panel not kept", fault=type(fault).__name__, where=where(fault))
        kept = None
    return _panel(here, kept or stage)


def _panel(here: Standing, stage: Panel) -> str:
    # Who else reads this patient's answers, and where, is nobody's business in this room.
    clinics = plan_at_hand.clinics_of(
        current.db(), here.patient.id, now=current.now(), at_clinic_of=here.handover.provider_id
    )
    return flask.render_template(
        "kiosk/care.html",
        panel=help_panels.panel(
            stage,
            help_panels.Known(stage=stage, at_hand=None, clinics=clinics, seen_by=None),
            answer_to=flask.url_for("kiosk.care"),
            is_handed_over=True,
            region=here.patient.region,
        ),
        closes_in_s=_closes_in_s(here),
    )


def _panel_waits(here: Standing) -> bool:
    record = _record(current.db(), here)
    if record is None:
        return False
    return care_acts.standing(current.db(), here.patient.id, record, now=current.now()) is not None


def _record(db: Session, here: Standing) -> AssessmentRecord | None:
    public_id = here.handover.assessment
    return None if public_id is None else assessments.assessment_of(db, here.patient.id, public_id)


def _page(
    here: Standing,
    answers: Answers,
    *,
    left_open: tuple[str, ...] = (),
    errors: dict[str, str] | None = None,
) -> str:
    known = instrument(here.handover.instrument)
    country, _elsewhere = safety.shown(
        safety.countries(), today=current.now().date(), region=here.patient.region
    )
    return flask.render_template(
        "kiosk/fill.html",
        known=known,
        length=length_of(known),
        asked={item.key for item in asked(known, answers)},
        field_of=field_of,
        call=safety.nearest_line(here.patient.region, current.now().date()),
        answers=answers,
        left_open=left_open,
        is_kept=here.handover.saved_at is not None or bool(left_open),
        errors=errors or {},
        country=country,
        closes_in_s=_closes_in_s(here),
    )


def _closes_in_s(here: Standing) -> int:
    return int((here.handover.expires_at - current.now()).total_seconds())


def _typed(here: Standing) -> Answers:
    """What stands on the page that was sent, as far as it is an answer."""
    try:
        return read_answers(instrument(here.handover.instrument), flask.request.form)
    except (Refused, RefusedFields):
        return {}


def _over(*, was_saved: bool) -> ResponseReturnValue:
    with current.unit_of_work() as db:
        acts.end(db, current.kiosk().handover, now=current.now())
    for name in (current.KIOSK, "csrf_token"):
        flask.session.pop(name, None)
    answer = flask.redirect(flask.url_for("kiosk.over", saved=1 if was_saved else None), 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _speaks_another() -> bool:
    """Whether a button with a language was pressed; from now on that is spoken here."""
    chosen = languages.known(flask.request.form.get("language"))
    if chosen is None:
        return False
    speech.speak_with(chosen.value)
    return True
