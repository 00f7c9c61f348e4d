"""How well a fact or a figure is known. What is known this well stands where it is used."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    """The grades of the clinical specification.

    ``NOT_VERIFIED``: a rule may run on it only where the page names the figure as a setting, and no page states it as
    a fact. ``DECIDED``: our own, no authority claimed.
    """

    READ = "R"
    READ_ELSEWHERE = "R2"
    NOT_VERIFIED = "M"
    COMPUTED = "C"
    DECIDED = "D"

    @property
    def is_of_a_source(self) -> bool:
        """Whether it says how well a source is known: what we computed or decided has none."""
        return self in {Grade.READ, Grade.READ_ELSEWHERE, Grade.NOT_VERIFIED}
