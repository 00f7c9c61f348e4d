"""The administrator's pages: clinics and the people who work there. No patient, not even how many, nothing clinical."""

from __future__ import annotations

import secrets

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal import languages
from journal.domain.errors import Refused
from journal.languages import Language
from journal.languages import gettext as _
from journal.services import accounts as acts
from journal.storage import clinics, flag_reviews, staff
from journal.storage.clinics import Clinic, Kind
from journal.storage.staff import StaffMember
from journal.web import current, zones
from journal.web.attempts import Attempt
from journal.web.forms.accounts import ProviderForm
from journal.web.labels import provider_kind

_NEW = "new"
_LINK = "link"


def people() -> str:
    """Every clinic with the providers who work there."""
    look = current.db()
    everyone = staff.everyone(look)
    houses = [
        (clinic, [member for member in everyone if member.clinic_name == clinic.name])
        for clinic in clinics.clinics(look)
    ]
    kinds = {kind: provider_kind(kind) for kind in Kind}
    looked_at = {clinic.id for clinic, _members in houses if flag_reviews.review_of(look, clinic.id)}
    return flask.render_template("clinics/people.html", houses=houses, kinds=kinds, looked_at=looked_at)


def new_provider() -> ResponseReturnValue:
    """A provider begins: the administrator never learns or sets a password, only passes on a one-time link."""
    houses = clinics.clinics(current.db())
    form = ProviderForm(clinic=houses[0].public_id if houses else _NEW, zone="UTC")
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            email, kind = form.said()
            provider, token = acts.create_provider(
                db,
                email,
                name=form.name.data or "",
                credentials=(form.credentials.data or "").strip(),
                kind=kind,
                clinic=_clinic(db, form),
                now=current.now(),
                actor_account_id=current.account().account_id,
            )
        if attempt.succeeded:
            return _hand_over(token, email, provider.public_id, language=languages.spoken())
    page = flask.render_template(
        "clinics/new_provider.html",
        form=form,
        errors=attempt.errors,
        kinds=[(kind.value, provider_kind(kind)) for kind in Kind],
        clinics=[*((one.public_id, one.name) for one in houses), (_NEW, _("A new clinic"))],
        zones=zones.choices(),
    )
    return page, attempt.status


def provider(provider_id: str) -> ResponseReturnValue:
    """One provider: a new link, or the end of their access."""
    member = staff.member(current.db(), provider_id)
    if member is None:
        flask.abort(404)
    if flask.request.method == "POST":
        return _change(member, flask.request.form.get("do", ""))
    return flask.render_template(
        "clinics/provider.html",
        member=member,
        kind=provider_kind(member.kind),
        looks_at_flags=flag_reviews.is_named(current.db(), member.provider_id),
        link=flask.session.pop(_LINK, None),
    )


def _change(member: StaffMember, what: str) -> ResponseReturnValue:
    if what == "link" and member.disabled_at is None:
        with current.unit_of_work() as db:
            token = acts.make_set_up_link(db, member.account_id, now=current.now())
        return _hand_over(token, member.email, member.public_id, language=member.language)
    if what == "disable":
        with current.unit_of_work() as db:
            left = acts.disable(
                db, member.account_id, actor_account_id=current.account().account_id, now=current.now()
            )
            nobody_looks_at = left.public_id if left else None
        if nobody_looks_at:
            return flask.redirect(flask.url_for("flag_reviews.edit", clinic_id=nobody_looks_at), 303)
    return flask.redirect(flask.url_for("clinics.provider", provider_id=member.public_id), 303)


def _clinic(db: Session, form: ProviderForm) -> Clinic:
    if form.clinic.data == _NEW:
        return acts.found_clinic(
            db, form.clinic_name.data or "", zone=form.zone.data or "", now=current.now()
        )
    found = clinics.clinic_by_public_id(db, form.clinic.data or "")
    if found is None:
        raise Refused("not_a_choice", field="clinic")
    return found


def _hand_over(token: str, email: str, provider_id: str, *, language: Language) -> ResponseReturnValue:
    """Mail the set-up link, and show it once on the provider's page: it waits in the administrator's own cookie."""
    journal = current.journal()
    link = f"{journal.config.base_url}{flask.url_for('accounts.welcome', token=token)}"
    with languages.speaking(language):
        letter = journal.post.write("set_up", email, key=secrets.token_hex(16), link=link)
    journal.post.send_soon(letter)
    flask.session[_LINK] = link
    return flask.redirect(flask.url_for("clinics.provider", provider_id=provider_id), 303)
