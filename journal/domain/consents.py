"""Who may read what: the only definition of it. Every page, figure, export and message asks here.

A consent belongs to one patient and one provider, opens scopes, may begin at a date and always ends. Rows are never
changed: a change ends one consent and adds another, so that the past stays readable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from journal.domain.errors import Refused

LASTS = timedelta(days=365)
"""A consent ends by itself after this time; the patient is asked before."""

TEXT_VERSION = "2026-11"
"""The version of the words under which a consent is given. New words ask again."""


class Scope(StrEnum):
    """A part of the journal that a patient can open to one provider. Private notes are in none of them."""

    SCORES = "scores"
    ASSESSMENTS = "assessments"
    SESSIONS = "sessions"
    NOTES = "notes"
    REFLECTIONS = "reflections"


SUGGESTED = frozenset({Scope.SCORES, Scope.ASSESSMENTS, Scope.SESSIONS, Scope.NOTES})
"""What the invitation page offers switched on. Reflections stay off unless the patient turns them on."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One patient's permission for one provider. ``visible_from`` None means everything so far."""

    public_id: str
    patient_id: int
    provider_id: int
    scopes: frozenset[Scope]
    visible_from: date | None
    granted_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    text_version: str = TEXT_VERSION

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything at ``now``: begun, not ended, not run out."""
        return self.granted_at <= now < self.expires_at and (self.ended_at is None or now < self.ended_at)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see of one patient: scopes, and the first local date that any of it may be from.

    ``own`` marks the patient's own eyes, to which private words are open too. No consent gives that.
    """

    scopes: frozenset[Scope]
    visible_from: date | None
    own: bool = False

    def opens(self, *scopes: Scope) -> bool:
        """Whether all of ``scopes`` are open; a figure that needs two scopes needs both."""
        return self.scopes.issuperset(scopes)

    def reaches(self, local_date: date) -> bool:
        """Whether a day may be shown to, or counted for, this reader."""
        return self.visible_from is None or local_date >= self.visible_from

    def check_reaches(self, local_date: date, *, field: str) -> None:
        """Refuse ``day_not_shared`` for a day that this reader does not see, and so may not write about."""
        if not self.reaches(local_date):
            raise Refused("day_not_shared", field=field, first=self.visible_from)


WHOLE = Sight(scopes=frozenset(Scope), visible_from=None, own=True)
"""What patients see of themselves."""


def sight(consents: Iterable[Consent], *, patient_id: int, provider_id: int, now: datetime) -> Sight | None:
    """What ``provider_id`` may see of ``patient_id`` at ``now``; None means: not even that the patient exists."""
    for consent in consents:
        if consent.patient_id == patient_id and consent.provider_id == provider_id and consent.is_live(now):
            return Sight(scopes=consent.scopes, visible_from=consent.visible_from)
    return None


def unbroken_since(
    consents: Iterable[Consent], *, patient_id: int, provider_id: int, now: datetime
) -> datetime | None:
    """Since when ``provider_id`` could read ``patient_id`` without a break; None: they cannot at ``now``.

    A consent that took the place of another at the same instant breaks nothing, whatever it opened.
    """
    of_pair = sorted(
        (one for one in consents if (one.patient_id, one.provider_id) == (patient_id, provider_id)),
        key=lambda one: one.granted_at,
    )
    since = open_until = None
    for one in of_pair:
        if open_until is None or open_until < one.granted_at:
            since = one.granted_at
        open_until = min(one.expires_at, one.ended_at or one.expires_at)
    return since if open_until is not None and now < open_until else None


def may_read(
    scope: Scope, *, patient_id: int, provider_id: int, consents: Iterable[Consent], now: datetime
) -> bool:
    """Whether ``provider_id`` may read ``scope`` of ``patient_id`` at ``now``."""
    seen = sight(consents, patient_id=patient_id, provider_id=provider_id, now=now)
    return seen is not None and seen.opens(scope)
