"""Who may read what, and from when until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.consents import (
    LASTS,
    SUGGESTED,
    WHOLE,
    Consent,
    Scope,
    Sight,
    may_read,
    sight,
    unbroken_since,
)
from journal.domain.errors import Refused

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
GIVEN = Consent(
    public_id="c",
    patient_id=1,
    provider_id=2,
    scopes=frozenset({Scope.SCORES, Scope.NOTES}),
    visible_from=date(2026, 3, 1),
    granted_at=NOW,
    expires_at=NOW + LASTS,
    ended_at=None,
)


def seen(*consents: Consent, now: datetime = NOW, patient_id: int = 1, provider_id: int = 2) -> Sight | None:
    return sight(consents, patient_id=patient_id, provider_id=provider_id, now=now)


def test_a_consent_opens_what_it_names_and_nothing_else() -> None:
    for scope in Scope:
        open_ = may_read(scope, patient_id=1, provider_id=2, consents=[GIVEN], now=NOW)
        assert open_ is (scope in {Scope.SCORES, Scope.NOTES})


def test_it_opens_one_patient_to_one_provider() -> None:
    assert seen(GIVEN, provider_id=3) is None
    assert seen(GIVEN, patient_id=9) is None


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (NOW - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + LASTS - timedelta(seconds=1), True),
        (NOW + LASTS, False),
    ],
)
def test_it_runs_from_when_it_is_given_until_it_runs_out(moment: datetime, is_open: bool) -> None:
    assert (seen(GIVEN, now=moment) is not None) is is_open


def test_it_ends_at_the_instant_it_is_ended() -> None:
    ended = replace(GIVEN, ended_at=NOW + timedelta(hours=1))
    assert seen(ended, now=NOW + timedelta(minutes=59)) is not None
    assert seen(ended, now=NOW + timedelta(hours=1)) is None


def test_an_ended_consent_does_not_hide_the_one_that_took_its_place() -> None:
    ended = replace(GIVEN, ended_at=NOW)
    changed = replace(GIVEN, scopes=frozenset({Scope.SESSIONS}))
    found = seen(ended, changed)
    assert found is not None
    assert found.scopes == {Scope.SESSIONS}


def test_days_before_it_begins_are_out_of_reach() -> None:
    found = seen(GIVEN)
    assert found is not None
    assert not found.reaches(date(2026, 2, 28))
    assert found.reaches(date(2026, 3, 1))
    assert replace(found, visible_from=None).reaches(date(1999, 1, 1))


def test_nobody_writes_about_a_day_before_it_begins() -> None:
    found = Sight(frozenset({Scope.SESSIONS}), date(2026, 3, 1))
    found.check_reaches(date(2026, 3, 1), field="started_on")
    with pytest.raises(Refused, match="day_not_shared") as refusal:
        found.check_reaches(date(2026, 2, 28), field="started_on")
    assert (refusal.value.field, refusal.value.details) == ("started_on", {"first": date(2026, 3, 1)})


def test_a_figure_that_needs_two_scopes_needs_both() -> None:
    found = seen(GIVEN)
    assert found is not None
    assert found.opens(Scope.SCORES, Scope.NOTES)
    assert not found.opens(Scope.SCORES, Scope.SESSIONS)


def test_no_consent_gives_the_patients_own_eyes() -> None:
    everything = seen(replace(GIVEN, scopes=frozenset(Scope), visible_from=None))
    assert everything is not None
    assert not everything.own
    assert WHOLE.own


def test_reflections_are_not_suggested() -> None:
    assert frozenset(Scope) - {Scope.REFLECTIONS} == SUGGESTED


def read_since(*consents: Consent, now: datetime = NOW + timedelta(days=10)) -> datetime | None:
    return unbroken_since(consents, patient_id=1, provider_id=2, now=now)


def test_sharing_goes_on_through_every_change_of_what_is_open() -> None:
    changed = NOW + timedelta(days=3)
    after = replace(GIVEN, granted_at=changed, expires_at=changed + LASTS)
    assert read_since(replace(GIVEN, ended_at=changed), after) == NOW


@pytest.mark.parametrize(
    "ended", [{"ended_at": NOW + timedelta(days=2)}, {"expires_at": NOW + timedelta(days=2)}]
)
def test_sharing_that_was_over_begins_anew(ended: dict[str, datetime]) -> None:
    again = NOW + timedelta(days=3)
    assert read_since(replace(GIVEN, **ended), replace(GIVEN, granted_at=again)) == again


def test_nobody_reads_since_any_time_where_nothing_is_open_now() -> None:
    assert read_since() is None
    assert read_since(replace(GIVEN, ended_at=NOW + timedelta(days=1))) is None
    assert read_since(replace(GIVEN, provider_id=3)) is None
