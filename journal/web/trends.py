"""The patient's own trends: mood, sleep, activity and the rest over a range they choose."""

from __future__ import annotations

from datetime import timedelta

import flask

from journal.domain.baselines import Baseline, baseline_of
from journal.domain.consents import WHOLE
from journal.domain.treatments import BASELINE_WINDOW, first_of_course, markers
from journal.domain.trends import AROUND_DAYS, Range, days_of
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.services import insights
from journal.storage import checkins, courses, key_moments, medications, patients, transfers, treatments
from journal.web import current
from journal.web.charts import days as charts
from journal.web.charts.marks import marks_of
from journal.web.charts.parts import Period
from journal.web.charts.stacks import link_of

RANGES = {
    Range.FOUR_WEEKS: translatable("4 weeks"),
    Range.THREE_MONTHS: translatable("3 months"),
    Range.YEAR: translatable("A year"),
    Range.EVERYTHING: translatable("Everything"),
}


def mine() -> str:
    """One page, four ranges as links; each chart with its numbers as a table."""
    db, patient, today = current.db(), current.patient(), current.today()
    asked = flask.request.args.get("range")
    shown = Range(asked) if asked in set(Range) else Range.FOUR_WEEKS
    sessions = markers(treatments.treatments_of(db, patient.id))
    course = courses.present_course(db, patient.id)
    first_session = first_of_course((one.local_date for one in sessions), course)
    logged = checkins.logged_dates(db, patient.id, last=today, sight=WHOLE)
    first_day = min([patient.first_day, *logged[:1]])
    first_import = transfers.first_imported_day(db, patient.id)
    earliest = min(first_day, first_import) if first_import else first_day
    period = Period(shown.first_date(today, earliest), today, first_day)
    first_read = period.first - timedelta(days=AROUND_DAYS)
    days = days_of(checkins.readings_for(db, patient.id, first=first_read, last=today, sight=WHOLE))
    before, window_days = [], course.baseline_window_days if course else BASELINE_WINDOW
    if first_session is not None:
        begins = first_session - timedelta(days=window_days)
        before = days_of(checkins.readings_for(db, patient.id, first=begins, last=first_session, sight=WHOLE))
    baseline = baseline_of(before, first_session, window_days=window_days)
    drawn = [
        charts.mood_chart(
            days,
            period,
            treatments=sessions,
            baseline=baseline if isinstance(baseline, Baseline) else None,
            marks=marks_of(
                medications.medications_of(db, patient.id), key_moments.moments_of(db, patient.id)
            ),
        ),
        charts.sleep_chart(days, period, treatments=sessions),
        charts.activity_chart(days, period, treatments=sessions),
        charts.anxiety_chart(days, period, treatments=sessions),
        charts.energy_chart(days, period, treatments=sessions),
        *charts.imported_charts(transfers.imported_days(db, patient.id, period.first, today), period),
    ]
    sleep, activity = insights.links_for(db, patient, WHOLE, until=today)
    return flask.render_template(
        "trends/mine.html",
        link=link_of(
            sleep,
            activity,
            has_session=bool(sessions),
            readers=[one.name for one in patients.readers_of(db, patient.id, now=current.now())],
        ),
        ranges=[(_(text), f"?range={one.value}", one is shown) for one, text in RANGES.items()],
        charts=[chart for chart in drawn if chart is not None],
        begun=bool(logged),
    )
