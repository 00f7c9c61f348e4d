"""The two-weekly questions in words, and their answers. No web framework inside."""

from __future__ import annotations

from journal.domain.long_term_flags import LongTermCheck
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.words import translatable, translatable_in
from journal.languages import gettext as _
from journal.languages import pgettext

QUESTIONS = {
    SideEffectCode.URINARY_URGENCY_FREQUENCY: translatable(
        "Did you have to pass urine more often, or more urgently, than you usually do?"
    ),
    SideEffectCode.PAIN_ON_URINATION: translatable("Did it hurt or burn when you passed urine?"),
    SideEffectCode.BLOOD_IN_URINE: translatable("Was there blood in your urine?"),
    SideEffectCode.LOWER_ABDOMINAL_PAIN: translatable("Did you have pain low in your belly?"),
    SideEffectCode.MEMORY_TROUBLE: translatable("Did you have trouble remembering things?"),
    SideEffectCode.CRAVING_OR_EXTRA_USE: translatable("Did you want or use ketamine outside your plan?"),
}
"""Each asks about the last two weeks."""
NAMES = {
    SideEffectCode.URINARY_URGENCY_FREQUENCY: translatable_in(
        "two-weekly", "Passing urine often or urgently"
    ),
    SideEffectCode.PAIN_ON_URINATION: translatable_in("two-weekly", "Pain when passing urine"),
    SideEffectCode.BLOOD_IN_URINE: translatable_in("two-weekly", "Blood in urine"),
    SideEffectCode.LOWER_ABDOMINAL_PAIN: translatable_in("two-weekly", "Pain low in the belly"),
    SideEffectCode.MEMORY_TROUBLE: translatable_in("two-weekly", "Trouble remembering"),
    SideEffectCode.CRAVING_OR_EXTRA_USE: translatable_in("two-weekly", "Ketamine outside the plan"),
}
_SEVERITIES = {
    Severity.NOT_PRESENT: translatable_in("severity", "No"),
    Severity.MILD: translatable_in("severity", "Mild"),
    Severity.MODERATE: translatable_in("severity", "Moderate"),
    Severity.SEVERE: translatable_in("severity", "Severe"),
}
_AMOUNTS = {
    Severity.MILD: translatable_in("amount", "A little"),
    Severity.MODERATE: translatable_in("amount", "Some"),
    Severity.SEVERE: translatable_in("amount", "A lot"),
}
_NOT_ANSWERED = translatable_in("two-weekly", "Not answered")


def options(code: SideEffectCode) -> list[tuple[str, str]]:
    """The answers that a question offers: (value, words). The empty one takes an answer back."""
    none = ("", _("Rather not say"))
    if code is SideEffectCode.CRAVING_OR_EXTRA_USE:
        return [("0", pgettext("answer", "No")), ("1", pgettext("answer", "Yes")), none]
    return [*((str(severity.value), severity_words(code, severity)) for severity in Severity), none]


def severity_words(code: SideEffectCode, severity: Severity) -> str:
    """How strong it was, in the language being spoken."""
    if code is SideEffectCode.CRAVING_OR_EXTRA_USE:
        return pgettext("answer", "Yes") if severity else pgettext("answer", "No")
    if code is SideEffectCode.BLOOD_IN_URINE and severity:
        return pgettext("amount", _AMOUNTS[severity])
    return pgettext("severity", _SEVERITIES[severity])


def answers(check: LongTermCheck) -> list[tuple[str, str]]:
    """Every question's short name with its answer, in their order."""
    return [
        (
            pgettext("two-weekly", name),
            severity_words(code, check.answers[code])
            if code in check.answers
            else pgettext("two-weekly", _NOT_ANSWERED),
        )
        for code, name in NAMES.items()
    ]
