"""The words on screen for what is stored as a code. A code without a word here is a fault, not a fallback."""

from __future__ import annotations

from dataclasses import dataclass

from journal.domain.consents import Scope
from journal.domain.moods import Provenance
from journal.domain.reminder_decisions import SkipReason, Trouble, Why
from journal.domain.treatments import Course, Phase, Route, Status
from journal.domain.words import translatable, translatable_in
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.services.reminders import EMAIL, PUSH, SMS
from journal.storage.appointments import AppointmentKind, AppointmentStatus
from journal.storage.clinics import Kind
from journal.storage.deliveries import DeliveryState

STATUSES = {
    Status.COMPLETED: translatable("It took place"),
    Status.PLANNED: translatable("It is planned"),
    Status.STOPPED_EARLY: translatable("It was stopped early"),
    Status.MISSED: translatable("It did not happen"),
    Status.CANCELLED: translatable("It was cancelled"),
}
STATUS_CHIPS = {
    Status.COMPLETED: translatable_in("session", "Took place"),
    Status.PLANNED: translatable_in("session", "Planned"),
    Status.STOPPED_EARLY: translatable_in("session", "Stopped early"),
    Status.MISSED: translatable_in("session", "Did not happen"),
    Status.CANCELLED: translatable_in("session", "Cancelled"),
}
ROUTES = {
    Route.IV: translatable_in("route", "Drip into a vein (IV)"),
    Route.IM: translatable_in("route", "Injection into a muscle (IM)"),
    Route.SC: translatable_in("route", "Injection under the skin (SC)"),
    Route.IN_ESKETAMINE: translatable_in("route", "Nasal spray, esketamine"),
    Route.IN_RACEMIC: translatable_in("route", "Nasal spray, ketamine"),
    Route.ORAL: translatable_in("route", "Swallowed"),
    Route.SUBLINGUAL: translatable_in("route", "Under the tongue"),
    Route.BUCCAL: translatable_in("route", "In the cheek"),
    Route.OTHER: translatable_in("route", "Another way"),
}
PHASES = {
    Phase.PLANNED: translatable_in("course", "planned"),
    Phase.INDUCTION: translatable_in("course", "induction"),
    Phase.MAINTENANCE: translatable_in("course", "maintenance"),
    Phase.PAUSED: translatable_in("course", "paused"),
    Phase.ENDED: translatable_in("course", "finished"),
}
_PHASES_FIRST = {
    Phase.PLANNED: translatable_in("course", "Planned"),
    Phase.INDUCTION: translatable_in("course", "Induction"),
    Phase.MAINTENANCE: translatable_in("course", "Maintenance"),
    Phase.PAUSED: translatable_in("course", "Paused"),
    Phase.ENDED: translatable_in("course", "Finished"),
}
PLAN_STEPS = {
    "signs": (
        translatable("Signs it’s getting bad"),
        translatable("What you notice: thoughts, feelings, what you stop doing."),
    ),
    "alone": (
        translatable("Things I can do on my own"),
        translatable("Small things that have helped before, without anybody else."),
    ),
    "distraction": (
        translatable("People and places that take my mind off it"),
        translatable("Where you can be among others without explaining anything."),
    ),
    "people": (
        translatable("People I can tell"),
        translatable("Friends or family to whom you could say how it is."),
    ),
    "professionals": (
        translatable("Professionals"),
        translatable("Your therapist, your clinic, a line you would call. Names and numbers."),
    ),
    "safer": (
        translatable("Making it safer around me"),
        translatable("What you could put away, or give to somebody for a while."),
    ),
}
"""The steps of a coping plan: what each is called, and what may go there."""
KINDS = {
    AppointmentKind.THERAPY: translatable_in("appointment", "Talk therapy"),
    AppointmentKind.FOLLOW_UP: translatable_in("appointment", "Follow-up"),
    AppointmentKind.OTHER: translatable_in("appointment", "Something else"),
}
VISIT_CHIPS = {AppointmentStatus.CANCELLED: translatable_in("appointment", "Cancelled")}

# check-ins: each question as it is asked about the day that is going on, and about an earlier one
MOOD_NOW = translatable("How is your mood right now?")
MOOD_THEN = translatable("Overall, how was your mood that day?")
QUESTIONS = {
    "energy": (translatable("How was your energy today?"), translatable("How was your energy that day?")),
    "anxiety": (
        translatable("How anxious or tense did you feel today?"),
        translatable("How anxious or tense did you feel that day?"),
    ),
    "interest": (
        translatable("How much interest or pleasure did you have in things today?"),
        translatable("How much interest or pleasure did you have in things that day?"),
    ),
    "sleep_quality": (
        translatable("How well did you sleep last night?"),
        translatable("How well did you sleep the night before?"),
    ),
    "sleep_min": (
        translatable("About how long did you sleep last night?"),
        translatable("About how long did you sleep the night before?"),
    ),
    "activity_min": (
        translatable("How long were you active today?"),
        translatable("How long were you active that day?"),
    ),
    "social": (
        translatable("Did you spend time with or talk to someone?"),
        translatable("Did you spend time with or talk to someone that day?"),
    ),
    "meaningful": (
        translatable("Did you do something that matters to you?"),
        translatable("Did you do something that matters to you that day?"),
    ),
    "meds_taken": (
        translatable("Did you take your regular medicines?"),
        translatable("Did you take your regular medicines that day?"),
    ),
    "connection": (
        translatable("How connected did you feel today?"),
        translatable("How connected did you feel that day?"),
    ),
    "pain": (
        translatable("How much pain did you have today?"),
        translatable("How much pain did you have that day?"),
    ),
    "meals": (
        translatable("Did you eat regular meals?"),
        translatable("Did you eat regular meals that day?"),
    ),
    "detached": (
        translatable("How detached from yourself or your surroundings did you feel today?"),
        translatable("How detached from yourself or your surroundings did you feel that day?"),
    ),
    "elevated": (
        translatable("More energy, less need for sleep, or racing thoughts than is usual for you?"),
        translatable("More energy, less need for sleep, or racing thoughts than is usual for you, that day?"),
    ),
}
ITEMS = {
    "energy": translatable_in("item", "Energy"),
    "anxiety": translatable_in("item", "Anxiety"),
    "interest": translatable_in("item", "Interest or pleasure"),
    "sleep_quality": translatable_in("item", "Sleep"),
    "sleep_min": translatable_in("item", "Slept"),
    "bed_time": translatable_in("item", "To bed"),
    "wake_time": translatable_in("item", "Awake"),
    "awakenings": translatable_in("item", "Times awake in the night"),
    "sol_min": translatable_in("item", "Minutes to fall asleep"),
    "waso_min": translatable_in("item", "Minutes awake in the night"),
    "activity_min": translatable_in("item", "Active"),
    "activity_type": translatable_in("item", "Activities"),
    "steps": translatable_in("item", "Steps"),
    "social": translatable_in("item", "With someone"),
    "meaningful": translatable_in("item", "Something that matters"),
    "connection": translatable_in("item", "Connected"),
    "pain": translatable_in("item", "Pain"),
    "meals": translatable_in("item", "Regular meals"),
    "detached": translatable_in("item", "Detached"),
    "elevated": translatable_in("item", "More energy than usual"),
    "meds_taken": translatable_in("item", "Regular medicines"),
    "alcohol": translatable_in("item", "Drinks of alcohol"),
    "cannabis": translatable_in("item", "Cannabis"),
    "other_substances": translatable_in("item", "Other substances"),
    "tags": translatable_in("item", "Tags"),
}
MEDS = {
    "yes": translatable_in("medicines", "Yes"),
    "partly": translatable_in("medicines", "Partly"),
    "no": translatable_in("medicines", "No"),
    "na": translatable_in("medicines", "I have none"),
}
YES_OR_NO = {True: translatable_in("answer", "Yes"), False: translatable_in("answer", "No")}
PROVENANCES = {
    Provenance.SAME_DAY: "",
    Provenance.NEXT_DAY: translatable("Filled in the next day"),
    Provenance.LATER: translatable("Filled in later"),
}
READERS = {
    Kind.THERAPIST: translatable("%(name)s, my therapist"),
    Kind.PRESCRIBER: translatable("%(name)s, my prescriber"),
}
"""A provider whom a person shares with, as that person would put it."""
PROVIDER_KINDS = {
    Kind.THERAPIST: translatable_in("provider", "Therapist"),
    Kind.PRESCRIBER: translatable_in("provider", "Prescriber"),
}
SCOPES = {
    Scope.SCORES: (translatable("Mood, sleep and activity"), translatable("The numbers of your check-ins")),
    Scope.ASSESSMENTS: (translatable("Questionnaires"), translatable("PHQ-9 and GAD-7")),
    Scope.SESSIONS: (translatable("Sessions and side effects"), None),
    Scope.NOTES: (translatable("Notes you mark “Share”"), translatable("One by one, as you choose")),
    Scope.REFLECTIONS: (translatable("Intentions and reflections"), None),
}
"""What a person can open to a provider, and a smaller second line."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a coping plan: its name in forms, and its words."""

    name: str
    heading: str
    hint: str


def plan_steps() -> list[PlanStep]:
    """The steps of a coping plan in their order, in the language being spoken."""
    return [PlanStep(name, _(heading), _(hint)) for name, (heading, hint) in PLAN_STEPS.items()]


def course_words(course: Course, given: int | None) -> str:
    """“induction 4 of 6”, “maintenance”. ``given`` is None where the count would not be of the whole course."""
    return stage_words(course.phase, course.planned_sessions, given)


def stage_words(phase: Phase, planned: int | None, given: int | None) -> str:
    """The same of where a course stands, how many sessions its induction has, and how many were given."""
    if phase is Phase.INDUCTION and planned and given is not None:
        return _("induction %(given)s of %(planned)s", given=given, planned=planned)
    return phase_words(phase)


def course_title(course: Course, given: int | None) -> str:
    """“Induction 4 of 6”: as `course_words`, where a sentence begins with it."""
    if course.phase is Phase.INDUCTION and course.planned_sessions and given is not None:
        return _("Induction %(given)s of %(planned)s", given=given, planned=course.planned_sessions)
    return phase_first(course.phase)


def session_label(label: str) -> str:
    """“S8”, as the charts name a session, from the name that it has everywhere beneath the pages."""
    return _("S%(number)s", number=label.removeprefix("S"))


def phase_first(phase: Phase) -> str:
    """“Induction”, where a line or a title begins with it, in the language being spoken."""
    return pgettext("course", _PHASES_FIRST[phase])


def status_words(status: Status) -> str:
    """“It took place”, in the language being spoken."""
    return _(STATUSES[status])


def status_chip(status: Status) -> str:
    """“Took place”, in the language being spoken."""
    return pgettext("session", STATUS_CHIPS[status])


def route_words(route: Route | None) -> str:
    """“Under the tongue”, in the language being spoken; empty where it is not known."""
    return pgettext("route", ROUTES[route]) if route else ""


def kind_words(kind: AppointmentKind) -> str:
    """“Talk therapy”, in the language being spoken."""
    return pgettext("appointment", KINDS[kind])


def visit_chip(status: AppointmentStatus) -> str:
    """“Cancelled”, in the language being spoken; empty where nothing needs to be said."""
    return pgettext("appointment", VISIT_CHIPS[status]) if status in VISIT_CHIPS else ""


def phase_words(phase: Phase) -> str:
    """“induction”, in the language being spoken."""
    return pgettext("course", PHASES[phase])


def provider_kind(kind: Kind) -> str:
    """“Therapist”, in the language being spoken."""
    return pgettext("provider", PROVIDER_KINDS[kind])


def scope_words() -> dict[Scope, tuple[str, str | None]]:
    """What a person can open to a provider, and a smaller second line, in the language being spoken."""
    return {scope: (_(label), detail and _(detail)) for scope, (label, detail) in SCOPES.items()}


# reminders: what became of each, by its state and the reason for it
_ON_ITS_WAY = translatable("On its way")
_NOT_NOW = translatable("Not sent yet: the service that carries it said not now")
_AGAIN = translatable("Not sent yet: we are trying again")
_NOT_CERTAIN = translatable("Not certain it was sent: no answer came back")
_NOT_TAKEN = translatable("Not sent: the service that carries it did not take it")
_OUR_FAULT = translatable("Not sent, by a fault on our side")
DELIVERIES: dict[tuple[DeliveryState, str | None], str] = {
    (DeliveryState.CLAIMED, None): _ON_ITS_WAY,
    (DeliveryState.CLAIMED, Trouble.REFUSED): _NOT_NOW,
    (DeliveryState.CLAIMED, Trouble.FAULT): _AGAIN,
    # A notification may be sent again: it takes the place of the one before.
    (DeliveryState.CLAIMED, Trouble.NO_ANSWER): translatable("No answer came back yet: we are asking again"),
    (DeliveryState.CLAIMED, Trouble.INTERRUPTED): _AGAIN,
    (DeliveryState.SENDING, None): _ON_ITS_WAY,
    (DeliveryState.SENDING, Trouble.REFUSED): _ON_ITS_WAY,
    (DeliveryState.SENDING, Trouble.FAULT): _ON_ITS_WAY,
    (DeliveryState.SENDING, Trouble.NO_ANSWER): _ON_ITS_WAY,
    (DeliveryState.SENDING, Trouble.INTERRUPTED): _ON_ITS_WAY,
    (DeliveryState.SENT, None): translatable("Sent"),
    (DeliveryState.UNKNOWN, Trouble.NO_ANSWER): _NOT_CERTAIN,
    (DeliveryState.UNKNOWN, Trouble.INTERRUPTED): translatable(
        "Not certain it was sent: we were interrupted on our side"
    ),
    (DeliveryState.FAILED, Trouble.REFUSED): _NOT_TAKEN,
    (DeliveryState.FAILED, Trouble.TURNED_AWAY): _NOT_TAKEN,
    (DeliveryState.FAILED, Trouble.FAULT): _OUR_FAULT,
    (DeliveryState.FAILED, Trouble.GAVE_UP): _OUR_FAULT,
    (DeliveryState.FAILED, Trouble.GONE): translatable("Not sent: there is nothing left to send it to"),
    # Asked again until its time was over, and never answered.
    (DeliveryState.FAILED, Trouble.NO_ANSWER): _NOT_CERTAIN,
    (DeliveryState.FAILED, Trouble.INTERRUPTED): _NOT_CERTAIN,
    (DeliveryState.SKIPPED, SkipReason.STOPPED): translatable("Not sent: reminders were off, or changed"),
    (DeliveryState.SKIPPED, SkipReason.LATE): translatable("Not sent: it would have come too late"),
    (DeliveryState.SKIPPED, SkipReason.OVERTAKEN): translatable("Not sent: a later one took its place"),
    (DeliveryState.SKIPPED, SkipReason.OTHER_DAY): translatable("Not sent: that day was over where you were"),
    (DeliveryState.SKIPPED, SkipReason.CHECKED_IN): translatable("Not sent: you had already checked in"),
    (DeliveryState.SKIPPED, SkipReason.QUIET_HOURS): translatable("Not sent: your quiet hours had begun"),
    (DeliveryState.SKIPPED, SkipReason.PAUSED): translatable("Not sent: you had paused reminders"),
    (DeliveryState.SKIPPED, SkipReason.SESSION_DAY): translatable(
        "Not sent: the day of a session stays quiet until the evening"
    ),
    (DeliveryState.SKIPPED, SkipReason.REPLACED): translatable(
        "Not sent: the gentle note around your session took its place"
    ),
    (DeliveryState.SKIPPED, SkipReason.RESTING): translatable(
        "Not sent: after some days without an answer, every other day is enough"
    ),
    (DeliveryState.SKIPPED, SkipReason.NOTHING_NEW): translatable("Not sent: there was nothing new to read"),
    (DeliveryState.SKIPPED, SkipReason.NOT_WAITING): translatable(
        "Not sent: nothing was waiting for an answer"
    ),
    (DeliveryState.SKIPPED, SkipReason.WITH_QUESTIONNAIRE): translatable(
        "Not sent: the one about your questionnaire took its place"
    ),
}
WAYS = {
    EMAIL: translatable_in("reminders", "by email"),
    PUSH: translatable_in("reminders", "by notification"),
    SMS: translatable_in("reminders", "by text message"),
}
WHY_NEXT = {
    Why.CHOSEN_TIME: translatable("It’s a time you chose."),
    Why.FOLLOW_UP: translatable("It asks once more, because there was no check-in that day."),
    Why.SNOOZED: translatable("You asked for it later."),
    Why.EVE_OF_SESSION: translatable("It’s the note for the evening before a session."),
    Why.EVENING_OF_SESSION: translatable("It waits until the evening, because there is a session that day."),
    Why.DAYS_AFTER_SESSION: translatable("It asks how things are in the days after a session."),
    Why.QUESTIONNAIRE: translatable("It’s for a questionnaire."),
    Why.NEWS: translatable("It says that there is something to read."),
    Why.TRIAL: translatable("You asked for one to try it out."),
}
"""Why the next message comes; always said after when."""


def way_words(channel: str) -> str:
    """“by email”, in the language being spoken."""
    return pgettext("reminders", WAYS[channel])


def outcome_words(state: DeliveryState, reason: str | None) -> str:
    """What became of a message, in the language being spoken."""
    return _(DELIVERIES[state, reason])
