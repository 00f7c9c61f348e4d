"""What the journal is called on the home screen of a phone, and when adding it there is offered."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class AppName(StrEnum):
    """The journal's own name, or a neutral one for whoever does not want to be asked what it is."""

    TIDELINE = "tideline"
    DAYBOOK = "daybook"


APP_NAME = "app_name"
SETTLED = "home_screen_settled"
"""Among a patient's preferences: the name they chose, and that adding it was answered, with yes or with “not now”."""


def app_name(code: object) -> AppName:
    """The name with this code; the journal's own for whatever is none."""
    return next((name for name in AppName if name == code), AppName.TIDELINE)


def is_offered(preferences: Mapping[str, object], *, has_checked_in_today: bool) -> bool:
    """To somebody who is done for today, so that it never stands beside the question; never again after any answer."""
    return has_checked_in_today and not preferences.get(SETTLED)
