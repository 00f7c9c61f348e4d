"""Every table, in one import: what migrations and checks compare against."""

from journal.storage import (
    accounts,
    activities,
    appointments,
    audit,
    check_in_versions,
    checkins,
    clinics,
    consents,
    installation,
    patients,
    rate_limits,
    reminders,
    sealing,
    submissions,
    support,
    transfers,
    treatments,
)
from journal.storage.base import Base

__all__ = [
    "Base",
    "accounts",
    "activities",
    "appointments",
    "audit",
    "check_in_versions",
    "checkins",
    "clinics",
    "consents",
    "installation",
    "patients",
    "rate_limits",
    "reminders",
    "sealing",
    "submissions",
    "support",
    "transfers",
    "treatments",
]
