"""Inviting, accepting, changing and ending: how a provider comes to read a journal, and how that stops.

What an open consent lets somebody read is decided in ``journal.domain.consents``. The rows are never changed: a
change ends one and adds another in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.access_limits import INVITATION_LASTS
from journal.domain.consents import LASTS, Scope
from journal.domain.course_bodies import CourseBody
from journal.domain.courses import PRESETS, Rhythm, Stretch
from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused
from journal.domain.treatments import Drug, Phase
from journal.services import accounts as people
from journal.services import courses
from journal.services.links import fingerprint, new_paper_code, new_token
from journal.services.writers import Writer
from journal.storage import accounts, audit, clinics, consents
from journal.storage import courses as course_rows
from journal.storage.audit import Act
from journal.storage.consents import Draft, Invited
from journal.storage.patients import Patient

LABEL_LENGTH = 120
PLANNED_SESSIONS_MOST = 60
FIRST_SESSION_AHEAD = timedelta(days=2 * 365)
RENEWED_AFTER = timedelta(days=1)
"""Saving a consent as it is renews it for another year, but not again and again on one day."""


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation's secret, known only now: a token for a mailed link, or a code for paper if ``to`` is empty."""

    public_id: str
    secret: str
    to: str


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who invites: all that a person may know before they answer, besides what was noted about their course."""

    provider_id: int
    name: str
    credentials: str
    kind: clinics.Kind
    clinic_name: str


def invite(
    db: Session, provider_id: int, *, email: str, draft: Draft, actor_account_id: int, now: datetime
) -> Issued:
    """Invite a person by mail, or by a code on paper where ``email`` is empty. Works for 72 hours.

    The provider learns nothing from it, neither whether the address has an account. Refuses ``text_too_long``,
    ``out_of_range`` and ``day_out_of_reach``.
    """
    provider = clinics.provider_by_id(db, provider_id)
    _check(draft, now=now, zone=clinics.workplace_of(db, provider_id).zone)
    secret = new_token() if email else new_paper_code()
    public_id = consents.add_invitation(
        db,
        clinic_id=provider.clinic_id,
        provider_id=provider_id,
        contact=email,
        draft=draft,
        token_hash=fingerprint(secret),
        now=now,
        ends_at=now + INVITATION_LASTS,
    )
    audit.record(
        db,
        Act.INVITED,
        now=now,
        actor_account_id=actor_account_id,
        provider_id=provider_id,
        subject=public_id,
    )
    return Issued(public_id=public_id, secret=secret, to=email)


def invite_again(
    db: Session, provider_id: int, public_id: str, *, actor_account_id: int, now: datetime
) -> Issued:
    """Give an invitation that is still open, or has run out, another secret and 72 hours more. NotFound otherwise."""
    before = consents.invitation_of(db, provider_id, public_id)
    if before is None:
        raise NotFound
    secret = new_token() if before.contact else new_paper_code()
    if not consents.renew_invitation(
        db,
        provider_id,
        public_id,
        token_hash=fingerprint(secret),
        now=now,
        ends_at=now + INVITATION_LASTS,
    ):
        raise NotFound
    audit.record(
        db,
        Act.INVITED,
        now=now,
        actor_account_id=actor_account_id,
        provider_id=provider_id,
        subject=public_id,
    )
    return Issued(public_id=public_id, secret=secret, to=before.contact)


def withdraw(db: Session, provider_id: int, public_id: str, *, now: datetime) -> None:
    """End an open invitation. NotFound if it is not open."""
    if not consents.withdraw_invitation(db, provider_id, public_id, now=now):
        raise NotFound


def open_invitation(db: Session, secret: str, *, now: datetime) -> tuple[Invited, Inviter] | None:
    """The invitation behind a link or code, with who invites; None when it cannot be accepted (any more)."""
    invited = consents.invitation_by_token(db, fingerprint(secret))
    if invited is None or not invited.is_open(now):
        return None
    provider = clinics.provider_by_id(db, invited.provider_id)
    if not accounts.is_open(db, provider.account_id):
        return None
    clinic = clinics.clinic_of(db, provider)
    return invited, Inviter(
        provider_id=provider.id,
        name=provider.display_name,
        credentials=provider.credentials,
        kind=clinics.Kind(provider.kind),
        clinic_name=clinic.name,
    )


def accept(
    db: Session,
    secret: str,
    patient: Patient,
    *,
    scopes: frozenset[Scope],
    visible_from: date | None,
    now: datetime,
) -> None:
    """A patient says yes to an invitation: consent for a year, and the course that was noted, if there is none yet.

    Of two who accept at once, one gets it; the other is refused with ``invitation_over``. Refuses ``no_scope``.
    """
    _need_some(scopes)
    found = open_invitation(db, secret, now=now)
    if found is None or not consents.spend_invitation(
        db, fingerprint(secret), patient_id=patient.id, now=now
    ):
        raise Refused("invitation_over")
    invited, inviter = found
    _grant(
        db,
        patient,
        inviter.provider_id,
        scopes=scopes,
        visible_from=visible_from,
        now=now,
    )
    if Scope.SESSIONS in scopes:
        _begin_course(db, patient, invited, now=now)


def accept_as_newcomer(
    db: Session,
    secret: str,
    email: str,
    *,
    display_name: str,
    zone: str,
    password: str,
    scopes: frozenset[Scope],
    from_today: bool,
    remember: bool,
    now: datetime,
    instead_of: str | None = None,
) -> people.Entered:
    """Somebody new says yes to an invitation that was mailed to ``email``, which has no account yet.

    The mail itself has shown that the mailbox is theirs, so they are signed in. Refuses what :func:`accept`,
    ``begin_journal`` and ``check_password`` refuse.
    """
    _need_some(scopes)
    patient = people.begin_patient(
        db, email, display_name=display_name, zone=zone, password=password, now=now
    )
    accept(
        db,
        secret,
        patient,
        scopes=scopes,
        visible_from=local_day(now, zone) if from_today else None,
        now=now,
    )
    return people.enter(db, patient.account_id, remember=remember, now=now, instead_of=instead_of)


def change(
    db: Session,
    patient: Patient,
    consent_id: str,
    *,
    scopes: frozenset[Scope],
    visible_from: date | None,
    now: datetime,
    again: bool = True,
) -> None:
    """Give one provider exactly ``scopes`` from ``visible_from`` on, for a year from now; also after it had ended.

    ``again`` False is for a page that showed the consent as the one that counts: if it does not any more, the page
    is old, and what was narrowed or stopped meanwhile must not open again by saving it (``sharing_changed``).
    NotFound for a consent that is not this patient's. Refuses ``no_scope``, and ``reader_left`` where the provider
    does not work here any more.
    """
    circle = consents.circle_of(db, patient.id, consent_id)
    if circle is None:
        raise NotFound
    _need_some(scopes)
    if not accounts.is_open(db, clinics.provider_by_id(db, circle.provider_id).account_id):
        raise Refused("reader_left", field="scopes")
    consents.hold(db, patient.id)
    live = consents.live_consent(db, patient_id=patient.id, provider_id=circle.provider_id)
    if (
        live is not None
        and live.is_live(now)
        and (live.scopes, live.visible_from) == (scopes, visible_from)
        and now - live.granted_at < RENEWED_AFTER
    ):
        return
    if not again and (live is None or live.public_id != consent_id or not live.is_live(now)):
        raise Refused("sharing_changed", field="scopes")
    _grant(db, patient, circle.provider_id, scopes=scopes, visible_from=visible_from, now=now)


def stop(db: Session, patient: Patient, consent_id: str, *, now: datetime) -> None:
    """End what one provider may read, from the next request on. Twice is once; NotFound if it is not this patient's."""
    circle = consents.circle_of(db, patient.id, consent_id)
    if circle is None:
        raise NotFound
    # Or a change at the same moment would leave a consent that this one never saw.
    consents.hold(db, patient.id)
    if consents.end_consent(db, patient_id=patient.id, provider_id=circle.provider_id, now=now):
        audit.record(
            db,
            Act.CONSENT_ENDED,
            now=now,
            actor_account_id=patient.account_id,
            patient_id=patient.id,
            provider_id=circle.provider_id,
            subject=consent_id,
        )


def _grant(
    db: Session,
    patient: Patient,
    provider_id: int,
    *,
    scopes: frozenset[Scope],
    visible_from: date | None,
    now: datetime,
) -> None:
    consents.hold(db, patient.id)
    had = consents.live_consent(db, patient_id=patient.id, provider_id=provider_id)
    consents.end_consent(db, patient_id=patient.id, provider_id=provider_id, now=now)
    public_id = consents.add_consent(
        db,
        patient_id=patient.id,
        provider_id=provider_id,
        scopes=scopes,
        visible_from=visible_from,
        now=now,
        expires_at=now + LASTS,
    )
    changed = had is not None and had.is_live(now)
    audit.record(
        db,
        Act.CONSENT_CHANGED if changed else Act.CONSENT_GRANTED,
        now=now,
        actor_account_id=patient.account_id,
        patient_id=patient.id,
        provider_id=provider_id,
        subject=public_id,
    )


def _begin_course(db: Session, patient: Patient, invited: Invited, *, now: datetime) -> None:
    draft = invited.draft
    if draft.phase is None or course_rows.present_course(db, patient.id) is not None:
        return
    account_id = clinics.provider_by_id(db, invited.provider_id).account_id
    by, first = Writer(account_id, invited.provider_id), draft.first_session
    body = CourseBody(
        preset_id=draft.preset_id,
        drug=None if draft.preset_id else Drug.KETAMINE_RACEMIC,
        indication=draft.indication,
        planned_sessions=draft.planned_sessions,
        start_date=first,
    )
    courses.begin_course(db, patient, body, phase=draft.phase, by=by, now=now)
    if first is None or first < local_day(now, patient.zone):
        return
    preset = PRESETS[draft.preset_id] if draft.preset_id else None
    one = (Stretch(draft.phase, Rhythm.WEEKLY, 1),)
    stretches = preset.stretches if preset and draft.phase is Phase.INDUCTION else ()
    planned = courses.look_ahead(db, patient, stretches or one, first=first, by=by, now=now).new
    seen = [day.local_date for day in planned]
    courses.lay_out_sessions(db, patient, stretches or one, first=first, seen=seen, by=by, now=now)


def _need_some(scopes: frozenset[Scope]) -> None:
    if not scopes:
        raise Refused("no_scope", field="scopes")


def _check(draft: Draft, *, now: datetime, zone: str) -> None:
    for field, text in (("label", draft.label), ("indication", draft.indication)):
        if len(text) > LABEL_LENGTH:
            raise Refused("text_too_long", field=field, most=LABEL_LENGTH)
    if draft.planned_sessions is not None and not 1 <= draft.planned_sessions <= PLANNED_SESSIONS_MOST:
        raise Refused("out_of_range", field="planned_sessions", low=1, high=PLANNED_SESSIONS_MOST)
    if draft.first_session is not None:
        today = local_day(now, zone)
        if draft.first_session < today:
            raise Refused("day_past", field="first_session")
        if draft.first_session > today + FIRST_SESSION_AHEAD:
            raise Refused("day_out_of_reach", field="first_session", year=draft.first_session.year)
    if draft.phase not in {None, Phase.INDUCTION, Phase.MAINTENANCE}:
        raise Refused("not_a_choice", field="course")
