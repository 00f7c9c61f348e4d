"""The form under a flag: what somebody did. Whether that is enough is asked of the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class LookForm(FlaskForm):
    """A line about what was done, as typed, and the mark of what the page said."""

    note = StringField()
    read = StringField()
