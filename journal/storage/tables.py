"""Every table, in one import: what migrations and checks compare against."""

from journal.storage import (
    accounts,
    appointments,
    audit,
    checkins,
    clinics,
    consents,
    installation,
    patients,
    rate_limits,
    reminders,
    sealing,
    transfers,
    treatments,
)
from journal.storage.base import Base

__all__ = [
    "Base",
    "accounts",
    "appointments",
    "audit",
    "checkins",
    "clinics",
    "consents",
    "installation",
    "patients",
    "rate_limits",
    "reminders",
    "sealing",
    "transfers",
    "treatments",
]
