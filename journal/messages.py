"""The one sentence for each refusal: what happened and what to do next, without blame.

Used by the web pages and the command line; lower floors raise the codes. Each sentence may be filled from the
refusal's details: a day is written out, ``{over:,}`` is a count.
"""

from __future__ import annotations

from datetime import date

from journal.domain.errors import Refused, RefusedFields
from journal.domain.words import Counted, translatable, translatable_count
from journal.languages import gettext, say_plural
from journal.wording import day_and_year, whole

SENTENCES: dict[str, str] = {
    # check-in
    "mood_missing": translatable("Choose a number, or “Not sure”"),
    "out_of_range": translatable("Choose a value from {low} to {high}"),
    "not_a_choice": translatable("Choose one of the answers shown"),
    "not_a_number": translatable("Write this as a number"),
    "time_missing": translatable("Choose a time"),
    "not_a_time": translatable("Write the time like 22:30"),
    "day_missing": translatable("Choose a day"),
    "not_a_day": translatable("Write the day like 2026-03-30"),
    "note_too_long": translatable_count(
        "Your note is {over:,} character too long", "Your note is {over:,} characters too long", "over"
    ),
    "tags_too_long": translatable("Use at most {most} tags of {length} characters"),
    "text_too_long": translatable("Shorten this to {most} characters"),
    "text_unreadable": translatable(
        "There is a character here that can’t be kept. Write this again without it"
    ),
    "night_too_long": translatable("Check these two times: they are more than {hours} hours apart"),
    "awake_too_long": translatable("Check these minutes: they are more than the time in bed"),
    "day_in_future": translatable("Choose today or an earlier day"),
    "day_too_old": translatable("Choose a day within the last {days} days"),
    "key_missing": translatable(
        "This check-in could not be told apart from others. Reload the page and try again"
    ),
    "activity_name_missing": translatable("Write a name for this activity"),
    "activities_full": translatable("Your list has {most} activities. Rename one to make room"),
    # what a phone kept and sends later, where it comes in a shape that no form of ours gives it
    "member_missing": translatable("This has to be there"),
    "member_unknown": translatable("Nothing of this name is known here"),
    "not_yes_or_no": translatable("Answer this with yes or no"),
    "not_a_text": translatable("Write this as text"),
    "not_a_list": translatable("Write this as a list"),
    "not_a_moment": translatable("Write this moment like 2026-03-30T18:00:00Z"),
    "not_a_key": translatable("Use 8 to 64 letters, digits, hyphens or underscores"),
    # treatment sessions and appointments
    "day_out_of_reach": translatable("Check the year: {year} is too far away"),
    "planned_day_past": translatable(
        "A planned session is today or later. Choose another day, or say how it went"
    ),
    "session_still_ahead": translatable(
        "This is still ahead. Choose “It is planned”, or an earlier day or time"
    ),
    "day_not_shared": translatable("Choose {first} or a later day: earlier ones are not shared with you"),
    "changed_meanwhile": translatable(
        "This was changed after you opened it. What you wrote is still here: save again to keep it"
    ),
    "phase_not_next": translatable("A course can’t go there from where it is. Choose another phase"),
    "phase_before_last": translatable("Choose {since} or a later day: its present phase began then"),
    "phase_missing": translatable("Choose where the course goes next"),
    "drug_missing": translatable("Choose what is given"),
    "count_missing": translatable("Write how many sessions"),
    "course_kept_by_provider": translatable("Somebody you share sessions with keeps your course now"),
    "course_not_over": translatable("There is a course already. Finish it before you begin another"),
    "not_planned_any_more": translatable("This session is not planned any more. Nothing was changed"),
    "plan_changed": translatable("The dates are not those you saw. Look at them once more, then save"),
    "session_on_that_day": translatable("There is a session on that day already. Choose another day"),
    "end_before_start": translatable("Choose a time after the start"),
    "session_too_long": translatable("Check these two times: they are more than {hours} hours apart"),
    "number_two_ways": translatable(
        "This can be read in two ways. Write a thousand without a separator, like 1000"
    ),
    "too_many_decimals": translatable_count(
        "Write at most {most} digit after the point", "Write at most {most} digits after the point", "most"
    ),
    "dose_unit_missing": translatable("Choose the unit of the dose"),
    "dose_known_and_unknown": translatable("Write the dose, or choose “I don’t know”"),
    "dose_without_route": translatable("Choose the route too: a dose belongs to the way it was given"),
    "devices_of_other_route": translatable("Devices are counted with the esketamine nasal spray alone"),
    "gone_and_not_gone": translatable("Write when it had gone, or choose “Not yet”"),
    "blood_pressure_half": translatable("Write both numbers of the blood pressure, or neither"),
    "blood_pressure_order": translatable(
        "Check these two numbers: the second is lower than the first in a blood pressure"
    ),
    "severity_missing": translatable("Choose how strong it is"),
    "time_in_future": translatable("Choose a time that has been"),
    "resolved_before_onset": translatable("Choose a time on or after the day it began"),
    "medicine_name_missing": translatable("Write the name of the medicine"),
    "dose_words_missing": translatable("Write the new dose"),
    "last_day_before_first": translatable("Choose its first day or a later one"),
    "change_not_after_start": translatable("Choose a day after {started}, when this dose began"),
    "nothing_answered": translatable("Answer at least one of these, or come back another day"),
    "moment_label_missing": translatable("Write a few words for this day"),
    "with_whom_missing": translatable("Choose who the visit is with"),
    "topic_missing": translatable("Write a few words to talk about"),
    "topics_full": translatable("There are {most} already. Remove one to make room"),
    "visit_kind_missing": translatable("Choose what kind of visit it is"),
    "provider_not_sharing": translatable("Choose one of the people you share with, or nobody on Tideline"),
    # the coping plan
    "before_is_over": translatable("This session is no longer ahead, so nothing more is written here"),
    "after_is_closed": translatable("This page is open from the evening of a session, for a week"),
    "checklist_too_long": translatable("Keep this to {most} lines"),
    "phone_unreadable": translatable("Write the number in digits, like +49 30 123456"),
    # people
    "name_missing": translatable("Write a name, or what you like to be called"),
    "email_wrong": translatable("Write an email address like name@example.org"),
    "email_taken": translatable("This address is in use here already. Choose another one"),
    "account_closed": translatable("This account is closed. Nobody can sign in with it"),
    "no_such_account": translatable("Nobody here has this address"),
    "no_such_patient": translatable("No patient here has this address"),
    "provider_kind_missing": translatable("Choose therapist or prescriber"),
    "clinic_missing": translatable("Name a clinic"),
    "password_short": translatable("Use at least {least} characters. A few words you’ll remember work well"),
    "password_long": translatable("Use at most {most} characters"),
    "password_guessable": translatable(
        "This is one of the first that somebody would try. Choose words that don’t go together"
    ),
    "password_wrong": translatable("That isn’t the password you have now"),
    "password_refused": translatable(
        "That address and password don’t go together. You can also get a link by mail"
    ),
    "password_too_often": translatable("That was tried many times. Wait a while, or get a link by mail"),
    "unlock_too_often": translatable("That was tried many times. Wait a while, or get a code by mail"),
    "kiosk_code_wrong": translatable("That code doesn’t work here, or has run out. Ask for a new one"),
    "code_wrong": translatable("That code doesn’t work here, or has run out. You can ask for a new one"),
    # sharing and invitations
    "no_scope": translatable("Switch on at least one thing, or stop sharing"),
    "sharing_changed": translatable(
        "This was changed after you opened the page. What counts now is shown here"
    ),
    "no_scope_yet": translatable("Switch on at least one thing"),
    "reader_left": translatable("This person doesn’t work here any more"),
    "invitation_over": translatable("This invitation has been used, or has run out"),
    "paper_code_wrong": translatable("That code doesn’t lead anywhere. Check it against the paper"),
    "not_understood": translatable("Please confirm this first"),
    "day_past": translatable("Choose today or a later day"),
    "password_later": translatable("With another address, set a password once you’re signed in"),
    # the installation
    "cannot_listen": translatable(
        "Nothing can listen on {place}: {reason}. Choose another with --host or --port"
    ),
    "database_not_empty": translatable(
        "This database is not empty and stays as it is; choose another for the demo clinic"
    ),
    # numbers for text messages
    "sms_number_missing": translatable("Write the number of your phone"),
    "sms_number_unreadable": translatable(
        "Check this number. With + and the code of its country it is clear, like +49 176 12345678"
    ),
    "sms_number_costly": translatable("Messages to this number cost extra. Choose that of a phone"),
    "sms_codes_too_many": translatable(
        "Several codes were sent today. The last one works for ten minutes; tomorrow you can ask for another"
    ),
    # reminders and zones
    "zone_unknown": translatable("Choose your time zone from the list"),
    "push_service_unknown": translatable(
        "Notifications can’t reach this browser. Try another one, or choose email"
    ),
    "push_keys_unreadable": translatable("This browser could not be added. Reload the page and try again"),
    "reminder_time_in_quiet_hours": translatable("Choose a time outside your quiet hours, or change those"),
    "quiet_hours_equal": translatable("Choose two different times for your quiet hours"),
    "quiet_hours_half": translatable("Write both times of your quiet hours, or neither"),
    "pause_day_out": translatable("Choose a day after today, within a year"),
    "snooze_too_late": translatable("That would be too late for today"),
    "snoozed_already": translatable("You asked for later once today, and that is on its way"),
    "trial_too_often": translatable("Five were tried in this hour. You can try again a little later"),
    "reminder_time_missing": translatable("Choose a time, or pause until you say"),
    "reminder_channel_missing": translatable("Choose a way to be reminded, or pause until you say"),
    "reminder_times_equal": translatable(
        "These two times are the same on some days. Change one, or keep only one"
    ),
    "reminder_time_not_a_minute": translatable("Write the time like 20:00"),
    "reminder_weekday_missing": translatable("Choose at least one day for each time"),
    "reminder_weekday_unknown": translatable("Choose days from Monday to Sunday"),
    "reminder_slot_twice": translatable("These times could not be told apart. Reload the page and try again"),
    "reminder_slot_unknown": translatable("This time could not be recognised. Reload the page and try again"),
    # files brought in; {line} counts from 1
    "file_missing": translatable("Choose a file"),
    "file_too_large_here": translatable(
        "This file is too large for this page; divide it and import the parts"
    ),
    "moods_too_many": translatable(
        "This file has {count} mood names unknown here; check that moods are in the right column"
    ),
    "level_missing": translatable("Choose what this name stands for"),
    "file_empty": translatable("This file is empty; nothing was imported"),
    "file_too_large": translatable("This file is larger than {most_mib} MiB; nothing was imported"),
    "file_extension": translatable(
        "Choose a file whose name ends in one of {expected}; nothing was imported"
    ),
    "file_is_archive": translatable("This is a packed archive; unpack it and choose the CSV file inside"),
    "file_not_text": translatable("This file holds no readable text; nothing was imported"),
    "file_encoding": translatable(
        "The characters of this file cannot be read; save it as UTF-8 and try again"
    ),
    "table_broken": translatable(
        "The row that begins on line {line} is not a whole table row; check its quotation marks"
    ),
    "table_too_long": translatable("This file has more than {most} rows; divide it and import the parts"),
    "table_columns_missing": translatable("This file lacks the columns {columns}; nothing was imported"),
    "table_cell": translatable("Line {line}, column {column}: this value cannot be read"),
    "daylio_backup": translatable(
        "This is a Daylio backup; in Daylio, export your entries as CSV and choose that file"
    ),
    "daylio_not_recognised": translatable("This is not a CSV export from Daylio; nothing was imported"),
    "daylio_columns_missing": translatable(
        "A Daylio export has a column this file lacks: {columns}; nothing was imported"
    ),
    "daylio_columns_twice": translatable("The column {column} is in this file twice; nothing was imported"),
    "daylio_no_rows": translatable("This file has a header and no entries; nothing was imported"),
    "map_not_json": translatable("The mapping file is not valid JSON"),
    "map_without_moods": translatable(
        "The mapping file needs an object “moods” that gives each mood name a level"
    ),
    "map_level": translatable("Give each mood in the mapping a whole number from {low} to {high}, or null"),
    "map_names_clash": translatable("The mapping gives the same mood name two different levels"),
    "rows_unreadable": translatable(
        "Rows that cannot be read: {count} of {of}, the first on line {line}; nothing was imported"
    ),
    "moods_unknown": translatable(
        "Unknown mood names: {count}. Give each a level, or keep it as a word; nothing was imported"
    ),
    # rows of such files, listed with their line
    "row_too_short": translatable("This row has fewer cells than the header"),
    "row_too_long": translatable("This row has more cells than the header"),
    "row_date_unreadable": translatable("This date cannot be read"),
    "row_date_in_future": translatable("This date is in the future"),
    "row_time_unreadable": translatable("This time cannot be read"),
    "row_mood_missing": translatable("This row has no mood"),
    "row_mood_too_long": translatable("This mood name is too long"),
    # what a list of patients shows first
    "flag_stays": translatable("A flag can only be acknowledged, not set aside"),
    "day_too_far": translatable("Choose a day within the next {most} days"),
    "steady_length": translatable("Choose between {least} and {most} days"),
    "steady_not_shared": translatable(
        "Another provider chose days that are not shared with you. Those stay as they are"
    ),
    "steady_too_few": translatable_count(
        "Only {n} of these days has a mood; it takes {needs}",
        "Only {n} of these days have a mood; it takes {needs}",
        "n",
    ),
    # flags, and who looks at them
    "note_missing": translatable("Write a line about what you did"),
    "follow_up_missing": translatable("Write a few words first"),
    "looked_meanwhile": translatable(
        "Somebody has put their name here meanwhile. What they wrote is shown above"
    ),
    "said_more_meanwhile": translatable(
        "More was said since you opened this page. Read it above, then save again"
    ),
    "not_yours_to_lower": translatable(
        "This flag waits for a clinic where a named person looks at flags every weekday"
    ),
    "no_second_look": translatable("This needs no second look, or the first one was yours"),
    "rota_missing": translatable("Mails need a name for the whole week and for every day of it"),
    # Tideline's own document
    "document_not_json": translatable("This file is not valid JSON; nothing was imported"),
    "document_other_format": translatable("This is not a Tideline export; nothing was imported"),
    "document_version": translatable(
        "This export is of a newer format (known here: version {known}); nothing was imported"
    ),
    "document_invalid": translatable("This export is damaged at {path} (rule: {rule}); nothing was imported"),
    "journal_not_empty": translatable(
        "There is something in this journal already; an export goes back into an empty one only"
    ),
}


def sentence(refusal: Refused) -> str:
    """The sentence for ``refusal``, in the language being spoken."""
    details = {name: _written(value) for name, value in refusal.details.items()}
    text = SENTENCES[refusal.code]
    if isinstance(text, Counted):
        count = refusal.details[text.counts]
        said = say_plural(text.one, text, count if isinstance(count, int) else 0)
    else:
        said = gettext(text)
    return said.format(**details)


def by_field(fault: Refused | RefusedFields) -> dict[str, str]:
    """The sentence for each field of a refused form, in the order in which the problems were found."""
    problems = fault.problems if isinstance(fault, RefusedFields) else [fault]
    return {problem.field or "": sentence(problem) for problem in problems}


class _Count(int):
    """A number whose thousands are parted as the language being spoken does it."""

    def __format__(self, form: str) -> str:
        return whole(self) if form == "," else super().__format__(form)


def _written(value: object) -> object:
    if isinstance(value, date):
        return day_and_year(value)
    return _Count(value) if isinstance(value, int) and not isinstance(value, bool) else value
