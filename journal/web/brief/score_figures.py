"""How the figures of questionnaires were computed: every score of one kind, and the answers to the ninth item.

No web framework inside.
"""

from __future__ import annotations

from collections.abc import Callable

from journal.domain.evidence import Grade
from journal.domain.instrument_files import instrument
from journal.domain.instruments import Instrument
from journal.domain.periods import ComparedPeriod
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.assessment_words import band_words
from journal.web.brief.computed import NONE, Computed, Part
from journal.web.brief.numbers import (
    Figure,
    dated_scores,
    item_nine_answers,
    item_nine_words,
    score_figures,
)
from journal.web.brief.rows import BriefRows
from journal.web.charts.tables import Table
from journal.wording import day_and_year


def of_code(code: str) -> Callable[[BriefRows, ComparedPeriod], Computed]:
    """What builds the page of one questionnaire."""

    def build(rows: BriefRows, wanted: ComparedPeriod) -> Computed:
        known = instrument(code)
        scores = [one for one in dated_scores(rows.scores, last=rows.today) if one.score.scored_as == code]
        shown = _shown(rows, wanted, code)
        table = Table(
            caption=known.name,
            head=(_("Day"), _("Total"), _("Range")),
            rows=tuple(
                (day_and_year(one.on), str(one.score.total), band_words(one.score))
                for one in reversed(scores)
            ),
        )
        return Computed(
            title=known.name,
            value=shown.value if shown else NONE,
            basis=" · ".join(part for part in (shown.was, shown.basis) if part)
            if shown
            else ngettext("%(num)s score in all", "%(num)s scores in all", len(scores)),
            formula=_formula(known),
            parts=(Part("rows", _("Every score"), (), table),),
            caution=_("A score is no diagnosis."),
        )

    return build


def item_nine(rows: BriefRows, wanted: ComparedPeriod) -> Computed:
    """Every answer to the ninth item of the PHQ-9."""
    answers = item_nine_answers(rows.scores, last=rows.today)
    shown = _shown(rows, wanted, "phq9-item-9")
    table = Table(
        caption=_("PHQ-9 item 9"),
        head=(_("Day"), _("Answer")),
        rows=tuple((day_and_year(on), item_nine_words(answer)) for on, answer in reversed(answers)),
    )
    return Computed(
        title=_("PHQ-9 item 9"),
        value=shown.value if shown else NONE,
        basis=" · ".join(part for part in (shown.was, shown.basis) if part) if shown else "",
        formula=(
            _("The answer to the ninth question as it was given, 0 to 3, over the last two weeks."),
            _(
                "It is asked only where a named person reads the answers on weekdays; a PHQ-8 has no such question."
            ),
        ),
        parts=(Part("rows", _("Every answer"), (), table),),
        caution=_("A 0 is the answer of one day. It is no sign of safety."),
    )


def _shown(rows: BriefRows, wanted: ComparedPeriod, name: str) -> Figure | None:
    return next((one for one in score_figures(rows.scores, wanted) if one.name == name), None)


def _formula(known: Instrument) -> tuple[str, ...]:
    said = [
        _(
            "The sum of the answers. Only a questionnaire with every question answered has a total; nothing is "
            "estimated."
        ),
        _(
            "Beside the latest total of these dates stands the latest one before them, of the same questionnaire."
        ),
    ]
    if known.bands:
        said.append(_("The words for ranges are the published ones."))
    else:
        said.append(_("No ranges are published for it, so none are shown."))
    if known.reliable is not None:
        threshold = known.reliable.threshold
        said.append(
            ngettext(
                "Setting: a change of %(num)s point or more is marked elsewhere.",
                "Setting: a change of %(num)s points or more is marked elsewhere.",
                threshold,
            )
        )
        if known.reliable.source.grade is Grade.NOT_VERIFIED:
            said.append(_("Nobody has verified that figure at its source."))
    return tuple(said)
