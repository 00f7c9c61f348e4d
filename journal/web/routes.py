"""The map of the site: every address, the view behind it, and who may use it.

Default deny: an address that is not on this map cannot be reached, and the program refuses to start when one exists.
A view named ``checkins.new`` is the function ``new`` in ``journal/web/checkins.py``; its page, if it has one, is
``templates/checkins/new.html``.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask
from flask_limiter import Limiter


class Audience(StrEnum):
    """Who may use an address. Everybody else is told that it does not exist."""

    ANYONE = "anyone"
    LINK_HOLDER = "link_holder"  # whoever holds the secret in the address
    KIOSK = "kiosk"  # a browser that was handed over for one questionnaire, and can use nothing else
    SIGNED_IN = "signed_in"
    PATIENT = "patient"
    PROVIDER = "provider"
    ADMIN = "admin"
    DEMO = "demo"  # anyone, in the demo clinic only
    GATEWAY = "gateway"  # whoever signs as the gateway for text messages
    OPERATOR = "operator"  # whoever holds the token of the settings


OPEN = frozenset(
    {
        Audience.ANYONE,
        Audience.LINK_HOLDER,
        Audience.KIOSK,
        Audience.DEMO,
        Audience.GATEWAY,
        Audience.OPERATOR,
    }
)
"""Those who need not be signed in."""
WHILE_HANDED_OVER = frozenset({"health.livez", "static_files.show", "safety.support"})
"""What a browser that was handed over may use beside its questionnaire: help is closed to nobody."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address. ``limits`` are Flask-Limiter strings, counted per network address and only for POST.

    ``max_body`` is in bytes, where a request may be larger than the 256 KiB that are enough everywhere else.
    ``while_locked``: a patient may use it on a phone that is locked; all other addresses ask for an unlock first.
    ``sends_while_locked``: what was written there may be sent from a locked phone; its page asks for an unlock first.
    ``sudo``: a sign-in or an unlock must be at most five minutes old, however unlocked the phone is.
    ``own_proof``: not a browser with a cookie asks, so no form token is; the view itself makes sure who it is.
    """

    rule: str
    endpoint: str
    audience: Audience
    methods: tuple[str, ...] = ("GET",)
    limits: tuple[str, ...] = ()
    max_body: int | None = None
    while_locked: bool = False
    sends_while_locked: bool = False
    sudo: bool = False
    own_proof: bool = False


API = "/api/"
"""Beneath this a program asks, and is answered in JSON: never with a page, never with a way to another address."""

_FORM = ("GET", "POST")
_POST = ("POST",)
_FILES = 10 * 1024 * 1024 + 64 * 1024  # a file of 10 MiB, and the form around it
_GUESSING = ("30 per 15 minutes", "200 per day")

ROUTES = (
    # --- for anyone -------------------------------------------------------------------------------------------------
    Route("/livez", "health.livez", Audience.ANYONE),
    Route("/static/<path:name>", "static_files.show", Audience.ANYONE),
    Route("/help", "safety.support", Audience.ANYONE),
    # What follows some answers. Never a way to signing in or unlocking: nobody is sent elsewhere for saying "yes".
    Route("/questionnaires/<assessment_id>/help", "help_panels.show", Audience.ANYONE, _FORM),
    # The same for everybody, so that a phone can have it before anybody signs in.
    Route("/sw.js", "offline.worker", Audience.ANYONE),
    Route("/offline", "offline.shell", Audience.ANYONE),
    Route("/manifest.webmanifest", "home_screen.manifest", Audience.ANYONE),
    Route("/", "accounts.home", Audience.ANYONE),
    Route("/sign-in", "accounts.sign_in", Audience.ANYONE, _FORM, _GUESSING),
    Route("/sign-in/code", "accounts.sign_in_code", Audience.ANYONE, _FORM, _GUESSING),
    Route("/sign-in/password", "accounts.sign_in_password", Audience.ANYONE, _FORM, _GUESSING),
    Route("/start", "accounts.start", Audience.ANYONE, _FORM, _GUESSING),
    # For anyone: the web session may have ended by itself, and the browser is to forget all the same.
    Route("/sign-out", "accounts.sign_out", Audience.ANYONE, _POST),
    Route("/language", "accounts.language", Audience.ANYONE, _POST, _GUESSING),
    Route("/invitation", "consents.enter_code", Audience.ANYONE, _FORM, _GUESSING),
    Route("/demo/mail", "outbox.letters", Audience.DEMO),
    Route("/demo/mail/<name>", "outbox.letter", Audience.DEMO),
    Route("/api/openapi.json", "api.description", Audience.ANYONE),
    # --- for whoever holds a secret link ----------------------------------------------------------------------------
    Route("/sign-in/link/<token>", "accounts.sign_in_link", Audience.LINK_HOLDER, _FORM, _GUESSING),
    Route("/welcome/<token>", "accounts.welcome", Audience.LINK_HOLDER, _FORM, _GUESSING),
    Route("/invitation/<token>", "consents.accept", Audience.LINK_HOLDER, _FORM, _GUESSING),
    Route("/c/saved", "check_in_links.saved", Audience.LINK_HOLDER),
    Route("/c/<token>", "check_in_links.write", Audience.LINK_HOLDER, _FORM, _GUESSING),
    Route("/c/<token>/later", "check_in_links.later", Audience.LINK_HOLDER, _POST, _GUESSING),
    # Mail programs ask here by themselves when their reader presses "Unsubscribe" (RFC 8058); the token is the proof.
    Route("/stop/<token>", "stopping.stop", Audience.LINK_HOLDER, _FORM, ("600 per hour",), own_proof=True),
    # The letters of the address are no secret: the code that is typed there is.
    Route("/kiosk/<place>", "kiosk.open_here", Audience.LINK_HOLDER, _FORM, _GUESSING),
    Route("/kiosk/over", "kiosk.over", Audience.ANYONE),
    # --- for a browser that was handed over ---------------------------------------------------------------------------
    Route("/kiosk", "kiosk.fill", Audience.KIOSK, _FORM),
    Route("/kiosk/care", "kiosk.care", Audience.KIOSK, _FORM),
    Route("/kiosk/end", "kiosk.end", Audience.KIOSK, _POST),
    Route("/kiosk/still-here", "kiosk.still_here", Audience.KIOSK),
    # --- for the gateway of text messages ---------------------------------------------------------------------------
    Route("/hooks/sms", "sms_hook.receive", Audience.GATEWAY, _POST, own_proof=True),
    # --- for the operator's machines --------------------------------------------------------------------------------
    Route("/healthz", "health.healthz", Audience.OPERATOR),
    Route("/metrics", "health.metrics", Audience.OPERATOR),
    # --- for everybody who is signed in -----------------------------------------------------------------------------
    Route("/you/password", "accounts.password", Audience.SIGNED_IN, _FORM, _GUESSING),
    Route("/still-here", "unlocking.still_here", Audience.SIGNED_IN),
    # --- for patients -----------------------------------------------------------------------------------------------
    Route("/today", "checkins.today", Audience.PATIENT, while_locked=True),
    Route("/check-in", "checkins.new", Audience.PATIENT, _FORM, while_locked=True),
    Route("/check-ins/<check_in_id>", "checkins.show", Audience.PATIENT),
    Route("/check-ins/<check_in_id>/saved", "checkins.saved", Audience.PATIENT, while_locked=True),
    Route("/check-ins/<check_in_id>/edit", "checkins.edit", Audience.PATIENT, _FORM),
    Route("/check-ins/<check_in_id>/delete", "checkins.delete", Audience.PATIENT, _FORM),
    Route("/history", "checkins.history", Audience.PATIENT),
    Route("/activities", "activities.mine", Audience.PATIENT, _FORM),
    Route("/trends", "trends.mine", Audience.PATIENT),
    Route("/sessions", "treatments.mine", Audience.PATIENT),
    Route("/sessions/new", "treatments.new", Audience.PATIENT, _FORM),
    Route("/sessions/<treatment_id>", "treatment_records.show", Audience.PATIENT),
    Route("/sessions/<treatment_id>/edit", "treatments.edit", Audience.PATIENT, _FORM),
    Route("/sessions/<treatment_id>/delete", "treatment_records.delete", Audience.PATIENT, _FORM),
    Route("/sessions/<treatment_id>/beside", "treatment_records.beside", Audience.PATIENT, _FORM),
    Route("/sessions/<treatment_id>/before", "aftercare.before", Audience.PATIENT, _FORM),
    Route("/sessions/<treatment_id>/after", "aftercare.after", Audience.PATIENT, _FORM),
    Route("/sessions/<treatment_id>/not-today", "aftercare.not_today", Audience.PATIENT, _POST),
    Route("/medicines", "medicines.mine", Audience.PATIENT),
    Route("/medicines/new", "medicines.new", Audience.PATIENT, _FORM),
    Route("/medicines/<medicine_id>/dose", "medicines.dose", Audience.PATIENT, _FORM),
    Route("/medicines/<medicine_id>/stop", "medicines.stop", Audience.PATIENT, _FORM),
    Route("/medicines/<medicine_id>/edit", "medicines.edit", Audience.PATIENT, _FORM),
    Route("/moments", "moments.mine", Audience.PATIENT),
    Route("/moments/new", "moments.new", Audience.PATIENT, _FORM),
    Route("/moments/<moment_id>/edit", "moments.edit", Audience.PATIENT, _FORM),
    Route("/questionnaires", "assessments.mine", Audience.PATIENT),
    Route(
        "/questionnaires/<assessment_id>",
        "assessments.answer",
        Audience.PATIENT,
        _FORM,
        sends_while_locked=True,
    ),
    Route("/questionnaires/<assessment_id>/saved", "assessments.saved", Audience.PATIENT),
    Route("/check-up", "check_ups.answer", Audience.PATIENT, _FORM),
    Route("/check-up/answered", "check_ups.answered", Audience.PATIENT),
    Route("/course", "courses.mine", Audience.PATIENT),
    Route("/course/new", "courses.new", Audience.PATIENT, _FORM),
    Route("/course/edit", "courses.edit", Audience.PATIENT, _FORM),
    Route("/course/plan", "courses.plan", Audience.PATIENT, _FORM),
    Route("/course/phase", "courses.phase", Audience.PATIENT, _FORM),
    Route("/course/<treatment_id>/move", "courses.move", Audience.PATIENT, _FORM),
    Route("/course/<treatment_id>/cancel", "courses.cancel", Audience.PATIENT, _POST),
    Route("/appointments/new", "appointments.new", Audience.PATIENT, _FORM),
    Route("/appointments/<appointment_id>/edit", "appointments.edit", Audience.PATIENT, _FORM),
    Route("/you", "accounts.you", Audience.PATIENT),
    Route("/you/settings", "accounts.settings", Audience.PATIENT, _FORM),
    Route("/you/zone", "accounts.change_zone", Audience.PATIENT, _POST),
    Route("/home-screen/not-now", "home_screen.not_now", Audience.PATIENT, _POST),
    Route("/unlock", "unlocking.unlock", Audience.PATIENT, _FORM, while_locked=True),
    Route("/you/stay-open", "unlocking.stay_open", Audience.PATIENT, _POST, sudo=True),
    Route("/you/lock-again", "unlocking.lock_again", Audience.PATIENT, _POST),
    Route("/sharing", "consents.sharing", Audience.PATIENT),
    Route("/sharing/<consent_id>", "consents.change", Audience.PATIENT, _POST),
    Route("/sharing/<consent_id>/summary", "previews.show", Audience.PATIENT, _FORM),
    Route("/sharing/<consent_id>/summary/<figure>", "previews.figure", Audience.PATIENT),
    Route("/sharing/<consent_id>/stop", "consents.stop", Audience.PATIENT, _FORM),
    Route("/access-log", "audit.mine", Audience.PATIENT),
    Route("/plan", "support.plan", Audience.PATIENT),
    Route("/plan/edit", "support.edit", Audience.PATIENT, _FORM),
    Route("/reminders", "reminders.mine", Audience.PATIENT, _FORM),
    Route("/reminders/sent", "reminders.sent", Audience.PATIENT),
    Route("/reminders/try", "reminders.attempt", Audience.PATIENT, _POST, ("60 per hour",)),
    Route("/reminders/tried/<trial_id>", "reminders.tried", Audience.PATIENT),
    Route("/reminders/number", "sms.number", Audience.PATIENT, _FORM, ("60 per hour",)),
    # A patient's browser says so by itself, also in the background; each of its renewals counts.
    Route("/push", "push.subscribe", Audience.PATIENT, _POST, ("60 per hour",), while_locked=True),
    Route("/push/forget", "push.forget", Audience.PATIENT, _POST, ("60 per hour",)),
    Route("/import", "transfers.bring_in", Audience.PATIENT, _FORM, max_body=_FILES),
    Route("/export", "transfers.take_out", Audience.PATIENT),
    Route("/export/journal.json", "transfers.as_json", Audience.PATIENT),
    Route("/export/journal.csv", "transfers.as_csv", Audience.PATIENT),
    Route("/api/phone", "api.phone", Audience.PATIENT, while_locked=True),
    Route("/api/check-ins", "api.check_ins", Audience.PATIENT, _POST, while_locked=True),
    # --- for providers ----------------------------------------------------------------------------------------------
    Route("/caseload", "patients.caseload", Audience.PROVIDER),
    Route("/caseload/set-aside", "attention.waiting", Audience.PROVIDER),
    Route("/clinic/attention", "attention.settings", Audience.PROVIDER, _FORM),
    Route("/clinic/attention/try", "attention.dry_run", Audience.PROVIDER),
    Route("/patients/<patient_id>/set-aside", "attention.set_aside", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>/steady-days", "steady_days.edit", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>", "patients.show", Audience.PROVIDER),
    Route("/patients/<patient_id>/figures/<figure>", "figures.show", Audience.PROVIDER),
    Route("/patients/<patient_id>/summary", "sheets.show", Audience.PROVIDER),
    Route("/patients/<patient_id>/summary.pdf", "sheets.as_pdf", Audience.PROVIDER),
    Route("/patients/<patient_id>/sessions/new", "treatments.new_for_patient", Audience.PROVIDER, _FORM),
    Route(
        "/patients/<patient_id>/sessions/<treatment_id>",
        "treatment_records.show_for_patient",
        Audience.PROVIDER,
    ),
    Route(
        "/patients/<patient_id>/sessions/<treatment_id>/delete",
        "treatment_records.delete_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route(
        "/patients/<patient_id>/sessions/<treatment_id>/beside",
        "treatment_records.beside_for_patient",
        Audience.PROVIDER,
    ),
    Route(
        "/patients/<patient_id>/sessions/<treatment_id>/edit",
        "treatments.edit_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route("/patients/<patient_id>/course", "courses.of_patient", Audience.PROVIDER),
    Route("/patients/<patient_id>/course/new", "courses.new_for_patient", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>/course/edit", "courses.edit_for_patient", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>/course/plan", "courses.plan_for_patient", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>/course/phase", "courses.phase_for_patient", Audience.PROVIDER, _FORM),
    Route(
        "/patients/<patient_id>/course/<treatment_id>/move",
        "courses.move_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route(
        "/patients/<patient_id>/course/<treatment_id>/cancel",
        "courses.cancel_for_patient",
        Audience.PROVIDER,
        _POST,
    ),
    Route(
        "/patients/<patient_id>/appointments/new", "appointments.new_for_patient", Audience.PROVIDER, _FORM
    ),
    Route(
        "/patients/<patient_id>/appointments/<appointment_id>/edit",
        "appointments.edit_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route("/patients/<patient_id>/medicines", "medicines.of_patient", Audience.PROVIDER),
    Route("/patients/<patient_id>/medicines/new", "medicines.new_for_patient", Audience.PROVIDER, _FORM),
    Route(
        "/patients/<patient_id>/medicines/<medicine_id>/dose",
        "medicines.dose_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route(
        "/patients/<patient_id>/medicines/<medicine_id>/stop",
        "medicines.stop_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route(
        "/patients/<patient_id>/medicines/<medicine_id>/edit",
        "medicines.edit_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route("/patients/<patient_id>/moments", "moments.of_patient", Audience.PROVIDER),
    Route("/patients/<patient_id>/moments/new", "moments.new_for_patient", Audience.PROVIDER, _FORM),
    Route(
        "/patients/<patient_id>/moments/<moment_id>/edit",
        "moments.edit_for_patient",
        Audience.PROVIDER,
        _FORM,
    ),
    Route("/patients/<patient_id>/notes", "provider_notes.of_patient", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>/notes/<note_id>", "provider_notes.edit", Audience.PROVIDER, _FORM),
    Route(
        "/patients/<patient_id>/notes/<note_id>/looked", "provider_notes.look_again", Audience.PROVIDER, _POST
    ),
    Route("/patients/<patient_id>/questionnaires", "patient_assessments.show", Audience.PROVIDER, _FORM),
    Route(
        "/patients/<patient_id>/questionnaires/<assessment_id>",
        "patient_assessments.item_by_item",
        Audience.PROVIDER,
    ),
    Route(
        "/patients/<patient_id>/questionnaires/hand-over",
        "handovers.new",
        Audience.PROVIDER,
        _FORM,
        ("60 per hour",),
    ),
    Route(
        "/patients/<patient_id>/questionnaires/hand-over/<handover_id>",
        "handovers.show",
        Audience.PROVIDER,
        _FORM,
    ),
    Route("/flags", "safety_flags.inbox", Audience.PROVIDER),
    Route("/patients/<patient_id>/flags/<flag_id>", "safety_flags.show", Audience.PROVIDER, _FORM),
    Route("/clinic/template", "clinic_templates.edit", Audience.PROVIDER, _FORM),
    Route("/patients/<patient_id>/check-in", "clinic_items.edit", Audience.PROVIDER, _FORM),
    Route("/notes-to-me", "notes_to_me.mine", Audience.PROVIDER, _FORM),
    Route("/invite", "consents.invite", Audience.PROVIDER, _FORM, ("60 per hour",)),
    Route("/invite/<invitation_id>", "consents.invitation", Audience.PROVIDER, _FORM, ("60 per hour",)),
    # --- for administrators -----------------------------------------------------------------------------------------
    Route("/admin", "clinics.people", Audience.ADMIN),
    Route("/admin/clinics/<clinic_id>/flags", "flag_reviews.edit", Audience.ADMIN, _FORM),
    Route("/admin/providers/new", "clinics.new_provider", Audience.ADMIN, _FORM),
    Route("/admin/providers/<provider_id>", "clinics.provider", Audience.ADMIN, _FORM),
)

BY_ENDPOINT = {route.endpoint: route for route in ROUTES}


def register(app: Flask, limiter: Limiter) -> None:
    """Hang every route of the map into ``app``, its limits counted for the requests that try something."""
    for route in ROUTES:
        module, _, name = route.endpoint.partition(".")
        view = getattr(importlib.import_module(f"journal.web.{module}"), name)
        for limit in route.limits:
            view = limiter.limit(limit, methods=["POST"])(view)
        app.add_url_rule(
            route.rule,
            endpoint=route.endpoint,
            view_func=view,
            methods=list(route.methods),
            provide_automatic_options=not route.rule.startswith(API),
        )


def refuse_undeclared(app: Flask) -> None:
    """Raise RuntimeError if ``app`` answers at an address, or to a method, that is not on the map."""
    for rule in app.url_map.iter_rules():
        route = BY_ENDPOINT.get(rule.endpoint)
        if route is None:
            raise RuntimeError(f"{rule.rule} declares no audience: add it to journal/web/routes.py")
        extra = (rule.methods or set()) - set(route.methods) - {"HEAD", "OPTIONS"}
        if extra:
            raise RuntimeError(
                f"{rule.rule} answers to {', '.join(sorted(extra))}, which the map does not declare"
            )
