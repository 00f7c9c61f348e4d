"""The lock on a patient's history: what asks for an unlock first, the page that gives it, and switching it off.

What may be used while locked says the map. Whoever sent a form while locked finds it kept, and sends it again with
one button.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from journal.domain.access_limits import PASSWORD_TRIES, STAFF_SESSION_IDLES, UNLOCK_MAILS, UNLOCKED_IDLES
from journal.domain.errors import Refused
from journal.messages import by_field
from journal.services import accounts as signing
from journal.services import unlocking as acts
from journal.services.throttles import forgive, may_try
from journal.storage import accounts
from journal.storage.accounts import Account, Role
from journal.web import current, kept_forms, signing_in, ways_back
from journal.web.forms.accounts import CodeForm, NewPasswordForm, read_password
from journal.web.kept_forms import KeptForm
from journal.web.routes import BY_ENDPOINT, OPEN, Route

_TRY, _MAIL = "unlock", "unlock mail"
_BY_PASSWORD, _BY_CODE, _BY_MAIL = "password", "code", "mail"
_BY_ITSELF = "itself"
"""Sent by a page that had blanked itself, with what was typed on it; another one may have been used meanwhile."""


@dataclass(frozen=True, slots=True)
class Private:
    """What a private page needs to blank itself: after how many idle seconds, if at all, and the way on from there."""

    idle_s: int | None
    way_on: str
    is_patients: bool
    back: str | None


def guard() -> ResponseReturnValue | None:
    """Before every request, once it is known to come from us: locked, only what the map lets through is answered."""
    route = BY_ENDPOINT.get(flask.request.endpoint or "")
    if route is None or route.audience in OPEN:
        return None
    if current.is_locked():
        if not flask.session.get(signing_in.LOCKED):
            # A cookie that changes makes browsers let go of the pages they kept for the back button.
            flask.session[signing_in.LOCKED] = True
        is_sent = route.sends_while_locked and flask.request.method == "POST"
        return None if route.while_locked or is_sent else ask_first()
    if route.sudo and not current.is_proved():
        return ask_first()
    flask.g.private = _private(route)
    return None


def ask_first() -> ResponseReturnValue:
    """Instead of what was asked for: the way to unlock, with the address or the form kept for afterwards."""
    if flask.request.method != "POST":
        back = ways_back.page(flask.request.full_path.removesuffix("?"))
        return flask.redirect(flask.url_for("unlocking.unlock", next=back), 302)
    kept = kept_forms.of_request()
    # What cannot be kept is written again, on the page that it came from.
    return _page(back=None if kept else ways_back.page(flask.request.path), kept=kept), 403


def private() -> Private | None:
    """What the page being drawn needs to blank itself; None for pages that anybody may see."""
    found: Private | None = flask.g.get("private")
    return found


def still_here() -> ResponseReturnValue:
    """Nothing, for whoever is still signed in and unlocked: a page that comes back out of a browser's memory asks."""
    return "", 204


def unlock() -> ResponseReturnValue:
    """By the password, or by a code from the mail; then on to where the person wanted to go."""
    form = flask.request.form
    back, kept = ways_back.page(flask.request.values.get("next")), kept_forms.carried_by(form)
    if flask.request.method == "GET":
        if not current.is_locked():
            return flask.redirect(back or _home(), 303)
        return _page(back=back, waits_for_mail=flask.request.args.get("by") == _BY_MAIL)
    way = form.get("way", "")
    if way == _BY_MAIL:
        return _mail_code(back=back, kept=kept)
    if way == _BY_ITSELF and not current.is_locked():
        return _go_on(back, kept)
    if way not in {_BY_PASSWORD, _BY_CODE}:
        return _page(back=back, kept=kept)
    try:
        token = _try_code() if way == _BY_CODE else _try_password()
    except Refused as fault:
        page = _page(back=back, kept=kept, waits_for_mail=way == _BY_CODE, errors=by_field(fault))
        return page, 429 if fault.code == "unlock_too_often" else 422
    signing_in.renew_secret(token)
    return _go_on(back, kept)


def stay_open() -> ResponseReturnValue:
    """“Keep me fully signed in here”: on a phone that is remembered, for as long as it is."""
    if not flask.session.permanent:
        flask.abort(404)
    person = current.account()
    with current.unit_of_work() as db:
        token = acts.stay_open(db, person.account_id, token=current.token() or "", now=current.now())
    if token is None:
        flask.abort(404)
    signing_in.renew_secret(token)
    return _back_to_settings()


def lock_again() -> ResponseReturnValue:
    """The lock is back at once, and nobody is asked who they are for it."""
    with current.unit_of_work() as db:
        acts.lock_again(db, current.account().account_id, token=current.token() or "", now=current.now())
    return _back_to_settings()


def _private(route: Route) -> Private:
    person = current.account()
    is_patients = person.role is Role.PATIENT
    # A check-in that is being written must not vanish; its page may be used while locked, so it says no more than that.
    is_being_written = route.while_locked and "POST" in route.methods
    idles: timedelta | None = UNLOCKED_IDLES if is_patients else STAFF_SESSION_IDLES
    if is_patients and (person.lock.stays_open or is_being_written):
        idles = None
    back = ways_back.page(flask.request.full_path.removesuffix("?")) if is_patients else None
    way_on = (
        flask.url_for("unlocking.unlock", next=back) if is_patients else flask.url_for("accounts.sign_in")
    )
    return Private(
        idle_s=None if idles is None else int(idles.total_seconds()),
        way_on=way_on,
        is_patients=is_patients,
        back=back,
    )


def _try_password() -> str:
    """The new secret; refuses ``unlock_too_often`` and ``password_wrong``."""
    account, database = _account(), current.journal().database
    # Counted apart from signing in: a stranger who guesses there locks nobody out of a phone that is theirs.
    if not may_try(database, _TRY, account.public_id, most=PASSWORD_TRIES):
        raise Refused("unlock_too_often", field="password")
    fits = signing.password_fits(account, read_password(NewPasswordForm().password))
    with current.unit_of_work() as db:
        token = acts.unlock_by_password(
            db, account, is_right=fits, token=current.token() or "", now=current.now()
        )
    if token is None:
        raise Refused("password_wrong", field="password")
    forgive(database, _TRY, account.public_id, most=PASSWORD_TRIES)
    return token


def _try_code() -> str:
    """The new secret; refuses ``code_wrong``."""
    with current.unit_of_work() as db:
        token = acts.unlock_by_code(
            db,
            current.account().account_id,
            CodeForm().digits(),
            token=current.token() or "",
            now=current.now(),
        )
    if token is None:
        raise Refused("code_wrong", field="code")
    return token


def _mail_code(*, back: str | None, kept: KeptForm | None) -> ResponseReturnValue:
    """Mail a code. After too many nothing is sent, and the page is the same: the one that did come still works."""
    person, journal = current.account(), current.journal()
    if may_try(journal.database, _MAIL, person.account_public_id, most=UNLOCK_MAILS):
        with current.unit_of_work() as db:
            code = acts.ask_for_code(db, person.account_id, token=current.token() or "", now=current.now())
        letter = journal.post.write(
            "unlock", person.email, key=secrets.token_hex(16), code=f"{code[:4]} {code[4:]}"
        )
        journal.post.send_soon(letter)
    if kept is None and current.is_locked():
        # Who comes back from the mail may find this page loaded again, and then it must still be this one.
        return flask.redirect(flask.url_for("unlocking.unlock", by=_BY_MAIL, next=back), 303)
    return _page(back=back, kept=kept, waits_for_mail=True)


def _go_on(back: str | None, kept: KeptForm | None) -> ResponseReturnValue:
    if kept is not None:
        return flask.render_template("unlocking/send_again.html", kept=kept)
    invitation = signing_in.invitation_waiting()
    if invitation:
        return flask.redirect(flask.url_for("consents.accept", token=invitation), 303)
    return flask.redirect(back or _home(), 303)


def _page(
    *,
    back: str | None,
    kept: KeptForm | None = None,
    waits_for_mail: bool = False,
    errors: dict[str, str] | None = None,
) -> str:
    has_password = _account().password_hash is not None
    hidden = [*(kept.hidden() if kept else []), *([("next", back)] if back else [])]
    return flask.render_template(
        "unlocking/unlock.html",
        is_locked=current.is_locked(),
        has_password=has_password,
        waits_for_mail=waits_for_mail,
        hidden=hidden,
        is_kept=kept is not None,
        errors=errors or {},
    )


def _account() -> Account:
    account = accounts.account_by_id(current.db(), current.account().account_id)
    if account is None:
        flask.abort(404)
    return account


def _home() -> str:
    return flask.url_for(signing_in.HOMES[Role.PATIENT])


def _back_to_settings() -> ResponseReturnValue:
    flask.flash("settings")
    return flask.redirect(flask.url_for("accounts.settings"), 303)
