"""Tideline: a mood journal for the days between ketamine sessions."""

__version__ = "0.1.0"
