"""The contract of the JSON side is what the site does: its addresses, its types, and every status it answers with."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from journal.domain.checkins import (
    CHIPS_MOST,
    MEDS_TAKEN,
    NOTE_LENGTH,
    NUMBERS,
    OTHER_SUBSTANCES_LENGTH,
    TAG_LENGTH,
    TAGS_MOST,
    YES_NO,
)
from journal.languages import Language
from journal.services.checkins import delete_check_in
from journal.storage.accounts import Account
from journal.web.api import STATUSES
from journal.web.forms.checkins import KEY, ONLY_IF_ON, SWITCHES
from journal.web.forms.json_checkins import MEMBERS, NEEDED
from journal.web.routes import API, ROUTES
from tests.builders import the_patient
from tests.cast import NOW
from tests.conftest import Site
from tests.house.source import PACKAGE, ROOT

CONTRACT: dict[str, Any] = json.loads((PACKAGE / "web" / "openapi.json").read_text(encoding="utf-8"))
CHECK_IN: dict[str, Any] = CONTRACT["components"]["schemas"]["CheckIn"]
FIELDS: dict[str, Any] = CHECK_IN["properties"]
OPERATIONS = {
    (path, method.upper()): operation
    for path, operations in CONTRACT["paths"].items()
    for method, operation in operations.items()
}


def answers_of(path: str, method: str) -> dict[int, dict[str, Any]]:
    """What the contract says of each status of an operation."""
    found = {}
    for status, answer in OPERATIONS[path, method]["responses"].items():
        reference = answer.get("$ref", "").removeprefix("#/components/responses/")
        found[int(status)] = CONTRACT["components"]["responses"][reference] if reference else answer
    return found


# Addresses and types


def test_the_contract_names_every_address_and_method_and_no_other() -> None:
    on_the_map = {
        (route.rule, method) for route in ROUTES if route.rule.startswith(API) for method in route.methods
    }
    assert set(OPERATIONS) == on_the_map


def test_the_contract_names_every_member_that_is_read_and_no_other() -> None:
    assert set(FIELDS) == MEMBERS
    assert CHECK_IN["required"] == list(NEEDED)
    assert CHECK_IN["additionalProperties"] is False


def test_ranges_and_lengths_are_those_of_the_domain() -> None:
    assert {
        name: (field["minimum"], field["maximum"]) for name, field in FIELDS.items() if "maximum" in field
    } == NUMBERS
    assert FIELDS["note"]["maxLength"] == NOTE_LENGTH
    assert FIELDS["other_substances"]["maxLength"] == OTHER_SUBSTANCES_LENGTH
    assert (FIELDS["tags"]["maxItems"], FIELDS["tags"]["items"]["maxLength"]) == (TAGS_MOST, TAG_LENGTH)
    assert FIELDS["activity_type"]["maxItems"] == CHIPS_MOST
    assert FIELDS["meds_taken"]["enum"] == [*MEDS_TAKEN, None]
    assert FIELDS["client_key"]["pattern"] == FIELDS["device_id"]["pattern"] == f"^{KEY.pattern}$"


def test_a_yes_or_no_is_true_or_false() -> None:
    said = {name for name, field in FIELDS.items() if "boolean" in field.get("type", ())}
    assert said == {*YES_NO, *SWITCHES, "unsure"}


def test_the_words_it_names_are_all_there_are() -> None:
    schemas = CONTRACT["components"]["schemas"]
    assert schemas["Phone"]["properties"]["language"]["enum"] == list(Language)
    assert set(schemas["Form"]["properties"]["items_on"]["items"]["enum"]) == set(ONLY_IF_ON)
    assert set(schemas["Recorded"]["properties"]["outcome"]["enum"]) == {
        outcome.value for outcome in STATUSES
    }


def test_the_contract_is_served_word_for_word(site: Site) -> None:
    assert site.stranger().get("/api/openapi.json").json == CONTRACT


def test_every_answer_of_a_phones_sending_stands_in_the_documentation() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| ")]
    unsaid = [
        status
        for status in answers_of("/api/check-ins", "POST")
        if not any(str(status) in line.split("|")[1] for line in table)
    ]
    assert unsaid == []


# Every status, made to happen


def document(site: Site, **members: object) -> dict[str, Any]:
    account: str = site.look(lambda db: db.get_one(Account, site.cast.alice.account_id).public_id)
    said = {
        "account": account,
        "client_key": str(uuid.uuid4()),
        "recorded_at": NOW.isoformat(),
        "sent_at": NOW.isoformat(),
        "zone": "Europe/Berlin",
        "mood": 6,
    }
    return {**said, **members}


def send(browser: FlaskClient, said: object) -> TestResponse:
    return browser.post("/api/check-ins", json=said)


@contextmanager
def broken(site: Site) -> Iterator[None]:
    """The database cannot be reached."""

    def refuse(*_details: object) -> None:
        raise sa.exc.OperationalError("connect", {}, Exception("the disk is gone"))

    site.database.engine.dispose()
    event.listen(site.database.engine, "do_connect", refuse)
    yield
    event.remove(site.database.engine, "do_connect", refuse)


def provoke(site: Site) -> list[tuple[str, str, TestResponse]]:
    """An answer of every kind that there is, with the operation that gave it."""
    stranger, alice, bob = site.stranger(), site.as_(site.cast.alice), site.as_(site.cast.bob)
    first, second = document(site), document(site)
    sent = [
        send(alice, first),
        send(alice, first),
        send(alice, {**first, "mood": 2}),
        send(alice, second),
        send(alice, []),
        send(alice, document(site, mood="6")),
        send(alice, document(site, mood=None)),
        send(alice, document(site, account="another")),
        send(alice, document(site, note="x" * 2**19)),
        alice.post("/api/check-ins", data=b"{}", content_type="text/plain"),
        send(stranger, document(site)),
        send(bob, document(site)),
    ]
    with site.database.unit_of_work() as db:
        delete_check_in(db, the_patient(db, site.cast.alice), check_in_id=sent[3].json["check_in"], now=NOW)
    sent.append(send(alice, second))
    asked = [browser.get("/api/phone") for browser in (alice, bob, stranger)]
    described = stranger.get("/api/openapi.json")
    unsent = document(site)
    with broken(site):
        asked.append(alice.get("/api/phone"))
        sent.append(send(alice, unsent))
    return [
        *(("/api/check-ins", "POST", answer) for answer in sent),
        *(("/api/phone", "GET", answer) for answer in asked),
        ("/api/openapi.json", "GET", described),
    ]


def test_every_status_of_the_contract_is_really_answered_and_no_other(site: Site) -> None:
    answered: dict[tuple[str, str], set[int]] = {operation: set() for operation in OPERATIONS}
    for path, method, answer in provoke(site):
        answered[path, method].add(answer.status_code)
    assert answered == {operation: set(answers_of(*operation)) for operation in OPERATIONS}


def faults_of(path: str, method: str, status: int, said: object) -> list[str]:
    """Where an answer has not the shape that the contract gives it."""
    shape = answers_of(path, method)[status]["content"]["application/json"]["schema"]
    checker = jsonschema.Draft202012Validator({**shape, "components": CONTRACT["components"]})
    return [fault.message for fault in checker.iter_errors(said)]


def test_every_answer_has_the_shape_of_the_contract(site: Site) -> None:
    for path, method, answer in provoke(site):
        assert faults_of(path, method, answer.status_code, answer.json) == []
        assert answer.mimetype == "application/json"
        assert ("Retry-After" in answer.headers) == (
            "headers" in answers_of(path, method)[answer.status_code]
        )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (201, {"client_key": "a-key", "check_in": "an-id", "version": 1, "outcome": "again"}),
        (201, {"client_key": "a-key", "version": 1, "outcome": "new"}),
        (401, {"code": "not_found"}),
        (422, {"code": "refused"}),
        (422, {"code": "refused", "problems": [{"field": "mood", "code": "mood_missing"}]}),
    ],
)
def test_an_answer_of_another_shape_is_noticed(status: int, said: object) -> None:
    assert faults_of("/api/check-ins", "POST", status, said) != []


def test_the_example_of_the_documentation_is_what_the_contract_asks_for(site: Site) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    section = page.split("## `POST /api/check-ins`\n\n")[1].split("\n\n")[0]
    example = json.loads(section.replace("…", "0000-4000-8000-000000000000"))
    checker = jsonschema.Draft202012Validator({**CHECK_IN, "components": CONTRACT["components"]})
    assert [fault.message for fault in checker.iter_errors(example)] == []
    site.clock.moment = NOW + timedelta(hours=12)
    alice = site.as_(site.cast.alice)
    account = document(site)["account"]
    assert send(alice, {**example, "account": account}).status_code == 201
