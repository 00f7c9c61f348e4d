"""What may be recorded in a check-in, which day it is about, and what an edit changes.

The names here are the names of the form's fields, of the JSON body and of the columns: one spelling everywhere.
How the numbers of a day are read back is decided in ``journal.domain.moods``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from journal.domain.consents import Scope, Sight
from journal.domain.days import NIGHT_ENDS, is_after_midnight, local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.moods import Provenance, provenance
from journal.domain.trends import LONGEST_NIGHT_MIN
from journal.domain.words import translatable_in

NUMBERS: dict[str, tuple[int, int]] = {
    "mood": (0, 10),
    "interest": (0, 4),
    "anxiety": (0, 4),
    "energy": (0, 4),
    "sleep_quality": (0, 4),
    "sleep_min": (0, 1440),
    "awakenings": (0, 20),
    "sol_min": (0, 600),
    "waso_min": (0, 600),
    "activity_min": (0, 1440),
    "steps": (0, 100_000),
    "social": (0, 2),
    "connection": (0, 4),
    "pain": (0, 10),
    "alcohol": (0, 50),
    "detached": (0, 10),
    "elevated": (0, 3),
}
"""Every whole-number item with its lowest and highest value; the database holds the same ranges."""

ASKED_LATER = ("detached", "elevated")
"""Items that the first bodies could not have: where they are not answered, the hash of a body knows nothing of them."""
YES_NO = ("meaningful", "meals", "cannabis")
CLOCK = ("bed_time", "wake_time")
MEDS_TAKEN = ("yes", "partly", "no", "na")
WORDS_FOR: dict[str, tuple[str, ...]] = {
    "interest": (
        translatable_in("interest", "None"),
        translatable_in("interest", "A little"),
        translatable_in("interest", "Some"),
        translatable_in("interest", "A lot"),
        translatable_in("interest", "Very much"),
    ),
    "anxiety": (
        translatable_in("anxiety", "None"),
        translatable_in("anxiety", "A little"),
        translatable_in("anxiety", "Some"),
        translatable_in("anxiety", "A lot"),
        translatable_in("anxiety", "Intense"),
    ),
    "energy": (
        translatable_in("energy", "Drained"),
        translatable_in("energy", "Low"),
        translatable_in("energy", "Some"),
        translatable_in("energy", "Good"),
        translatable_in("energy", "Lots"),
    ),
    "sleep_quality": (
        translatable_in("sleep_quality", "Terrible"),
        translatable_in("sleep_quality", "Poor"),
        translatable_in("sleep_quality", "Fair"),
        translatable_in("sleep_quality", "Good"),
        translatable_in("sleep_quality", "Excellent"),
    ),
    "social": (
        translatable_in("social", "No"),
        translatable_in("social", "A little"),
        translatable_in("social", "A lot"),
    ),
    "connection": (
        translatable_in("connection", "Numb or cut off"),
        translatable_in("connection", "A little"),
        translatable_in("connection", "Some"),
        translatable_in("connection", "Quite"),
        translatable_in("connection", "Connected"),
    ),
    "elevated": (
        translatable_in("elevated", "No"),
        translatable_in("elevated", "A little"),
        translatable_in("elevated", "Some"),
        translatable_in("elevated", "A lot"),
    ),
}

CHIP_PRESETS: dict[str, str] = {
    "walk": translatable_in("activity", "Walk"),
    "stretch": translatable_in("activity", "Stretching"),
    "housework": translatable_in("activity", "Housework"),
    "exercise": translatable_in("activity", "Exercise"),
    "cycling": translatable_in("activity", "Cycling"),
    "gardening": translatable_in("activity", "Gardening"),
    "outdoors": translatable_in("activity", "Time outdoors"),
    "creative": translatable_in("activity", "Making something"),
    "reading": translatable_in("activity", "Reading"),
    "friends": translatable_in("activity", "Friends or family"),
}
"""The activities every patient starts with, named in the context “activity”; each can be renamed and hidden,
and others added."""
CHIP_LABEL_LENGTH = 40

NOTE_LENGTH = 4_000
TAGS_MOST = 20
TAG_LENGTH = 40
OTHER_SUBSTANCES_LENGTH = 200
CHIPS_MOST = 40
DAYS_BACK = 30
"""A check-in may be about today or any of this many days before the day it is written."""
SKEW_TOLERATED = timedelta(minutes=10)
"""A phone's clock may differ this much from the server's before the times it claims are corrected."""
BELIEVABLE = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
"""A claimed time outside these says nothing but that the clock is wrong."""

# NUL is no text to a database, and half of a surrogate pair is no character at all.
NOT_TEXT = re.compile(r"[\x00\ud800-\udfff]")


class Recall(StrEnum):
    """Whether the mood is the one felt while writing, or an earlier day looked back on."""

    MOMENT = "moment"
    DAY = "day"


class Why(StrEnum):
    """Why a body of a check-in is kept beside the one that counts."""

    EDIT = "edit"
    CONFLICT = "conflict"


class Via(StrEnum):
    """The way a check-in came in."""

    WEB = "web"
    OFFLINE = "offline"
    LINK = "link"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class CheckInBody:
    """What a person said in one check-in. Everything but the mood (a number or "Not sure") may be left out."""

    local_date: date
    mood: int | None = None
    unsure: bool = False
    interest: int | None = None
    anxiety: int | None = None
    energy: int | None = None
    sleep_quality: int | None = None
    sleep_min: int | None = None
    bed_time: time | None = None
    wake_time: time | None = None
    awakenings: int | None = None
    sol_min: int | None = None
    waso_min: int | None = None
    activity_min: int | None = None
    activity_type: tuple[str, ...] = ()
    steps: int | None = None
    social: int | None = None
    meaningful: bool | None = None
    connection: int | None = None
    pain: int | None = None
    meals: bool | None = None
    alcohol: int | None = None
    cannabis: bool | None = None
    other_substances: str = ""
    substances_shared: bool = False
    meds_taken: str | None = None
    note: str = ""
    note_shared: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    detached: int | None = None
    elevated: int | None = None

    def as_json(self) -> dict[str, object]:
        """The body by its field names, dates and times as ISO text: for hashing, versions and exports."""
        document: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        document["local_date"] = self.local_date.isoformat()
        for name in CLOCK:
            clock: time | None = getattr(self, name)
            document[name] = None if clock is None else clock.strftime("%H:%M")
        for name in ("activity_type", "tags"):
            document[name] = list(getattr(self, name))
        return document

    @classmethod
    def from_json(cls, document: dict[str, object]) -> CheckInBody:
        """The inverse of :meth:`as_json`; unknown names are ignored so that newer files stay readable."""
        known = {field.name for field in fields(cls)}
        values: dict[str, object] = {name: value for name, value in document.items() if name in known}
        values["local_date"] = date.fromisoformat(str(document["local_date"]))
        for name in CLOCK:
            if values.get(name) is not None:
                values[name] = time.fromisoformat(str(values[name]))
        for name in ("activity_type", "tags"):
            given = values.get(name)
            values[name] = tuple(str(one) for one in given) if isinstance(given, list) else ()
        return cls(**values)  # type: ignore[arg-type]

    @property
    def has_words(self) -> bool:
        """Whether it says anything in the person's own words."""
        return bool(self.note or self.tags or self.other_substances)

    def hash(self) -> str:
        """SHA-256 (hex) of the canonical body: the same words and numbers give the same hash on every machine."""
        said = self.as_json()
        # What was sent before there was such a question is the same body when it is sent again afterwards.
        for name in ASKED_LATER:
            if said[name] is None:
                del said[name]
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        # Half a character is refused later; till then even that is something to tell apart.
        return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """How and when a check-in was written, as the sender claims it. ``sent_at`` is the sender's own clock.

    ``zone`` is the one in which the person's days are counted (``Patient.zone`` at the time of writing), not the
    one that a phone on a journey happens to show. ``day_chosen`` says that the person picked ``local_date``;
    otherwise it was worked out from a clock, and follows when that clock is corrected.
    """

    client_key: str
    via: Via
    zone: str
    recorded_at: datetime
    sent_at: datetime | None = None
    day_chosen: bool = False
    device: str = ""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One kept check-in with everything its owner may see of it.

    ``recorded_at`` is when the mood that counts was written, ``edited_at`` when anything was last changed, and
    ``received_at`` when the server got the body that counts. All three are instants after correction; what the
    sender's clock claimed is ``recorded_at`` plus ``clock_skew_s`` seconds.
    """

    public_id: str
    client_key: str
    version: int
    body: CheckInBody
    recall: Recall
    felt_at: datetime | None
    recorded_at: datetime
    received_at: datetime
    clock_skew_s: int | None
    zone: str
    utc_offset_min: int
    via: Via
    edited_at: datetime | None = None
    other_versions: int = 0

    @property
    def provenance(self) -> Provenance:
        """Same day, next day or later, from the dates alone."""
        return provenance_of(self.body.local_date, self.recorded_at, self.utc_offset_min)

    @property
    def edited(self) -> bool:
        """Whether anything was changed after the first writing."""
        return self.edited_at is not None

    @property
    def rank(self) -> tuple[datetime, datetime, str]:
        """What :func:`newest` compares."""
        return (self.edited_at or self.recorded_at, self.received_at, self.body.hash())


@dataclass(frozen=True, slots=True)
class KeptBody:
    """An earlier body of a check-in, or the losing one of two. For the patient alone.

    ``version`` is the number it had while it counted, 0 if it never did. Times as in :class:`CheckIn`.
    """

    version: int
    body: CheckInBody
    why: Why
    recall: Recall
    felt_at: datetime | None
    recorded_at: datetime
    received_at: datetime
    replaced_at: datetime
    utc_offset_min: int
    clock_skew_s: int | None = None
    edited_at: datetime | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """A check-in's times after the sender's clock was held against the server's."""

    local_date: date
    recorded_at: datetime
    felt_at: datetime | None
    recall: Recall
    clock_skew_s: int | None
    utc_offset_min: int


def default_day(now: datetime, zone: str) -> date:
    """The day a check-in is about when the person does not say: today, but before 04:00 the evening before.

    A time that nobody can believe gives the day nearest to it that one can; :func:`reckon` then puts it right.
    """
    now = min(max(now, BELIEVABLE[0]), BELIEVABLE[1])
    today = local_day(now, zone)
    return today - timedelta(days=1) if is_after_midnight(now, zone) else today


def reckon(
    body: CheckInBody,
    written: Written,
    *,
    received_at: datetime,
    first_day: date,
    day_stands: bool = False,
) -> Times:
    """Hold the sender's clock against the server's and decide which day the check-in is about.

    A difference of more than ten minutes between ``sent_at`` and ``received_at`` is taken off the claimed times, and
    off a date the person did not choose. A time in the future, or more than 30 days before the patient's first day,
    becomes the moment of receipt. A date that could only be had from a wrong clock, or from another zone, becomes the
    day of writing: no clock may ever cost a person their check-in. ``day_stands`` is for edits, which never move a
    check-in to another day. Refuses ``zone_unknown`` alone.
    """
    recorded_at, skew = _corrected(written, received_at=received_at, first_day=first_day)
    today, evening = local_day(recorded_at, written.zone), default_day(recorded_at, written.zone)
    local_date = body.local_date
    if not day_stands:
        local_date = _day(local_date, written, today=today, evening=evening, was_wrong=skew is not None)
    recall = Recall.MOMENT if local_date in (today, evening) else Recall.DAY
    offset = recorded_at.astimezone(ZoneInfo(written.zone)).utcoffset() or timedelta()
    return Times(
        local_date=local_date,
        recorded_at=recorded_at,
        felt_at=recorded_at if recall is Recall.MOMENT else None,
        recall=recall,
        clock_skew_s=None if skew is None else round(skew.total_seconds()),
        utc_offset_min=round(offset.total_seconds() / 60),
    )


def _corrected(
    written: Written, *, received_at: datetime, first_day: date
) -> tuple[datetime, timedelta | None]:
    """When it was really written, and how far the claim was off where that is worth keeping."""
    claimed, sent_at = written.recorded_at, written.sent_at
    if not all(BELIEVABLE[0] <= moment <= BELIEVABLE[1] for moment in (claimed, sent_at or claimed)):
        return received_at, claimed - received_at
    skew = sent_at - received_at if sent_at is not None else timedelta()
    if abs(skew) <= SKEW_TOLERATED:
        skew = timedelta()
    recorded_at = claimed - skew
    earliest = first_day - timedelta(days=DAYS_BACK)
    if recorded_at > received_at + SKEW_TOLERATED or local_day(recorded_at, written.zone) < earliest:
        return received_at, claimed - received_at
    recorded_at = min(recorded_at, received_at)
    return recorded_at, claimed - recorded_at if skew else None


def _day(said: date, written: Written, *, today: date, evening: date, was_wrong: bool) -> date:
    """The day that was meant. A date that no clock is to blame for stays as it was said, to be refused."""
    can_be = today - timedelta(days=DAYS_BACK) <= said <= today
    if not written.day_chosen:
        return said if can_be and not was_wrong else evening
    # A clock that is fast by no more than is tolerated offers tomorrow shortly before midnight.
    if not can_be and (was_wrong or today < said <= local_day(written.recorded_at, written.zone)):
        return today
    return said


def check(body: CheckInBody, *, written_on: date | None) -> None:
    """Refuse (all problems at once, as :class:`RefusedFields`) a body that may not be recorded on ``written_on``.

    ``written_on`` None is for edits: they have no age limit.
    """
    problems = [*_mood_problems(body), *_range_problems(body), *_night_problems(body), *_text_problems(body)]
    if written_on is not None:
        problems += _day_problems(body, written_on)
    if problems:
        raise RefusedFields(problems)


def newest(*candidates: tuple[datetime, datetime, str]) -> int:
    """The index of the version that counts: by ``recorded_at``, then ``received_at``, then body hash.

    Every node comes to the same answer, in whatever order the versions arrived.
    """
    return max(range(len(candidates)), key=lambda index: candidates[index])


def as_seen(body: CheckInBody, sight: Sight, *, known_activities: Collection[str]) -> CheckInBody:
    """What of a body may be read through ``sight``, which opens its numbers (the caller has asked that).

    A patient sees all of it. For anybody else words stay private unless shared: tags and star go with the note, so
    that a private note is not even counted; ``known_activities`` are the chips that this reader may know of.
    """
    if sight.own:
        return body
    if not (body.note_shared and sight.opens(Scope.NOTES)):
        body = replace(body, note="", note_shared=False, starred=False, tags=())
    if not body.substances_shared:
        body = replace(body, alcohol=None, cannabis=None, other_substances="")
    return replace(body, activity_type=tuple(one for one in body.activity_type if one in known_activities))


def provenance_of(local_date: date, recorded_at: datetime, utc_offset_min: int) -> Provenance:
    """How a check-in about ``local_date`` came to be, from the instant and the offset of its writing."""
    written = recorded_at + timedelta(minutes=utc_offset_min)
    return provenance(local_date, written.date(), before_four=written.time() < NIGHT_ENDS)


def _mood_problems(body: CheckInBody) -> list[Refused]:
    if (body.mood is None) != body.unsure:
        return [Refused("mood_missing", field="mood")]
    return []


def _range_problems(body: CheckInBody) -> list[Refused]:
    problems = []
    for name, (low, high) in NUMBERS.items():
        value = getattr(body, name)
        if value is not None and not low <= value <= high:
            problems.append(Refused("out_of_range", field=name, low=low, high=high))
    if body.meds_taken is not None and body.meds_taken not in MEDS_TAKEN:
        problems.append(Refused("not_a_choice", field="meds_taken"))
    return problems


def _night_problems(body: CheckInBody) -> list[Refused]:
    if body.bed_time is None or body.wake_time is None:
        return []
    bed, wake = (clock.hour * 60 + clock.minute for clock in (body.bed_time, body.wake_time))
    in_bed = (wake - bed) % (24 * 60)
    if in_bed > LONGEST_NIGHT_MIN:
        return [Refused("night_too_long", field="wake_time", hours=LONGEST_NIGHT_MIN // 60)]
    if (body.sol_min or 0) + (body.waso_min or 0) > in_bed:
        return [Refused("awake_too_long", field="waso_min")]
    return []


def _day_problems(body: CheckInBody, written_on: date) -> list[Refused]:
    if body.local_date > written_on:
        return [Refused("day_in_future", field="local_date")]
    if body.local_date < written_on - timedelta(days=DAYS_BACK):
        return [Refused("day_too_old", field="local_date", days=DAYS_BACK)]
    return []


def _text_problems(body: CheckInBody) -> list[Refused]:
    problems = []
    if len(body.note) > NOTE_LENGTH:
        problems.append(Refused("note_too_long", field="note", over=len(body.note) - NOTE_LENGTH))
    if len(body.tags) > TAGS_MOST or any(len(tag) > TAG_LENGTH for tag in body.tags):
        problems.append(Refused("tags_too_long", field="tags", most=TAGS_MOST, length=TAG_LENGTH))
    if len(body.other_substances) > OTHER_SUBSTANCES_LENGTH:
        problems.append(Refused("text_too_long", field="other_substances", most=OTHER_SUBSTANCES_LENGTH))
    if len(body.activity_type) > CHIPS_MOST:
        problems.append(Refused("not_a_choice", field="activity_type"))
    for name, text in (
        ("note", body.note),
        ("other_substances", body.other_substances),
        ("tags", "".join(body.tags)),
    ):
        if NOT_TEXT.search(text):
            problems.append(Refused("text_unreadable", field=name))
    return problems
