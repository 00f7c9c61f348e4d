"""What goes with better days: two stacks of days, drawn only where ``journal.domain.associations`` allows it.

A dot is a day and lies above its mood; a bar stands at the mean of each stack. What is said of it is fixed: a pattern
and no proof, and never what to do. No web framework inside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from journal.domain.associations import Association, LinkStatus, Per, Slope, TwoStacks
from journal.domain.checkins import WORDS_FOR
from journal.domain.insight_limits import LINK_PAIRS, LINK_PRELIMINARY_PAIRS
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.charts import geometry as draw
from journal.web.charts.geometry import Label, Point, Shape
from journal.web.charts.parts import PHONE, Drawing
from journal.web.charts.tables import Table
from journal.web.charts.words import amount, figure
from journal.wording import decimal, whole

_LEFT, _RIGHT = 12.0, 314.0
_TALLEST = 44.0
"""Units that a stack may be high."""
_PITCH = 7.5
"""From dot to dot; they come closer where there are more days than that has room for."""
_ACROSS = 27.0
"""Units that one mood may be wide: less than from one to the next, so that they stay apart."""
_HEAD, _FOOT = 18.0, 73.0
_NEXT_PANEL = 74.0
_LINE = 15.0


@dataclass(frozen=True, slots=True)
class Link:
    """What goes with better days. ``drawing`` None: no clear link yet, and ``said`` says from how much.

    ``interval`` and ``caution`` stand beneath the drawing.
    """

    said: str
    drawing: Drawing | None = None
    sentence: str = ""
    interval: str = ""
    caution: str = ""
    table: Table | None = None


def link_of(
    sleep: Association | None, activity: Association | None, *, has_session: bool, readers: Sequence[str]
) -> Link | None:
    """One link at most, sleep before activity; None where there is no pair of days to look at yet.

    ``readers`` are the names of those who may read along: with one of them it could be talked about.
    """
    for found in (sleep, activity):
        if found is not None and found.stacks is not None and found.slope is not None:
            return _drawn(found, found.slope, found.stacks, has_session=has_session, readers=readers)
    nights, days = (0 if one is None else one.n for one in (sleep, activity))
    return Link(said=_not_yet(nights, days)) if nights or days else None


def _not_yet(nights: int, days: int) -> str:
    first, full = int(LINK_PRELIMINARY_PAIRS.value), int(LINK_PAIRS.value)
    counted = _(
        "Looked at so far: %(nights)s and %(days)s.",
        nights=ngettext("%(num)s night", "%(num)s nights", nights),
        days=ngettext("%(num)s day with activity", "%(num)s days with activity", days),
    )
    said = [_("No clear link yet."), counted]
    if nights < first and days < full:
        said.append(_("A first look takes %(first)s nights or %(full)s days.", first=first, full=full))
    return " ".join(said)


def _drawn(
    found: Association, slope: Slope, stacks: TwoStacks, *, has_session: bool, readers: Sequence[str]
) -> Link:
    more, less = _names(found.per, stacks.split)
    return Link(
        said=_said(found.per, stacks),
        drawing=_drawing(stacks, more, less),
        sentence=" ".join(
            [
                _side(more, stacks.more, stacks.mean_more),
                _side(less, stacks.less, stacks.mean_less),
                _("The two overlap.") if max(stacks.less) >= min(stacks.more) else "",
            ]
        ).strip(),
        interval=_interval(found, slope),
        caution=_caution(found.per, has_session=has_session, readers=readers),
        table=_table(stacks, more, less),
    )


# Words ----------------------------------------------------------------------------------------------------------------


def _said(per: Per, stacks: TwoStacks) -> str:
    higher = amount(stacks.mean_more - stacks.mean_less)
    if per is Per.HOUR:
        return _(
            "Your mood on days after %(hours)s or more hours of sleep was about %(higher)s higher.",
            hours=amount(stacks.split),
            higher=higher,
        )
    if per is Per.HALF_HOUR:
        return _(
            "Your mood on days with %(minutes)s or more active minutes was about %(higher)s higher.",
            minutes=whole(round(stacks.split)),
            higher=higher,
        )
    return _(
        "Your mood on days after nights you called “%(word)s” was about %(higher)s higher.",
        word=_names(per, stacks.split)[0],
        higher=higher,
    )


def _names(per: Per, split: float) -> tuple[str, str]:
    """What the two sides are called."""
    if per is Per.HOUR:
        return _("%(hours)s h or more", hours=amount(split)), _("Under %(hours)s h", hours=amount(split))
    if per is Per.HALF_HOUR:
        minutes = whole(round(split))
        return _("%(minutes)s min or more", minutes=minutes), _("Under %(minutes)s min", minutes=minutes)
    step = round(split)
    words = [pgettext("sleep_quality", word) for word in WORDS_FOR["sleep_quality"]]
    return (
        words[step] if step == len(words) - 1 else _("%(word)s or better", word=words[step]),
        words[0] if step == 1 else _("%(word)s or worse", word=words[step - 1]),
    )


def _side(name: str, moods: Sequence[float], mean: float) -> str:
    return ngettext(
        "%(side)s: average mood %(mean)s over %(num)s day.",
        "%(side)s: average mood %(mean)s over %(num)s days.",
        len(moods),
        side=name,
        mean=figure(mean),
    )


def _interval(found: Association, slope: Slope) -> str:
    # An interval that is clear of zero must not look as if it began there.
    places = next((places for places in (1, 2) if round(slope.ci_low, places) > 0), 3)
    numbers = {
        "count": whole(found.n),
        "low": decimal(slope.ci_low, places),
        "high": decimal(slope.ci_high, places),
    }
    said = {
        Per.QUALITY_STEP: _(
            "Over %(count)s nights, each step of better sleep went with a mood %(low)s to %(high)s higher, the day "
            "before taken into account (95 %% interval).",
            **numbers,
        ),
        Per.HOUR: _(
            "Over %(count)s nights, each hour more went with a mood %(low)s to %(high)s higher, the day before taken "
            "into account (95 %% interval).",
            **numbers,
        ),
        Per.HALF_HOUR: _(
            "Over %(count)s days, each half hour more went with a mood %(low)s to %(high)s higher on the same day, the "
            "day before taken into account (95 %% interval).",
            **numbers,
        ),
    }[found.per]
    if found.status is LinkStatus.PRELIMINARY:
        return " ".join([_("Preliminary: there are few nights to go by."), said])
    return said


def _caution(per: Per, *, has_session: bool, readers: Sequence[str]) -> str:
    if per is Per.HALF_HOUR:
        behind = (
            _(
                "Moving more may lift mood, a better mood may help you move, or your session may be behind both."
            )
            if has_session
            else _(
                "Moving more may lift mood, a better mood may help you move, or something else may be behind both."
            )
        )
    else:
        behind = (
            _("Better sleep may lift mood, a better mood may help sleep, or your session may be behind both.")
            if has_session
            else _(
                "Better sleep may lift mood, a better mood may help sleep, or something else may be behind both."
            )
        )
    raising = ""
    if len(readers) == 1:
        raising = _("It could be worth raising with %(name)s.", name=readers[0])
    elif readers:
        raising = _("It could be worth raising with somebody you share with.")
    return " ".join(part for part in (_("This is a pattern, not proof."), behind, raising) if part)


# Drawing --------------------------------------------------------------------------------------------------------------


def _drawing(stacks: TwoStacks, more: str, less: str) -> Drawing:
    pitch, columns = _room(Counter(map(_mood, stacks.more)), Counter(map(_mood, stacks.less)))
    shapes: list[Shape] = []
    labels: list[Label] = []
    sides = (
        ("c-dot c-mood-d", more, stacks.more, stacks.mean_more),
        ("c-dot c-alt-d", less, stacks.less, stacks.mean_less),
    )
    # Where they would meet, the name and the average take a line each.
    is_long = any(
        draw.text_width(name, bold=True) + draw.text_width(_average(moods, mean)) + 8 > _RIGHT - _LEFT
        for _classes, name, moods, mean in sides
    )
    more_room = _LINE if is_long else 0.0
    for number, (classes, name, moods, mean) in enumerate(sides):
        top = number * _NEXT_PANEL + (number + 1) * more_room
        bottom = top + _FOOT
        shapes.append(Shape("c-grid", draw.levels([round(10 * bottom)], _LEFT, _RIGHT)))
        places = list(_places(moods, bottom, pitch=pitch, columns=columns))
        shapes.append(Shape(classes, draw.dots(places, pitch * 0.45)))
        x = round(10 * _x(mean))
        shapes.append(Shape("c-mean", draw.uprights([(x, round(10 * (bottom - 43)), round(10 * bottom))])))
        labels.append(Label("c-t c-strong", _LEFT, top + _HEAD - more_room, name))
        labels.append(Label("c-t", _RIGHT, top + _HEAD, _average(moods, mean), "end"))
    foot = _NEXT_PANEL + 2 * more_room + _FOOT + 17
    labels += [
        Label("c-t", _x(mood), foot, str(mood), anchor)
        for mood, anchor in ((0, "start"), (5, "middle"), (10, "end"))
    ]
    return Drawing(PHONE, foot + 4, tuple(shapes), tuple(labels))


def _average(moods: Sequence[float], mean: float) -> str:
    return ngettext(
        "average %(mean)s · %(num)s day", "average %(mean)s · %(num)s days", len(moods), mean=figure(mean)
    )


def _mood(mood: float) -> int:
    """The number a dot lies above; a day's mean of 6.5 above 7, as such a number is read everywhere here."""
    return floor(mood + 0.5)


def _room(*counts: Counter[int]) -> tuple[float, int]:
    """How far apart dots lie, and how many beside each other, so that the tallest stack has room."""
    tallest = max(max(one.values()) for one in counts)
    if tallest * _PITCH <= _TALLEST:
        return _PITCH, 1
    columns = int(_ACROSS // _PITCH)
    pitch = _PITCH
    while ceil(tallest / columns) * pitch > _TALLEST:
        columns += 1
        pitch = min(pitch, _ACROSS / columns)
    return pitch, columns


def _places(moods: Iterable[float], bottom: float, *, pitch: float, columns: int) -> Iterable[Point]:
    for mood, number in sorted(Counter(map(_mood, moods)).items()):
        for one in range(number):
            row, column = divmod(one, columns)
            wide = min(number, columns)
            x = _x(mood) + (column - (wide - 1) / 2) * pitch
            yield round(10 * x), round(10 * (bottom - 5 - row * pitch))


def _x(mood: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * mood / 10


def _table(stacks: TwoStacks, more: str, less: str) -> Table:
    """How many days of each mood on either side; dots lie above whole numbers, and so does this count them."""
    counts = Counter(map(_mood, stacks.more)), Counter(map(_mood, stacks.less))
    moods = sorted(counts[0].keys() | counts[1].keys(), reverse=True)
    return Table(
        caption=_("Days by their mood"),
        head=(_("Mood"), more, less),
        rows=(
            *((str(mood), *(whole(one[mood]) for one in counts)) for mood in moods),
            (_("Average"), figure(stacks.mean_more), figure(stacks.mean_less)),
        ),
    )
