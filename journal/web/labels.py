"""The words on screen for what is stored as a code. A code without a word here is a fault, not a fallback."""

from __future__ import annotations

from journal.domain.consents import Scope
from journal.domain.moods import Provenance
from journal.domain.reminders import SkipReason
from journal.domain.treatments import Course, Phase, Route, Status
from journal.services.reminders import Trouble
from journal.storage.appointments import AppointmentKind, AppointmentStatus
from journal.storage.clinics import Kind
from journal.storage.reminders import DeliveryState

STATUSES = {
    Status.COMPLETED: "It took place",
    Status.PLANNED: "It is planned",
    Status.STOPPED_EARLY: "It was stopped early",
    Status.MISSED: "It did not happen",
    Status.CANCELLED: "It was cancelled",
}
STATUS_CHIPS = {
    Status.COMPLETED: "Took place",
    Status.PLANNED: "Planned",
    Status.STOPPED_EARLY: "Stopped early",
    Status.MISSED: "Did not happen",
    Status.CANCELLED: "Cancelled",
}
ROUTES = {
    Route.IV: "Drip into a vein (IV)",
    Route.IM: "Injection into a muscle (IM)",
    Route.SC: "Injection under the skin (SC)",
    Route.IN_ESKETAMINE: "Nasal spray, esketamine",
    Route.IN_RACEMIC: "Nasal spray, ketamine",
    Route.ORAL: "Swallowed",
    Route.SUBLINGUAL: "Under the tongue",
    Route.BUCCAL: "In the cheek",
    Route.OTHER: "Another way",
}
PHASES = {
    Phase.PLANNED: "planned",
    Phase.INDUCTION: "induction",
    Phase.MAINTENANCE: "maintenance",
    Phase.PAUSED: "paused",
    Phase.ENDED: "finished",
}
KINDS = {
    AppointmentKind.THERAPY: "Talk therapy",
    AppointmentKind.FOLLOW_UP: "Follow-up",
    AppointmentKind.OTHER: "Something else",
}
VISIT_CHIPS = {AppointmentStatus.CANCELLED: "Cancelled"}

# check-ins: each question as it is asked about the day that is going on, and about an earlier one
MOOD_NOW = "How is your mood right now?"
MOOD_THEN = "Overall, how was your mood that day?"
QUESTIONS = {
    "energy": ("How was your energy today?", "How was your energy that day?"),
    "anxiety": ("How anxious or tense did you feel today?", "How anxious or tense did you feel that day?"),
    "interest": (
        "How much interest or pleasure did you have in things today?",
        "How much interest or pleasure did you have in things that day?",
    ),
    "sleep_quality": ("How well did you sleep last night?", "How well did you sleep the night before?"),
    "sleep_min": (
        "About how long did you sleep last night?",
        "About how long did you sleep the night before?",
    ),
    "activity_min": ("How long were you active today?", "How long were you active that day?"),
    "social": (
        "Did you spend time with or talk to someone?",
        "Did you spend time with or talk to someone that day?",
    ),
    "meaningful": (
        "Did you do something that matters to you?",
        "Did you do something that matters to you that day?",
    ),
    "meds_taken": ("Did you take your regular medicines?", "Did you take your regular medicines that day?"),
    "connection": ("How connected did you feel today?", "How connected did you feel that day?"),
    "pain": ("How much pain did you have today?", "How much pain did you have that day?"),
    "meals": ("Did you eat regular meals?", "Did you eat regular meals that day?"),
}
ITEMS = {
    "energy": "Energy",
    "anxiety": "Anxiety",
    "interest": "Interest or pleasure",
    "sleep_quality": "Sleep",
    "sleep_min": "Slept",
    "bed_time": "To bed",
    "wake_time": "Awake",
    "awakenings": "Times awake in the night",
    "sol_min": "Minutes to fall asleep",
    "waso_min": "Minutes awake in the night",
    "activity_min": "Active",
    "activity_type": "Activities",
    "steps": "Steps",
    "social": "With someone",
    "meaningful": "Something that matters",
    "connection": "Connected",
    "pain": "Pain",
    "meals": "Regular meals",
    "meds_taken": "Regular medicines",
    "alcohol": "Drinks of alcohol",
    "cannabis": "Cannabis",
    "other_substances": "Other substances",
    "tags": "Tags",
}
MEDS = {"yes": "Yes", "partly": "Partly", "no": "No", "na": "I have none"}
YES_OR_NO = {True: "Yes", False: "No"}
PROVENANCES = {
    Provenance.SAME_DAY: "",
    Provenance.NEXT_DAY: "Filled in the next day",
    Provenance.LATER: "Filled in later",
}
PROVIDER_KINDS = {Kind.THERAPIST: "Therapist", Kind.PRESCRIBER: "Prescriber"}
SCOPES = {
    Scope.SCORES: ("Mood, sleep and activity", "The numbers of your check-ins"),
    Scope.ASSESSMENTS: ("Questionnaires", "PHQ-9 and GAD-7"),
    Scope.SESSIONS: ("Sessions and side effects", None),
    Scope.NOTES: ("Notes you mark “Share”", "One by one, as you choose"),
    Scope.REFLECTIONS: ("Intentions and reflections", None),
}
"""What a person can open to a provider, and a smaller second line."""


def course_words(course: Course, given: int | None) -> str:
    """“induction 4 of 6”, “maintenance”. ``given`` is None where the count would not be of the whole course."""
    if course.phase is Phase.INDUCTION and course.planned_sessions and given is not None:
        return f"{PHASES[course.phase]} {given} of {course.planned_sessions}"
    return PHASES[course.phase]


# reminders: what became of each, by its state and the reason for it
_ON_ITS_WAY = "On its way"
_NOT_NOW = "Not sent yet: the mail service said not now"
_OUR_FAULT = "Not sent, by a fault on our side"
DELIVERIES: dict[tuple[DeliveryState, str | None], str] = {
    (DeliveryState.CLAIMED, None): _ON_ITS_WAY,
    (DeliveryState.CLAIMED, Trouble.REFUSED): _NOT_NOW,
    (DeliveryState.CLAIMED, Trouble.FAULT): "Not sent yet: we are trying again",
    (DeliveryState.SENDING, None): _ON_ITS_WAY,
    (DeliveryState.SENDING, Trouble.REFUSED): _ON_ITS_WAY,
    (DeliveryState.SENDING, Trouble.FAULT): _ON_ITS_WAY,
    (DeliveryState.SENT, None): "Sent",
    (DeliveryState.UNKNOWN, Trouble.NO_ANSWER): "Not certain it was sent",
    (DeliveryState.UNKNOWN, Trouble.INTERRUPTED): "Not certain it was sent",
    (DeliveryState.FAILED, Trouble.REFUSED): "Not sent: your mail service did not take it",
    (DeliveryState.FAILED, Trouble.FAULT): _OUR_FAULT,
    (DeliveryState.FAILED, Trouble.GAVE_UP): _OUR_FAULT,
    (DeliveryState.SKIPPED, SkipReason.STOPPED): "Not sent: reminders were off",
    (DeliveryState.SKIPPED, SkipReason.LATE): "Not sent: it would have come too late",
    (DeliveryState.SKIPPED, SkipReason.OVERTAKEN): "Not sent: a later one took its place",
    (DeliveryState.SKIPPED, SkipReason.OTHER_DAY): "Not sent: that day was over where you were",
    (DeliveryState.SKIPPED, SkipReason.CHECKED_IN): "Not sent: you had already checked in",
}
