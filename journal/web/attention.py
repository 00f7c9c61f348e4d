"""What a provider's list shows first: setting something aside until a date, a clinic's rules, and trying them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.attention import (
    ASIDE_MOST,
    SILENCE_LEAST,
    SILENCE_MOST,
    Kind,
    Line,
    Shown,
    check_shown,
    shown_lines,
)
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.services import attention as acts
from journal.services.attention_replays import AT_ONCE, Tried, try_on_the_past
from journal.services.caseload_lines import lines_now
from journal.services.throttles import may_try
from journal.storage import attention, audit, clinics
from journal.storage.audit import Act
from journal.storage.patients import Patient
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.attention_lines import KINDS, words_of
from journal.web.forms.attention import RULES, AsideForm, ShownForm, read_shown
from journal.wording import day_and_year, listed, short_day

LENGTHS = (28, 84)
"""How many days back the rules can be tried."""
USUALLY_FOR = timedelta(days=14)
RUNS_MOST = ("60 per hour",)
"""Pages of a dry run: each reads up to twenty journals whole."""
_PAGES_MOST = 1_000


@dataclass(frozen=True, slots=True)
class AsideLine:
    """One kind that a person is listed for, in words, or was; ``until`` is set where it is set aside."""

    kind: str
    about: str
    says: tuple[str, ...]
    until: str


def set_aside(patient_id: str) -> ResponseReturnValue:
    """Why one person is listed, and not being shown it until a date; or being shown it again."""
    me = current.provider_id()
    with current.look_at(patient_id) as (look, patient, _sight):
        workplace = clinics.workplace_of(look, me)
        today = local_day(current.now(), workplace.zone)
        aside = attention.set_aside_by(look, me, today=today).get(patient.id, {})
        lines = _lines(look, patient, me)
    form = AsideForm(until=(today + USUALLY_FOR).isoformat())
    attempt = Attempt()
    if form.validate_on_submit():
        if flask.request.form.get("do") == "back":
            return _take_back(patient_id, form.kind.data or "")
        with attempt.writing_about(patient_id) as (db, person, _seen):
            kind, until = form.said()
            if kind is not Kind.FLAG and kind not in {line.kind for line in lines}:
                raise Refused("not_a_choice", field="kind")
            acts.set_aside(
                db,
                me,
                person,
                kind,
                until=until,
                today=today,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("patients.caseload"), 303)
    shown = _aside_lines(lines, aside, today=local_day(current.now(), patient.zone))
    page = flask.render_template(
        "attention/set_aside.html",
        patient=patient,
        form=form,
        errors=attempt.errors,
        listed=[one for one in shown if not one.until],
        waiting=[one for one in shown if one.until],
        first=today + timedelta(days=1),
        last=today + ASIDE_MOST,
    )
    return page, attempt.status


def waiting() -> str:
    """Everything that this provider has set aside, and when each comes back."""
    look, me = current.db(), current.provider_id()
    today = local_day(current.now(), clinics.workplace_of(look, me).zone)
    return flask.render_template(
        "attention/waiting.html",
        waiting=[
            (one, _(KINDS[one.kind]), day_and_year(one.until))
            for one in attention.waiting_for(look, me, today=today, now=current.now())
        ],
    )


def settings() -> ResponseReturnValue:
    """A clinician chooses which rules their clinic's lists go by."""
    look, me = current.db(), current.provider_id()
    workplace = clinics.workplace_of(look, me)
    kept = attention.shown_at(look, workplace.clinic_id)
    form = ShownForm()
    attempt = Attempt()
    typed = _typed(kept.shown)
    if "silence_days" in flask.request.args and flask.request.method == "GET":
        typed = {**flask.request.args}  # what was tried, and is not kept yet
    if form.validate_on_submit():
        typed = {**flask.request.form}
        with attempt.writing() as db:
            shown = read_shown(typed)
            check_shown(shown)
            if flask.request.form.get("do") == "try":
                return flask.redirect(flask.url_for("attention.dry_run", **_typed(shown)), 303)
            acts.choose_shown(
                db,
                workplace.clinic_id,
                shown,
                seen_version=form.seen_version(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            flask.flash("attention")
            return flask.redirect(flask.url_for("attention.settings"), 303)
        kept = attention.shown_at(current.db(), workplace.clinic_id)
    page = flask.render_template(
        "attention/settings.html",
        rules=[(kind.value, _(KINDS[kind]), typed.get(kind.value) == "1") for kind in RULES],
        silence_days=typed.get("silence_days", ""),
        least=SILENCE_LEAST,
        most=SILENCE_MOST,
        version=kept.version,
        changed_at=kept.changed_at,
        zone=workplace.zone,
        errors=attempt.errors,
        is_saved=bool(flask.get_flashed_messages()) and not attempt.errors,
    )
    return page, attempt.status


def dry_run() -> str:
    """Whom the rules in the address would have listed over the past weeks, of this provider's own patients."""
    asked = flask.request.args
    try:
        shown = read_shown(asked)
        check_shown(shown)
    except (Refused, RefusedFields):
        flask.abort(404)
    days = LENGTHS[1] if asked.get("days") == str(LENGTHS[1]) else LENGTHS[0]
    number = asked.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 4 else 1
    if not may_try(
        current.journal().database, "dry run", current.account().account_public_id, most=RUNS_MOST
    ):
        flask.abort(429)
    tried = try_on_the_past(
        current.db(),
        current.provider_id(),
        shown,
        days=days,
        page=min(max(page, 1), _PAGES_MOST),
        now=current.now(),
    )
    _write_down(tried)
    typed = _typed(shown)
    return flask.render_template(
        "attention/dry_run.html",
        tried=tried,
        rows=[(one, _why(one.dates)) for one in tried.listed],
        total=_total(tried),
        about=[_rule_words(kind, shown) for kind in RULES if shown.shows(kind)],
        days=days,
        lengths=[
            (
                ngettext("%(num)s day", "%(num)s days", length),
                flask.url_for("attention.dry_run", **typed, days=length),
                length == days,
            )
            for length in LENGTHS
        ],
        back=flask.url_for("attention.settings", **typed),
        further=flask.url_for("attention.dry_run", **typed, days=days, page=page + 1),
        at_once=AT_ONCE,
    )


def _write_down(tried: Tried) -> None:
    """That somebody tried the rules; and for each person who is shown by name, that they were looked at in this way."""
    with current.unit_of_work() as db:
        for patient_id, subject in [(None, None), *((one.patient_id, one.public_id) for one in tried.listed)]:
            audit.record(
                db,
                Act.REPLAYED,
                now=current.now(),
                actor_account_id=current.account().account_id,
                patient_id=patient_id,
                provider_id=current.provider_id(),
                subject=subject,
            )


def _take_back(patient_id: str, kind: str) -> ResponseReturnValue:
    try:
        which = Kind(kind)
    except ValueError:
        flask.abort(404)
    with current.unit_of_work() as db:
        person, _seen = current.patient_or_404(db, patient_id)
        acts.take_back(
            db,
            current.provider_id(),
            person,
            which,
            actor_account_id=current.account().account_id,
            now=current.now(),
        )
    return flask.redirect(flask.url_for("attention.waiting"), 303)


def _lines(look: Session, patient: Patient, provider_id: int) -> tuple[Line, ...]:
    """Why the patient would be listed now, as this provider may see it and the clinic wants it shown."""
    shown = attention.shown_at(look, clinics.workplace_of(look, provider_id).clinic_id).shown
    lines = lines_now(look, patient.id, provider_id, now=current.now())
    return tuple(line for line in shown_lines(lines, shown) if line.kind is not Kind.FLAG)


def _aside_lines(lines: tuple[Line, ...], aside: Mapping[Kind, date], *, today: date) -> list[AsideLine]:
    found = []
    for kind in RULES:
        says = tuple(words_of(line, today=today) for line in lines if line.kind is kind)
        if says or kind in aside:
            until = day_and_year(aside[kind]) if kind in aside else ""
            found.append(AsideLine(kind.value, _(KINDS[kind]), says, until))
    return found


def _typed(shown: Shown) -> dict[str, Any]:
    """A choice as a form and an address write it."""
    on = {kind.value: "1" for kind in RULES if shown.shows(kind)}
    return {**on, "silence_days": str(shown.silence_days)}


def _why(dates: Mapping[Kind, tuple[date, ...]]) -> list[str]:
    return [
        ngettext(
            "%(what)s: %(num)s day (%(dates)s)",
            "%(what)s: %(num)s days (%(dates)s)",
            len(those),
            what=_(KINDS[kind]),
            dates=listed(_runs(those)),
        )
        for kind, those in dates.items()
    ]


def _runs(days: tuple[date, ...]) -> list[str]:
    """Dates that follow each other as “3 to 9 Mar”."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day == runs[-1][1] + timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [
        short_day(first)
        if first == last
        else _("%(first)s to %(last)s", first=short_day(first), last=short_day(last))
        for first, last in runs
    ]


def _rule_words(kind: Kind, shown: Shown) -> str:
    if kind is not Kind.SILENCE:
        return _(KINDS[kind])
    return ngettext(
        "No check-in for %(num)s day or more", "No check-in for %(num)s days or more", shown.silence_days
    )


def _total(tried: Tried) -> str:
    return ngettext(
        "%(listed)s of the %(num)s person looked at would have been listed",
        "%(listed)s of the %(num)s people looked at would have been listed",
        tried.looked_at,
        listed=len(tried.listed),
    )
