"""One activity of a person's list, or a new one."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField


class ActivityForm(FlaskForm):
    """``chip`` names the activity to change; empty for a new one."""

    chip = StringField()
    label = StringField()
    shared = BooleanField()
    hidden = BooleanField()
