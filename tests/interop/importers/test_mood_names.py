"""Mood names and the mapping file."""

import json

import pytest

from journal.domain.errors import Refused
from journal.interop.importers.mood_names import levels_by_key, mood_key, read_mood_map, sounds_like_self_harm


@pytest.mark.parametrize(
    "name",
    [
        "suicidal",
        "want to die",
        "self-harm urge",
        "Selbstmordgedanken",
        "lebensmüde",
        "ganas de morir",
        "envie de mourir",
        "autolesionismo",
        "zelfmoordgedachten",
        "självmordstankar",
        "lyst til at dø",
        "myśli samobójcze",
        "суицидальные мысли",
        "θέλω να πεθάνω",
        "öngyilkos gondolatok",
        "ölmek istiyorum",
    ],
)
def test_names_that_sound_like_self_harm_are_noticed_in_many_languages(name):
    assert sounds_like_self_harm(name)


@pytest.mark.parametrize("name", ["awful", "sad", "lausig", "tired", "studying", "executing", "gut", "mort"])
def test_other_low_moods_are_not(name):
    assert not sounds_like_self_harm(name)


def test_case_blanks_and_the_shape_of_apostrophes_make_no_difference():
    assert mood_key(" Can’t  Tell ") == mood_key("can't tell")


def test_a_mapping_file_names_moods_and_their_levels():
    assert read_mood_map(b'{"moods": {"odd": 2, "numb": null}, "columns": {}}') == {"odd": 2, "numb": None}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"moods: odd", "map_not_json"),
        (b"\xff\xfe", "map_not_json"),
        (b"[" * 100_000, "map_not_json"),
        (b"[]", "map_without_moods"),
        (b'{"moods": []}', "map_without_moods"),
        (b'{"moods": {"odd": 0}}', "map_level"),
        (b'{"moods": {"odd": 6}}', "map_level"),
        (b'{"moods": {"odd": true}}', "map_level"),
        (b'{"moods": {"odd": "3"}}', "map_level"),
        (b'{"moods": {"odd": 2.5}}', "map_level"),
    ],
)
def test_a_mapping_that_is_none_is_refused(content, code):
    with pytest.raises(Refused) as caught:
        read_mood_map(content)
    assert caught.value.code == code


def test_two_spellings_of_one_name_must_agree():
    with pytest.raises(Refused) as caught:
        levels_by_key(json.loads('{"Odd": 2, "odd ": 3}'))
    assert caught.value.code == "map_names_clash"
