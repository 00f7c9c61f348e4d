"""The questions of every two weeks: the patient's form, and what stands there once they are answered."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import Scope
from journal.domain.long_term_flags import Watched, flags_of_checks
from journal.domain.side_effects import needs_help_now
from journal.languages import gettext as _
from journal.services import long_term_checks as acts
from journal.storage import long_term_checks, treatments
from journal.storage.long_term_checks import ASKED
from journal.web import check_up_words as words
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.check_ups import CheckUpForm
from journal.web.readers import names_of_readers


def answer() -> ResponseReturnValue:
    """Six short questions about the last two weeks; whoever answered today finds those answers here."""
    patient = current.patient()
    before = long_term_checks.check_on(current.db(), patient.id, current.today())
    given = {code.value: str(one.value) for code, one in before.answers.items()} if before else {}
    form = CheckUpForm(data=given)
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            acts.keep_answers(
                db,
                patient,
                form.answers(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("check_ups.answered"), 303)
    page = flask.render_template(
        "check_ups/answer.html",
        questions=[(code.value, _(words.QUESTIONS[code]), words.options(code)) for code in ASKED],
        chosen={code.value: form[code.value].data for code in ASKED},
        errors={field or ASKED[0].value: text for field, text in attempt.errors.items()},
        readers=names_of_readers(patient, Scope.SESSIONS),
    )
    return page, attempt.status


def answered() -> str:
    """What was answered, the latest first; and what to do now where an answer asks for it."""
    db, patient, today = current.db(), current.patient(), current.today()
    checks = long_term_checks.checks_of(db, patient.id)
    latest = checks[-1] if checks and checks[-1].local_date == today else None
    flags = flags_of_checks(checks) if latest else []
    due = acts.due_on(db, patient, treatments.treatments_of(db, patient.id), now=current.now())
    return flask.render_template(
        "check_ups/answered.html",
        is_from_today=latest is not None,
        checks=[(one.local_date, words.answers(one)) for one in reversed(checks)],
        needs_help=latest is not None
        and any(needs_help_now(code, severity) for code, severity in latest.answers.items()),
        tell_clinic=any(flag.watched is Watched.URINARY and today in flag.dates for flag in flags),
        readers=names_of_readers(patient, Scope.SESSIONS),
        due=due if due is None or due > today else today,
    )
