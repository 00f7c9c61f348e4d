"""The patient's access log: who did what with the journal, when, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import flask

from journal.storage import audit
from journal.storage.audit import Act, Logged
from journal.web import current

PAGE = 50
"""Lines on one page."""
_PAGES_MOST = 10_000

_BY_PROVIDER = {
    Act.VIEWED_PATIENT: "{who} looked at your journal",
    Act.EXPORTED: "{who} took out a copy of what you share",
    Act.TREATMENT_RECORDED: "{who} added a session",
    Act.TREATMENT_CHANGED: "{who} changed a session",
    Act.APPOINTMENT_MADE: "{who} added an appointment",
    Act.APPOINTMENT_CHANGED: "{who} changed an appointment",
}
_BY_YOU = {
    Act.SIGNED_IN: "You signed in",
    Act.SIGNED_OUT: "You signed out",
    Act.CONSENT_GRANTED: "You began sharing with {who}",
    Act.CONSENT_CHANGED: "You changed what {who} can see",
    Act.CONSENT_ENDED: "You stopped sharing with {who}",
    Act.CHECK_IN_RECORDED: "You checked in",
    Act.CHECK_IN_EDITED: "You changed a check-in",
    Act.CHECK_IN_DELETED: "You deleted a check-in",
    Act.TREATMENT_RECORDED: "You added a session",
    Act.TREATMENT_CHANGED: "You changed a session",
    Act.APPOINTMENT_MADE: "You added an appointment",
    Act.APPOINTMENT_CHANGED: "You changed an appointment",
    Act.IMPORTED: "You brought in a file",
    Act.EXPORTED: "You took out a copy",
}
_BY_NOBODY = {
    Act.SIGN_IN_REFUSED: "Somebody tried to sign in as you and was refused",
    Act.CHECK_IN_RECORDED: "A check-in came in by a reminder’s link",
    Act.IMPORTED: "A file was brought in by whoever runs this Tideline",
    Act.EXPORTED: "A copy was taken out by whoever runs this Tideline",
    Act.ACCOUNT_DISABLED: "Your account was closed",
}
_ICONS = {
    Act.VIEWED_PATIENT: "eye",
    Act.VIEWED_CASELOAD: "eye",
    Act.SIGNED_IN: "more",
    Act.SIGNED_OUT: "more",
    Act.SIGN_IN_REFUSED: "alert",
    Act.CONSENT_GRANTED: "people",
    Act.CONSENT_CHANGED: "people",
    Act.CONSENT_ENDED: "people",
    Act.EXPORTED: "down",
    Act.APPOINTMENT_MADE: "cal",
    Act.APPOINTMENT_CHANGED: "cal",
    Act.TREATMENT_RECORDED: "sess",
    Act.TREATMENT_CHANGED: "sess",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it is read."""

    at: datetime
    text: str
    detail: str
    icon: str


def in_words(logged: Logged, *, own_account_id: int) -> str:
    """What was done, as a sentence to the patient."""
    if logged.by_account_id == own_account_id:
        words, otherwise = _BY_YOU, "You did something in your journal"
    elif logged.who:
        words, otherwise = _BY_PROVIDER, "{who} did something with your journal"
    else:
        words, otherwise = _BY_NOBODY, "Somebody did something with your journal"
    return words.get(logged.act, otherwise).format(who=logged.who)


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
