"""What the ways of signing in share: the browser's own secret, the mail, and the new cookie.

Which way is taken, and what the pages say, stands in ``accounts`` and ``consents``.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import flask
import flask_login
from flask.typing import ResponseReturnValue

from journal import languages
from journal.domain.access_limits import SIGN_IN_MAILS
from journal.domain.errors import Refused
from journal.services import accounts as acts
from journal.services.accounts import Entered, Request
from journal.services.links import new_token
from journal.services.patients import problems_of_newcomer
from journal.services.throttles import may_try
from journal.storage.accounts import Role
from journal.web import current, safety
from journal.web.forms.accounts import StartForm, read_email

_BROWSER = "browser"
_REMEMBER = "remember"
_INVITATION = "invitation"
LOCKED = "locked"
"""In the cookie of a browser that was found locked, so that its cookie changes then; what is locked, the rows say."""
CHOSEN = "chosen"
"""What was switched on for an invitation before its owner had signed in; private to nobody but this browser."""
HOMES = {Role.PATIENT: "checkins.today", Role.PROVIDER: "patients.caseload", Role.ADMIN: "clinics.people"}
"""Where each role begins."""


def home_of(role: Role) -> ResponseReturnValue:
    """To where somebody of this role begins."""
    return flask.redirect(flask.url_for(HOMES[role]), 303)


def has_asked() -> bool:
    """Whether this browser has asked for a link and a code."""
    return _BROWSER in flask.session


def browser() -> str:
    """The secret of this browser while nobody is signed in: a code works only where it was asked for."""
    if _BROWSER not in flask.session:
        flask.session[_BROWSER] = new_token()
    secret: str = flask.session[_BROWSER]
    return secret


def remember(yes: bool) -> None:
    """Keep, until somebody is signed in, whether this browser is to be remembered."""
    flask.session[_REMEMBER] = yes


def is_to_be_remembered() -> bool:
    """What was said on the page that asked."""
    return bool(flask.session.get(_REMEMBER))


def come_back_to_invitation(secret: str) -> None:
    """After signing in here, go on with this invitation."""
    flask.session[_INVITATION] = secret


def invitation_waiting() -> str | None:
    """The invitation to go on with, which does not wait any longer."""
    secret: str | None = flask.session.pop(_INVITATION, None)
    return secret


def has_invitation_waiting() -> bool:
    """Whether signing in here goes on with an invitation."""
    return _INVITATION in flask.session


def may_mail(email: str) -> bool:
    """Whether another sign-in mail may go to this address; the answer to the person is the same either way."""
    return may_try(current.journal().database, "sign-in mail", email, most=SIGN_IN_MAILS)


def mail_link(request: Request, *, asked_for: str) -> None:
    """Send what was asked for, after the commit, in the language of the account and not of who asks for it.

    For an address nobody has, all is done but the sending.
    """
    journal = current.journal()
    with languages.speaking(request.language):
        letter = journal.post.write(
            "sign_in",
            request.to or asked_for,
            key=secrets.token_hex(16),
            link=f"{journal.config.base_url}{flask.url_for('accounts.sign_in_link', token=request.token)}",
            code=f"{request.code[:4]} {request.code[4:]}",
        )
    if request.to:
        journal.post.send_soon(letter)


def ask(email: str) -> None:
    """Ask for a link and a code for ``email`` on behalf of this browser, and mail them.

    After too many mails nothing is sent, and the next page is the same: the mails that did come still work there.
    """
    secret = browser()
    if not may_mail(email):
        return
    with current.unit_of_work() as db:
        request = acts.ask_to_sign_in(db, email, browser=secret, now=current.now())
    mail_link(request, asked_for=email)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody new wrote about themselves; ``problems`` is everything that is wrong with it."""

    email: str
    name: str
    zone: str
    problems: list[Refused]


def read_newcomer(form: StartForm) -> Newcomer:
    """Address, name and zone of somebody new, all read before anything is refused."""
    problems: list[Refused] = []
    email, name, zone = "", (form.display_name.data or "").strip(), form.chosen_zone()
    try:
        email = read_email(form.email)
    except Refused as fault:
        problems.append(fault)
    problems += problems_of_newcomer(name, zone)
    return Newcomer(email, name, zone, problems)


def prove_mailbox(newcomer: Newcomer) -> ResponseReturnValue:
    """Mail the link that begins a journal, and go to where its code is typed: the same whoever has the address."""
    secret = browser()
    if may_mail(newcomer.email):
        with current.unit_of_work() as db:
            request = acts.start_journal(
                db,
                newcomer.email,
                display_name=newcomer.name,
                zone=newcomer.zone,
                browser=secret,
                now=current.now(),
            )
        mail_link(request, asked_for=newcomer.email)
    return flask.redirect(flask.url_for("accounts.sign_in_code"), 303)


def let_in(entered: Entered) -> ResponseReturnValue:
    """Give the browser a cookie that was never seen before, and send the person to where they begin.

    Everything the cookie held is gone, so that nothing planted before signing in lives on; only an invitation that
    waits for an answer is gone on with.
    """
    invitation, chosen = flask.session.get(_INVITATION), flask.session.get(CHOSEN)
    renew_cookie(entered)
    if invitation and entered.role is Role.PATIENT:
        flask.session[CHOSEN] = chosen
        return flask.redirect(flask.url_for("consents.accept", token=invitation), 303)
    return home_of(entered.role)


def renew_secret(token: str) -> None:
    """Let the browser hold its web session's new secret.

    All else that its cookie holds is the same person's and stays: pages that lie open can still be sent.
    """
    _hold(token)
    flask.session.pop(LOCKED, None)


def renew_cookie(entered: Entered) -> None:
    """The same for somebody who stays where they are."""
    flask.session.clear()
    visitor = _hold(entered.token)
    flask.session.permanent = entered.is_remembered
    if visitor is not None and visitor.person.patient is not None:
        safety.remember_region(visitor.person.patient.region)


def _hold(token: str) -> current.Visitor | None:
    visitor = current.load_visitor(token)
    flask_login.login_user(visitor)
    # Flask-Login would keep a hash of address and browser, and a mark: the row in the database says all that.
    flask.session.pop("_id", None)
    flask.session.pop("_fresh", None)
    return visitor
