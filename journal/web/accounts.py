"""Signing in and out, beginning, and the patient's own settings."""

from __future__ import annotations

import flask
import flask_login
from flask.typing import ResponseReturnValue

from journal import languages
from journal.domain.access_limits import PASSWORD_LONGEST, PASSWORD_SHORTEST, PASSWORD_TRIES
from journal.domain.errors import Refused, RefusedFields
from journal.domain.home_screen import AppName, app_name
from journal.languages import gettext as _
from journal.messages import by_field
from journal.services import accounts as acts
from journal.services import patients as journals
from journal.services import push as notifications
from journal.services.links import fingerprint
from journal.services.throttles import forgive, may_try
from journal.storage import accounts, patients
from journal.storage.accounts import Account, Purpose
from journal.web import current, naming, push, safety, signing_in, speech, zones
from journal.web.attempts import Attempt
from journal.web.forms.accounts import (
    OPTIONAL_ITEMS,
    CodeForm,
    LinkForm,
    NewPasswordForm,
    PasswordSignInForm,
    SettingsForm,
    SignInForm,
    StartForm,
    read_email,
    read_password,
)
from journal.web.naming import App

_PASSWORD = "password"  # noqa: S105 - the name of what is counted
_LENGTHS = {"least": PASSWORD_SHORTEST, "most": PASSWORD_LONGEST}


def home() -> ResponseReturnValue:
    """To where the person begins: a page of their own, or the way in."""
    person = current.someone()
    return (
        signing_in.home_of(person.role) if person else flask.redirect(flask.url_for("accounts.sign_in"), 303)
    )


# Signing in --------------------------------------------------------------------------------------------------


def sign_in() -> ResponseReturnValue:
    """One field; then a link and a code by mail, or a password. The answer tells nobody whose address is known."""
    form = SignInForm()
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        if form.way.data == "password":
            return _password_page(PasswordSignInForm(), {})
        try:
            email = read_email(form.email)
            signing_in.remember(bool(form.remember.data))
            signing_in.ask(email)
            return flask.redirect(flask.url_for("accounts.sign_in_code"), 303)
        except Refused as fault:
            errors = by_field(fault)
    elif current.someone() is not None:
        return home()
    return flask.render_template("accounts/sign_in.html", form=form, errors=errors, may_start=_may_start()), (
        422 if errors else 200
    )


def sign_in_code() -> ResponseReturnValue:
    """The page that waits for the mail: its code works here and nowhere else."""
    if not signing_in.has_asked():
        return flask.redirect(flask.url_for("accounts.sign_in"), 303)
    form = CodeForm()
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        with current.unit_of_work() as db:
            entered = acts.sign_in_by_code(
                db,
                form.digits(),
                browser=signing_in.browser(),
                remember=signing_in.is_to_be_remembered(),
                now=current.now(),
                instead_of=current.token(),
            )
        if entered:
            return signing_in.let_in(entered)
        errors = by_field(Refused("code_wrong", field="code"))
    page = flask.render_template(
        "accounts/sign_in_code.html",
        errors=errors,
        invitation_waits=signing_in.has_invitation_waiting(),
    )
    return page, 422 if errors else 200


def sign_in_link(token: str) -> ResponseReturnValue:
    """The page behind a mailed link. Opening it spends nothing, because mail programs open links; its button does."""
    form = LinkForm()
    if form.validate_on_submit():
        with current.unit_of_work() as db:
            entered = acts.sign_in_by_link(
                db,
                token,
                remember=bool(form.remember.data),
                now=current.now(),
                instead_of=current.token(),
            )
        if entered:
            return signing_in.let_in(entered)
    elif accounts.account_of_link(current.db(), fingerprint(token), Purpose.SIGN_IN, now=current.now()):
        return flask.render_template("accounts/sign_in_link.html", remember=signing_in.is_to_be_remembered())
    return _ran_out()


def sign_in_password() -> ResponseReturnValue:
    """An address and its password. Who tries too often may still use a mailed link."""
    form = PasswordSignInForm()
    if not form.validate_on_submit():
        return _password_page(form, {})
    try:
        email = read_email(form.email)
    except Refused as fault:
        return _password_page(form, by_field(fault), status=422)
    database = current.journal().database
    if not may_try(database, _PASSWORD, email, most=PASSWORD_TRIES):
        return _password_page(form, by_field(Refused("password_too_often", field="password")), status=429)
    password = read_password(form.password)
    account = accounts.account_by_email(current.db(), email)
    fits = acts.password_fits(account, password)
    with current.unit_of_work() as db:
        entered = acts.sign_in_by_password(
            db,
            account,
            password,
            is_right=fits,
            remember=bool(form.remember.data),
            now=current.now(),
            instead_of=current.token(),
        )
    if entered is None:
        return _password_page(form, by_field(Refused("password_refused", field="password")), status=422)
    forgive(database, _PASSWORD, email, most=PASSWORD_TRIES)
    return signing_in.let_in(entered)


def sign_out() -> ResponseReturnValue:
    """Forget the browser on both sides, and ask it to forget what it holds of us.

    Where our own worker has emptied the phone it says so, and is left in place with the empty form and the support
    page: to clear everything would also take what another person of the same phone still has waiting there.
    """
    token, notified = current.token(), push.of_this_browser()
    if token is not None or notified:
        with current.unit_of_work() as db:
            if token is not None:
                acts.sign_out(db, token, account_id=current.account().account_id, now=current.now())
            notifications.forget(db, notified)
    app = naming.here()
    flask_login.logout_user()
    flask.session.clear()
    naming.outlive_signing_out(app)
    answer = flask.redirect(flask.url_for("accounts.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = (
        '"cache"' if flask.request.form.get("emptied") else '"cache", "storage"'
    )
    return answer


# The first time ----------------------------------------------------------------------------------------------


def start() -> ResponseReturnValue:
    """Beginning a journal without an invitation, where the installation is open to that."""
    if not _may_start():
        flask.abort(404)
    form = StartForm()
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        newcomer = signing_in.read_newcomer(form)
        if not newcomer.problems:
            return signing_in.prove_mailbox(newcomer)
        errors = by_field(RefusedFields(newcomer.problems))
    page = flask.render_template(
        "accounts/start.html", form=form, errors=errors, zones=zones.choices_or_the_phones()
    )
    return page, 422 if errors else 200


def welcome(token: str) -> ResponseReturnValue:
    """The link with which administrators and providers choose their password, once."""
    account = accounts.account_of_link(current.db(), fingerprint(token), Purpose.SET_UP, now=current.now())
    if account is None:
        return _ran_out()
    form = NewPasswordForm()
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            entered = acts.set_up(
                db, token, read_password(form.password), now=current.now(), instead_of=current.token()
            )
        if attempt.succeeded:
            return signing_in.let_in(entered) if entered else _ran_out()
    page = flask.render_template(
        "accounts/welcome.html", email=account.email, errors=attempt.errors, **_LENGTHS
    )
    return page, attempt.status


def password() -> ResponseReturnValue:
    """Choosing another password, or the first one. Every other browser is signed out."""
    person = current.account()
    account = accounts.account_by_id(current.db(), person.account_id)
    if account is None:
        flask.abort(404)
    form = NewPasswordForm()
    attempt = Attempt()
    is_done = False
    if form.validate_on_submit():
        with attempt.trying():
            _check_present(account, form)  # slow on purpose, so before the transaction
            with current.unit_of_work() as db:
                entered = acts.change_password(
                    db,
                    account.id,
                    read_password(form.password),
                    remember=bool(flask.session.permanent),
                    now=current.now(),
                    instead_of=current.token() or "",
                )
        if attempt.succeeded:
            signing_in.renew_cookie(entered)
            flask.flash("password")
            return flask.redirect(flask.url_for("accounts.password"), 303)
    else:
        is_done = bool(flask.get_flashed_messages())
    page = flask.render_template(
        "accounts/password.html",
        layout=f"base/{person.role.value}.html",
        email=account.email,
        has_one=account.password_hash is not None,
        home=flask.url_for("accounts.you" if person.patient_id else signing_in.HOMES[person.role]),
        is_done=is_done,
        errors=attempt.errors,
        **_LENGTHS,
    )
    return page, attempt.status


# The patient's own ---------------------------------------------------------------------------------------------


def you() -> str:
    """Everything that is about the person rather than about a day."""
    return flask.render_template("accounts/you.html", name=current.patient().display_name)


def settings() -> ResponseReturnValue:
    """What the person is called, where they live, and what their check-in asks."""
    patient = current.patient()
    form = SettingsForm(
        display_name=patient.display_name,
        zone=patient.zone,
        region=patient.region,
        language=languages.spoken().value,
        app_name=naming.here().code.value,
        share_notes=bool(patient.preferences.get("share_notes")),
        items_on=list(patient.preferences.get("items_on") or []),  # type: ignore[call-overload]
    )
    attempt = Attempt()
    if form.validate_on_submit():
        chosen = languages.known(form.language.data) or languages.spoken()
        name = app_name(form.app_name.data)
        with attempt.writing() as db:
            journals.change_settings(
                db,
                current.account().account_id,
                display_name=form.display_name.data or "",
                zone=form.zone.data or "",
                region=_region(form.region.data or ""),
                share_notes=bool(form.share_notes.data),
                items_on=form.items(),
                app_name=name,
                language=chosen,
                now=current.now(),
            )
        if attempt.succeeded:
            speech.speak_with(chosen)
            naming.remember(name)
            safety.remember_region(_region(form.region.data or ""))
            flask.flash("settings")
            return flask.redirect(flask.url_for("accounts.settings"), 303)
    page = flask.render_template(
        "accounts/settings.html",
        form=form,
        errors=attempt.errors,
        is_saved=not attempt.errors and bool(flask.get_flashed_messages()),
        zones=zones.choices_with(patient.zone),
        regions=[
            ("", _("Somewhere else")),
            *((one.region, one.name) for one in safety.by_name(safety.countries())),
        ],
        items=OPTIONAL_ITEMS,
        app_names=_app_names(),
        stays_open=current.account().lock.stays_open,
        may_stay_open=bool(flask.session.permanent),
    )
    return page, attempt.status


def change_zone() -> ResponseReturnValue:
    """Today's question “are you somewhere else?”, answered with yes."""
    with current.unit_of_work() as db:
        mine = patients.patient_of_account(db, current.account().account_id)
        if mine is None:
            flask.abort(404)
        journals.change_zone(db, mine, flask.request.form.get("zone", ""), now=current.now())
    return flask.redirect(flask.url_for("checkins.today"), 303)


def language() -> ResponseReturnValue:
    """Read on in another language: on this browser, and wherever else the person is signed in."""
    chosen = languages.known(flask.request.form.get("language"))
    if chosen is not None:
        speech.speak_with(chosen)
        person = current.someone()
        if person is not None:
            with current.unit_of_work() as db:
                accounts.set_language(db, person.account_id, chosen)
    return flask.redirect(flask.url_for("accounts.home"), 303)


def _may_start() -> bool:
    return current.journal().config.registration == "open"


def _check_present(account: Account, form: NewPasswordForm) -> None:
    if account.password_hash is None:
        return
    database = current.journal().database
    if not may_try(database, _PASSWORD, account.email, most=PASSWORD_TRIES):
        raise Refused("password_too_often", field="present")
    if not acts.password_fits(account, read_password(form.present)):
        raise Refused("password_wrong", field="present")
    forgive(database, _PASSWORD, account.email, most=PASSWORD_TRIES)


def _app_names() -> list[tuple[str, str, str | None]]:
    plain = _("A plain name and a plain icon that don’t say what it is.")
    return [(app.code.value, app.name, plain if app.is_neutral else None) for app in map(App, AppName)]


def _region(chosen: str) -> str:
    return chosen if any(one.region == chosen for one in safety.countries()) else ""


def _password_page(
    form: PasswordSignInForm, errors: dict[str, str], *, status: int = 200
) -> ResponseReturnValue:
    return flask.render_template("accounts/sign_in_password.html", form=form, errors=errors), status


def _ran_out() -> ResponseReturnValue:
    """For links that were used, are too old, or never were: nobody can tell which."""
    return flask.render_template("accounts/link_ran_out.html"), 404
