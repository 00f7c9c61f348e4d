"""What follows an answer that must not be overlooked: the help panel's state, the flag, and looking at it.

Answers are stored first, and nothing here can undo that: whatever goes wrong is written into the log and the help is
shown all the same. A patient's answers can raise a flag; only a provider who may see it can lower it. Nobody is paged,
and no page says that anybody was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.consents import Scope
from journal.domain.errors import NotFound, Refused
from journal.domain.instruments import Instrument
from journal.domain.safety_flags import (
    JUST_ASKED,
    Concern,
    Look,
    RightNow,
    SafetyFlag,
    Stage,
    answered,
    checked_note,
    concern_of,
    opened,
    opens_help,
    said_about_now,
)
from journal.logs import log, where
from journal.services import summaries
from journal.storage import (
    assessments,
    audit,
    clinics,
    consents,
    flag_reviews,
    help_panels,
    patients,
    safety_flags,
)
from journal.storage.audit import Act
from journal.storage.help_panels import KeptPanel
from journal.storage.patients import Patient

LOOKED_MEANWHILE = "looked_meanwhile"
SAID_MORE_MEANWHILE = "said_more_meanwhile"
NO_SECOND_LOOK = "no_second_look"
NOT_YOURS_TO_LOWER = "not_yours_to_lower"


def item_nine_is_read(db: Session, patient_id: int, *, now: datetime) -> bool:
    """Whether a patient may be asked the ninth item of the PHQ-9: a clinic that has said "a named person looks at flags
    every weekday", and still has that person, would see the answer. Where it is False the PHQ-8 is asked instead.
    """
    return bool(flag_reviews.reading_clinics(db, patient_id, now=now))


def answers_saved(
    db: Session,
    patient: Patient,
    record: AssessmentRecord,
    instrument: Instrument,
    *,
    actor_account_id: int | None,
    now: datetime,
) -> Stage | None:
    """Call this after ``record`` and its answers were stored, half-finished or not, in the same transaction.

    None where no answer opens the help panel. Else the panel's stage: it has to be shown before anything else, and the
    flag is made, if anybody can see it. Never raises: what fails here is undone alone and leaves the answers stored.
    """
    if not opens_help(instrument, record.answers):
        return None
    try:
        with db.begin_nested():
            return _follow(db, patient, record, instrument, actor_account_id=actor_account_id, now=now)
    except Exception as fault:
        log.error("flag not made", fault=type(fault).__name__, where=where(fault))
        return Stage.ASKS


def make_sure(
    db: Session, patient: Patient, record: AssessmentRecord, *, actor_account_id: int | None, now: datetime
) -> Stage | None:
    """The stage of a questionnaire's panel when it is shown, written down as shown; None where it has none.

    What :func:`answers_saved` could not do is done now. Whoever comes back to one that they closed finds it as it was.
    """
    instrument = record.known_as()
    if instrument is None or not _has_panel(db, record, instrument):
        return None
    if help_panels.panel_of(db, record.id) is None:
        _follow(db, patient, record, instrument, actor_account_id=actor_account_id, now=now)
    audit.record(db, Act.HELP_SHOWN, now=now, actor_account_id=actor_account_id, patient_id=patient.id)
    return opened(_right_now(db, patient.id, record, instrument, now=now))


def standing(db: Session, patient_id: int, record: AssessmentRecord, *, now: datetime) -> Stage | None:
    """Where the panel of answers that were saved before stands; None where there is none, or its reader closed it.

    For answers that are sent twice: the second sending is no reason to miss it.
    """
    instrument = record.known_as()
    if instrument is None or not _has_panel(db, record, instrument):
        return None
    panel = help_panels.panel_of(db, record.id)
    if panel is not None and panel.is_closed:
        return None
    return opened(_right_now(db, patient_id, record, instrument, now=now))


@dataclass(frozen=True, slots=True)
class WhoSees:
    """Who can see an answer, for its owner to read: the names of those to whom ``assessments`` are open.

    ``is_looked_at``: a flag was made, and a clinic of theirs has said that a named person looks at flags every weekday.
    """

    names: tuple[str, ...]
    is_looked_at: bool


def who_sees(db: Session, patient_id: int, record: AssessmentRecord, *, now: datetime) -> WhoSees:
    """Who can see the answers of ``record`` now; nothing in it is more than what is switched on."""
    readers = _readers(db, patient_id, now=now)
    has_flag = bool(safety_flags.flags_about(db, record.id))
    return WhoSees(
        names=tuple(one.name for one in readers),
        is_looked_at=has_flag and item_nine_is_read(db, patient_id, now=now),
    )


def answer_panel(
    db: Session,
    patient: Patient,
    record: AssessmentRecord,
    right_now: RightNow,
    *,
    actor_account_id: int | None,
    now: datetime,
) -> Stage:
    """Keep the answer to the question about right now; the stage that follows. A yes makes the flag acute.

    Asked once: of several answers a yes stands, and else the first. NotFound where the questionnaire opened no panel.
    """
    instrument = record.known_as()
    if instrument is None or not _has_panel(db, record, instrument):
        raise NotFound
    consents.hold(db, patient.id)
    stage = opened(_right_now(db, patient.id, record, instrument, now=now))
    panel = help_panels.panel_of(db, record.id)
    if panel is None:
        help_panels.open_panel(db, patient.id, record.id, now=now)
        panel = help_panels.panel_of(db, record.id)
    if panel is not None and (
        panel.right_now is None or right_now is RightNow.YES or _is_over(panel, record)
    ):
        help_panels.put_answer(db, panel, assessment_id=record.id, right_now=right_now, now=now)
    said = _right_now(db, patient.id, record, instrument, now=now)
    concern = concern_of(instrument, record.answers, right_now=said) or _said_later(db, record, said)
    _raise(db, patient, record, concern, actor_account_id=actor_account_id, now=now)
    return answered(stage, right_now)


def close_panel(db: Session, record: AssessmentRecord, *, now: datetime) -> None:
    """Its reader closed the panel. It opens again when the questionnaire is saved again."""
    help_panels.close_panel(db, record.id, now=now)


def may_lower(db: Session, provider_id: int, flag: SafetyFlag, *, now: datetime) -> bool:
    """Whether a provider who sees a flag may put their name under it, which lowers it for everybody who sees it.

    Where somebody sees it whose clinic has said that a named person looks at flags every weekday, only such a clinic's
    people do: the patient was told that answers are looked at there, and nobody elsewhere can take that away unseen.
    """
    promised = flag_reviews.reading_clinics(db, flag.patient_id, now=now)
    if not promised or clinics.workplace_of(db, provider_id).clinic_id in promised:
        return True
    return not any(
        clinics.workplace_of(db, one.provider_id).clinic_id in promised
        and safety_flags.flag_seen(db, one.provider_id, flag.public_id, now=now)
        for one in _readers(db, flag.patient_id, now=now)
    )


def acknowledge(
    db: Session,
    provider_id: int,
    public_id: str,
    *,
    read: str,
    note: str,
    actor_account_id: int | None,
    now: datetime,
) -> SafetyFlag:
    """Put a provider's name and note under having looked at a flag, which lowers it.

    ``read`` is the ``mark`` of what they had before them: nobody puts their name under what was said since. NotFound
    where they may not see it. Refuses what ``checked_note`` refuses, ``looked_meanwhile``, ``said_more_meanwhile``, and
    ``not_yours_to_lower`` where :func:`may_lower` says so.
    """
    flag = _flag_to_change(db, provider_id, public_id, now=now)
    if not may_lower(db, provider_id, flag, now=now):
        raise Refused(NOT_YOURS_TO_LOWER)
    look = Look(provider_id, now, checked_note(note))
    if flag.is_open and flag.concern.mark != read:
        raise Refused(SAID_MORE_MEANWHILE)
    if not safety_flags.acknowledge(db, flag, look):
        still = _flag_to_change(db, provider_id, public_id, now=now)
        raise Refused(SAID_MORE_MEANWHILE if still.is_open else LOOKED_MEANWHILE)
    _written_down(db, flag, Act.FLAG_ACKNOWLEDGED, look, actor_account_id=actor_account_id)
    return flag


def look_second(
    db: Session,
    provider_id: int,
    public_id: str,
    *,
    note: str,
    zone: str,
    actor_account_id: int | None,
    now: datetime,
) -> SafetyFlag:
    """Put a second name and note under a flag that had waited for more than one weekday in ``zone``, the clinic's.

    NotFound where they may not see it. Refuses what ``checked_note`` refuses, ``no_second_look`` where none is needed
    or the first was theirs, ``looked_meanwhile``, and ``not_yours_to_lower`` as :func:`acknowledge` does.
    """
    flag = _flag_to_change(db, provider_id, public_id, now=now)
    if not may_lower(db, provider_id, flag, now=now):
        raise Refused(NOT_YOURS_TO_LOWER)
    if (
        flag.acknowledged is None
        or flag.acknowledged.provider_id == provider_id
        or not flag.waited_too_long(now=now, zone=zone)
    ):
        raise Refused(NO_SECOND_LOOK)
    look = Look(provider_id, now, checked_note(note))
    if not safety_flags.look_second(db, flag, look):
        raise Refused(LOOKED_MEANWHILE)
    _written_down(db, flag, Act.FLAG_LOOKED_AT, look, actor_account_id=actor_account_id)
    return flag


def _follow(
    db: Session,
    patient: Patient,
    record: AssessmentRecord,
    instrument: Instrument,
    *,
    actor_account_id: int | None,
    now: datetime,
) -> Stage:
    consents.hold(db, patient.id)  # of two presses at once, the second finds what the first one made
    help_panels.open_panel(db, patient.id, record.id, now=now)
    right_now = _right_now(db, patient.id, record, instrument, now=now)
    concern = concern_of(instrument, record.answers, right_now=right_now)
    _raise(db, patient, record, concern, actor_account_id=actor_account_id, now=now)
    return opened(right_now)


def _has_panel(db: Session, record: AssessmentRecord, instrument: Instrument) -> bool:
    """Whether there is a panel of ``record``: by the answers that are kept, or by one that was sent once more after
    the questionnaire was completed, which stays as it is."""
    return opens_help(instrument, record.answers) or help_panels.panel_of(db, record.id) is not None


def _said_later(db: Session, record: AssessmentRecord, right_now: RightNow | None) -> Concern | None:
    """What a flag says that no kept answer says, with the answer about right now; None where there is no flag."""
    flags = safety_flags.flags_about(db, record.id)
    return replace(flags[-1].concern, is_acute=right_now is RightNow.YES) if flags else None


def _raise(
    db: Session,
    patient: Patient,
    record: AssessmentRecord,
    concern: Concern | None,
    *,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Make the flag, or let an open one say more, where somebody may see it. What was looked at is not said again."""
    if concern is None or not _readers(db, patient.id, now=now):
        return
    before = safety_flags.flags_about(db, record.id)
    if any(not concern.is_more_than(flag.concern) for flag in before):
        return
    still_open = next((flag for flag in before if flag.is_open), None)
    if still_open is not None and safety_flags.raise_flag(
        db, still_open, concern.joined_to(still_open.concern)
    ):
        public_id = still_open.public_id
    else:
        public_id = safety_flags.add_flag(db, patient.id, record.id, concern, now=now)
    summaries.refresh(db, patient.id)
    audit.record(
        db,
        Act.FLAG_RAISED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        subject=public_id,
    )


def _readers(db: Session, patient_id: int, *, now: datetime) -> list[patients.Reader]:
    """Everybody who may see a patient's questionnaires now."""
    readers = patients.readers_of(db, patient_id, now=now)
    return [one for one in readers if one.sight.opens(Scope.ASSESSMENTS)]


def _right_now(
    db: Session, patient_id: int, record: AssessmentRecord, instrument: Instrument, *, now: datetime
) -> RightNow | None:
    """What was said about right now: here, or where it was just asked in another questionnaire or on its panel."""
    panel = help_panels.panel_of(db, record.id)
    on_the_panel = None if panel is None or _is_over(panel, record) else panel.right_now
    here = said_about_now(instrument, record.answers, on_the_panel=on_the_panel)
    if here is not None:
        return here
    since = now - JUST_ASKED
    elsewhere = help_panels.answered_since(db, patient_id, since=since)
    for other in assessments.assessments_saved_since(db, patient_id, since=since):
        known = other.known_as()
        if known is not None:
            elsewhere = said_about_now(known, other.answers, on_the_panel=elsewhere)
    return elsewhere


def _is_over(panel: KeptPanel, record: AssessmentRecord) -> bool:
    """Whether what was said on a panel was said so long before the answers were saved again that "right now" is another
    one. A yes never is."""
    if panel.answered_at is None or panel.right_now is RightNow.YES or record.saved_at is None:
        return False
    return record.saved_at > panel.answered_at + JUST_ASKED


def _flag_to_change(db: Session, provider_id: int, public_id: str, *, now: datetime) -> SafetyFlag:
    seen = safety_flags.flag_seen(db, provider_id, public_id, now=now, to_change=True)
    if seen is None:
        raise NotFound
    return seen.flag


def _written_down(
    db: Session, flag: SafetyFlag, act: Act, look: Look, *, actor_account_id: int | None
) -> None:
    summaries.refresh(db, flag.patient_id)
    audit.record(
        db,
        act,
        now=look.at,
        actor_account_id=actor_account_id,
        patient_id=flag.patient_id,
        provider_id=look.provider_id,
        subject=flag.public_id,
    )
