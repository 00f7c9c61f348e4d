"""What a view asks of the present request: the database, the moment, who is asking, whom they may see.

Default deny lives here: :func:`admit` lets a request through only if its route's audience holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import flask
import flask_login
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from journal.config import Config
from journal.domain.access_limits import STAFF_SESSION_IDLES, TOUCHED_EVERY
from journal.domain.consents import Sight
from journal.domain.days import local_day
from journal.domain.unlocking import is_locked as lock_is_on
from journal.domain.unlocking import is_proved as proof_is_fresh
from journal.domain.unlocking import is_use_worth_noting
from journal.pdf import PdfWriter
from journal.services.kiosk import Standing, standing, was_saved
from journal.services.links import fingerprint
from journal.services.mail import Post
from journal.services.sms import Texts
from journal.storage import accounts, audit, patients
from journal.storage.accounts import Role, SignedIn
from journal.storage.audit import Act
from journal.storage.database import Database
from journal.web import naming, speech
from journal.web.routes import API, BY_ENDPOINT, OPEN, WHILE_HANDED_OVER, Audience, Route

KIOSK = "kiosk"
"""In the cookie of a browser that was handed over: the secret of its one questionnaire, and of nothing else."""


@dataclass(frozen=True)
class Journal:
    """What one running web process holds on to."""

    config: Config
    database: Database
    clock: Callable[[], datetime]
    post: Post
    pdf: PdfWriter
    texts: Texts | None = None


class Visitor(flask_login.UserMixin):
    """Who Flask-Login says is here. Its id is the secret of the web session, not of the account."""

    def __init__(self, token: str, person: SignedIn) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        return self.token


def journal() -> Journal:
    """The running installation."""
    held: Journal = flask.current_app.extensions["journal"]
    return held


def now() -> datetime:
    """The moment of this request; the same however often it is asked."""
    if "now" not in flask.g:
        flask.g.now = journal().clock()
    moment: datetime = flask.g.now
    return moment


def db() -> Session:
    """The request's read-only look at the database, opened when first asked for."""
    if "look" not in flask.g:
        flask.g.look_closer = journal().database.look()
        flask.g.look = flask.g.look_closer.__enter__()
    look: Session = flask.g.look
    return look


def close_look(_fault: BaseException | None = None) -> None:
    """End the request's look at the database, if one was opened."""
    closer = flask.g.pop("look_closer", None)
    flask.g.pop("look", None)
    if closer is not None:
        closer.__exit__(None, None, None)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """The web's one way to write: commits when the block ends well."""
    close_look()  # on SQLite the request must not wait for itself
    try:
        with journal().database.unit_of_work() as work:
            yield work
    finally:
        close_look()  # one that was opened meanwhile does not know what was written


def load_visitor(token: str) -> Visitor | None:
    """For Flask-Login: whose web session this token is, if it still runs."""
    person = accounts.signed_in(db(), fingerprint(token), now=now())
    if person is None:
        return None
    if person.role is not Role.PATIENT and now() - person.seen_at > STAFF_SESSION_IDLES:
        return None
    return Visitor(token, person)


def someone() -> SignedIn | None:
    """Who is signed in, if anyone."""
    visitor = flask_login.current_user
    return visitor.person if isinstance(visitor, Visitor) else None


def token() -> str | None:
    """The secret of this browser's web session, if somebody is signed in."""
    visitor = flask_login.current_user
    return visitor.token if isinstance(visitor, Visitor) else None


def reader() -> SignedIn | None:
    """Who is signed in, for pages that greet them. Pages for anyone do not ask: they open with the database down."""
    route = BY_ENDPOINT.get(flask.request.endpoint or "")
    return None if route is None or route.audience is Audience.ANYONE else someone()


def account() -> SignedIn:
    """Who is signed in; 404 for anybody else, so that a page cannot be reached by forgetting to ask."""
    person = someone()
    if person is None:
        flask.abort(404)
    return person


def handed_over() -> Standing | None:
    """What this browser was handed over for, while that stands."""
    secret = flask.session.get(KIOSK)
    if secret is None:
        return None
    if "handed_over" not in flask.g:
        flask.g.handed_over = standing(db(), secret, now=now())
    found: Standing | None = flask.g.handed_over
    return found


def kiosk() -> Standing:
    """What this browser was handed over for; 404 for every other, so that a page cannot be reached by forgetting."""
    found = handed_over()
    if found is None:
        flask.abort(404)
    return found


def patient() -> patients.Patient:
    """The patient who is signed in; 404 for anybody else."""
    mine = account().patient
    if mine is None:
        flask.abort(404)
    return mine


def today() -> date:
    """The present date where the signed-in patient lives."""
    return local_day(now(), patient().zone)


def provider_id() -> int:
    """The signed-in provider; 404 for anybody else."""
    person = account()
    if person.provider_id is None:
        flask.abort(404)
    return person.provider_id


def is_locked() -> bool:
    """Whether a patient is signed in whose history is locked now. Staff have no such state: they are signed out."""
    person = someone()
    return person is not None and person.role is Role.PATIENT and lock_is_on(person.lock, now=now())


def is_proved() -> bool:
    """Whether whoever is signed in has just shown who they are."""
    return proof_is_fresh(account().lock, now=now())


def patient_or_404(look: Session, public_id: str) -> tuple[patients.Patient, Sight]:
    """A patient *through the consents given to the signed-in provider*, and what of them may be seen; else 404.

    ``look`` is the session of the caller's transaction, so that what was checked is what is then read.
    """
    found = patients.patient_visible_to(look, provider_id(), public_id, now=now())
    if found is None:
        flask.abort(404)
    return found


@contextmanager
def look_at(
    public_id: str, *, act: Act = Act.VIEWED_PATIENT
) -> Iterator[tuple[Session, patients.Patient, Sight]]:
    """Read one patient for a page of the signed-in provider; the look is written down in the same transaction.

    ``act`` is what it is written down as, where it is more than a look.

    A form that was sent is written down as what it does. Where it is refused, and shown again with what it is about,
    the view says so with :func:`write_down_look`.
    """
    if flask.request.method == "POST":
        yield db(), *patient_or_404(db(), public_id)
        return
    with unit_of_work() as work:
        person, seen = patient_or_404(work, public_id)
        _note_look(work, person, act)
        yield work, person, seen


def write_down_look(public_id: str) -> None:
    """Write down that the signed-in provider is shown a patient; 404 where that is not open any more."""
    with unit_of_work() as work:
        _note_look(work, patient_or_404(work, public_id)[0])


def _note_look(work: Session, person: patients.Patient, act: Act = Act.VIEWED_PATIENT) -> None:
    audit.record(
        work,
        act,
        now=now(),
        actor_account_id=account().account_id,
        patient_id=person.id,
        provider_id=provider_id(),
        subject=person.public_id,
    )


def admit() -> Response | None:
    """Before every request: is this person in the audience of this address? Default deny."""
    if flask.request.endpoint is None:
        return None  # no such address or method: the answer is already 404 or 405
    route = BY_ENDPOINT.get(flask.request.endpoint)
    if route is None:
        flask.abort(404)
    if route.audience is Audience.DEMO and not journal().config.demo:
        flask.abort(404)
    if route.endpoint not in WHILE_HANDED_OVER and (turned_away := _keep_to_the_kiosk(route)):
        return turned_away
    if route.audience in OPEN:
        return None
    person = someone()
    if person is None:
        if route.rule.startswith(API):
            flask.abort(401)  # a program cannot be led to a page; it asks its person to sign in
        if flask.request.method == "GET":
            # A cookie that changes makes browsers let go of the pages they kept for the back button. Only here: what
            # was sent twice at once, the second time with the secret of before, must not undo the first answer.
            flask.session.pop("_user_id", None)
            return flask.redirect(flask.url_for("accounts.sign_in"))
        flask.abort(404)
    speech.speak_with(person.locale)
    if person.patient is not None:
        naming.follow(person.patient.preferences)
    if route.audience is not Audience.SIGNED_IN and person.role.value != route.audience.value:
        flask.abort(404)
    _write_down_use(person, by_a_program=route.rule.startswith(API))
    return None


def _keep_to_the_kiosk(route: Route) -> Response | None:
    """A browser that was handed over finds its questionnaire and nothing else, and nobody else finds that.

    Whose time is up is told so, with a cookie that has changed: browsers let go of the pages they kept for the back
    button.
    """
    found = handed_over()
    if found is not None:
        if route.audience is not Audience.KIOSK:
            flask.abort(404)
        return None
    secret = flask.session.pop(KIOSK, None)
    if route.audience is not Audience.KIOSK:
        return None
    if secret is None and (someone() is not None or flask.request.method != "GET"):
        flask.abort(404)
    # A button pressed twice has ended it by the first time.
    saved = secret is not None and was_saved(db(), secret)
    return flask.redirect(flask.url_for("kiosk.over", saved=1 if saved else None), 303)


def _write_down_use(person: SignedIn, *, by_a_program: bool) -> None:
    """Note this use of a web session: at every second for those whom idling signs out or locks.

    What a program asks by itself, while the phone lies on a table, keeps nothing unlocked.
    """
    since = now() - person.seen_at
    if person.role is not Role.PATIENT:
        while_unlocked, is_worth_it = False, since >= timedelta(seconds=1)
    else:
        while_unlocked = not by_a_program and is_use_worth_noting(person.lock, now=now())
        is_worth_it = while_unlocked or since > TOUCHED_EVERY
    if is_worth_it:
        with unit_of_work() as work:
            accounts.touch_web_session(work, person.web_session_id, now=now(), while_unlocked=while_unlocked)
