"""What the invented people of the demo clinic say on each day: a story's course, turned into check-ins.

Pure and repeatable: all chance comes from a generator seeded by the person's address and the number of the day, so
that the same date gives the same days on every machine. Nothing is kept here; that is the business of ``journal.demo``.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from journal.demo_people import DAYLIO_DAYS, DAYLIO_NOTES, Given, Note, Story
from journal.domain.assessments import Answer
from journal.domain.checkins import CheckInBody, Via
from journal.domain.days import NIGHT_ENDS, resolve_wall_time
from journal.domain.instruments import Instrument
from journal.domain.treatments import GIVEN

_DAY = timedelta(days=1)
_FREE_FROM = 9.0  # a mood at which a questionnaire has nothing to count
_DARK_FROM = 0.74  # so heavy that the hardest question is answered as well
_AFTERNOON = time(15, 0)  # whoever writes later than this writes after the session


@dataclass(frozen=True, slots=True)
class Said:
    """One check-in: what it says, when it was written, when it arrived, and what was changed afterwards.

    ``activity_type`` names an activity of the person's own by its label.
    """

    body: CheckInBody
    written_at: datetime
    arrived_at: datetime
    via: Via
    mended: CheckInBody | None = None
    mended_at: datetime | None = None


def workday(day: date) -> date:
    """``day``, or the weekday next to it: neither sessions nor visits are on weekends."""
    return day + {5: -_DAY, 6: _DAY}.get(day.weekday(), timedelta())


def ahead(days: int, today: date) -> date:
    """The date ``days`` after today, or the Monday after it where that is on a weekend."""
    day = today + days * _DAY
    return day + {5: 2 * _DAY, 6: _DAY}.get(day.weekday(), timedelta())


def session_day(given: Given, today: date) -> date:
    """The date of one session of a story."""
    return workday(today + given.day * _DAY)


def note_day(note: Note, story: Story, today: date) -> date:
    """The date on which a note is written."""
    if note.after is None:
        return today + note.day * _DAY
    return session_day(_numbered(story)[note.after - 1], today) + note.day * _DAY


def said_by(story: Story, today: date) -> list[Said]:
    """Everything that one person says up to ``today``, in the order of the days. Later hours of today are in it."""
    notes = {note_day(note, story, today): note for note in story.notes}
    silent = {today + day * _DAY for first, last in story.gaps for day in range(first, last + 1)}
    treated = {session_day(given, today) for given in _numbered(story)}
    everything: list[Said] = []
    mood_noise = 0.0
    for index in range(-story.begins + 1):
        day = today + (story.begins + index) * _DAY
        chance = random.Random(f"{story.email} {index}")  # noqa: S311 - invented people, no secret
        swings = story.habits.swings
        mood_noise = 0.4 * mood_noise + chance.gauss(0, swings * math.sqrt(1 - 0.4**2))
        rest = chance.gauss(0, 1)
        writes = chance.random() < story.habits.writes and day not in silent
        note = notes.get(day)
        if not writes and note is None:
            continue
        felt = _level(story, day, today) + mood_noise + 0.25 * rest
        said = _said(story, day, felt, rest, note, chance, treated=day in treated)
        everything.append(said)
        if story.habits.again_at is not None and chance.random() < 0.8:
            everything.append(_again(story, said, felt, chance))
    return everything


def daylio_file(story: Story, today: date) -> str:
    """The diary in Daylio's own CSV that somebody kept before: about three months up to the day they changed over."""
    rows = ["full_date,date,weekday,time,mood,activities,note_title,note"]
    for index in range(DAYLIO_DAYS, 0, -1):
        day = today + (story.begins - index) * _DAY
        chance = random.Random(f"{story.email} daylio {index}")  # noqa: S311 - invented people, no secret
        if chance.random() < 0.2:
            continue
        mood = chance.choices(("good", "meh", "bad", "awful"), (12, 40, 38, 10))[0]
        done = " | ".join(
            chance.sample(("family", "reading", "movies", "cleaning", "good sleep"), chance.randint(0, 2))
        )
        wall = time(21, chance.randint(0, 59))
        note = DAYLIO_NOTES.get(index, "")
        rows.append(f'{day.isoformat()},{day:%B} {day.day},{day:%A},{wall:%H:%M},{mood},"{done}","","{note}"')
    return "\n".join([rows[0], *reversed(rows[1:])]) + "\n"


def answers_to(known: Instrument, story: Story, day: date, today: date) -> dict[str, Answer]:
    """What somebody answers to a questionnaire on ``day``: the two weeks before it, as heavy as they were."""
    weeks = [_level(story, day - back * _DAY, today) for back in range(14)]
    chance = random.Random(f"{story.email} {known.code} {(today - day).days}")  # noqa: S311 - invented people
    heavy = max(0.0, 1 - sum(weeks) / len(weeks) / _FREE_FROM)
    answers: dict[str, Answer] = {}
    for item in known.items:
        most = max(item.values)
        felt = min(most, max(0, round(heavy * most + chance.gauss(0, 0.5))))
        if item.help_at is not None:
            is_dark = story.dark_since is not None and day >= today + story.dark_since * _DAY
            felt = int(is_dark or heavy >= _DARK_FROM)
        answers[item.key] = felt
    return answers


def _level(story: Story, day: date, today: date) -> float:
    """Where mood lies on ``day`` before chance: what is usual, what the sessions so far give, and harder days."""
    taken = [given for given in _numbered(story) if session_day(given, today) <= day]
    begun = min((session_day(given, today) for given in story.sessions), default=today)
    share = max(0, (day - begun).days) / max(1, (today - begun).days)
    usual = story.usual + (story.now - story.usual) * min(1.0, share)
    writes_after = story.habits.at >= _AFTERNOON or story.habits.at < NIGHT_ENDS
    lift = max(
        (_lift(given, (day - session_day(given, today)).days, writes_after) for given in taken), default=0.0
    )
    depth = sum(
        dip.depth * min(1.0, ((day - today).days - dip.first + 1) / 2)
        for dip in story.dips
        if dip.first <= (day - today).days <= dip.last
    )
    return usual + lift - depth


def _lift(given: Given, days: int, writes_after: bool) -> float:
    """What a session adds ``days`` after it: most on the next day, half of it when it has held as long as it does."""
    if days == 0:
        return 0.45 * given.lift if writes_after else 0.0
    width = max(0.8, given.holds * 0.1)
    brightest = 1.12 if days == 1 else 1.0
    return brightest * given.lift / (1 + math.exp((days - given.holds) / width))


def _said(
    story: Story,
    day: date,
    felt: float,
    rest: float,
    note: Note | None,
    chance: random.Random,
    *,
    treated: bool,
) -> Said:
    habits = story.habits
    is_late = chance.random() < habits.late and note is None
    body = _body(story, day, felt, rest, chance)
    if treated and body.activity_min is not None:  # the day belongs to the session
        body = replace(body, activity_min=5 * chance.randint(0, 2), activity_type=())
    if note is not None:
        body = replace(body, note=note.text, note_shared=note.shared, starred=note.starred, tags=note.tags)
    written_at = _late(story, day, chance) if is_late else _at(story, day, habits.at, chance)
    via, arrived_at = Via.WEB, written_at
    if habits.unplugged and chance.random() < 0.15:
        via, arrived_at = Via.OFFLINE, written_at + timedelta(minutes=chance.randint(200, 500))
    if chance.random() >= habits.mends or via is not Via.WEB or body.mood is None:
        return Said(body, written_at, arrived_at, via)
    mended = replace(body, mood=min(10, body.mood + 1)) if chance.random() < 0.5 else replace(body, social=1)
    return Said(
        body, written_at, arrived_at, via, mended, written_at + timedelta(minutes=chance.randint(4, 55))
    )


def _again(story: Story, first: Said, felt: float, chance: random.Random) -> Said:
    """The second check-in of a day, further up than the first: a mood, what was done, no night."""
    assert story.habits.again_at is not None  # noqa: S101 - asked by the caller
    whole = _body(story, first.body.local_date, felt + 1.6, 0.0, chance)
    body = replace(
        whole, sleep_quality=None, sleep_min=None, awakenings=None, anxiety=_scale((whole.anxiety or 2) - 1)
    )
    at = _at(story, first.body.local_date, story.habits.again_at, chance)
    return Said(body, at, at, Via.WEB)


def _body(story: Story, day: date, felt: float, rest: float, chance: random.Random) -> CheckInBody:
    habits = story.habits
    unsure = chance.random() < habits.unsure
    mood = max(1, min(10, math.floor(felt + 0.5)))
    body = CheckInBody(local_date=day, mood=None if unsure else mood, unsure=unsure)
    if chance.random() >= habits.whole:
        return body
    hours = max(3.0, min(10.5, habits.sleeps + 0.2 * (felt - 5) + 0.75 * rest))
    body = replace(
        body,
        interest=_scale((felt - 1) / 2.2 + chance.gauss(0, 0.4)),
        anxiety=_scale(habits.tense - 0.35 * (felt - 5) + chance.gauss(0, 0.45)),
        energy=_scale((felt - 1.5) / 2.2 + 0.25 * rest + chance.gauss(0, 0.4)),
        sleep_quality=_scale(2 + 0.7 * (hours - 6.8) + chance.gauss(0, 0.4)),
    )
    body = _with_night(story, body, hours, chance)
    body = _with_activity(story, body, felt, chance)
    return replace(
        body,
        social=_scale(0.5 + 0.2 * (felt - 4) + chance.gauss(0, 0.5), 2) if chance.random() < 0.6 else None,
        meaningful=chance.random() < 0.1 + 0.09 * felt if chance.random() < 0.5 else None,
        meds_taken=chance.choices(("yes", "partly", "no"), (92, 5, 3))[0] if habits.medicine else None,
        alcohol=chance.choices((0, 1, 2, 3), (70, 15, 10, 5))[0] if habits.alcohol else None,
    )


def _with_night(story: Story, body: CheckInBody, hours: float, chance: random.Random) -> CheckInBody:
    awake = chance.choices((0, 1, 2, 3), (35, 35, 20, 10))[0]
    if not story.habits.clocks:
        given = chance.random() < 0.92
        return replace(
            body,
            sleep_min=30 * round(hours * 2) if given else None,
            awakenings=awake if given and chance.random() < 0.4 else None,
        )
    to_fall_asleep, awake_for = 5 * chance.randint(1, 5), 5 * awake
    bed = 22 * 60 + 30 + 5 * chance.randint(-4, 6)
    wake = bed + to_fall_asleep + awake_for + 5 * round(hours * 12)
    return replace(
        body,
        bed_time=_clock(bed),
        wake_time=_clock(wake),
        awakenings=awake,
        sol_min=to_fall_asleep,
        waso_min=awake_for,
    )


def _with_activity(story: Story, body: CheckInBody, felt: float, chance: random.Random) -> CheckInBody:
    habits = story.habits
    minutes = max(0, 5 * round((habits.moves + 6 * (felt - 5) + chance.gauss(0, 11)) / 5))
    chips = (*habits.chips, habits.own_chip) if habits.own_chip else habits.chips
    chosen = chance.sample(chips, k=min(len(chips), 1 + (chance.random() < 0.35)))
    steps = 10 * round((2_400 + 95 * minutes + chance.gauss(0, 700)) / 10)
    if chance.random() < 0.1:
        return body
    return replace(
        body,
        activity_min=minutes,
        activity_type=tuple(chip for chip in chips if chip in chosen) if minutes else (),
        steps=max(400, steps) if habits.steps else None,
    )


def _at(story: Story, day: date, wall: time, chance: random.Random) -> datetime:
    """Around the usual time. Before 04:00 the evening of ``day`` is not over yet."""
    night = _DAY if wall < NIGHT_ENDS else timedelta()
    minutes = max(-20.0, min(25.0, chance.gauss(2, 9)))
    return _wall(
        story, datetime.combine(day + night, wall) + timedelta(minutes=minutes, seconds=chance.randint(0, 59))
    )


def _late(story: Story, day: date, chance: random.Random) -> datetime:
    """The next morning, or an evening some days afterwards."""
    if chance.random() < 0.6:
        written = datetime.combine(day + _DAY, time(9, 10))
    else:
        written = datetime.combine(day + chance.randint(2, 5) * _DAY, time(20, 10))
    return _wall(story, written + timedelta(minutes=chance.randint(0, 70)))


def _wall(story: Story, wall: datetime) -> datetime:
    seconds = timedelta(seconds=wall.second)
    return resolve_wall_time(wall.date(), wall.time().replace(second=0, microsecond=0), story.zone) + seconds


def _numbered(story: Story) -> list[Given]:
    """The sessions in which the drug was given, in order: S1, S2, …"""
    return [given for given in story.sessions if given.status in GIVEN]


def _scale(value: float, highest: int = 4) -> int:
    return max(0, min(highest, round(value)))


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
