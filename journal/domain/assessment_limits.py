"""The figures of the assessment calendar, each with its unit and where it comes from. Nothing else lives here.

All are decisions of the product's clinical specification, none an authority's; a clinic may choose another cadence.
"""

from __future__ import annotations

from datetime import timedelta

EVERY = timedelta(days=14)
"""From one completed questionnaire to the next: the two weeks that PHQ and GAD ask about."""

AFTER_SESSION = timedelta(days=14)
"""From a session to the next questionnaire: the first day whose two weeks hold no day before it."""

NEVER_LATER = timedelta(days=28)
"""After the last completed one, however many sessions there were: each of an induction series would put it off."""

WEEKLY = timedelta(days=7)
WEEKLY_FOR = timedelta(days=28)
"""The cadence of clinics that insist: every week at first, with two weeks of recall that overlap."""

NEAR_SESSION = timedelta(days=2)
"""Due this near to a planned session, on either side: asked before it."""

OPEN_FOR = timedelta(days=4)
"""How long one stays open, the day it is due included: four dates."""

REMINDED_AFTER = timedelta(days=2)
"""From the due date to its one reminder."""
