"""A small whole journal, as the floors above gather it, for the tests of the JSON and CSV formats."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from decimal import Decimal

from journal.domain.treatment_records import TreatmentRecord

CHIP_WALK, CHIP_OWN = "Zq1walk", "Ab9own"
COURSE = "Kk7course"


def instant(day: int, hour: int = 18, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def body(**changes: object) -> dict[str, object]:
    """What a check-in says, with only a mood unless told otherwise."""
    return {
        "local_date": date(2026, 3, 2),
        "mood": 6,
        "unsure": False,
        "interest": None,
        "anxiety": None,
        "energy": None,
        "sleep_quality": None,
        "sleep_min": None,
        "bed_time": None,
        "wake_time": None,
        "awakenings": None,
        "sol_min": None,
        "waso_min": None,
        "activity_min": None,
        "activity_type": [],
        "steps": None,
        "social": None,
        "meaningful": None,
        "connection": None,
        "pain": None,
        "meals": None,
        "alcohol": None,
        "cannabis": None,
        "other_substances": "",
        "substances_shared": False,
        "meds_taken": None,
        "note": "",
        "note_shared": False,
        "starred": False,
        "tags": [],
        "detached": None,
        "elevated": None,
        **changes,
    }


def check_in(**changes: object) -> dict[str, object]:
    """One kept check-in."""
    return {
        "client_key": "key-1",
        **body(),
        "recall": "moment",
        "felt_at": instant(2),
        "recorded_at": instant(2),
        "received_at": instant(2),
        "edited_at": None,
        "clock_skew_s": None,
        "zone": "Europe/Athens",
        "utc_offset_min": 120,
        "via": "web",
        "version": 1,
        "versions": [],
        **changes,
    }


def submission(client_key: str, **changes: object) -> dict[str, object]:
    """The sending of one check-in, which still exists."""
    return {
        "client_key": client_key,
        "body_hash": "a" * 64,
        "received_at": instant(2),
        "deleted_at": None,
        **changes,
    }


def phase(name: str, **changes: object) -> dict[str, object]:
    """A phase of a course, written down by nobody that is known."""
    said = {"local_date": date(2026, 3, 1), "phase": name, "own": False, "recorded_by": None}
    return {**said, "recorded_at": instant(1), **changes}


def record(**changes: object) -> dict[str, object]:
    """The record of a session, with nothing in it unless told otherwise."""
    return {**asdict(TreatmentRecord()), **changes}


def measured(when: str, **changes: object) -> dict[str, object]:
    """One measurement of a session."""
    nothing = dict.fromkeys(("t_min", "sys", "dia", "hr", "spo2"))
    return {"measured": when, **nothing, **changes}


def side_effect(code: str = "nausea", **changes: object) -> dict[str, object]:
    """Something that came with a session."""
    return {
        "code": code,
        "severity": 1,
        "onset": date(2026, 3, 5),
        "resolved_at": None,
        "source": "patient_reported",
        "recorded_by": None,
        "recorded_at": instant(5),
        **changes,
    }


def assessment(**changes: object) -> dict[str, object]:
    """A completed questionnaire of a program that knows one this one does not."""
    return {
        "instrument": "wellbeing5",
        "version": 3,
        "due_on": date(2026, 3, 8),
        "opened_at": instant(8),
        "saved_at": instant(9),
        "completed_at": instant(9),
        "completed_on": date(2026, 3, 9),
        "expired_at": None,
        "scored_as": "wellbeing5",
        "total": 3,
        "answered": 2,
        "asked": 3,
        "overlaps_session": True,
        "via": "kiosk",
        "answers": [
            {"item": "1", "answer": 2},
            {"item": "2", "answer": "declined"},
            {"item": "10", "answer": 1},
        ],
        "help_shown_at": instant(9),
        "right_now": "no",
        "right_now_at": instant(9, 19),
        **changes,
    }


def journal() -> dict[str, object]:
    """One patient with a row of everything."""
    return {
        "patient": {
            "display_name": "Alice",
            "zone": "Europe/Athens",
            "region": "GR",
            "first_day": date(2026, 3, 1),
            "preferences": {"share_notes": False, "items": ["pain"]},
        },
        "activity_chips": [
            {
                "id": CHIP_OWN,
                "preset": None,
                "label": "βόλτα",
                "shared": True,
                "hidden_at": None,
                "position": 2,
            },
            {
                "id": CHIP_WALK,
                "preset": "walk",
                "label": None,
                "shared": False,
                "hidden_at": instant(3),
                "position": 1,
            },
        ],
        "check_ins": [
            check_in(
                client_key="key-2",
                local_date=date(2026, 3, 3),
                mood=None,
                unsure=True,
                recall="day",
                felt_at=None,
                via="offline",
                clock_skew_s=-900,
                bed_time=time(23, 30),
                activity_type=[CHIP_WALK, CHIP_OWN],
                note="=not a formula, a “note”\nwith two lines",
                tags=["a | b", "c\\d"],
                version=2,
                edited_at=instant(4),
                versions=[
                    {
                        "version": 1,
                        "why": "edit",
                        "device": "",
                        "recall": "moment",
                        "felt_at": instant(3),
                        "recorded_at": instant(3),
                        "received_at": instant(3),
                        "edited_at": None,
                        "clock_skew_s": None,
                        "utc_offset_min": 120,
                        "replaced_at": instant(4),
                        "body": body(mood=2, activity_type=[CHIP_OWN, "gone"]),
                    }
                ],
            ),
            check_in(),
        ],
        "submissions": [
            submission("key-1"),
            submission("key-2", received_at=instant(3)),
            submission("key-0", body_hash="b" * 64, received_at=instant(1), deleted_at=instant(2)),
        ],
        "courses": [
            {
                "id": COURSE,
                "phase": "induction",
                "indication": "depression",
                "default_route": "iv",
                "planned_sessions": 6,
                "start_date": date(2026, 3, 1),
                "end_date": None,
                "created_at": instant(1),
                "drug": "ketamine_racemic",
                "preset_id": "iv_6x_2wk",
                "notes": "mornings",
                "baseline_window_days": 21,
                "phases": [
                    phase("planned", recorded_by="Bob"),
                    phase("induction", own=True),
                ],
            }
        ],
        "treatment_sessions": [
            {
                "course": COURSE,
                "local_date": date(2026, 3, 5),
                "started_at": instant(5, 9),
                "status": "completed",
                "route": "iv",
                "note": "",
                "note_shared": False,
                "source": "clinician_recorded",
                "recorded_by": "Bob",
                "version": 1,
                "recorded_at": instant(5),
                **record(
                    ended_at=instant(5, 10),
                    dose_value=Decimal("37.500"),
                    dose_unit="mg",
                    weight_kg=Decimal("75.0"),
                    vitals=[measured("pre", t_min=-5, sys=120, dia=80), measured("peak", hr=88)],
                    meds_today=["stimulant", "benzodiazepine"],
                    checklist=["ride"],
                    experience_words=["moved", "floating"],
                    intention="=to let go",
                ),
                "side_effects": [
                    side_effect(recorded_by="Bob", source="clinician_recorded"),
                    side_effect("headache"),
                ],
            }
        ],
        "medications": [
            {
                "name": "Sertraline",
                "dose": "50 mg",
                "note": "",
                "psychiatric": True,
                "started_on": None,
                "ended_on": date(2026, 3, 4),
                "source": "clinician_recorded",
                "recorded_by": "Bob",
                "ended_source": "patient_reported",
                "version": 2,
                "recorded_at": instant(1),
            }
        ],
        "key_moments": [
            {
                "local_date": date(2026, 3, 3),
                "label": "New job",
                "shared": True,
                "source": "patient_reported",
                "recorded_by": None,
                "version": 1,
                "recorded_at": instant(3),
            }
        ],
        "long_term_checks": [
            {
                "local_date": date(2026, 3, 19),
                "urinary_urgency_frequency": 2,
                "pain_on_urination": 0,
                "blood_in_urine": None,
                "lower_abdominal_pain": 0,
                "memory_trouble": 0,
                "craving_or_extra_use": 1,
                "recorded_at": instant(19),
            }
        ],
        "assessments": [assessment()],
        "assessment_plans": [
            {
                "instrument": "pcl5",
                "enabled": True,
                "rhythm": "weekly_first",
                "since": date(2026, 3, 2),
                "chosen_by": "Bob",
                "changed_at": instant(2),
            }
        ],
        "appointments": [
            {
                "provider": "Bob",
                "starts_at": instant(9),
                "kind": "therapy",
                "status": "planned",
                "made_at": instant(1),
            }
        ],
        "topics": [
            {"provider": "Bob", "position": 1, "text": "=sleep\nand the move", "written_at": instant(8)},
            {"provider": None, "position": 2, "text": "Work", "written_at": instant(8, 19)},
        ],
        "coping_plan": [
            {
                "signs": "Sleeping in my clothes",
                "alone": "=a walk\nand back",
                "distraction": "",
                "people": "Theo",
                "professionals": "Bob",
                "safer": "",
                "person_name": "Δανάη",
                "person_phone": "+30 210 1234567",
                "updated_at": instant(4),
            }
        ],
        "reminders": [
            {
                "kind": "check_in",
                "times": [{"slot": "checkin:1", "wall": time(20, 0), "weekdays": [1, 2, 3]}],
                "channels": ["email"],
                "zone": "Europe/Athens",
                "stopped_at": None,
                "changed_at": instant(1),
                "quiet_from": "22:00",
                "quiet_until": "08:00",
                "paused_until": date(2026, 4, 2),
                "follow_up": True,
                "both_times": False,
                "softer": False,
            }
        ],
        "reminder_pauses": [
            {"first_on": date(2026, 1, 9), "last_on": date(2026, 1, 12)},
            {"first_on": date(2026, 3, 26), "last_on": date(2026, 4, 1)},
        ],
        "consents": [
            {
                "provider": "Bob",
                "scopes": ["notes", "scores"],
                "visible_from": None,
                "granted_at": instant(1),
                "expires_at": datetime(2027, 3, 1, 18, tzinfo=UTC),
                "ended_at": None,
                "text_version": "2026-11",
            }
        ],
        "access_log": [{"at": instant(6), "actor": "Bob", "act": "viewed_patient"}],
        "imports": [
            {
                "source": "daylio",
                "file_name": "daylio_export.csv",
                "imported_at": instant(1),
                "shared": False,
                "entries": [
                    {
                        "local_date": date(2025, 1, 1),
                        "at": time(9, 3),
                        "kind": "mood",
                        "value": 4.0,
                        "scale_min": 1.0,
                        "scale_max": 5.0,
                        "label": "good",
                        "activities": ["tea"],
                        "note": "",
                        "file_row": 2,
                        "fingerprint": "c" * 64,
                    }
                ],
            }
        ],
    }
