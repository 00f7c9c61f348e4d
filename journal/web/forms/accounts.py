"""Forms about people: what was typed, as typed, and the reading of it. Rules are asked of domain and services."""

from __future__ import annotations

import unicodedata

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.words import translatable_in
from journal.services.accounts import read_address
from journal.storage.clinics import Kind
from journal.web.forms.reading import TicksField, read_choice

OPTIONAL_ITEMS = {
    "connection": translatable_in("item", "Feeling connected"),
    "pain": translatable_in("item", "Pain"),
    "meals": translatable_in("item", "Meals"),
}
"""Questions of the check-in that are off until turned on."""


def read_email(field: StringField) -> str:
    """The address in the form in which addresses are kept. Refuses ``email_wrong``."""
    return read_address(field.data or "", field=field.name)


def read_password(field: StringField) -> str:
    """What was typed, in one Unicode form, because two keyboards write the same letter in different ways."""
    return unicodedata.normalize("NFC", field.data or "")


class SignInForm(FlaskForm):
    """One field, and the way chosen by the button: a mail, or a password."""

    email = StringField()
    remember = BooleanField()
    way = StringField()


class CodeForm(FlaskForm):
    """The code from the mail; blanks and dashes are how people write it down."""

    code = StringField()

    def digits(self) -> str:
        """The digits alone."""
        return "".join(letter for letter in self.code.data or "" if letter.isdigit())


class LinkForm(FlaskForm):
    """The button on the page of a mailed link."""

    remember = BooleanField()


class PasswordSignInForm(FlaskForm):
    """An address and its password."""

    email = StringField()
    password = StringField()
    remember = BooleanField()


class StartForm(FlaskForm):
    """Beginning a journal without an invitation."""

    email = StringField()
    display_name = StringField()
    zone = StringField()
    zone_chosen = StringField()

    def chosen_zone(self) -> str:
        """The zone chosen from the list, or else the one the browser named."""
        return (self.zone_chosen.data or self.zone.data or "").strip()


class NewPasswordForm(FlaskForm):
    """A password to be; with the present one where there is one."""

    present = StringField()
    password = StringField()


class SettingsForm(FlaskForm):
    """How a patient likes things."""

    display_name = StringField()
    zone = StringField()
    region = StringField()
    language = StringField()
    share_notes = BooleanField()
    items_on = TicksField()
    app_name = StringField()

    def items(self) -> list[str]:
        """The optional questions that are switched on, each one that exists."""
        return [name for name in OPTIONAL_ITEMS if name in (self.items_on.data or [])]


class ProviderForm(FlaskForm):
    """A provider to be, in a clinic that exists or one that begins with them."""

    name = StringField()
    credentials = StringField()
    email = StringField()
    kind = StringField()
    clinic = StringField()
    clinic_name = StringField()
    zone = StringField()

    def said(self) -> tuple[str, Kind]:
        """The address and the kind; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        if not (self.name.data or "").strip():
            problems.append(Refused("name_missing", field="name"))
        email = ""
        try:
            email = read_email(self.email)
        except Refused as fault:
            problems.append(fault)
        kind = read_choice(self.kind, Kind, problems, unanswered="provider_kind_missing")
        if problems or kind is None:
            raise RefusedFields(problems)
        return email, kind
