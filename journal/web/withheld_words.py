"""Why a figure is not shown, in one plain sentence for each reason. No web framework inside."""

from __future__ import annotations

from journal.domain.withheld import Reason, Withheld
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext

_WHY = {
    Reason.NO_SESSION: translatable("No session is written down yet."),
    Reason.NO_BASELINE: translatable(
        "No mood before treatment: that takes 5 days with a number in the two weeks before the first session, one of "
        "them in its last five days. What rests on it is not shown."
    ),
    Reason.BASELINE_ALREADY_LOW: translatable(
        "Mood before treatment was already above 8: a percentage of so little room is not shown."
    ),
    Reason.NOT_EVALUABLE: translatable("Too few days with a number in the week after the session to tell."),
    Reason.TOO_FEW: translatable("Too few days with a number to say anything."),
    Reason.TOO_EARLY: translatable("Too early to estimate."),
    Reason.NO_VARIATION: translatable("It was the same on all days, so there is nothing to compare."),
    Reason.NOT_SHARED: translatable("It rests on something that is not shared with you."),
}
"""A test keeps every reason in it."""


def why(found: Withheld) -> str:
    """The sentence, with how many more it takes where that is a matter of number."""
    said = _(_WHY[found.reason])
    more = found.needs - found.n
    if found.reason in {Reason.TOO_FEW, Reason.TOO_EARLY} and more > 0:
        said = " ".join([said, ngettext("It takes %(num)s more.", "It takes %(num)s more.", more)])
    return said
