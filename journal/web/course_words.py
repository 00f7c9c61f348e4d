"""The words on screen for schedules, drugs and rhythms, and what is said of the evidence to providers alone."""

from __future__ import annotations

from journal.domain.courses import PRESETS, Rhythm
from journal.domain.treatments import Drug, Phase, PresetId
from journal.domain.words import translatable, translatable_in
from journal.languages import gettext as _
from journal.languages import pgettext

SCHEDULES = {
    PresetId.IV_6X_2WK: translatable("6 infusions, three a week"),
    PresetId.IV_6X_2WK_PLUS_WEEKLY4: translatable("6 infusions, three a week, then 4 weekly"),
    PresetId.IV_6X_3WK: translatable("6 infusions over three weeks, two a week"),
    PresetId.IV_6X_21D: translatable("6 infusions within 21 days"),
    PresetId.IV_4X_2WK: translatable("4 infusions over two weeks"),
    PresetId.IV_8X_4WK: translatable("8 infusions, two a week"),
    PresetId.IV_CUSTOM: translatable("Infusions, dates of your own"),
    PresetId.ESK_TRD: translatable("Esketamine spray: 8 sessions, two a week, then 4 weekly"),
    PresetId.ESK_MDD_SI: translatable("Esketamine spray: 8 sessions, two a week"),
    PresetId.SL_HOME_4WK: translatable("Under the tongue at home, over four weeks"),
    PresetId.ORAL_CUSTOM: translatable("Swallowed, dates of your own"),
    PresetId.IM_CUSTOM: translatable("Injections into a muscle, dates of your own"),
}
_BESIDE = {
    PresetId.IV_CUSTOM: translatable("In practice 4 to 8 infusions over 7 to 28 days"),
    PresetId.ESK_TRD: translatable("Afterwards weekly or every two weeks"),
    PresetId.SL_HOME_4WK: translatable("The number of doses is not verified, so none are laid out"),
    PresetId.ORAL_CUSTOM: translatable("Experimental"),
    PresetId.IM_CUSTOM: translatable("No standard course is published"),
}
DRUGS = {
    Drug.KETAMINE_RACEMIC: translatable_in("drug", "Ketamine"),
    Drug.ESKETAMINE: translatable_in("drug", "Esketamine"),
    Drug.ARKETAMINE: translatable_in("drug", "Arketamine"),
    Drug.OTHER: translatable_in("drug", "Something else"),
}
RHYTHMS = {
    Rhythm.THREE_A_WEEK: translatable("Three a week"),
    Rhythm.TWO_A_WEEK: translatable("Two a week"),
    Rhythm.WEEKLY: translatable("Every week"),
    Rhythm.EVERY_TWO_WEEKS: translatable("Every two weeks"),
}
IN_PLAIN_WORDS = {
    Phase.PLANNED: translatable("It has not begun yet."),
    Phase.INDUCTION: translatable("The first part: sessions are close together."),
    Phase.MAINTENANCE: translatable("The part that follows: sessions are further apart."),
    Phase.PAUSED: translatable("It is resting for now. Nothing needs to be done."),
    Phase.ENDED: translatable("It is over. What you wrote stays."),
}
"""What a phase means, said to a patient."""
STEPS = {
    Phase.PLANNED: translatable_in("course", "It is planned"),
    Phase.INDUCTION: translatable_in("course", "Induction: sessions are close together"),
    Phase.MAINTENANCE: translatable_in("course", "Maintenance: sessions are further apart"),
    Phase.PAUSED: translatable_in("course", "Paused: it rests for a while"),
    Phase.ENDED: translatable_in("course", "Finished: it is over"),
}
"""A phase as something to choose."""


def schedule_words(preset_id: PresetId | None) -> str:
    """“6 infusions, three a week”, in the language being spoken."""
    return _(SCHEDULES[preset_id]) if preset_id else _("A schedule of your own")


def source_words(preset_id: PresetId) -> str:
    """Where a schedule was published, and what else is to be known of it: “Phillips 2019”."""
    source = PRESETS[preset_id].citation
    beside = _BESIDE.get(preset_id)
    return f"{_(beside)} · {source}" if beside else source


def schedules() -> list[tuple[str, str, str | None]]:
    """Every schedule, and one's own, as (value, words, source)."""
    listed: list[tuple[str, str, str | None]] = [
        (preset_id.value, schedule_words(preset_id), source_words(preset_id)) for preset_id in PRESETS
    ]
    return [*listed, ("", schedule_words(None), _("Say below what is given and how."))]


def drug_words(drug: Drug) -> str:
    """“Esketamine”, in the language being spoken."""
    return pgettext("drug", DRUGS[drug])


def rhythm_words(rhythm: Rhythm) -> str:
    """“Every two weeks”, in the language being spoken."""
    return _(RHYTHMS[rhythm])


def step_words(phase: Phase) -> str:
    """“Paused: it rests for a while”, in the language being spoken."""
    return pgettext("course", STEPS[phase])


def plain_words(phase: Phase) -> str:
    """What a phase means, in the language being spoken."""
    return _(IN_PLAIN_WORDS[phase])


def evidence_words(drug: Drug) -> list[str]:
    """What a provider is told about the strength of the evidence, with its sources."""
    said = [
        _(
            "CANMAT 2021, ketamine: one infusion is level 1 evidence, repeated infusions level 3,"
            " other routes level 3 to 4; third-line, maintenance case by case."
        ),
        _(
            "APA consensus 2017, ketamine: what is known is limited in size, in duration and in long-term safety."
        ),
    ]
    return said if drug is Drug.KETAMINE_RACEMIC else said[1:]


def missed_words(drug: Drug) -> str:
    """What esketamine’s label says of a missed session, for providers alone; empty for other drugs."""
    if drug is not Drug.ESKETAMINE:
        return ""
    return _(
        "Esketamine’s label on a missed session: where the depression is no worse, the schedule goes on;"
        " where it is, the prescriber may go back to the one before."
    )
