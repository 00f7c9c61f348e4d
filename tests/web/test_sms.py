"""The page of a number for text messages over HTTP, with a gateway behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from journal.config import Config
from journal.storage import sms
from journal.storage.sms import KnownNumber
from tests.builders import the_patient
from tests.cast import NOW, Person
from tests.conftest import Site
from tests.texting import NUMBER, Texting, texting

PAGE = "/reminders/number"


@pytest.fixture
def texts(site: Site, config: Config) -> Iterator[Texting]:
    with texting(site, config) as found:
        yield found


def post(texts: Texting, person: Person | None = None, **form: str) -> TestResponse:
    return texts.site.as_(person or texts.site.cast.alice).post(PAGE, data=form)


def shown(texts: Texting) -> str:
    return texts.site.as_(texts.site.cast.alice).get(PAGE).text


def known(texts: Texting, person: Person | None = None) -> KnownNumber | None:
    found: KnownNumber | None = texts.site.look(sms.number_of, (person or texts.site.cast.alice).account_id)
    return found


def add(texts: Texting, number: str = NUMBER) -> None:
    answer = post(texts, way="add", number=number)
    assert (answer.status_code, answer.location) == (303, PAGE)


def test_a_number_is_written_down_and_proven_by_the_code_that_comes(texts: Texting) -> None:
    add(texts, "+49 176 12345678")
    assert "the number that ends in 78" in shown(texts)
    assert texts.sent() == [(NUMBER, f"{texts.code()} is your code")]
    answer = post(texts, way="code", code=f" {texts.code()} ")
    assert (answer.status_code, answer.location) == (303, PAGE)
    kept = known(texts)
    assert kept
    assert kept.verified_at == NOW
    assert "It ends in 78." in shown(texts)


def test_nothing_goes_out_before_the_button(texts: Texting) -> None:
    assert 'autocomplete="tel"' in shown(texts)
    assert texts.sent() == []


def test_a_number_without_its_country_is_that_of_the_patients_region(texts: Texting, site: Site) -> None:
    with site.database.unit_of_work() as db:
        the_patient(db, site.cast.alice).region = "DE"
    add(texts, "0176 12345678")
    assert texts.sent()[0][0] == NUMBER


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write the number of your phone"),
        (
            "0176 12",
            "Check this number. With + and the code of its country it is clear, like +49 176 12345678",
        ),
        ("+1 900 555 0123", "Messages to this number cost extra. Choose that of a phone"),
    ],
)
def test_what_is_no_number_stays_in_the_field_with_one_sentence(
    texts: Texting, typed: str, sentence: str
) -> None:
    answer = post(texts, way="add", number=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert '<a href="#number">' in answer.text
    assert f'value="{typed}"' in answer.text
    assert (known(texts), texts.sent()) == (None, [])


def test_a_wrong_code_is_told_in_one_sentence_and_counted(texts: Texting) -> None:
    add(texts)
    for _ in range(4):
        answer = post(texts, way="code", code="nonsense")
        assert answer.status_code == 422
        assert '<a href="#code">' in answer.text
    fifth = post(texts, way="code", code="000000x")
    assert '<a href="#number">' in fifth.text  # it is over; the number is still there
    assert f'value="{NUMBER}"' in fifth.text
    assert post(texts, way="code", code=texts.code()).status_code == 422
    kept = known(texts)
    assert kept
    assert kept.verified_at is None


def test_a_code_runs_out_after_ten_minutes(texts: Texting, site: Site) -> None:
    add(texts)
    site.clock.moment = NOW + timedelta(minutes=10)
    assert post(texts, way="code", code=texts.code()).status_code == 422


def test_a_new_code_may_be_asked_for_until_there_were_three(texts: Texting) -> None:
    add(texts)
    first = texts.code()
    assert post(texts, way="again").status_code == 303
    answer = post(texts, way="code", code=first)
    assert answer.status_code == 422 or first == texts.code()
    assert post(texts, way="again").status_code == 303
    refused = post(texts, way="again")
    assert refused.status_code == 429
    assert "tomorrow you can ask for another" in refused.text
    assert len(texts.sent()) == 3
    assert post(texts, way="code", code=texts.code()).status_code == 303  # the last one still works


def test_one_number_gets_three_codes_a_day_through_whichever_accounts(texts: Texting) -> None:
    for _ in range(3):
        add(texts)
    answer = post(texts, texts.site.cast.dan, way="add", number=NUMBER)
    assert answer.status_code == 303
    assert len(texts.sent()) == 3


def test_a_number_that_said_stop_is_sent_nothing_and_the_page_is_the_same(texts: Texting) -> None:
    texts.prove(texts.site.cast.dan)
    texts.receive("STOP")
    add(texts)
    assert "A code is on its way" in shown(texts)
    assert texts.sent() == []


def test_a_number_that_somebody_else_proves_is_theirs(texts: Texting) -> None:
    texts.prove(texts.site.cast.dan)
    add(texts)
    assert known(texts, texts.site.cast.dan)
    post(texts, way="code", code=texts.code())
    assert known(texts, texts.site.cast.dan) is None


def test_a_number_is_removed_by_its_button(texts: Texting) -> None:
    texts.prove(texts.site.cast.alice)
    assert post(texts, way="remove").status_code == 303
    assert known(texts) is None


def test_the_page_says_that_stop_came_and_how_to_take_it_back(texts: Texting) -> None:
    texts.prove(texts.site.cast.alice)
    texts.receive("STOP")
    assert "Send START from it, and messages come again." in shown(texts)


def test_a_proven_number_stands_on_no_page(texts: Texting) -> None:
    texts.prove(texts.site.cast.alice)
    assert NUMBER[1:] not in shown(texts)


def test_past_the_days_cap_no_code_goes_out(site: Site, config: Config) -> None:
    with texting(site, config, sms_per_day=1) as texts:
        add(texts)
        add(texts)
        assert len(texts.sent()) == 1


def test_without_a_gateway_the_page_says_so_and_takes_nothing(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    assert "Text messages aren’t connected here." in alice.get(PAGE).text
    assert alice.post(PAGE, data={"way": "add", "number": NUMBER}).status_code == 404


def test_the_logs_hold_no_number_and_no_code(texts: Texting, capfd: pytest.CaptureFixture[str]) -> None:
    add(texts)
    texts.receive("7", number=NUMBER)
    code = texts.code()
    said = "".join(capfd.readouterr())
    assert "17612345678" not in said
    assert code not in said
