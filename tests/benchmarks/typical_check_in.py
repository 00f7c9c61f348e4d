"""The same check-in as most Flask applications would write it: Flask-Login, Flask-WTF and the ORM, all as they come."""

from __future__ import annotations

import flask
import flask_login
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import scoped_session, sessionmaker
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from journal import clock
from journal.domain.checkins import NOTE_LENGTH, NUMBERS
from journal.domain.days import local_day
from journal.domain.summaries import Summary, with_check_in
from journal.storage.accounts import Account
from journal.storage.audit import Act, AuditEvent
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.database import PRAGMAS
from journal.storage.patients import Patient, PatientSummary
from journal.storage.submissions import Submission
from tests.faults.serving import COOKIE, SECRET


class User(flask_login.UserMixin):
    """An account for Flask-Login."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.id = account.id


class CheckInForm(FlaskForm):
    """Every number of a check-in as a field of its own, with its range."""

    client_key = StringField(validators=[InputRequired(), Length(max=64)])
    note = TextAreaField(validators=[Length(max=NOTE_LENGTH)])


for _name, _range in NUMBERS.items():
    setattr(CheckInForm, _name, IntegerField(validators=[Optional(), NumberRange(*_range)]))


def typical_app(database_url: str) -> flask.Flask:
    """One address that records a check-in in the same tables; its web sessions name the account."""
    app = flask.Flask("typical")
    app.config.update(SECRET_KEY=SECRET, SESSION_COOKIE_NAME=COOKIE, WTF_CSRF_SSL_STRICT=False)
    engine = create_engine(database_url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def set_pragmas(connection: object, _record: object) -> None:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    db = scoped_session(sessionmaker(engine))
    CSRFProtect(app)
    sign_in = flask_login.LoginManager(app)
    sign_in.session_protection = None

    @sign_in.user_loader
    def load_user(account_id: str) -> User | None:
        account = db.get(Account, int(account_id))
        return None if account is None else User(account)

    @app.post("/check-in")
    @flask_login.login_required
    def check_in() -> flask.typing.ResponseReturnValue:
        form = CheckInForm()
        if not form.validate_on_submit():
            flask.abort(422)
        now = clock.now()
        account = flask_login.current_user.account
        patient = db.scalars(select(Patient).filter_by(account_id=account.id)).one()
        key = form.client_key.data
        if db.scalars(select(Submission).filter_by(patient_id=patient.id, client_key=key)).first():
            flask.abort(409)
        public_id, today = new_public_id(), local_day(now, patient.zone)
        db.add(
            Submission(
                patient_id=patient.id,
                client_key=key,
                body_hash="-" * 64,
                check_in_public_id=public_id,
                received_at=now,
            )
        )
        db.add(
            CheckIn(
                public_id=public_id,
                patient_id=patient.id,
                client_key=key,
                local_date=today,
                recall="moment",
                felt_at=now,
                recorded_at=now,
                received_at=now,
                zone=patient.zone,
                utc_offset_min=0,
                via="web",
                unsure=form["mood"].data is None,
                **{name: form[name].data for name in NUMBERS},
            )
        )
        row = db.get_one(PatientSummary, patient.id)
        present = Summary(
            row.last_check_in_on,
            row.last_check_in_at,
            tuple(row.tail),  # type: ignore[arg-type]
            row.last_session_on,
            tuple(str(day) for day in row.session_dates),
        )
        summary = with_check_in(present, local_date=today, mood=form["mood"].data, recorded_at=now)
        row.last_check_in_on, row.last_check_in_at = summary.last_check_in_on, summary.last_check_in_at
        row.tail = list(summary.tail)
        db.add(
            AuditEvent(
                at=now,
                act=Act.CHECK_IN_RECORDED.value,
                actor_account_id=account.id,
                patient_id=patient.id,
                subject=public_id,
            )
        )
        db.commit()
        flask.flash(f"Saved, {patient.display_name}.")
        return flask.redirect(flask.url_for("saved", check_in_id=public_id), 303)

    @app.get("/check-ins/<check_in_id>/saved")
    def saved(check_in_id: str) -> str:
        return check_in_id

    @app.teardown_appcontext
    def end(_fault: BaseException | None) -> None:
        db.remove()

    return app
