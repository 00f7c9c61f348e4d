"""Flags in the words of an inbox: what was answered, how long it has waited, who looked. No web framework inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from journal.domain.errors import NotFound
from journal.domain.instrument_files import instrument
from journal.domain.safety_flags import ONE_WEEKDAY, Concern, Look, RightNow
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.storage.safety_flags import SeenFlag
from journal.wording import day_and_clock

RIGHT_NOW = {
    RightNow.YES: translatable("Asked about right now: yes"),
    RightNow.NO: translatable("Asked about right now: no"),
    RightNow.DECLINED: translatable("Asked about right now: preferred not to say"),
    None: translatable("Asked about right now: no answer yet"),
}
"""What was answered to the question about right now. A “no” is shown like any other answer, never as good news."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer, in the words of the questionnaire (English), and its number there."""

    number: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Who put their name under it, when, and what they wrote."""

    name: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One flag as it is read. ``is_late``: it waited for more than one weekday. ``wants_second``: of this reader."""

    public_id: str
    patient_id: str
    patient_name: str
    title: str
    answers: tuple[Answered, ...]
    is_open: bool
    is_acute: bool
    right_now: str
    made: str
    waited: str
    is_late: bool
    wants_second: bool
    looked: Looked | None
    second: Looked | None


def line_of(
    seen: SeenFlag, *, reader_id: int, names: Mapping[int, str], zone: str, now: datetime
) -> FlagLine:
    """One flag for the provider ``reader_id``; ``names`` of providers by id, ``zone`` of the reader's clinic."""
    flag = seen.flag
    return FlagLine(
        public_id=flag.public_id,
        patient_id=seen.patient_public_id,
        patient_name=seen.patient_name,
        title=_title(flag.concern),
        answers=answers_of(flag.concern),
        is_open=flag.is_open,
        is_acute=flag.concern.is_acute,
        right_now=_(RIGHT_NOW[RightNow.YES if flag.concern.is_acute else seen.right_now]),
        made=day_and_clock(flag.created_at, zone),
        waited=waited_words(flag.waited(now=now, zone=zone)),
        is_late=flag.waited_too_long(now=now, zone=zone),
        wants_second=flag.acknowledged is not None
        and flag.acknowledged.provider_id != reader_id
        and flag.needs_second_person(now=now, zone=zone),
        looked=_looked(flag.acknowledged, names, zone),
        second=_looked(flag.second, names, zone),
    )


def answers_of(concern: Concern) -> tuple[Answered, ...]:
    """The answers of a concern in the questionnaire's own words; by their numbers where it is not known here."""
    try:
        known = {item.key: item for item in instrument(concern.source).items}
    except NotFound:
        known = {}
    found = []
    for one in concern.answers:
        item = known.get(one.key)
        texts = {option.value: option.text for option in item.options} if item else {}
        found.append(Answered(one.key, item.text if item else "", texts.get(one.value, str(one.value))))
    return tuple(found)


def waited_words(waited: timedelta) -> str:
    """“3 hours”, “2 weekdays”: whole ones, rounded down."""
    if waited >= ONE_WEEKDAY:
        return ngettext("%(num)s weekday", "%(num)s weekdays", waited // ONE_WEEKDAY)
    hours = waited // timedelta(hours=1)
    return ngettext("%(num)s hour", "%(num)s hours", hours) if hours else _("less than an hour")


def _title(concern: Concern) -> str:
    try:
        name = instrument(concern.source).name
    except NotFound:
        name = concern.source
    return ngettext(
        "%(name)s, question %(keys)s",
        "%(name)s, questions %(keys)s",
        len(concern.answers),
        name=name,
        keys=", ".join(one.key for one in concern.answers),
    )


def _looked(look: Look | None, names: Mapping[int, str], zone: str) -> Looked | None:
    if look is None:
        return None
    return Looked(names.get(look.provider_id, ""), day_and_clock(look.at, zone), look.note)
