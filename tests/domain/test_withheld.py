"""A figure that is withheld says why, in a word that goes into documents as it stands."""

from __future__ import annotations

from journal.domain.withheld import Reason, Withheld


def test_a_withheld_figure_is_no_matter_of_number_unless_it_says_so() -> None:
    assert Withheld(Reason.NOT_SHARED) == Withheld(Reason.NOT_SHARED, n=0, needs=0)


def test_the_reasons_are_written_as_other_programs_read_them() -> None:
    assert [str(reason) for reason in Reason] == [
        "no_session",
        "no_baseline",
        "baseline_already_low",
        "not_evaluable",
        "too_few",
        "too_early",
        "no_variation",
        "not_shared",
    ]
