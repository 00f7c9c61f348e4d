"""The check-in form: its fields become a body, and a body its fields again.

Every field bears the name of the column. Reading is driven by the tables of ``journal.domain.checkins`` and not by a
form library: this is the one form that is sent every day. What may be recorded is decided in the domain; here a text
is or is not a number, a time or a day.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from journal.domain.checkins import CLOCK, NUMBERS, YES_NO, CheckInBody, Via, Written, default_day
from journal.domain.errors import Refused, RefusedFields
from journal.languages import pgettext
from journal.messages import sentence
from journal.web.labels import ITEMS

NOT_SURE = "not_sure"
SLEEP_TILES = tuple(range(210, 631, 30))
"""Minutes, in half hours; the first and the last mean "or less" and "or more"."""
ACTIVITY_TILES = (0, 10, 20, 30, 45, 60, 90, 120)
"""Minutes; any other number is written beneath them."""
SWITCHES = ("substances_shared", "note_shared", "starred")
TEXTS = ("note", "other_substances")
ONLY_IF_ON = ("pain", "meals", "connection")
"""Items that are asked only of patients who turned them on."""

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""What tells one check-in, or one phone, from another."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,7}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: the body as far as it could be read, and what could not."""

    body: CheckInBody
    problems: tuple[Refused, ...]


def read_body(form: MultiDict[str, str], *, local_date: date) -> Sent:
    """The answers of a form about ``local_date``. An unreadable answer is a problem and counts as not given."""
    problems: list[Refused] = []
    given = form.to_dict()  # a form answers for what is not there only by way of an exception
    mood = given.get("mood", "")
    values: dict[str, object] = {"local_date": local_date, "unsure": mood == NOT_SURE}
    for name in NUMBERS:
        if name != "mood" or mood != NOT_SURE:
            values[name] = _number(given.get(name, ""), name, problems)
    exact = given.get("activity_exact", "")
    if exact.strip():
        values["activity_min"] = _number(exact, "activity_exact", problems)
    for name in YES_NO:
        values[name] = {"yes": True, "no": False}.get(given.get(name, ""))
    for name in CLOCK:
        values[name] = _clock(given.get(name, ""), name, problems)
    for name in SWITCHES:
        values[name] = given.get(name) == "1"
    for name in TEXTS:
        values[name] = as_text(given.get(name, ""))
    values["meds_taken"] = given.get("meds_taken") or None
    values["activity_type"] = tuple(dict.fromkeys(form.getlist("activity_type")))
    values["tags"] = as_tags([given.get("tags", "")])
    return Sent(CheckInBody(**values), tuple(problems))  # type: ignore[arg-type]


def as_text(given: str) -> str:
    """A text as it is kept: one letter for a letter and its accent, however a keyboard sends them (NFC), and one line
    end: browsers send two characters, the count on the page knows one."""
    return unicodedata.normalize("NFC", given.replace("\r\n", "\n")).strip()


def as_tags(given: Iterable[str]) -> tuple[str, ...]:
    """Each tag once. A comma always ends one, so that an edit of the check-in finds the same tags."""
    tags = (tag.strip() for text in given for tag in as_text(text).split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def read_written(form: Mapping[str, str], *, zone: str, now: datetime, new_key: str) -> Written:
    """How the form was written: its key and the phone's clock, or ours where there was no script.

    A key that is none of ours is replaced by ``new_key``: it could not have come from a page of ours.
    """
    key = form.get("client_key", "")
    return Written(
        client_key=key if KEY.fullmatch(key) else new_key,
        via=Via.WEB,
        zone=zone,
        recorded_at=read_moment(form.get("recorded_at", "")) or now,
        sent_at=read_moment(form.get("sent_at", "")),
        day_chosen=bool(form.get("local_date")),
    )


def read_moment(text: str) -> datetime | None:
    """An instant with its zone, as browsers write it; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def read_day(form: Mapping[str, str], *, written: Written, problems: list[Refused]) -> date:
    """The day the form is about: the one it names, else the one that follows from the time of writing."""
    named = form.get("local_date", "")
    if named:
        with contextlib.suppress(ValueError):
            if _DAY.fullmatch(named):
                return date.fromisoformat(named)
        problems.append(Refused("not_a_day", field="local_date"))
    return default_day(written.recorded_at, written.zone)


def read_version(form: Mapping[str, str]) -> int:
    """The version that an edit was made of; 0, which none bears, for anything that is no number of ours."""
    named = form.get("version", "")
    return int(named) if _WHOLE_NUMBER.fullmatch(named) else 0


def sleep_tiles(form: Mapping[str, str]) -> tuple[int, ...]:
    """The tiles to choose from, and after them a number of minutes that was given and is none of theirs."""
    given = form.get("sleep_min", "")
    is_odd = _WHOLE_NUMBER.fullmatch(given) and int(given) not in SLEEP_TILES
    return (*SLEEP_TILES, int(given)) if is_odd else SLEEP_TILES


def fields_of(body: CheckInBody) -> MultiDict[str, str]:
    """The form that would send ``body``: what an edit begins with."""
    form: MultiDict[str, str] = MultiDict()
    for field in fields(body):
        value = getattr(body, field.name)
        if isinstance(value, bool):
            form[field.name] = ("yes" if value else "no") if field.name in YES_NO else ("1" if value else "")
        elif isinstance(value, time):
            form[field.name] = value.strftime("%H:%M")
        elif isinstance(value, int | str):
            form[field.name] = str(value)
    if body.unsure:
        form["mood"] = NOT_SURE
    if body.activity_min is not None and body.activity_min not in ACTIVITY_TILES:
        form["activity_exact"] = form.pop("activity_min")
    form["tags"] = ", ".join(body.tags)
    if body.activity_type:
        form.setlist("activity_type", list(body.activity_type))
    return form


def at_their_fields(fault: RefusedFields | None, form: Mapping[str, str]) -> dict[str, str]:
    """The sentence for each field, in the order of the form, at the control in which the person wrote it."""
    errors: dict[str, str] = {}
    for problem in fault.problems if fault else ():
        field = problem.field or ""
        if field == "activity_min" and form.get("activity_exact", "").strip():
            field = "activity_exact"
        errors.setdefault(field, sentence(problem))
    return dict(sorted(errors.items(), key=lambda error: _place(error[0])))


def in_summary(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The same sentences for the list at the top, each naming its question, because there it stands alone."""
    named = {name: pgettext("item", word) for name, word in ITEMS.items()} | {
        "mood": pgettext("item", "Your mood"),
        "activity_exact": pgettext("item", "Minutes, exactly"),
    }
    return [
        (field, f"{named[field]}: {text[0].lower()}{text[1:]}" if field in named else text)
        for field, text in errors.items()
    ]


def _place(field: str) -> int:
    order = ("", "day", "local_date", "mood", *ITEMS, "note")
    if field not in order and field != "activity_exact":
        return len(order)  # what is asked after a session stands behind the usual
    return order.index("activity_min" if field == "activity_exact" else field)


def _number(text: str, name: str, problems: list[Refused]) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        problems.append(Refused("not_a_number", field=name))
        return None
    return int(text)


def _clock(text: str, name: str, problems: list[Refused]) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        problems.append(Refused("not_a_time", field=name))
        return None
