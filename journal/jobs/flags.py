"""Telling those who want it that there is something to read. Never what, and never whose."""

from __future__ import annotations

import secrets

from journal import languages
from journal.jobs.worker import Worker
from journal.languages import gettext as _
from journal.logs import log
from journal.services import flag_reviews
from journal.services.reminder_lines import NEWS_LINE
from journal.services.sending import NotSent, PerhapsSent


def tell_of_flags(worker: Worker) -> None:
    """Write to everybody who is to be told of flags that nobody was told of yet, where a clinic wants that.

    At most once: what a mail server refuses is written into the log, and the flag waits in the inbox as it did.
    """
    with worker.database.unit_of_work() as db:
        to_tell = flag_reviews.take_untold(db, now=worker.clock())
    for person in to_tell:
        with languages.speaking(person.language):
            letter = worker.post.write(
                "news",
                person.email,
                key=secrets.token_hex(16),
                line=_(NEWS_LINE),
                link=f"{worker.config.base_url}/",
            )
        try:
            worker.post.send(letter)
        except (NotSent, PerhapsSent) as fault:
            log.warning("mail not sent", channel="email", reason=str(fault))
