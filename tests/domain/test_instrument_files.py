import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from journal.domain.errors import NotFound
from journal.domain.instrument_files import SHIPPED, UnfitInstrument, instrument, read_instrument
from journal.domain.instruments import Range

File = dict[str, Any]
Change = Callable[[File], object]


def written(code: str) -> File:
    text = resources.files("journal").joinpath(f"instruments/{code}.json").read_text(encoding="utf-8")
    file: File = json.loads(text)
    return file


def refusal(file: File) -> str:
    with pytest.raises(UnfitInstrument) as refused:
        read_instrument(json.dumps(file))
    return str(refused.value)


@pytest.mark.parametrize("code", SHIPPED)
def test_every_shipped_file_can_be_loaded_under_its_own_code(code: str) -> None:
    assert instrument(code).code == code


@pytest.mark.parametrize("code", ["who5", "crisis_lines", "../instruments/phq9", ""])
def test_a_questionnaire_that_is_not_shipped_does_not_exist(code: str) -> None:
    with pytest.raises(NotFound):
        instrument(code)


@pytest.mark.parametrize(
    "key",
    [
        "license",
        "license_holder",
        "license_source_url",
        "license_read_in",
        "license_grade",
        "verified_on",
        "attribution",
    ],
)
@pytest.mark.parametrize("left", ["nothing", "null", "blank"])
def test_a_file_without_its_licence_row_is_not_loaded(key: str, left: str) -> None:
    file = written("phq9")
    if left == "nothing":
        del file[key]
    else:
        file[key] = None if left == "null" else " "
    assert key in refusal(file)


FAULTS: list[tuple[str, str, Change]] = [
    ("terms that nobody has verified", "phq9", lambda f: f.update(license_grade="M")),
    ("the source of the licence is no address", "phq9", lambda f: f.update(license_source_url="the web")),
    ("verified_on is no day", "phq9", lambda f: f.update(verified_on="last week")),
    ("license_grade is none of the grades", "phq9", lambda f: f.update(license_grade="A")),
    ("license_grade is none of the grades", "phq9", lambda f: f.update(license_grade="D")),
    ("nobody reads scoring", "phq9", lambda f: f.update(scoring=1)),
    ("nobody reads maydecline", "phq9", lambda f: f["items"][8].update(maydecline=True)),
    ("nobody reads upto", "phq9", lambda f: f["bands"][0].update(upto=4)),
    ("no items", "asq", lambda f: f["items"].clear()),
    ("items is no list", "phq9", lambda f: f.update(items={})),
    ("items 1: is no object", "phq9", lambda f: f["items"].insert(0, "1")),
    ("key '1' stands there twice", "phq9", lambda f: f["items"][1].update(key="1")),
    ("stands there twice", "phq9", lambda f: f["items"][1].update(text=f["items"][0]["text"])),
    ("item code '44250-9' stands there twice", "phq9", lambda f: f["items"][1].update(loinc="44250-9")),
    ("options 'often' are not in the file", "phq9", lambda f: f["items"][0].update(options="often")),
    ("value 1 stands there twice", "gad7", lambda f: f["options"]["frequency"][2].update(value=1)),
    (
        "answer 'Not at all' stands there twice",
        "gad7",
        lambda f: f["options"]["frequency"][2].update(text="Not at all"),
    ),
    (
        "answer code 'LA6568-5' stands there twice",
        "gad7",
        lambda f: f["options"]["frequency"][2].update(loinc="LA6568-5"),
    ),
    ("value is no whole number", "gad7", lambda f: f["options"]["frequency"][1].update(value=True)),
    ("value is no whole number", "gad7", lambda f: f["options"]["frequency"][1].update(value=1.5)),
    ("item 1: no options", "gad7", lambda f: f["options"]["frequency"].clear()),
    ("a mark that is no answer above 0", "phq9", lambda f: f["items"][8].update(help_at=4)),
    ("a mark that is no answer above 0", "phq9", lambda f: f["items"][8].update(help_at=0)),
    ("acute, and no help", "asq", lambda f: f["items"][4].pop("help_at")),
    (
        "asked after a question that does not come before it",
        "asq",
        lambda f: f["items"][0].update(asked_after=["5"]),
    ),
    ("the range is not what the items add up to", "phq9", lambda f: f["range"].update(highest=30)),
    ("the range is not what the items add up to", "phq9", lambda f: f["items"][9].update(extra=False)),
    (
        "a total of questions that are not always asked",
        "gad2",
        lambda f: f["items"][1].update(asked_after=["1"]),
    ),
    ("a total that there is not", "phq2", lambda f: f.update(range=None)),
    ("the bands do not cover the range", "phq9", lambda f: f["bands"].pop()),
    ("the bands do not cover the range", "phq9", lambda f: f["bands"][0].update(lowest=1)),
    ("a gap or an overlap between bands", "phq9", lambda f: f["bands"][1].update(lowest=6)),
    ("a gap or an overlap between bands", "phq9", lambda f: f["bands"][1].update(lowest=4)),
    ("a band that ends before it begins", "phq9", lambda f: f["bands"][2].update(lowest=15)),
    ("band 'mild' stands there twice", "phq9", lambda f: f["bands"][2].update(code="mild")),
    ("bands and their source do not go together", "phq9", lambda f: f.update(bands_source=None)),
    ("bands and their source do not go together", "gad7", lambda f: f["bands"].clear()),
    ("part 'phq2' stands there twice", "phq9", lambda f: f["parts"].insert(0, f["parts"][0])),
    ("part phq2: item '1' stands there twice", "phq9", lambda f: f["parts"][0].update(items=["1", "1"])),
    ("part phq2: items that are not scored", "phq9", lambda f: f["parts"][0].update(items=["1", "10"])),
    (
        "part phq2: the range is not what its items add up to",
        "phq9",
        lambda f: f["parts"][0].update(highest=9),
    ),
    (
        "what may be declined, and what is scored then",
        "phq9",
        lambda f: f["items"][7].update(may_decline=True),
    ),
    ("what may be declined, and what is scored then", "phq9", lambda f: f["parts"].pop()),
    (
        "what is scored without a declined item is not everything else",
        "phq9",
        lambda f: f["parts"][1].update(items=["1", "2"], highest=6),
    ),
    ("a figure is verified on a day, or not verified", "gad7", lambda f: f["bands_source"].update(grade="M")),
    (
        "a figure is verified on a day, or not verified",
        "gad7",
        lambda f: f["reliable_change"].update(verified_on="2026-11-21"),
    ),
    ("a change without its figures", "phq9", lambda f: f["reliable_change"].update(sd=None)),
    ("a change without its figures", "gad7", lambda f: f["reliable_change"].update(threshold=0)),
    ("an SD or a reliability that cannot be", "phq9", lambda f: f["reliable_change"].update(r=1.0)),
    ("an SD or a reliability that cannot be", "phq9", lambda f: f["reliable_change"].update(sd=0)),
    ("sd is no number", "phq9", lambda f: f["reliable_change"].update(sd="5.8")),
    ("codes and their grade do not go together", "phq9", lambda f: f.update(loinc_grade=None)),
    ("codes and their grade do not go together", "asq", lambda f: f.update(loinc_grade="R")),
    ("a recall of less than a day", "phq9", lambda f: f.update(recall_days=0)),
    ("versions count from 1", "phq9", lambda f: f.update(version=0)),
    ("needs_enabling is neither true nor false", "asq", lambda f: f.update(needs_enabling=None)),
    ("asked_after is no list of texts", "asq", lambda f: f["items"][4].update(asked_after=[1])),
    ("asked_after is no list of texts", "asq", lambda f: f["items"][4].update(asked_after="1")),
]


@pytest.mark.parametrize(("said", "code", "spoil"), FAULTS)
def test_a_file_with_a_fault_is_refused_and_the_fault_named(said: str, code: str, spoil: Change) -> None:
    file = written(code)
    spoil(file)
    assert said in refusal(file)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"code": "phq9"}'])
def test_what_is_no_questionnaire_at_all_is_refused(text: str) -> None:
    with pytest.raises(UnfitInstrument):
        read_instrument(text)


def test_what_an_item_does_not_say_is_the_plain_case() -> None:
    item = instrument("gad7").item("1")
    assert (item.is_extra, item.may_be_declined, item.asked_after) == (False, False, ())
    assert (item.help_at, item.acute_at, item.mention_at) == (None, None, None)


def test_a_part_keeps_its_range_and_its_code() -> None:
    first = instrument("phq9").parts[0]
    assert (first.code, first.items, first.within, first.loinc) == (
        "phq2",
        ("1", "2"),
        Range(0, 6),
        "55758-7",
    )
