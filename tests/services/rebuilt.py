"""The figures of ``journal insights --json`` computed once more, from its own days and sessions alone.

Written from the formulas in ``docs/insights.md`` with plain loops over dates, and with nothing of the program: whoever
doubts a figure can read along here. Regression is left to statsmodels.
"""

from __future__ import annotations

import math
import statistics
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

DAY = timedelta(days=1)
EPS = 1e-9
Doc = dict[str, Any]


def at(text: str) -> date:
    return date.fromisoformat(text)


class Journal:
    """What the document says was written down."""

    def __init__(self, doc: Doc) -> None:
        self.until = at(doc["until"])
        self.days = {at(day["local_date"]): day for day in doc["days"]}
        self.mood = {on: day["mood"] for on, day in self.days.items() if day["mood"] is not None}
        self.courses = [*doc["earlier_courses"], doc]
        self.session_dates = sorted(
            at(one["local_date"]) for course in self.courses for one in course["sessions"]
        )
        self.sessions = {at(one["local_date"]): one for course in self.courses for one in course["sessions"]}
        self.medicine_changed = [at(day) for day in doc["medication_changes"]]
        self.reminders_paused = paused_dates(doc, "reminders", self.until)

    def before(self, session: date) -> date:
        """The session before, or long ago."""
        return max((one for one in self.session_dates if one < session), default=date.min)

    def after(self, session: date) -> date | None:
        return min((one for one in self.session_dates if one > session), default=None)


def paused_dates(course: Doc, of: str, until: date) -> set[date]:
    found = set()
    for one in course["paused"]:
        on, last = at(one["from"]), at(one["to"]) if one["to"] else until
        while one["of"] == of and on <= last:
            found.add(on)
            on += DAY
    return found


def coverage(journal: Journal, doc: Doc) -> Doc:
    first = at(doc["coverage"]["first_day"])
    eligible = []
    on = first
    while on <= journal.until:
        if on not in journal.reminders_paused:
            eligible.append(on)
        on += DAY
    found: Doc = {}
    for name, last in (("days_7", 7), ("days_28", 28), ("all", 10**6)):
        dates = [on for on in eligible if (journal.until - on).days < last]
        logged = sum(on in journal.days for on in dates)
        found[name] = {
            "logged": logged,
            "eligible": len(dates),
            "share": logged / len(dates) if dates else None,
        }
    return found


def baseline(journal: Journal, course: Doc, window_days: int) -> Doc | None:
    if not course["sessions"]:
        return None
    first = min(at(one["local_date"]) for one in course["sessions"])
    burdens = {
        back: 10 - journal.mood[first - back * DAY]
        for back in range(1, window_days + 1)
        if first - back * DAY in journal.mood
    }
    if len(burdens) < 5 or min(burdens) > 5:
        return None
    b = statistics.median(burdens.values())
    return {"burden": b, "mood": 10 - b, "hold_line": 10 - 0.75 * b, "n": len(burdens)}


def session(journal: Journal, course: Doc, row: Doc, b: float | None) -> Doc:
    on = at(row["local_date"])
    following = journal.after(on)
    ends = following if following is not None else journal.until + DAY
    mood = {
        day: journal.mood[on + day * DAY]
        for day in range(-3, (ends - on).days)
        if on + day * DAY in journal.mood and on + day * DAY > journal.before(on)
    }
    found: Doc = {"change_before_after": None, "before": None}
    eve = [mood[day] for day in (-3, -2, -1) if day in mood]
    then = [mood[day] for day in (1, 2, 3) if day in mood]
    if eve:
        found["before"] = sum(eve) / len(eve)
    if len(eve) >= 2 and len(then) >= 2:
        found["change_before_after"] = sum(then) / len(then) - sum(eve) / len(eve)
    found["peak"] = max((mood[day] for day in range(8) if day in mood), default=None)
    if b is None:
        return found | {"response": None}
    if b < 2 - EPS:
        return found | {"response": None, "reason": "baseline_already_low"}

    # Which days count: walk on until something ends them.
    logged = [day for day in sorted(mood) if day > 0]
    ended = at(course["course_end"]) if course["course_end"] else None
    until_next = [*logged, (ends - on).days] if following is not None else logged
    gap_begins = {one + 1 for one, two in zip(until_next, until_next[1:], strict=False) if two - one - 1 > 5}
    counted: list[int] = []
    why = "end_of_data" if following is None else "next_session"
    for day in range(1, (ends - on).days):
        date_of = on + day * DAY
        if day in gap_begins:
            why = "gap"
            break
        if date_of in paused_dates(course, "course", journal.until):
            why = "paused"
            break
        if ended is not None and date_of >= ended:
            why = "ended"
            break
        if row["censor_medication_change"] and date_of in journal.medicine_changed:
            why = "medication"
            break
        if day in mood:
            counted.append(day)
    w = counted[-1] if counted else 0
    found["n"] = len(counted)
    if sum(day <= 7 for day in counted) < 3:
        return found | {"response": None, "reason": "not_evaluable", "end_reason": why}
    better = {day: 100 * (b - (10 - mood[day])) / b for day in counted}
    week = [day for day in counted if day <= 7]
    response_day = next(
        (
            one
            for one, two in zip(week, week[1:], strict=False)
            if better[one] >= 50 - EPS and better[two] >= 50 - EPS
        ),
        None,
    )
    if response_day is None:
        return found | {"response": False, "end_reason": why}
    loss = first_low(better, response_day, 25)
    found |= {
        "response": True,
        "response_day": response_day,
        "began_to_fade_day": first_low(better, response_day, 50),
    }
    early = (
        following is not None and journal.sessions[following]["early_for_worsening"] and why == "next_session"
    )
    answer = loss or (w if early else None)
    found |= {
        "loss_of_benefit_day": answer,
        "censored": answer is None,
        "observed_days": answer or w,
        "end_reason": "loss" if loss else "early_for_worsening" if early else why,
    }
    others = []
    for pick in (max, min):
        filled = dict(better)
        for day in range(1, w):
            if day not in better:
                around = [better[one] for one in better if abs(one - day) <= 3]
                if around:
                    filled[day] = pick(around)
        others.append(first_low(filled, response_day, 25) or (w if early else None))
    changed = any(abs((one or w) - (answer or w)) > 3 for one in others)
    low = min((one for one in others if one), default=None)
    high = None if None in others else max(others)
    found["bounds"] = {"low": low, "high": high} if changed else None
    return found


def first_low(better: dict[int, float], response_day: int, line: float) -> int | None:
    days = sorted(better)
    for one, two in zip(days, days[1:], strict=False):
        if (
            one > response_day
            and better[one] < line - EPS
            and better[two] < line - EPS
            and two - one - 1 <= 2
        ):
            return one
    return None


def durability(sessions: list[Doc], *, early_as_loss: bool = True) -> Doc:
    """Product limit in exact fractions."""
    held = [
        (one["observed_days"], not one["censored"] and (early_as_loss or one["end_reason"] == "loss"))
        for one in sessions
        if one["response"]
    ]
    events = sum(lost for _, lost in held)
    found: Doc = {"n": len(held), "events": events, "median": None, "table": None, "rmst_28": None}
    if len(held) < 5 or events < 3:
        return found
    s, greenwood, rows = Fraction(1), Fraction(0), []
    for t in range(1, max(days for days, _ in held) + 1):
        at_risk = sum(days >= t for days, _ in held)
        lost_today = sum(days == t and lost for days, lost in held)
        if lost_today:
            s *= 1 - Fraction(lost_today, at_risk)
            row: Doc = {"t": t, "at_risk": at_risk, "events": lost_today, "s": float(s), "se": None}
            if s > 0:
                greenwood += Fraction(lost_today, at_risk * (at_risk - lost_today))
                row["se"] = float(s) * math.sqrt(greenwood)
                spread = 1.96 * math.sqrt(greenwood) / abs(math.log(s))
                row["ci_low"] = math.exp(-math.exp(math.log(-math.log(s)) + spread))
                row["ci_high"] = math.exp(-math.exp(math.log(-math.log(s)) - spread))
            rows.append(row)
    found["table"] = rows
    found["median"] = next((row["t"] for row in rows if row["s"] <= 0.5 + EPS), None)
    height, area = 1.0, 0.0
    for day in range(28):  # the height from day to day + 1 is that after the losses on `day`
        height = next((row["s"] for row in reversed(rows) if row["t"] <= day), 1.0)
        area += height
    found["rmst_28"] = area
    return found


def aligned(journal: Journal, course: Doc) -> dict[int, list[float]]:
    """The moods of each offset, over the course's sessions."""
    found: dict[int, list[float]] = {offset: [] for offset in range(-7, 29)}
    for row in course["sessions"]:
        on = at(row["local_date"])
        following = journal.after(on)
        for offset in found:
            day = on + offset * DAY
            if day in journal.mood and day > journal.before(on) and (following is None or day < following):
                found[offset].append(journal.mood[day])
    return found


def ewma(journal: Journal, course: Doc) -> Doc | None:
    if not course["sessions"]:
        return None
    dates = sorted(at(one["local_date"]) for one in course["sessions"])
    following = journal.after(dates[-1])
    preceding = journal.before(dates[0])
    induction = [at(one["local_date"]) for one in course["sessions"] if one["phase"] == "induction"]
    start = max(induction) if induction else dates[0]
    x = [
        (on, mood)
        for on, mood in sorted(journal.mood.items())
        if on not in dates and on > preceding and (following is None or on < following)
    ]
    steady = [(on, mood) for on, mood in x if 3 <= (on - start).days <= 30][:14]
    if len(steady) < 14:
        return None
    mu = sum(mood for _, mood in steady) / 14
    s = max(statistics.stdev(mood for _, mood in steady), 0.7)
    h = 2.4 * s * math.sqrt(0.2 / 1.8 * (1 + 0.4 * 0.8) / (1 - 0.4 * 0.8) + 1.4 / (0.6 * 14))
    z, rows = mu, []
    for on, mood in x:
        if on > steady[-1][0]:
            z = 0.2 * mood + 0.8 * z
            rows.append((on, z))
    return {
        "mu": mu,
        "s": s,
        "n0": 14,
        "limit": h,
        "line": mu - h,
        "z": rows,
        "signals": [on for on, z in rows if z < mu - h - EPS],
    }


def variability(journal: Journal) -> Doc | None:
    moods = [mood for _, mood in sorted(journal.mood.items())]
    if len(moods) < 42:
        return None
    steps = [
        journal.mood[on] - journal.mood[on - DAY] for on in sorted(journal.mood) if on - DAY in journal.mood
    ]
    rmssd = math.sqrt(sum(step**2 for step in steps) / len(steps)) if steps else None
    return {"rmssd": rmssd, "sd": statistics.stdev(moods), "n": len(moods), "pairs": len(steps)}


def association(journal: Journal, item: str, *, unit: float, full: int, preliminary: int) -> Doc:
    x = {on: day[item] for on, day in journal.days.items() if day[item] is not None}
    rows = [on for on in sorted(x) if on in journal.mood and on - DAY in journal.mood]
    import statsmodels.api as sm

    found: Doc = {"n": len(rows), "b": None, "ci_low": None, "ci_high": None}
    if len(rows) < preliminary:
        return found | {"status": "too_few"}
    values = np.array([x[on] for on in rows], dtype=float)
    if np.ptp(values) == 0:
        return found | {"status": "no_variation"}
    design = np.column_stack(
        [
            (values - values.mean()) / unit,
            np.ones(len(rows)),
            [journal.mood[on - DAY] for on in rows],
            *[[float(on.weekday() == weekday) for on in rows] for weekday in range(1, 7)],
        ]
    )
    fit = sm.OLS([journal.mood[on] for on in rows], design).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": False}
    )
    b, se = float(fit.params[0]), float(fit.bse[0])
    low, high = b - 1.96 * se, b + 1.96 * se
    if len(rows) < full:
        status = "preliminary"
    else:
        status = "no_clear_link" if low <= 0 <= high else "link"
    return {"n": len(rows), "b": b, "ci_low": low, "ci_high": high, "status": status}
