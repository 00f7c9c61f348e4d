"""The form of a number for text messages: what was typed, as typed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class NumberForm(FlaskForm):
    """One field. What is a number is asked of the service."""

    number = StringField()
