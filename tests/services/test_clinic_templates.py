from __future__ import annotations

import pytest

from journal.domain.clinic_templates import ChecklistItem, ClinicTemplate
from journal.domain.errors import Refused, RefusedFields
from journal.services.clinic_templates import save_template
from journal.storage.clinic_templates import template_of
from journal.storage.database import Database
from tests.cast import NOW, Cast

EXAMPLES = ClinicTemplate((ChecklistItem("escort", "A ride"),), "Expect", "Ask", "Eat", "Rest")


def save(
    database: Database, cast: Cast, said: ClinicTemplate, *, seen: int = 0, adopts: bool = False
) -> None:
    with database.unit_of_work() as db:
        save_template(
            db,
            cast.clinic_id,
            said,
            examples=EXAMPLES,
            adopts=adopts,
            language="en",
            seen_version=seen,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )


def kept(database: Database, cast: Cast) -> tuple[ClinicTemplate, int]:
    with database.look() as db:
        found = template_of(db, cast.clinic_id)
    return found.template, found.version


def test_saving_nothing_but_examples_keeps_nothing(database: Database, cast: Cast) -> None:
    save(database, cast, EXAMPLES)
    assert kept(database, cast) == (ClinicTemplate(), 0)


def test_examples_are_adopted_only_by_saying_so(database: Database, cast: Cast) -> None:
    save(database, cast, EXAMPLES, adopts=True)
    assert kept(database, cast) == (EXAMPLES, 1)


def test_own_words_that_happen_to_equal_an_example_stay_own(database: Database, cast: Cast) -> None:
    save(database, cast, EXAMPLES, adopts=True)
    save(database, cast, ClinicTemplate(EXAMPLES.checklist, "", "Ask", "Eat", "Rest"), seen=1)
    assert kept(database, cast)[0].examples == frozenset()


def test_what_cannot_be_kept_is_refused(database: Database, cast: Cast) -> None:
    with pytest.raises(RefusedFields):
        save(database, cast, ClinicTemplate(aftercare="x" * 2001))
    save(database, cast, ClinicTemplate(aftercare="First"))
    with pytest.raises(Refused) as caught:
        save(database, cast, ClinicTemplate(aftercare="Second"))
    assert caught.value.code == "changed_meanwhile"
