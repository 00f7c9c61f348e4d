"""The inbound hook over HTTP: who is believed, what is written, what is said back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from journal.config import Config
from journal.languages import Language
from journal.services.sms_gateways import twilio_signature, webhook_signature
from journal.storage import sms
from journal.storage.accounts import set_language
from journal.storage.checkins import CheckIn
from tests.builders import check_in
from tests.conftest import Site
from tests.texting import NUMBER, SECRET, Texting, texting

HOOK = "/hooks/sms"
TWILIO = "twilio+http://AC1:token@127.0.0.1:1/+15551234567"


@pytest.fixture
def texts(site: Site, config: Config) -> Iterator[Texting]:
    with texting(site, config) as found:
        found.prove(site.cast.alice)
        yield found


def moods(site: Site) -> list[int | None]:
    with site.database.look() as db:
        return list(db.scalars(sa.select(CheckIn.mood).order_by(CheckIn.id)))


def test_a_bare_number_is_saved_before_it_is_answered(texts: Texting) -> None:
    answer = texts.receive("7")
    assert (answer.status_code, answer.json) == (200, {"reply": "Saved. Thank you."})
    assert moods(texts.site) == [7]


def test_nothing_is_said_to_be_saved_that_could_not_be(texts: Texting) -> None:
    def refuse(*_details: object) -> None:
        raise sa.exc.OperationalError("COMMIT", None, OSError("the disk is full"))

    event.listen(texts.site.database.engine, "commit", refuse)
    answer = texts.receive("7")
    event.remove(texts.site.database.engine, "commit", refuse)
    assert answer.status_code == 503
    assert "Saved" not in answer.text
    assert moods(texts.site) == []


def test_the_way_to_somebody_comes_with_the_answer_to_a_low_number(texts: Texting) -> None:
    assert texts.receive("1").json == {
        "reply": "Saved. Thank you. If you need someone now: https://journal.example.org/help"
    }


def test_the_answer_is_in_the_language_of_the_account(texts: Texting) -> None:
    with texts.site.database.unit_of_work() as db:
        set_language(db, texts.site.cast.alice.account_id, Language.SPANISH)
    assert texts.receive("7").json == {"reply": "Guardado. Gracias."}


def test_it_works_where_forms_need_their_token(texts: Texting) -> None:
    texts.site.app.config["WTF_CSRF_ENABLED"] = True
    assert texts.receive("7").status_code == 200


def test_a_form_still_needs_its_token_there(texts: Texting) -> None:
    alice = texts.site.as_(texts.site.cast.alice)
    texts.site.app.config["WTF_CSRF_ENABLED"] = True
    assert alice.post("/reminders/number", data={"way": "remove"}).status_code == 400


def test_a_stranger_finds_nothing(texts: Texting) -> None:
    body = json.dumps({"from": NUMBER, "text": "7", "id": "m-1"})
    for headers in ({}, {"Journal-Timestamp": "1774893600", "Journal-Signature": "sha256=" + "0" * 64}):
        for person in (texts.site.stranger(), texts.site.as_(texts.site.cast.alice)):
            answer = person.post(HOOK, data=body, headers=headers, content_type="application/json")
            assert answer.status_code == 404
    assert moods(texts.site) == []


def test_where_there_is_no_gateway_nobody_is_one(site: Site) -> None:
    signed = {
        "Journal-Timestamp": "1774893600",
        "Journal-Signature": webhook_signature("", "1774893600", b"{}"),
    }
    assert site.stranger().post(HOOK, data=b"{}", headers=signed).status_code == 404


def test_a_signature_is_of_use_for_five_minutes(texts: Texting) -> None:
    body = json.dumps({"from": NUMBER, "text": "7", "id": "m-1"}).encode()
    signed = {
        "Journal-Timestamp": "1774893600",
        "Journal-Signature": webhook_signature(SECRET, "1774893600", body),
    }
    texts.site.clock.moment += timedelta(minutes=5, seconds=1)
    assert texts.site.stranger().post(HOOK, data=body, headers=signed).status_code == 404


def test_what_is_signed_and_no_message_is_refused(texts: Texting) -> None:
    stamp = "1774893600"
    for body in (b"", b"{", b"\xff", b"[]"):
        signed = {"Journal-Timestamp": stamp, "Journal-Signature": webhook_signature(SECRET, stamp, body)}
        assert texts.site.stranger().post(HOOK, data=body, headers=signed).status_code == 400


@pytest.mark.parametrize("text", ["7", "STOP", "hello"])
def test_an_unknown_number_is_answered_with_nothing(texts: Texting, text: str) -> None:
    answer = texts.receive(text, number="+4917600000000")
    assert (answer.status_code, answer.data) == (204, b"")


def test_stop_and_start_by_text(texts: Texting) -> None:
    said = [texts.receive(text, key=text) for text in ("STOP", "7", "START", "8")]
    assert [answer.status_code for answer in said] == [200, 204, 200, 200]
    assert said[0].json == {"reply": "No more messages will come. START brings them back."}
    assert moods(texts.site) == [7, 8]


def test_answers_to_one_person_come_to_an_end_and_what_they_write_does_not(texts: Texting) -> None:
    statuses = [texts.receive("7", key=f"m-{number}").status_code for number in range(32)]
    assert statuses == [200] * 30 + [204] * 2
    assert len(moods(texts.site)) == 32


def test_past_the_days_cap_a_number_is_saved_and_nothing_is_said(site: Site, config: Config) -> None:
    with texting(site, config, sms_per_day=1) as texts:
        texts.prove(site.cast.alice)
        assert [texts.receive("7", key=key).status_code for key in ("one", "two")] == [200, 204]
        assert moods(site) == [7, 7]


def test_the_hook_reads_nothing_out(texts: Texting) -> None:
    """Whoever can sign learns no more than that a number is taken: the answer to a text is always the same."""
    before = [texts.receive(text, key=f"a{text}").data for text in ("7", "1", "HELP", "hello")]
    with texts.site.database.unit_of_work() as db:
        check_in(db, texts.site.cast.alice, 9, note="a secret of mine")
    after = [texts.receive(text, key=f"b{text}").data for text in ("7", "1", "HELP", "hello")]
    assert before == after


def test_a_message_leaves_no_cookie(texts: Texting) -> None:
    assert "Set-Cookie" not in texts.receive("7").headers


# --- Twilio's side --------------------------------------------------------------------------------------------------


@pytest.fixture
def by_twilio(site: Site, config: Config) -> Iterator[Texting]:
    with texting(site, config, sms_url=TWILIO) as found:
        found.prove(site.cast.alice)
        yield found


def bring(
    texts: Texting, text: str, *, signed_for: str = "https://journal.example.org/hooks/sms"
) -> tuple[int, str]:
    fields = {
        "AccountSid": "AC1",
        "From": NUMBER,
        "To": "+15551234567",
        "Body": text,
        "MessageSid": f"SM{text}",
    }
    signature = twilio_signature("token", signed_for, {name: [value] for name, value in fields.items()})
    answer = texts.site.stranger().post(
        HOOK,
        data=urlencode(fields),
        headers={"X-Twilio-Signature": signature},
        content_type="application/x-www-form-urlencoded",
    )
    return answer.status_code, answer.text


def test_twilio_is_answered_in_its_own_form(by_twilio: Texting) -> None:
    status, text = bring(by_twilio, "7")
    assert status == 200
    assert text.endswith("<Response><Message>Saved. Thank you.</Message></Response>")
    assert moods(by_twilio.site) == [7]


def test_a_signature_for_another_address_is_not_believed(by_twilio: Texting) -> None:
    assert bring(by_twilio, "7", signed_for="https://journal.example.org/hooks/sms?x=1")[0] == 404


def test_twilio_answers_stop_and_start_itself(by_twilio: Texting) -> None:
    assert bring(by_twilio, "STOP") == (204, "")
    with by_twilio.site.database.look() as db:
        known = sms.number_of(db, by_twilio.site.cast.alice.account_id)
    assert known
    assert known.stopped_at
