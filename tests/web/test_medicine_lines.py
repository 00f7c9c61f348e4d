"""Medicines and key moments as lines: since when, by whom, and whose to mend."""

from __future__ import annotations

from datetime import date

from journal.domain.key_moments import KeyMoment
from journal.domain.medications import Medication
from journal.domain.treatments import Source
from journal.storage.key_moments import KeptMoment
from journal.storage.medications import KeptMedication
from journal.web.medicine_lines import line_of, medicine_list, moment_lines

TODAY = date(2026, 3, 30)


def kept(
    public_id: str = "a", since: date | None = None, until: date | None = None, **more: object
) -> KeptMedication:
    source = Source.CLINICIAN if more.get("by_provider_id") else Source.PATIENT
    return KeptMedication(
        Medication(public_id, "Sertraline", "50 mg", True, since, until, source),
        **more,  # type: ignore[arg-type]
    )


def test_the_days_of_a_medicine_are_written_out() -> None:
    january, march = date(2026, 1, 5), date(2026, 3, 9)
    assert line_of(kept()).days == ""
    assert line_of(kept(since=january)).days == "since 5 January 2026"
    assert line_of(kept(since=january, until=march)).days == "5 January 2026 to 9 March 2026"
    assert line_of(kept(until=march)).days == "until 9 March 2026"
    assert line_of(kept(began_earlier=True)).days == "begun earlier than you can see"
    assert line_of(kept(until=march, began_earlier=True)).days == (
        "until 9 March 2026, begun earlier than you can see"
    )


def test_what_ended_yesterday_is_not_taken_now() -> None:
    rows = [kept("over", until=date(2026, 3, 29)), kept("today", until=TODAY), kept("still")]
    shown = medicine_list(rows, today=TODAY, names={})
    assert [line.kept.taken.public_id for line in shown.now] == ["today", "still"]
    assert [line.kept.taken.public_id for line in shown.before] == ["over"]


def test_a_clinician_is_named_where_the_reader_may_know_the_name() -> None:
    rows = [kept("a", by_provider_id=7), kept("b", by_provider_id=8), kept("c")]
    shown = medicine_list(rows, today=TODAY, names={7: "Bob"}, own={"c"})
    assert [(line.recorded_by, line.may_mend) for line in shown.now] == [
        ("Bob", False),
        ("a clinician", False),
        ("", True),
    ]


def test_an_end_that_the_other_side_wrote_down_is_told() -> None:
    theirs = kept(until=TODAY, by_provider_id=7, ended_source=Source.PATIENT)
    assert line_of(theirs).ended_by == "its end was written down by the patient"
    hers = kept(until=TODAY, ended_source=Source.CLINICIAN)
    assert line_of(hers).ended_by == "its end was written down by a clinician"
    assert line_of(kept(until=TODAY, ended_source=Source.PATIENT)).ended_by == ""


def test_moments_say_who_wrote_them() -> None:
    hers = KeptMoment(KeyMoment("a", TODAY, "Moved", False, Source.PATIENT))
    his = KeptMoment(KeyMoment("b", TODAY, "Dose review", False, Source.CLINICIAN), by_provider_id=7)
    lines = moment_lines([hers, his], names={7: "Bob"}, own={"a"})
    assert [(line.recorded_by, line.may_change) for line in lines] == [("", True), ("Bob", False)]
