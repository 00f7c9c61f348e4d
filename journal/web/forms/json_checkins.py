"""A check-in as JSON: the names and the rules of the form, in the types of JSON, with nothing guessed.

What each field may be stands in ``journal.domain.checkins``, how a text, tags, a day and a moment are read in
``forms.checkins``. Here a value has the type that ``openapi.json`` gives it, or the whole is refused: what came in
another shape was not made by a phone that knows what its person meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from journal.domain.checkins import CLOCK, NUMBERS, YES_NO, CheckInBody, Via, Written
from journal.domain.days import known_zone
from journal.domain.errors import Refused
from journal.services.aftercare import NOTHING_TOLD, Told
from journal.web.forms.aftercare import read_told
from journal.web.forms.checkins import (
    KEY,
    SWITCHES,
    TEXTS,
    Sent,
    as_tags,
    as_text,
    read_day,
    read_moment,
)

NEEDED = ("account", "client_key", "recorded_at", "sent_at", "zone")
AFTER = "after_session"
AFTER_MOST, AFTER_LENGTH = 40, 16
"""Fields of it, and letters in each; the contract names both."""
MEMBERS = frozenset(
    {*NEEDED, AFTER, "utc_offset_min", "device_id", *(field.name for field in fields(CheckInBody))}
)
WAITED = timedelta(seconds=30)
"""What was sent later than this after it was written had to wait on the phone; the rest is the web as ever."""

_WALL = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WRONG_TYPE = {int: "not_a_number", bool: "not_yes_or_no", str: "not_a_text", list: "not_a_list"}
_NAMED_AT_MOST = 20
_NAME_LENGTH = 64

Kind = TypeVar("Kind", int, bool, str, list[object])


@dataclass(frozen=True, slots=True)
class Queued:
    """What a phone kept: the check-in as far as it could be read, how it was written, and what is wrong with it.

    ``misshapen`` is what has not the names and types of the contract, ``unread_day`` what is wrong with the day.
    """

    sent: Sent
    written: Written
    unread_day: tuple[Refused, ...]
    misshapen: tuple[Refused, ...]
    told: Told = NOTHING_TOLD


def parse(data: bytes) -> dict[str, object] | None:
    """The JSON object that ``data`` is, in UTF-8 and with each name once; None for anything else."""
    try:
        document = json.loads(
            data.decode(),
            parse_float=_whole_if_it_is,
            parse_constant=_refuse_constant,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def read(document: Mapping[str, object], *, zone: str, now: datetime) -> Queued:
    """The check-in that ``document`` is. ``zone`` is the patient's present one, for a zone that nobody here knows."""
    shape: list[Refused] = [
        Refused("member_unknown", field=name[:_NAME_LENGTH])
        for name in sorted(document.keys() - MEMBERS)[:_NAMED_AT_MOST]
    ]
    shape += [Refused("member_missing", field=name) for name in NEEDED if document.get(name) is None]
    problems: list[Refused] = []
    unread_day: list[Refused] = []
    written = _read_written(document, zone=zone, now=now, shape=shape, problems=problems)
    named = _given(document, "local_date", str, shape)
    day = read_day(
        {} if named is None else {"local_date": named or "?"}, written=written, problems=unread_day
    )
    body = _read_body(document, local_date=day, shape=shape, problems=problems)
    after = read_told(_after(document, shape))
    problems += after.problems
    return Queued(Sent(body, tuple(problems)), written, tuple(unread_day), tuple(shape), after.told)


def _read_written(
    document: Mapping[str, object],
    *,
    zone: str,
    now: datetime,
    shape: list[Refused],
    problems: list[Refused],
) -> Written:
    _given(document, "account", str, shape)
    _given(document, "utc_offset_min", int, shape)  # what is kept follows from the zone: an offset may lie
    place = _given(document, "zone", str, shape) or ""
    recorded_at = _moment(document, "recorded_at", shape, problems) or now
    sent_at = _moment(document, "sent_at", shape, problems)
    return Written(
        client_key=_key(document, "client_key", shape, problems),
        via=Via.OFFLINE if sent_at is not None and sent_at - recorded_at > WAITED else Via.WEB,
        zone=place if known_zone(place) else zone,
        recorded_at=recorded_at,
        sent_at=sent_at,
        day_chosen=document.get("local_date") is not None,
        device=_key(document, "device_id", shape, problems),
    )


def _read_body(
    document: Mapping[str, object], *, local_date: date, shape: list[Refused], problems: list[Refused]
) -> CheckInBody:
    values: dict[str, object] = {"local_date": local_date}
    for name in NUMBERS:
        values[name] = _given(document, name, int, shape)
    for name in YES_NO:
        values[name] = _given(document, name, bool, shape)
    for name in ("unsure", *SWITCHES):
        values[name] = _given(document, name, bool, shape) or False
    for name in CLOCK:
        values[name] = _clock(document, name, shape, problems)
    for name in TEXTS:
        values[name] = as_text(_given(document, name, str, shape) or "")
    values["meds_taken"] = _given(document, "meds_taken", str, shape)
    values["activity_type"] = tuple(dict.fromkeys(_texts(document, "activity_type", shape)))
    values["tags"] = as_tags(_texts(document, "tags", shape))
    return CheckInBody(**values)  # type: ignore[arg-type]


def _given(document: Mapping[str, object], name: str, kind: type[Kind], shape: list[Refused]) -> Kind | None:
    """The member of this name if it is of this very type (true is no number); None where it is left out or null."""
    value = document.get(name)
    if value is None or type(value) is kind:
        return value
    shape.append(Refused(_WRONG_TYPE[kind], field=name))
    return None


def _after(document: Mapping[str, object], shape: list[Refused]) -> dict[str, str]:
    """What the form asked of the days after a session, as its fields."""
    given = document.get(AFTER)
    if given is None:
        return {}
    if (
        not isinstance(given, dict)
        or len(given) > AFTER_MOST
        or not all(isinstance(text, str) and len(text) <= AFTER_LENGTH for text in given.values())
    ):
        shape.append(Refused("not_a_text", field=AFTER))
        return {}
    return given


def _texts(document: Mapping[str, object], name: str, shape: list[Refused]) -> list[str]:
    given: list[object] = _given(document, name, list, shape) or []
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) < len(given):
        shape.append(Refused("not_a_text", field=name))
    return texts


def _key(document: Mapping[str, object], name: str, shape: list[Refused], problems: list[Refused]) -> str:
    key = _given(document, name, str, shape)
    if key is not None and not KEY.fullmatch(key):
        problems.append(Refused("not_a_key", field=name))
        return ""
    return key or ""


def _moment(
    document: Mapping[str, object], name: str, shape: list[Refused], problems: list[Refused]
) -> datetime | None:
    text = _given(document, name, str, shape)
    moment = None if text is None else read_moment(text)
    if text is not None and moment is None:
        problems.append(Refused("not_a_moment", field=name))
    return moment


def _clock(
    document: Mapping[str, object], name: str, shape: list[Refused], problems: list[Refused]
) -> time | None:
    text = _given(document, name, str, shape)
    if text is None:
        return None
    if not _WALL.fullmatch(text):
        problems.append(Refused("not_a_time", field=name))
        return None
    return time.fromisoformat(text)


def _whole_if_it_is(text: str) -> object:
    number = float(text)
    return int(number) if number.is_integer() else number  # JSON knows one kind of number: 7.0 is 7


def _refuse_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are Python's own, not JSON's


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a name twice")
    return document
