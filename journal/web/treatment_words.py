"""The record of a treatment session in words: settings, measurements, side effects, doses, and what was doubted.

No web framework inside. Statuses and routes are words of ``journal.web.labels``.
"""

from __future__ import annotations

from decimal import Decimal

from journal.domain.doses import Dose, DoseUnit, derived
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.treatment_checks import Doubt
from journal.domain.treatment_records import Measured, MedicineTaken, Setting
from journal.domain.words import translatable, translatable_in
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.wording import exact

SETTINGS = {
    Setting.CLINIC: translatable_in("setting", "At the clinic"),
    Setting.HOSPITAL: translatable_in("setting", "In a hospital"),
    Setting.HOME_SUPERVISED: translatable_in("setting", "At home, supervised"),
    Setting.HOME_OTHER: translatable_in("setting", "At home, otherwise"),
}
MEASURED = {
    Measured.PRE: translatable_in("vitals", "Before"),
    Measured.PEAK: translatable_in("vitals", "About 40 minutes in, or later"),
    Measured.DISCHARGE: translatable_in("vitals", "On leaving"),
}
MEDICINES = {
    MedicineTaken.BENZODIAZEPINE: translatable_in("medicine", "Benzodiazepine"),
    MedicineTaken.STIMULANT: translatable_in("medicine", "Stimulant"),
    MedicineTaken.MAOI: translatable_in("medicine", "MAOI"),
}
SIDE_EFFECTS = {
    SideEffectCode.LIGHTHEADEDNESS: translatable_in("side effect", "Light-headed"),
    SideEffectCode.DIZZINESS: translatable_in("side effect", "Dizzy"),
    SideEffectCode.NAUSEA: translatable_in("side effect", "Nausea"),
    SideEffectCode.CONFUSION: translatable_in("side effect", "Confused"),
    SideEffectCode.DISSOCIATION: translatable_in("side effect", "Spacey or far away"),
    SideEffectCode.RAISED_HEART_RATE: translatable_in("side effect", "Heart beating fast"),
    SideEffectCode.BLURRED_VISION: translatable_in("side effect", "Blurred vision"),
    SideEffectCode.MOOD_CHANGE: translatable_in("side effect", "Mood going up and down"),
    SideEffectCode.TIREDNESS: translatable_in("side effect", "Very tired"),
    SideEffectCode.REFLECTIVE: translatable_in("side effect", "Thoughtful"),
    SideEffectCode.VOMITING: translatable_in("side effect", "Vomiting"),
    SideEffectCode.HEADACHE: translatable_in("side effect", "Headache"),
    SideEffectCode.ANXIETY: translatable_in("side effect", "Anxiety"),
    SideEffectCode.VERTIGO: translatable_in("side effect", "The room spinning"),
    SideEffectCode.SOMNOLENCE: translatable_in("side effect", "Sleepy"),
    SideEffectCode.DYSGEUSIA: translatable_in("side effect", "An odd taste"),
    SideEffectCode.RAISED_BP: translatable_in("side effect", "High blood pressure, measured"),
    SideEffectCode.CHEST_PAIN: translatable_in("side effect", "Chest pain"),
    SideEffectCode.FAINTING: translatable_in("side effect", "Fainting"),
    SideEffectCode.SEVERE_HEADACHE: translatable_in("side effect", "Sudden, severe headache"),
    SideEffectCode.BREATHING_TROUBLE: translatable_in("side effect", "Trouble breathing"),
}
"""What can be named of a session. The two-weekly questions have words of their own."""
SEVERITIES = {
    Severity.MILD: translatable_in("severity", "Mild"),
    Severity.MODERATE: translatable_in("severity", "Moderate"),
    Severity.SEVERE: translatable_in("severity", "Severe"),
}
EXPERIENCES = (
    translatable_in("experience", "Very hard"),
    translatable_in("experience", "Hard"),
    translatable_in("experience", "Mixed"),
    translatable_in("experience", "Good"),
    translatable_in("experience", "Very good"),
)
"""How a session felt overall, from 0 to 4."""
EXPERIENCE_WORDS = {
    "peaceful": translatable_in("experience", "Peaceful"),
    "floating": translatable_in("experience", "Floating"),
    "sad": translatable_in("experience", "Sad"),
    "moved": translatable_in("experience", "Moved"),
    "connected": translatable_in("experience", "Connected"),
    "frightened": translatable_in("experience", "Frightened"),
    "confused": translatable_in("experience", "Confused"),
    "hard_to_describe": translatable_in("experience", "Hard to describe"),
}

# The figures stand in `journal.domain.clinical_limits`. What nobody has held against its source is named a limit of
# this journal's own.
_DOUBTS = {
    "dose_unusual": translatable(
        "%(value)s is outside %(low)s to %(high)s. If that is what was given, it is kept as written."
    ),
    "blood_pressure_before_dose": translatable(
        "%(value)s before the dose is above %(limit)s. The esketamine label says to weigh a delay of the dose."
    ),
    "blood_pressure_very_high": translatable(
        "%(value)s reaches %(limit)s, the limit that this journal is set to. Measure again and act on it first."
    ),
    "dissociation_lasted": translatable("It took longer than a day to pass. Tell the clinic, please."),
}
_KEPT = {
    "dose_unusual": translatable("Dose of %(value)s: outside %(low)s to %(high)s"),
    "blood_pressure_before_dose": translatable("%(value)s before the dose: above %(limit)s"),
    "blood_pressure_very_high": translatable("%(value)s: at or above %(limit)s, a limit set in this journal"),
    "dissociation_lasted": translatable("The detached feeling took longer than a day to pass"),
}


def setting_words(setting: Setting | None) -> str:
    """“At the clinic”, in the language being spoken; empty where nobody said."""
    return pgettext("setting", SETTINGS[setting]) if setting else ""


def measured_words(measured: Measured) -> str:
    """“On leaving”, in the language being spoken."""
    return pgettext("vitals", MEASURED[measured])


def medicine_words(medicine: MedicineTaken) -> str:
    """“Stimulant”, in the language being spoken."""
    return pgettext("medicine", MEDICINES[medicine])


def side_effect_words(code: SideEffectCode) -> str:
    """“Nausea”, in the language being spoken."""
    return pgettext("side effect", SIDE_EFFECTS[code])


def severity_words(severity: Severity | None) -> str:
    """“Mild”, in the language being spoken; empty where it has none."""
    return pgettext("severity", SEVERITIES[severity]) if severity else ""


def experience_words(word: str) -> str:
    """“Floating”, in the language being spoken."""
    return pgettext("experience", EXPERIENCE_WORDS[word])


def valence_words(valence: int | None) -> str:
    """“Mixed”, in the language being spoken; empty where nobody said."""
    return "" if valence is None else pgettext("experience", EXPERIENCES[valence])


def unit_words(unit: DoseUnit) -> str:
    """“mg/kg”, the same in every language."""
    return unit.value


def dose_words(dose: Dose) -> str:
    """“0.5 mg/kg”, with no digit that was not written."""
    return amount(dose.value, unit_words(dose.unit))


def dose_otherwise(dose: Dose, weight_kg: Decimal | None) -> str:
    """“35 mg for 70 kg”: the other unit, to be read beside the dose; empty where nobody was weighed."""
    if weight_kg is None:
        return ""
    other = derived(dose, weight_kg=weight_kg)
    return _(
        "%(dose)s for %(weight)s",
        dose=amount(other.value, unit_words(other.unit)),
        weight=amount(weight_kg, "kg"),
    )


def amount(value: Decimal, unit: str) -> str:
    """A figure and its unit, which no line end parts."""
    return f"{exact(value)}\N{NO-BREAK SPACE}{unit}"


def doubt_words(doubt: Doubt) -> str:
    """What is asked about something before it is kept."""
    return _(_DOUBTS[doubt.code], **_figures(doubt))


def kept_doubt_words(doubt: Doubt) -> str:
    """What stands beside something that was kept, for whoever reads the record."""
    return _(_KEPT[doubt.code], **_figures(doubt))


def _figures(doubt: Doubt) -> dict[str, str]:
    low, *rest = doubt.limits
    words = {"value": "", "low": "", "high": "", "limit": ""}
    if doubt.code == "dose_unusual":
        words |= {
            "value": amount(doubt.value[0], low.unit),
            "low": amount(low.value, low.unit),
            "high": amount(rest[0].value, low.unit),
        }
    elif doubt.code.startswith("blood_pressure"):
        words |= {
            "value": f"{doubt.value[0]}/{doubt.value[1]}\N{NO-BREAK SPACE}mmHg",
            "limit": f"{low.value}/{rest[0].value}\N{NO-BREAK SPACE}mmHg",
        }
    return words
