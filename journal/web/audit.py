"""The patient's access log: who did what with the journal, when, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import flask

from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.storage import audit
from journal.storage.audit import Act, Logged
from journal.web import current

PAGE = 50
"""Lines on one page."""
_PAGES_MOST = 10_000

_BY_PROVIDER = {
    Act.VIEWED_PATIENT: translatable("%(who)s looked at your journal"),
    Act.EXPORTED: translatable("%(who)s took out a copy of what you share"),
    Act.TREATMENT_RECORDED: translatable("%(who)s added a session"),
    Act.TREATMENT_CHANGED: translatable("%(who)s changed a session"),
    Act.TREATMENT_REMOVED: translatable("%(who)s removed a session that the clinic had written down"),
    Act.COURSE_BEGUN: translatable("%(who)s began a course in your journal"),
    Act.COURSE_CHANGED: translatable("%(who)s changed what your course says"),
    Act.COURSE_LAID_OUT: translatable("%(who)s planned sessions of your course"),
    Act.COURSE_PHASE_CHANGED: translatable("%(who)s changed the phase of your course"),
    Act.QUESTIONNAIRES_CHOSEN: translatable("%(who)s changed which questionnaires you are asked"),
    Act.APPOINTMENT_MADE: translatable("%(who)s added an appointment"),
    Act.APPOINTMENT_CHANGED: translatable("%(who)s changed an appointment"),
    Act.MEDICINE_ADDED: translatable("%(who)s added a medicine to your list"),
    Act.MEDICINE_CHANGED: translatable("%(who)s changed a medicine on your list"),
    Act.MEDICINE_REMOVED: translatable("%(who)s removed a medicine from your list"),
    Act.MOMENT_ADDED: translatable("%(who)s added a key moment"),
    Act.MOMENT_CHANGED: translatable("%(who)s changed a key moment"),
    Act.MOMENT_REMOVED: translatable("%(who)s removed a key moment"),
    Act.NOTE_WRITTEN: translatable("%(who)s wrote a note of their own"),
    Act.NOTE_CHANGED: translatable("%(who)s changed a note of their own"),
    Act.NOTE_LOOKED_AT: translatable("%(who)s looked at a note of the clinic again"),
    Act.NOTE_REMOVED: translatable("%(who)s removed a note of their own"),
    Act.CLINIC_ITEMS_CHANGED: translatable("%(who)s changed what your check-in asks"),
    Act.SET_ASIDE: translatable("%(who)s set something about you aside on their list until a date"),
    Act.SET_ASIDE_ENDED: translatable("%(who)s took something about you back onto their list"),
    Act.REPLAYED: translatable("%(who)s looked up on which past days their list would have shown you first"),
    Act.STEADY_DAYS_CHOSEN: translatable("%(who)s chose the steady days that your mood is compared with"),
    Act.HANDED_OVER: translatable("%(who)s handed you a tablet for a questionnaire"),
    Act.FLAG_ACKNOWLEDGED: translatable("%(who)s looked at an answer of yours"),
    Act.FLAG_LOOKED_AT: translatable("%(who)s looked at an answer of yours"),
}
_BY_YOU = {
    Act.SIGNED_IN: translatable("You signed in"),
    Act.SIGNED_OUT: translatable("You signed out"),
    Act.UNLOCKED: translatable("You unlocked your journal"),
    Act.KEPT_OPEN: translatable("You switched off the lock on a phone of yours"),
    Act.LOCKS_AGAIN: translatable("You switched the lock on a phone of yours on again"),
    Act.CONSENT_GRANTED: translatable("You began sharing with %(who)s"),
    Act.CONSENT_CHANGED: translatable("You changed what %(who)s can see"),
    Act.CONSENT_ENDED: translatable("You stopped sharing with %(who)s"),
    Act.CHECK_IN_RECORDED: translatable("You checked in"),
    Act.CHECK_IN_EDITED: translatable("You changed a check-in"),
    Act.CHECK_IN_DELETED: translatable("You deleted a check-in"),
    Act.TREATMENT_RECORDED: translatable("You added a session"),
    Act.TREATMENT_CHANGED: translatable("You changed a session"),
    Act.TREATMENT_REMOVED: translatable("You removed a session"),
    Act.COURSE_BEGUN: translatable("You began a course"),
    Act.COURSE_CHANGED: translatable("You changed what your course says"),
    Act.COURSE_LAID_OUT: translatable("You planned sessions of your course"),
    Act.COURSE_PHASE_CHANGED: translatable("You changed the phase of your course"),
    Act.QUESTIONNAIRE_KEPT: translatable("You answered part of a questionnaire"),
    Act.QUESTIONNAIRE_COMPLETED: translatable("You answered a questionnaire"),
    Act.APPOINTMENT_MADE: translatable("You added an appointment"),
    Act.APPOINTMENT_CHANGED: translatable("You changed an appointment"),
    Act.MEDICINE_ADDED: translatable("You added a medicine to your list"),
    Act.MEDICINE_CHANGED: translatable("You changed a medicine on your list"),
    Act.MEDICINE_REMOVED: translatable("You removed a medicine from your list"),
    Act.MOMENT_ADDED: translatable("You added a key moment"),
    Act.MOMENT_CHANGED: translatable("You changed a key moment"),
    Act.MOMENT_REMOVED: translatable("You removed a key moment"),
    Act.TOPIC_ADDED: translatable("You wrote down what to talk about with %(who)s"),
    Act.TOPIC_REMOVED: translatable("You removed something to talk about with %(who)s"),
    Act.CHECK_UP_ANSWERED: translatable("You answered the two-weekly questions"),
    Act.HELP_SHOWN: translatable("You were shown whom to call"),
    Act.FLAG_RAISED: translatable("An answer of yours was put before whoever can see it"),
    Act.PLAN_CHANGED: translatable("You changed your coping plan"),
    Act.PLAN_REMOVED: translatable("You emptied your coping plan"),
    Act.IMPORTED: translatable("You brought in a file"),
    Act.EXPORTED: translatable("You took out a copy"),
}
_BY_NOBODY = {
    Act.SIGN_IN_REFUSED: translatable("Somebody tried to sign in as you and was refused"),
    Act.UNLOCK_REFUSED: translatable("Somebody tried to unlock a phone of yours and was refused"),
    Act.CHECK_IN_RECORDED: translatable("A check-in came in by a reminder’s link"),
    Act.QUESTIONNAIRE_KEPT: translatable("Part of a questionnaire was answered on a device handed to you"),
    Act.QUESTIONNAIRE_COMPLETED: translatable("A questionnaire was answered on a device handed to you"),
    Act.IMPORTED: translatable("A file was brought in by whoever runs this Tideline"),
    Act.EXPORTED: translatable("A copy was taken out by whoever runs this Tideline"),
    Act.ACCOUNT_DISABLED: translatable("Your account was closed"),
    Act.HELP_SHOWN: translatable("You were shown whom to call"),
    Act.FLAG_RAISED: translatable("An answer of yours was put before whoever can see it"),
}
_ICONS = {
    Act.VIEWED_PATIENT: "eye",
    Act.VIEWED_CASELOAD: "eye",
    Act.REPLAYED: "eye",
    Act.SIGNED_IN: "more",
    Act.SIGNED_OUT: "more",
    Act.SIGN_IN_REFUSED: "alert",
    Act.UNLOCKED: "lock",
    Act.UNLOCK_REFUSED: "alert",
    Act.KEPT_OPEN: "lock",
    Act.LOCKS_AGAIN: "lock",
    Act.CONSENT_GRANTED: "people",
    Act.CONSENT_CHANGED: "people",
    Act.CONSENT_ENDED: "people",
    Act.EXPORTED: "down",
    Act.FLAG_ACKNOWLEDGED: "eye",
    Act.FLAG_LOOKED_AT: "eye",
    Act.HELP_SHOWN: "heart",
    Act.FLAG_RAISED: "eye",
    Act.PLAN_CHANGED: "heart",
    Act.PLAN_REMOVED: "heart",
    Act.APPOINTMENT_MADE: "cal",
    Act.APPOINTMENT_CHANGED: "cal",
    Act.COURSE_BEGUN: "sess",
    Act.COURSE_CHANGED: "sess",
    Act.COURSE_LAID_OUT: "sess",
    Act.COURSE_PHASE_CHANGED: "sess",
    Act.TREATMENT_RECORDED: "sess",
    Act.TREATMENT_CHANGED: "sess",
    Act.TREATMENT_REMOVED: "sess",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it is read."""

    at: datetime
    text: str
    detail: str
    icon: str


def in_words(logged: Logged, *, own_account_id: int) -> str:
    """What was done, as a sentence to the patient, in the language being spoken."""
    if logged.by_account_id == own_account_id:
        words, otherwise = _BY_YOU, translatable("You did something in your journal")
    elif logged.who:
        words, otherwise = _BY_PROVIDER, translatable("%(who)s did something with your journal")
    else:
        words, otherwise = _BY_NOBODY, translatable("Somebody did something with your journal")
    return _(words.get(logged.act, otherwise), who=logged.who)


def mine() -> str:
    """Who looked, the newest first; or everything, the patient's own acts included."""
    patient, own = current.patient(), current.account().account_id
    everything = flask.request.args.get("show") == "everything"
    number = _page_number(flask.request.args.get("page", ""))
    logged = audit.log_of(
        current.db(),
        patient.id,
        limit=PAGE + 1,
        offset=(number - 1) * PAGE,
        leaving_out_account_id=None if everything else own,
    )
    lines = [
        Line(
            at=one.at,
            text=in_words(one, own_account_id=own),
            detail=one.clinic,
            icon=_ICONS.get(one.act, "edit"),
        )
        for one in logged[:PAGE]
    ]
    return flask.render_template(
        "audit/mine.html",
        lines=lines,
        zone=patient.zone,
        everything=everything,
        number=number,
        has_more=len(logged) > PAGE,
    )


def _page_number(text: str) -> int:
    return (
        min(int(text), _PAGES_MOST)
        if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text)
        else 1
    )
