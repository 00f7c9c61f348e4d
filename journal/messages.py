"""The one sentence for each refusal: what happened and what to do next, without blame.

Used by the web pages and the command line; lower floors raise the codes. Each sentence may be filled from the
refusal's details.
"""

from __future__ import annotations

from journal.domain.errors import Refused, RefusedFields

SENTENCES: dict[str, str] = {
    # check-in
    "mood_missing": "Choose a number, or “Not sure”",
    "out_of_range": "Choose a value from {low} to {high}",
    "not_a_choice": "Choose one of the answers shown",
    "not_a_number": "Write this as a number",
    "time_missing": "Choose a time",
    "not_a_time": "Write the time like 22:30",
    "day_missing": "Choose a day",
    "not_a_day": "Write the day like 2026-03-30",
    "note_too_long": "Your note is {over:,} characters too long",
    "tags_too_long": "Use at most {most} tags of {length} characters",
    "text_too_long": "Shorten this to {most} characters",
    "night_too_long": "Check these two times: they are more than {hours} hours apart",
    "awake_too_long": "Check these minutes: they are more than the time in bed",
    "day_in_future": "Choose today or an earlier day",
    "day_too_old": "Choose a day within the last {days} days",
    "key_missing": "This check-in could not be told apart from others. Reload the page and try again",
    "activity_name_missing": "Write a name for this activity",
    "activities_full": "Your list has {most} activities. Rename one to make room",
    # treatment sessions and appointments
    "day_out_of_reach": "Check the year: {year} is too far away",
    "planned_day_past": "A planned session is today or later. Choose another day, or say how it went",
    "session_still_ahead": "This is still ahead. Choose “It is planned”, or an earlier day or time",
    "day_not_shared": "Choose {first:%-d %B %Y} or a later day: earlier ones are not shared with you",
    "changed_meanwhile": "This was changed after you opened it. What you wrote is still here: save again to keep it",
    "with_whom_missing": "Choose who the visit is with",
    "visit_kind_missing": "Choose what kind of visit it is",
    "provider_not_sharing": "Choose one of the people you share with, or nobody on Tideline",
    # people
    "name_missing": "Write a name, or what you like to be called",
    "email_wrong": "Write an email address like name@example.org",
    "email_taken": "This address is in use here already. Choose another one",
    "account_closed": "This account is closed. Nobody can sign in with it",
    "no_such_account": "Nobody here has this address",
    "no_such_patient": "No patient here has this address",
    "provider_kind_missing": "Choose therapist or prescriber",
    "clinic_missing": "Name a clinic",
    "password_short": "Use at least {least} characters. A few words you’ll remember work well",
    "password_long": "Use at most {most} characters",
    "password_guessable": "This is one of the first that somebody would try. Choose words that don’t go together",
    "password_wrong": "That isn’t the password you have now",
    "password_refused": "That address and password don’t go together. You can also get a link by mail",
    "password_too_often": "That was tried many times. Wait a while, or get a link by mail",
    "code_wrong": "That code doesn’t work here, or has run out. You can ask for a new one",
    # sharing and invitations
    "no_scope": "Switch on at least one thing, or stop sharing",
    "sharing_changed": "This was changed after you opened the page. What counts now is shown here",
    "no_scope_yet": "Switch on at least one thing",
    "reader_left": "This person doesn’t work here any more",
    "invitation_over": "This invitation has been used, or has run out",
    "paper_code_wrong": "That code doesn’t lead anywhere. Check it against the paper",
    "not_understood": "Please confirm this first",
    "day_past": "Choose today or a later day",
    "password_later": "With another address, set a password once you’re signed in",
    # the installation
    "cannot_listen": "Nothing can listen on {place}: {reason}. Choose another with --host or --port",
    "database_not_empty": "This database is not empty and stays as it is; choose another for the demo clinic",
    # reminders and zones
    "zone_unknown": "Choose your time zone from the list",
    "reminder_time_missing": "Choose a time, or stop the reminders",
    "reminder_channel_missing": "Switch email on, or stop the reminders",
    "reminder_times_too_many": "Choose at most {most} times a day",
    "reminder_times_equal": "These two times are the same on some days. Change one, or keep only one",
    "reminder_time_not_a_minute": "Write the time like 20:00",
    "reminder_weekday_missing": "Choose at least one day for each time",
    "reminder_weekday_unknown": "Choose days from Monday to Sunday",
    "reminder_slot_twice": "These times could not be told apart. Reload the page and try again",
    "reminder_slot_unknown": "This time could not be recognised. Reload the page and try again",
    # files brought in; {line} counts from 1
    "file_missing": "Choose a file",
    "file_too_large_here": "This file is too large for this page; divide it and import the parts",
    "moods_too_many": "This file has {count} mood names unknown here; check that moods are in the right column",
    "level_missing": "Choose what this name stands for",
    "file_empty": "This file is empty; nothing was imported",
    "file_too_large": "This file is larger than {most_mib} MiB; nothing was imported",
    "file_extension": "Choose a file whose name ends in one of {expected}; nothing was imported",
    "file_is_archive": "This is a packed archive; unpack it and choose the CSV file inside",
    "file_not_text": "This file holds no readable text; nothing was imported",
    "file_encoding": "The characters of this file cannot be read; save it as UTF-8 and try again",
    "table_broken": "The row that begins on line {line} is not a whole table row; check its quotation marks",
    "table_too_long": "This file has more than {most} rows; divide it and import the parts",
    "table_columns_missing": "This file lacks the columns {columns}; nothing was imported",
    "table_cell": "Line {line}, column {column}: this value cannot be read",
    "daylio_backup": "This is a Daylio backup; in Daylio, export your entries as CSV and choose that file",
    "daylio_not_recognised": "This is not a CSV export from Daylio; nothing was imported",
    "daylio_columns_missing": "A Daylio export has a column this file lacks: {columns}; nothing was imported",
    "daylio_columns_twice": "The column {column} is in this file twice; nothing was imported",
    "daylio_no_rows": "This file has a header and no entries; nothing was imported",
    "map_not_json": "The mapping file is not valid JSON",
    "map_without_moods": "The mapping file needs an object “moods” that gives each mood name a level",
    "map_level": "Give each mood in the mapping a whole number from {low} to {high}, or null",
    "map_names_clash": "The mapping gives the same mood name two different levels",
    "rows_unreadable": "Rows that cannot be read: {count} of {of}, the first on line {line}; nothing was imported",
    "moods_unknown": "Unknown mood names: {count}. Give each a level, or keep it as a word; nothing was imported",
    # rows of such files, listed with their line
    "row_too_short": "This row has fewer cells than the header",
    "row_too_long": "This row has more cells than the header",
    "row_date_unreadable": "This date cannot be read",
    "row_date_in_future": "This date is in the future",
    "row_time_unreadable": "This time cannot be read",
    "row_mood_missing": "This row has no mood",
    "row_mood_too_long": "This mood name is too long",
    # Tideline's own document
    "document_not_json": "This file is not valid JSON; nothing was imported",
    "document_other_format": "This is not a Tideline export; nothing was imported",
    "document_version": "This export is of a newer format (known here: version {known}); nothing was imported",
    "document_invalid": "This export is damaged at {path} (rule: {rule}); nothing was imported",
    "journal_not_empty": "There is something in this journal already; an export goes back into an empty one only",
}


def sentence(refusal: Refused) -> str:
    """The sentence for ``refusal``."""
    return SENTENCES[refusal.code].format(**refusal.details)


def by_field(fault: Refused | RefusedFields) -> dict[str, str]:
    """The sentence for each field of a refused form, in the order in which the problems were found."""
    problems = fault.problems if isinstance(fault, RefusedFields) else [fault]
    return {problem.field or "": sentence(problem) for problem in problems}
