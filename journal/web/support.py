"""A person's own plan for hard days: reading it and writing it. The help page's side is ``safety``."""

from __future__ import annotations

import dataclasses

import flask
from flask.typing import ResponseReturnValue

from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.support import PERSON_NAME_LENGTH, PERSON_PHONE_LENGTH, STEP_LENGTH
from journal.messages import by_field
from journal.services import support as acts
from journal.storage import support
from journal.storage.support import KeptPlan
from journal.web import current
from journal.web.forms.support import PlanForm
from journal.web.labels import plan_steps


def plan() -> str:
    """The plan as its owner wrote it, and whether this phone keeps it, which the phone alone knows."""
    patient = current.patient()
    kept = support.plan_of(current.db(), patient.id)
    return flask.render_template(
        "support/plan.html",
        kept=kept,
        steps=plan_steps(),
        changed_on=kept.updated_at and local_day(kept.updated_at, patient.zone),
        account=current.account().account_public_id,
        is_saved=bool(flask.get_flashed_messages()),
    )


def edit() -> ResponseReturnValue:
    """Write the plan: six steps and a person to call, each of which may stay empty."""
    patient = current.patient()
    before = support.plan_of(current.db(), patient.id)
    form = PlanForm(**dataclasses.asdict(before.plan), version=str(before.version))
    errors: dict[str, str] = {}
    faster: KeptPlan | None = None
    if form.validate_on_submit():
        try:
            with current.unit_of_work() as db:
                acts.save_plan(
                    db,
                    patient,
                    form.plan(),
                    seen_version=form.seen_version(),
                    actor_account_id=current.account().account_id,
                    now=current.now(),
                )
            flask.flash("plan")
            return flask.redirect(flask.url_for("support.plan"), 303)
        except RefusedFields as fault:
            errors = by_field(fault)
        except Refused as fault:
            errors = by_field(fault)
            # What is there now is shown; the next press is a decision.
            faster, form.version.data = before, str(before.version)
    page = flask.render_template(
        "support/edit.html",
        form=form,
        errors=errors,
        faster=faster,
        steps=plan_steps(),
        step_length=STEP_LENGTH,
        name_length=PERSON_NAME_LENGTH,
        phone_length=PERSON_PHONE_LENGTH,
    )
    return page, 422 if errors else 200
