"""The shipped questionnaires, held against what their publishers print."""

import hashlib
import re
from datetime import date

import pytest

from journal.domain.evidence import Grade
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.instruments import Band, Instrument, Range, ReliableFigures, Source

READ_ON = date(2026, 11, 21)
FREQUENCY = (
    (0, "Not at all", "LA6568-5"),
    (1, "Several days", "LA6569-3"),
    (2, "More than half the days", "LA6570-1"),
    (3, "Nearly every day", "LA6571-9"),
)
DIFFICULTY = (
    (0, "Not difficult at all", "LA6572-7"),
    (1, "Somewhat difficult", "LA6573-5"),
    (2, "Very difficult", "LA6575-0"),
    (3, "Extremely difficult", "LA6574-3"),
)
PHQ_9 = (
    ("1", "Little interest or pleasure in doing things", "44250-9"),
    ("2", "Feeling down, depressed, or hopeless", "44255-8"),
    ("3", "Trouble falling or staying asleep, or sleeping too much", "44259-0"),
    ("4", "Feeling tired or having little energy", "44254-1"),
    ("5", "Poor appetite or overeating", "44251-7"),
    (
        "6",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
        "44258-2",
    ),
    (
        "7",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "44252-5",
    ),
    (
        "8",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety "
        "or restless that you have been moving around a lot more than usual",
        "44253-3",
    ),
    ("9", "Thoughts that you would be better off dead or of hurting yourself in some way", "44260-8"),
)
GAD_7 = (
    ("1", "Feeling nervous, anxious or on edge", "69725-0"),
    ("2", "Not being able to stop or control worrying", "68509-9"),
    ("3", "Worrying too much about different things", "69733-4"),
    ("4", "Trouble relaxing", "69734-2"),
    ("5", "Being so restless that it is hard to sit still", "69735-9"),
    ("6", "Becoming easily annoyed or irritable", "69689-8"),
    ("7", "Feeling afraid as if something awful might happen", "69736-7"),
)


def asked(one: Instrument) -> tuple[tuple[str, str, str | None], ...]:
    return tuple((item.key, item.text, item.loinc) for item in one.items)


def answers_of(one: Instrument, key: str) -> tuple[tuple[int, str, str | None], ...]:
    return tuple((option.value, option.text, option.loinc) for option in one.item(key).options)


def bands_of(one: Instrument) -> list[tuple[str, int, int]]:
    return [(band.code, band.within.lowest, band.within.highest) for band in one.bands]


# Items and answers, word by word


def test_the_phq_9_asks_its_nine_items_word_by_word() -> None:
    assert asked(instrument("phq9"))[:9] == PHQ_9


def test_the_tenth_question_of_the_phq_9_is_asked_and_not_scored() -> None:
    tenth = instrument("phq9").item("10")
    assert (tenth.loinc, tenth.is_extra) == ("69722-7", True)
    assert tenth.text == (
        "If you checked off any problems, how difficult have these problems made it for you to do your work, take "
        "care of things at home, or get along with other people?"
    )
    assert answers_of(instrument("phq9"), "10") == DIFFICULTY


def test_the_phq_8_is_the_phq_9_without_its_ninth_item() -> None:
    assert asked(instrument("phq8")) == PHQ_9[:8]


def test_the_phq_2_is_the_first_two_items() -> None:
    assert asked(instrument("phq2")) == PHQ_9[:2]


def test_the_gad_7_asks_its_seven_items_word_by_word() -> None:
    assert asked(instrument("gad7")) == GAD_7


def test_the_gad_2_is_the_first_two_items() -> None:
    assert asked(instrument("gad2")) == GAD_7[:2]


@pytest.mark.parametrize("code", ["phq9", "phq8", "phq2", "gad7", "gad2"])
def test_the_lowest_answer_is_not_at_all_and_never_not_at_all_sure(code: str) -> None:
    one = instrument(code)
    scored = [item.key for item in one.items if not item.is_extra]
    assert {answers_of(one, key) for key in scored} == {FREQUENCY}


@pytest.mark.parametrize("code", ["phq9", "phq8", "phq2", "gad7", "gad2"])
def test_the_last_two_weeks_are_asked_about(code: str) -> None:
    assert instrument(code).recall_days == 14
    assert instrument(code).stem == (
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    )


def test_only_the_ninth_item_may_be_declined() -> None:
    declinable = [
        (code, item.key) for code in SHIPPED for item in instrument(code).items if item.may_be_declined
    ]
    assert declinable == [("phq9", "9")]


def test_the_pcl_5_asks_its_twenty_items_about_the_past_month() -> None:
    one = instrument("pcl5")
    assert [item.key for item in one.items] == [str(number) for number in range(1, 21)]
    assert one.item("1").text == "Repeated, disturbing, and unwanted memories of the stressful experience?"
    assert one.item("9").text == (
        "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts "
        "such as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is "
        "completely dangerous)?"
    )
    assert one.item("17").text == 'Being "superalert" or watchful or on guard?'
    assert one.item("20").text == "Trouble falling or staying asleep?"
    assert one.stem == "In the past month, how much were you bothered by:"


def test_no_word_of_the_pcl_5_has_changed_since_it_was_compared() -> None:
    words = "\n".join(item.text for item in instrument("pcl5").items)
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == "00b784f93d5e0283"


def test_the_pcl_5_has_five_answers() -> None:
    assert answers_of(instrument("pcl5"), "20") == (
        (0, "Not at all", None),
        (1, "A little bit", None),
        (2, "Moderately", None),
        (3, "Quite a bit", None),
        (4, "Extremely", None),
    )


def test_the_asq_asks_its_five_questions_word_by_word() -> None:
    one = instrument("asq")
    assert [item.text for item in one.items] == [
        "In the past few weeks, have you wished you were dead?",
        "In the past few weeks, have you felt that you or your family would be better off if you were dead?",
        "In the past week, have you been having thoughts about killing yourself?",
        "Have you ever tried to kill yourself?",
        "Are you having thoughts of killing yourself right now?",
    ]
    assert {answers_of(one, item.key) for item in one.items} == {((0, "No", None), (1, "Yes", None))}
    assert one.within is None


# Codes, ranges and bands


@pytest.mark.parametrize(
    ("code", "panel", "total"),
    [
        ("phq9", "44249-1", "44261-6"),
        ("phq8", None, None),
        ("phq2", "55757-9", "55758-7"),
        ("gad7", "69737-5", "70274-6"),
        ("gad2", None, None),
        ("pcl5", "101697-1", "101698-9"),
        ("asq", None, None),
    ],
)
def test_panels_and_totals_have_the_codes_that_were_verified_and_no_others(
    code: str, panel: str | None, total: str | None
) -> None:
    assert (instrument(code).loinc_panel, instrument(code).loinc_total) == (panel, total)


def check_digit_holds(code: str) -> bool:
    """LOINC's check digit (mod 10, doubling every second digit from the right); codes of answers have another."""
    digits, _, check = code.partition("-")
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10 == int(check)


def test_a_slip_in_a_code_is_noticed() -> None:
    assert check_digit_holds("44261-6")
    assert not check_digit_holds("44216-6")
    assert not check_digit_holds("44261-9")


def test_every_code_holds_by_its_check_digit() -> None:
    for code in SHIPPED:
        one = instrument(code)
        codes = {one.loinc_panel, one.loinc_total, *(part.loinc for part in one.parts)}
        codes |= {item.loinc for item in one.items}
        found = {each for each in codes if each is not None}
        assert {each for each in found if not check_digit_holds(each)} == set()


@pytest.mark.parametrize(
    ("code", "highest"), [("phq9", 27), ("phq8", 24), ("phq2", 6), ("gad7", 21), ("gad2", 6), ("pcl5", 80)]
)
def test_each_total_has_its_range(code: str, highest: int) -> None:
    assert instrument(code).within == Range(0, highest)


def test_the_bands_of_the_phq_9() -> None:
    assert bands_of(instrument("phq9")) == [
        ("minimal", 0, 4),
        ("mild", 5, 9),
        ("moderate", 10, 14),
        ("moderately_severe", 15, 19),
        ("severe", 20, 27),
    ]


def test_the_bands_of_the_gad_7() -> None:
    assert bands_of(instrument("gad7")) == [
        ("minimal", 0, 4),
        ("mild", 5, 9),
        ("moderate", 10, 14),
        ("severe", 15, 21),
    ]


@pytest.mark.parametrize("code", ["phq8", "phq2", "gad2", "pcl5", "asq"])
def test_where_no_bands_are_verified_there_are_none(code: str) -> None:
    no_bands: tuple[Band, ...] = ()
    assert instrument(code).bands == no_bands


def test_the_pcl_5_has_its_four_clusters() -> None:
    parts = {
        part.code: (part.items[0], part.items[-1], part.within.highest) for part in instrument("pcl5").parts
    }
    assert parts == {
        "cluster_b": ("1", "5", 20),
        "cluster_c": ("6", "7", 8),
        "cluster_d": ("8", "14", 28),
        "cluster_e": ("15", "20", 24),
    }


# From which answer on somebody is asked or helped


def test_help_opens_at_the_lowest_answer_above_not_at_all_of_item_nine() -> None:
    marked = [
        (code, item.key, item.help_at) for code in SHIPPED for item in instrument(code).items if item.help_at
    ]
    assert marked == [("phq9", "9", 1), *(("asq", str(number), 1) for number in range(1, 6))]


def test_only_the_fifth_question_of_the_asq_is_acute() -> None:
    marked = [(code, item.key) for code in SHIPPED for item in instrument(code).items if item.acute_at]
    assert marked == [("asq", "5")]


def test_item_sixteen_of_the_pcl_5_is_worth_mentioning_from_three() -> None:
    marked = [
        (code, item.key, item.mention_at)
        for code in SHIPPED
        for item in instrument(code).items
        if item.mention_at
    ]
    assert marked == [("pcl5", "16", 3)]


# Change, and what may be said of it


def test_the_figures_of_reliable_change_say_that_nobody_has_verified_them() -> None:
    assert instrument("phq9").reliable == ReliableFigures(
        threshold=6,
        sd=5.8,
        r=0.84,
        source=Source(
            "threshold: NHS Talking Therapies; sd and r: not verified at a source", Grade.NOT_VERIFIED, None
        ),
    )
    gad = instrument("gad7").reliable
    assert gad is not None
    assert (gad.threshold, gad.sd, gad.r, gad.source.grade) == (4, None, None, Grade.NOT_VERIFIED)


def test_the_pcl_5_takes_the_upper_end_of_what_was_published() -> None:
    figures = instrument("pcl5").reliable
    assert figures is not None
    assert (figures.threshold, figures.source.grade) == (18, Grade.READ)


@pytest.mark.parametrize("code", ["phq8", "phq2", "gad2", "asq"])
def test_without_published_figures_no_change_is_called_reliable(code: str) -> None:
    assert instrument(code).reliable is None


# Licence, language, and who turns it on


def test_every_questionnaire_was_read_on_a_day_and_names_its_holder() -> None:
    assert {instrument(code).licence.verified_on for code in SHIPPED} == {READ_ON}
    assert all(instrument(code).licence.holder for code in SHIPPED)


@pytest.mark.parametrize("code", ["phq9", "phq8", "phq2", "gad7", "gad2"])
def test_the_attribution_of_the_publisher_stands_word_by_word(code: str) -> None:
    assert instrument(code).licence.attribution == (
        "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational "
        "grant from Pfizer Inc. No permission required to reproduce, translate, display or distribute."
    )


def test_the_asq_names_the_nimh_and_says_how_little_is_known_of_its_terms() -> None:
    licence = instrument("asq").licence
    assert (
        licence.attribution
        == "Ask Suicide-Screening Questions (ASQ), National Institute of Mental Health (NIMH)"
    )
    assert licence.grade is Grade.READ_ELSEWHERE


def test_all_are_in_english_and_none_is_translated() -> None:
    assert {instrument(code).language for code in SHIPPED} == {"en"}


def test_the_asq_and_the_pcl_5_wait_until_a_provider_turns_them_on() -> None:
    assert [code for code in SHIPPED if instrument(code).needs_enabling] == ["pcl5", "asq"]


def test_nothing_that_may_not_be_shipped_is_shipped() -> None:
    assert SHIPPED == ("phq9", "phq8", "phq2", "gad7", "gad2", "pcl5", "asq")


def test_no_item_answer_or_band_names_an_illness() -> None:
    """The names of forms and of who made them do; what a person is asked, and what a score is called, does not."""
    illness = re.compile(r"disorder|depressive|depression|ptsd|anxiety|bipolar|diagnos", re.IGNORECASE)
    said = [text for code in SHIPPED for text in words_of(instrument(code))]
    assert [text for text in said if illness.search(text)] == []


def words_of(one: Instrument) -> list[str]:
    items = [item.text for item in one.items]
    answers = [option.text for item in one.items for option in item.options]
    return [
        one.name,
        one.stem or "",
        one.instruction or "",
        *items,
        *answers,
        *(band.code for band in one.bands),
    ]


def test_a_key_that_no_item_has_is_a_fault() -> None:
    with pytest.raises(KeyError):
        instrument("gad7").item("8")
