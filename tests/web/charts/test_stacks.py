"""What goes with better days: the two stacks, their words, and when there is no picture."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from journal.domain.associations import Association, LinkStatus, Per, Slope, TwoStacks
from journal.web.charts.stacks import Link, link_of

MORE = (6.0,) * 6 + (5.0,) * 4 + (7.0,) * 3
LESS = (4.0,) * 4 + (6.5, 7.0, 8.0, 3.0, 5.0, 6.0)
STACKS = TwoStacks(split=7.0, more=MORE, less=LESS, mean_more=6.1, mean_less=5.2)


def found(
    per: Per = Per.HOUR,
    *,
    split: float = 7.0,
    status: LinkStatus = LinkStatus.LINK,
    n: int = 45,
    stacks: TwoStacks | None = STACKS,
) -> Association:
    if stacks is not None:
        stacks = TwoStacks(split, stacks.more, stacks.less, stacks.mean_more, stacks.mean_less)
    slope = Slope(0.5, 0.2, 0.8, n)
    return Association(status, n, per, slope, None, stacks, (date(2026, 3, 1),))


def link(
    sleep: Association | None, activity: Association | None = None, *readers: str, has_session: bool = True
) -> Link:
    shown = link_of(sleep, activity, has_session=has_session, readers=readers)
    assert shown is not None
    return shown


def nothing(n: int, status: LinkStatus = LinkStatus.NO_CLEAR_LINK) -> Association:
    return found(status=status, n=n, stacks=None)


def dots(shown: Link, classes: str) -> int:
    assert shown.drawing is not None
    return sum(shape.d.count("M") for shape in shown.drawing.shapes if shape.classes == classes)


@pytest.mark.parametrize(
    ("per", "split", "said", "names"),
    [
        (
            Per.HOUR,
            7.5,
            "Your mood on days after 7.5 or more hours of sleep was about 0.9 higher.",
            ("7.5 h or more", "Under 7.5 h"),
        ),
        (
            Per.QUALITY_STEP,
            3,
            "Your mood on days after nights you called “Good or better” was about 0.9 higher.",
            ("Good or better", "Fair or worse"),
        ),
        (
            Per.QUALITY_STEP,
            4,
            "Your mood on days after nights you called “Excellent” was about 0.9 higher.",
            ("Excellent", "Good or worse"),
        ),
        (
            Per.QUALITY_STEP,
            1,
            "Your mood on days after nights you called “Poor or better” was about 0.9 higher.",
            ("Poor or better", "Terrible"),
        ),
        (
            Per.HALF_HOUR,
            30,
            "Your mood on days with 30 or more active minutes was about 0.9 higher.",
            ("30 min or more", "Under 30 min"),
        ),
    ],
)
def test_it_is_said_by_how_much_and_what_the_two_sides_are(
    per: Per, split: float, said: str, names: tuple[str, str]
) -> None:
    shown = link(found(per, split=split))
    assert shown.said == said
    assert shown.drawing is not None
    assert tuple(label.text for label in shown.drawing.labels if "c-strong" in label.classes) == names


def test_both_counts_and_both_means_stand_beside_the_stacks_and_in_the_table() -> None:
    shown = link(found())
    assert shown.sentence == (
        "7 h or more: average mood 6.1 over 13 days. Under 7 h: average mood 5.2 over 10 days. The two overlap."
    )
    assert shown.drawing is not None
    texts = [label.text for label in shown.drawing.labels]
    assert "average 6.1 · 13 days" in texts
    assert "average 5.2 · 10 days" in texts
    assert shown.table is not None
    assert shown.table.head == ("Mood", "7 h or more", "Under 7 h")
    assert shown.table.rows == (
        ("8", "0", "1"),
        ("7", "3", "2"),
        ("6", "6", "1"),
        ("5", "4", "1"),
        ("4", "0", "4"),
        ("3", "0", "1"),
        ("Average", "6.1", "5.2"),
    )


def test_every_day_is_one_dot() -> None:
    shown = link(found())
    assert (dots(shown, "c-dot c-mood-d"), dots(shown, "c-dot c-alt-d")) == (13, 10)


def test_ten_years_of_days_stay_inside_the_drawing_and_in_their_own_column() -> None:
    many = TwoStacks(7.0, (6.0,) * 1500 + (7.0,) * 300, (5.0,) * 1500, 6.2, 5.0)
    shown = link(found(stacks=many))
    assert shown.drawing is not None
    (dotted,) = (shape for shape in shown.drawing.shapes if shape.classes == "c-dot c-mood-d")
    xs = [float(part.split()[0]) for part in dotted.d.split("M")[1:]]
    ys = [float(part.split()[1].split("a")[0]) for part in dotted.d.split("M")[1:]]
    assert len(xs) == 1800
    assert min(ys) > 22
    left = [x for x in xs if x < 12 + 6.5 * 30.2]
    assert len(left) == 1500
    assert max(left) - min(left) < 28


def test_the_interval_is_shown_and_few_pairs_are_called_preliminary() -> None:
    said = (
        "Over 45 nights, each hour more went with a mood 0.2 to 0.8 higher, the day before taken into account "
        "(95 % interval)."
    )
    assert link(found()).interval == said
    few = link(found(status=LinkStatus.PRELIMINARY, n=30))
    assert few.interval.startswith(
        "Preliminary: there are few nights to go by. Over 30 nights, each hour more"
    )


def test_it_is_a_pattern_and_no_proof_and_worth_raising_with_whoever_reads_along() -> None:
    behind = "Better sleep may lift mood, a better mood may help sleep, or your session may be behind both."
    assert link(found(), None, "Lena").caution == (
        f"This is a pattern, not proof. {behind} It could be worth raising with Lena."
    )
    assert link(found()).caution == f"This is a pattern, not proof. {behind}"
    assert link(found(), None, "Lena", "Amara").caution.endswith("with somebody you share with.")
    assert "or something else may be behind both" in link(found(), has_session=False).caution
    assert "Moving more may lift mood" in link(None, found(Per.HALF_HOUR, split=30)).caution


def test_there_is_one_link_at_most_and_sleep_comes_first() -> None:
    moving = found(Per.HALF_HOUR, split=30)
    assert "hours of sleep" in link(found(), moving).said
    assert "active minutes" in link(nothing(45), moving).said


def test_otherwise_there_is_no_clear_link_yet_and_from_how_much() -> None:
    shown = link(nothing(45), nothing(1, LinkStatus.TOO_FEW))
    assert shown.said == "No clear link yet. Looked at so far: 45 nights and 1 day with activity."
    assert shown.drawing is None


def test_before_there_is_enough_it_is_said_how_much_it_takes() -> None:
    few = link(nothing(12, LinkStatus.TOO_FEW), nothing(3, LinkStatus.TOO_FEW))
    assert few.said == (
        "No clear link yet. Looked at so far: 12 nights and 3 days with activity. "
        "A first look takes 28 nights or 42 days."
    )
    assert link_of(nothing(0), None, has_session=False, readers=()) is None


def test_the_drawing_is_well_formed() -> None:
    shown = link(found())
    assert shown.drawing is not None
    path = "".join(f'<path class="{shape.classes}" d="{shape.d}"/>' for shape in shown.drawing.shapes)
    assert len(ElementTree.fromstring(f"<svg>{path}</svg>")) == 6


def test_an_interval_that_is_clear_of_zero_does_not_look_as_if_it_began_there() -> None:
    narrow = Association(LinkStatus.LINK, 60, Per.HOUR, Slope(0.3, 0.04, 0.56, 60), None, STACKS, ())
    assert "a mood 0.04 to 0.56 higher" in link(narrow).interval
