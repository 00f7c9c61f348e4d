"""Tideline: a mood journal for the days between ketamine sessions."""

__version__ = "0.1.0"

NOT_YET = "Not for real patients yet: second factors, key rotation and the audit chain are still missing."
"""Said at start-up and by the doctor, until those are there."""
