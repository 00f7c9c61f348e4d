"""Sharing: the provider's invitations, the page on which a person answers one, and who can see what."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import SUGGESTED, Scope
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.messages import by_field
from journal.services import consents as acts
from journal.services.consents import Inviter, Issued
from journal.services.links import fingerprint, normal_paper_code
from journal.storage import accounts, audit, clinics, consents
from journal.storage.accounts import Role
from journal.storage.consents import Circle, Invited
from journal.storage.patients import Patient
from journal.web import current, signing_in, unlocking, zones
from journal.web.attempts import Attempt
from journal.web.course_words import schedule_words, schedules
from journal.web.forms.accounts import read_password
from journal.web.forms.consents import AcceptForm, InviteForm, PaperCodeForm, ScopesForm
from journal.web.labels import phase_words, provider_kind, scope_words
from journal.web.qr import qr_code
from journal.wording import day_and_year

_CODE = "paper_code"
_ALL, _TODAY, _SAME = "all", "today", "same"
_SAMPLE = "…"


@dataclass(frozen=True, slots=True)
class CircleCard:
    """One provider on the sharing page. ``has_left`` means that nobody can sign in as them any more."""

    circle: Circle
    kind: str
    is_live: bool
    has_left: bool
    last_looked_at: datetime | None
    chosen: frozenset[Scope]
    since: list[tuple[str, str]]
    since_chosen: str
    error: str | None


# The provider invites ----------------------------------------------------------------------------------------


def invite() -> ResponseReturnValue:
    """Invite somebody, beside the very message they will get; and the invitations that are still open."""
    form = InviteForm(way="mail", course="later")
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            email, draft = form.said()
            issued = acts.invite(
                db,
                current.provider_id(),
                email=email,
                draft=draft,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return _hand_over(issued)
    look = current.db()
    journal = current.journal()
    sample = journal.post.write(
        "invitation", "them", key="sample", link=f"{journal.config.base_url}/invitation/{_SAMPLE}"
    )
    page = flask.render_template(
        "consents/invite.html",
        form=form,
        errors=attempt.errors,
        subject=sample.subject,
        message=sample.text.strip(),
        waiting=consents.invitations_of(look, current.provider_id()),
        now=current.now(),
        zone=clinics.workplace_of(look, current.provider_id()).zone,
        schedules=[
            ("", _("Say it later")),
            *((value, words) for value, words, _source in schedules() if value),
        ],
    )
    return page, attempt.status


def invitation(invitation_id: str) -> ResponseReturnValue:
    """One invitation: its code to print, shown once; send it again, or withdraw it."""
    look = current.db()
    found = consents.invitation_of(look, current.provider_id(), invitation_id)
    if found is None:
        flask.abort(404)
    if flask.request.method == "POST":
        return _change_invitation(found, flask.request.form.get("do", ""))
    journal = current.journal()
    code = flask.session.pop(_CODE, None)
    link = f"{journal.config.base_url}{flask.url_for('consents.accept', token=code)}" if code else None
    return flask.render_template(
        "consents/invitation.html",
        invited=found,
        is_open=found.is_open(current.now()),
        code=code,
        address=f"{journal.config.base_url}{flask.url_for('consents.enter_code')}",
        drawing=qr_code(link) if link else None,
        zone=clinics.workplace_of(look, current.provider_id()).zone,
    )


def _change_invitation(found: Invited, what: str) -> ResponseReturnValue:
    if what == "withdraw":
        with current.unit_of_work() as db:
            acts.withdraw(db, current.provider_id(), found.public_id, now=current.now())
        return flask.redirect(flask.url_for("consents.invite"), 303)
    with current.unit_of_work() as db:
        issued = acts.invite_again(
            db,
            current.provider_id(),
            found.public_id,
            actor_account_id=current.account().account_id,
            now=current.now(),
        )
    return _hand_over(issued)


def _hand_over(issued: Issued) -> ResponseReturnValue:
    """Mail the link, which the provider never sees; or keep the code for the page that shows it, once.

    A mailed link is what shows that the mailbox is the person's own, so nobody else may know it.
    """
    journal = current.journal()
    if issued.to:
        link = f"{journal.config.base_url}{flask.url_for('consents.accept', token=issued.secret)}"
        letter = journal.post.write("invitation", issued.to, key=secrets.token_hex(16), link=link)
        journal.post.send_soon(letter)
    else:
        flask.session[_CODE] = issued.secret
    return flask.redirect(flask.url_for("consents.invitation", invitation_id=issued.public_id), 303)


# The person answers ------------------------------------------------------------------------------------------


def enter_code() -> ResponseReturnValue:
    """For whoever has a code on paper."""
    form = PaperCodeForm()
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        code = normal_paper_code(form.code.data or "")
        if acts.open_invitation(current.db(), code, now=current.now()) is not None:
            return flask.redirect(flask.url_for("consents.accept", token=code), 303)
        errors = by_field(Refused("paper_code_wrong", field="code"))
    return flask.render_template("consents/enter_code.html", form=form, errors=errors), 422 if errors else 200


def accept(token: str) -> ResponseReturnValue:
    """Who invites, what they would read, and yes: for somebody new, and for a patient who shares with others."""
    found = acts.open_invitation(current.db(), token, now=current.now())
    if found is None:
        return _over(token)
    invited, inviter = found
    person = current.someone()
    if person is not None and person.role is not Role.PATIENT:
        return flask.render_template("consents/not_for_clinicians.html"), 403
    if current.is_locked():
        if flask.request.method == "GET":
            signing_in.come_back_to_invitation(token)
        return unlocking.ask_first()
    kept = flask.session.get(signing_in.CHOSEN) or {}
    form = AcceptForm(
        scopes=kept.get("scopes") or sorted(SUGGESTED),
        since=kept.get("since") or _ALL,
        email=invited.contact,
    )
    if not form.validate_on_submit():
        return _accept_page(form, invited, inviter)
    try:
        return _accept_signed_in(token, form) if person else _accept_as_newcomer(token, invited, form)
    except (Refused, RefusedFields) as fault:
        return _accept_page(form, invited, inviter, by_field(fault))


def _accept_signed_in(token: str, form: AcceptForm) -> ResponseReturnValue:
    problems = _problems_of_yes(form)
    if problems:
        raise RefusedFields(problems)
    patient = current.patient()
    with current.unit_of_work() as db:
        acts.accept(
            db,
            token,
            patient,
            scopes=form.chosen(),
            visible_from=current.today() if form.since.data == _TODAY else None,
            now=current.now(),
        )
    flask.session.pop(signing_in.CHOSEN, None)
    flask.flash("accepted")
    return flask.redirect(flask.url_for("consents.sharing"), 303)


def _accept_as_newcomer(token: str, invited: Invited, form: AcceptForm) -> ResponseReturnValue:
    """Begin at once where the mail has shown whose mailbox it is; else by a mail to the address given.

    The second way answers the same whether the address has an account or not: the invitation waits, unspent, until
    its owner has signed in. Otherwise a code on paper would tell who is a patient here.
    """
    newcomer = signing_in.read_newcomer(form)
    email, problems = newcomer.email, newcomer.problems
    password = read_password(form.password)
    is_own_mailbox = bool(invited.contact) and email == invited.contact
    if password and not is_own_mailbox:
        problems.append(Refused("password_later", field="password"))
    problems += _problems_of_yes(form)
    if problems:
        raise RefusedFields(problems)
    remember = bool(form.remember.data)
    if is_own_mailbox and accounts.account_by_email(current.db(), email) is None:
        with current.unit_of_work() as db:
            entered = acts.accept_as_newcomer(
                db,
                token,
                email,
                display_name=newcomer.name,
                zone=newcomer.zone,
                password=password,
                scopes=form.chosen(),
                from_today=form.since.data == _TODAY,
                remember=remember,
                now=current.now(),
            )
        flask.session.pop(signing_in.CHOSEN, None)
        return signing_in.let_in(entered)
    return _prove_mailbox(token, newcomer, form, remember=remember)


def _prove_mailbox(
    token: str, newcomer: signing_in.Newcomer, form: AcceptForm, *, remember: bool
) -> ResponseReturnValue:
    flask.session[signing_in.CHOSEN] = {"scopes": sorted(form.chosen()), "since": form.since.data}
    signing_in.remember(remember)
    signing_in.come_back_to_invitation(token)
    return signing_in.prove_mailbox(newcomer)


def _problems_of_yes(form: AcceptForm) -> list[Refused]:
    problems = []
    if not form.chosen():
        problems.append(Refused("no_scope_yet", field="scopes"))
    if form.since.data not in {_ALL, _TODAY}:
        problems.append(Refused("not_a_choice", field="since"))
    if not form.understood.data:
        problems.append(Refused("not_understood", field="understood"))
    return problems


def _accept_page(
    form: AcceptForm, invited: Invited, inviter: Inviter, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    page = flask.render_template(
        "consents/accept.html",
        form=form,
        errors=errors or {},
        invited=invited,
        inviter=inviter,
        kind=provider_kind(inviter.kind),
        phase=phase_words(invited.draft.phase) if invited.draft.phase else "",
        schedule=schedule_words(invited.draft.preset_id) if invited.draft.preset_id else "",
        scopes=scope_words(),
        chosen=form.chosen(),
        since=[
            (_ALL, _("Everything so far"), None),
            (_TODAY, _("From today on"), _("Nothing you wrote before.")),
        ],
        is_new=current.someone() is None,
        zones=zones.choices_or_the_phones(),
    )
    return page, 422 if errors else 200


def _over(token: str) -> ResponseReturnValue:
    """Used, withdrawn, run out or never there: one page for all, except for the one who has just said yes twice."""
    person = current.someone()
    used = consents.invitation_by_token(current.db(), fingerprint(token))
    if person is not None and used is not None and used.patient_id == person.patient_id is not None:
        return flask.redirect(flask.url_for("consents.sharing"), 303)
    return flask.render_template("consents/invitation_over.html"), 404


# Who can see what --------------------------------------------------------------------------------------------


def sharing() -> str:
    """One card for each provider, and the ways to everything about privacy."""
    return _sharing_page(is_saved=bool(flask.get_flashed_messages()))


def change(consent_id: str) -> ResponseReturnValue:
    """Save one card: what is switched on is what they see, from their next request on."""
    form = ScopesForm()
    patient = current.patient()
    circle = _own_circle(patient, consent_id)
    try:
        with current.unit_of_work() as db:
            acts.change(
                db,
                patient,
                consent_id,
                scopes=form.chosen(),
                visible_from=_visible_from(form.since.data or "", circle.consent.visible_from),
                now=current.now(),
                again=bool(form.again.data),
            )
        flask.flash("saved")
        return flask.redirect(flask.url_for("consents.sharing"), 303)
    except Refused as fault:
        error = next(iter(by_field(fault).values()))
        chosen = None if fault.code == "sharing_changed" else form.chosen()
        return _sharing_page(refused=circle.provider_id, error=error, chosen=chosen), 422


def stop(consent_id: str) -> ResponseReturnValue:
    """The page before stopping, and stopping."""
    patient = current.patient()
    circle = _own_circle(patient, consent_id)
    if flask.request.method == "POST":
        with current.unit_of_work() as db:
            acts.stop(db, patient, consent_id, now=current.now())
        return flask.redirect(flask.url_for("consents.sharing"), 303)
    return flask.render_template("consents/stop.html", circle=circle)


def _own_circle(patient: Patient, consent_id: str) -> Circle:
    circle = consents.circle_of(current.db(), patient.id, consent_id)
    if circle is None:
        flask.abort(404)
    return circle


def _visible_from(said: str, before: date | None) -> date | None:
    """From which day on; what cannot be read never opens more than was said."""
    if said not in {_ALL, _TODAY, _SAME}:
        raise Refused("not_a_choice", field="since")
    if said == _TODAY:
        return current.today()
    return before if said == _SAME else None


def _sharing_page(
    *,
    is_saved: bool = False,
    refused: int | None = None,
    error: str | None = None,
    chosen: frozenset[Scope] | None = None,
) -> str:
    """``refused`` is the provider whose card was not saved; ``chosen`` what was switched on there, to be kept."""
    look, patient, now = current.db(), current.patient(), current.now()
    looks = audit.last_looks(look, patient.id)
    cards = [
        CircleCard(
            circle=circle,
            kind=provider_kind(circle.kind),
            is_live=circle.consent.is_live(now),
            has_left=circle.has_left,
            last_looked_at=looks.get(circle.provider_id),
            chosen=circle.consent.scopes if chosen is None or circle.provider_id != refused else chosen,
            since=_since(circle.consent.visible_from),
            since_chosen=_SAME if circle.consent.visible_from else _ALL,
            error=error if circle.provider_id == refused else None,
        )
        for circle in consents.circles_of(look, patient.id)
    ]
    return flask.render_template(
        "consents/sharing.html",
        live=[card for card in cards if card.is_live],
        over=[card for card in cards if not card.is_live],
        scopes=scope_words(),
        zone=patient.zone,
        is_saved=is_saved,
        ends_on=lambda moment: local_day(moment, patient.zone),
    )


def _since(before: date | None) -> list[tuple[str, str]]:
    kept = [(_SAME, _("%(day)s on", day=day_and_year(before)))] if before else []
    return [*kept, (_ALL, _("Everything so far")), (_TODAY, pgettext("they see", "Today on"))]
