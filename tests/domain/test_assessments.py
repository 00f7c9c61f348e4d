from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.assessments import (
    DECLINED,
    Answer,
    Answers,
    Change,
    Dated,
    PartScore,
    Raised,
    asked,
    band_of,
    change,
    check,
    is_acute,
    previous,
    raised_by,
    reliable_change,
    score,
    sessions_in_recall,
    unanswered,
    worth_mentioning,
)
from journal.domain.errors import RefusedFields
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.instruments import Instrument

PHQ9, PHQ8, PHQ2 = instrument("phq9"), instrument("phq8"), instrument("phq2")
GAD7, GAD2, PCL5, ASQ = instrument("gad7"), instrument("gad2"), instrument("pcl5"), instrument("asq")
WITH_TOTAL = [instrument(code) for code in SHIPPED if code != "asq"]
DAY = date(2026, 6, 1)


def numbered(*values: Answer) -> dict[str, Answer]:
    """Answers to the items 1, 2, 3, … in their order."""
    return {str(number): value for number, value in enumerate(values, start=1)}


def without(answers: Answers, *keys: str) -> dict[str, Answer]:
    return {key: value for key, value in answers.items() if key not in keys}


def phq9_of(total: int) -> dict[str, Answer]:
    """A PHQ-9 of this total, its ninth item last to be above 0."""
    return numbered(*(min(3, max(0, total - 3 * place)) for place in range(9)))


# What may be answered


def problems(one: Instrument, answers: Answers) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as refused:
        check(one, answers)
    return [(problem.code, problem.field) for problem in refused.value.problems]


@pytest.mark.parametrize("value", [-1, 4, True])
def test_a_value_that_is_no_answer_is_refused(value: int) -> None:
    assert problems(PHQ9, {"1": value}) == [("not_a_choice", "1")]


def test_an_item_that_is_not_there_is_refused() -> None:
    assert problems(PHQ8, {"9": 0}) == [("member_unknown", "9")]


def test_everything_is_refused_at_once() -> None:
    assert problems(PHQ9, {"1": 4, "11": 0, "2": DECLINED}) == [
        ("not_a_choice", "1"),
        ("member_unknown", "11"),
        ("not_a_choice", "2"),
    ]


def test_only_the_ninth_item_may_be_declined() -> None:
    check(PHQ9, {"9": DECLINED})
    declined = [
        key for key in ("1", "2", "3", "4", "5", "6", "7", "8", "10") if problems(PHQ9, {key: DECLINED})
    ]
    assert len(declined) == 9


def test_nothing_has_to_be_answered_to_be_kept() -> None:
    check(PHQ9, {})


def test_an_answer_that_another_brought_up_is_never_thrown_away() -> None:
    check(ASQ, numbered(0, 0, 0, 0, 1))


# Adding up


def test_a_phq_9_adds_up_its_nine_items_and_leaves_the_tenth_out() -> None:
    found = score(PHQ9, numbered(1, 2, 3, 0, 1, 2, 3, 0, 1, 3))
    assert (found.total, found.scored_as, found.answered, found.asked) == (13, "phq9", 9, 9)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately_severe"),
        (19, "moderately_severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_the_bands_of_the_phq_9_begin_and_end_where_published(total: int, band: str) -> None:
    found = score(PHQ9, phq9_of(total))
    assert (found.total, found.band.code if found.band else None) == (total, band)


@pytest.mark.parametrize(
    ("values", "total", "band"),
    [
        ((0, 0, 0, 0, 0, 0, 0), 0, "minimal"),
        ((1, 1, 1, 1, 0, 0, 0), 4, "minimal"),
        ((1, 1, 1, 1, 1, 0, 0), 5, "mild"),
        ((3, 3, 3, 0, 0, 0, 0), 9, "mild"),
        ((3, 3, 3, 1, 0, 0, 0), 10, "moderate"),
        ((3, 3, 3, 3, 2, 0, 0), 14, "moderate"),
        ((3, 3, 3, 3, 3, 0, 0), 15, "severe"),
        ((3, 3, 3, 3, 3, 3, 3), 21, "severe"),
    ],
)
def test_the_bands_of_the_gad_7_begin_and_end_where_published(
    values: tuple[int, ...], total: int, band: str
) -> None:
    found = score(GAD7, numbered(*values))
    assert (found.total, found.band.code if found.band else None) == (total, band)


def test_a_pcl_5_has_a_total_and_four_clusters_and_no_band() -> None:
    found = score(PCL5, numbered(*[4] * 5, *[3] * 2, *[2] * 7, *[1] * 6))
    assert (found.total, found.band) == (46, None)
    assert found.parts == (
        PartScore("cluster_b", 20),
        PartScore("cluster_c", 6),
        PartScore("cluster_d", 14),
        PartScore("cluster_e", 6),
    )


def test_the_first_two_items_are_a_phq_2_and_a_gad_2() -> None:
    assert score(PHQ9, numbered(3, 2, 0, 0, 0, 0, 0, 0, 0)).parts == (PartScore("phq2", 5),)
    assert score(PHQ8, numbered(3, 2, 0, 0, 0, 0, 0, 0)).parts == (PartScore("phq2", 5),)
    assert score(GAD7, numbered(1, 3, 0, 0, 0, 0, 0)).parts == (PartScore("gad2", 4),)


@pytest.mark.parametrize(("one", "total"), [(PHQ2, 5), (GAD2, 5)])
def test_a_short_one_alone_has_its_total_and_no_band(one: Instrument, total: int) -> None:
    found = score(one, numbered(3, 2))
    assert (found.total, found.band, found.asked) == (total, None, 2)


# What is missing


@pytest.mark.parametrize("missing", [str(number) for number in range(1, 10)])
def test_eight_of_nine_answered_have_no_total_no_band_and_no_part(missing: str) -> None:
    answers = without(numbered(3, 3, 3, 3, 3, 3, 3, 3, 3), missing)
    found = score(PHQ9, answers)
    assert (found.answered, found.asked, found.is_complete) == (8, 9, False)
    assert (found.total, found.within, found.band, found.parts) == (None, None, None, ())
    assert unanswered(PHQ9, answers) == (missing,)


def test_the_tenth_question_keeps_nothing_half_finished() -> None:
    assert unanswered(PHQ9, numbered(0, 0, 0, 0, 0, 0, 0, 0, 0)) == ()
    assert score(PHQ9, numbered(0, 0, 0, 0, 0, 0, 0, 0, 0)).is_complete


def test_a_declined_ninth_item_leaves_a_phq_8_without_a_band() -> None:
    found = score(PHQ9, numbered(3, 3, 3, 3, 3, 3, 3, 3, DECLINED))
    assert (found.instrument, found.scored_as, found.total) == ("phq9", "phq8", 24)
    assert found.within is not None
    assert (found.within.highest, found.band, found.is_complete) == (24, None, True)
    assert (found.answered, found.asked) == (8, 9)
    assert found.parts == (PartScore("phq2", 6),)


def test_a_declined_ninth_item_beside_a_missing_one_leaves_nothing() -> None:
    found = score(PHQ9, without(numbered(3, 3, 3, 3, 3, 3, 3, 3, DECLINED), "4"))
    assert (found.total, found.is_complete, found.answered) == (None, False, 7)


def test_a_ninth_item_left_out_is_not_one_declined() -> None:
    assert score(PHQ9, numbered(3, 3, 3, 3, 3, 3, 3, 3)).total is None


def test_a_phq_8_asked_as_such_needs_its_eight_items_alone() -> None:
    found = score(PHQ8, numbered(1, 1, 1, 1, 1, 1, 1, 1))
    assert (found.total, found.scored_as, found.band, found.asked) == (8, "phq8", None, 8)


def test_nothing_answered_is_half_finished() -> None:
    found = score(GAD7, {})
    assert (found.answered, found.asked, found.total, found.is_complete) == (0, 7, None, False)


# The published examples of HL7, as LOINC answer codes in the order of the items


NOT_AT_ALL, SEVERAL, HALF, NEARLY = "LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"
EXTREMELY = "LA6574-3"
PHR_PHQ9 = (NOT_AT_ALL, NOT_AT_ALL, SEVERAL, SEVERAL, SEVERAL, NOT_AT_ALL, NOT_AT_ALL, NOT_AT_ALL, NOT_AT_ALL)
PHR_GAD7 = (NOT_AT_ALL, NOT_AT_ALL, SEVERAL, SEVERAL, NOT_AT_ALL, SEVERAL, NOT_AT_ALL)
SDC_PHQ9 = (NOT_AT_ALL, NOT_AT_ALL, NOT_AT_ALL, SEVERAL, HALF, SEVERAL, NEARLY, HALF, SEVERAL)
MII_PHQ9 = (NEARLY,) * 9 + (EXTREMELY,)


def coded(one: Instrument, codes: tuple[str, ...]) -> dict[str, Answer]:
    return {
        item.key: next(option.value for option in item.options if option.loinc == code)
        for item, code in zip(one.items, codes, strict=False)
    }


@pytest.mark.parametrize(
    ("one", "codes", "published", "band"),
    [
        pytest.param(PHQ9, PHR_PHQ9, 3, "minimal", id="personal health record, PHQ-9"),
        pytest.param(GAD7, PHR_GAD7, 3, "minimal", id="personal health record, GAD-7"),
        pytest.param(PHQ9, MII_PHQ9, 27, "severe", id="patient reported outcomes, PHQ-9"),
    ],
)
def test_the_published_examples_have_the_published_totals(
    one: Instrument, codes: tuple[str, ...], published: int, band: str
) -> None:
    found = score(one, coded(one, codes))
    assert (found.total, found.band.code if found.band else None) == (published, band)


def test_the_example_of_structured_data_capture_adds_up_to_ten() -> None:
    """It prints 13 as its total, which its own nine answers (0 0 0 1 2 1 3 2 1) do not add up to."""
    found = score(PHQ9, coded(PHQ9, SDC_PHQ9))
    assert (found.total, found.band.code if found.band else None) == (10, "moderate")


# What must not be overlooked


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_answer_above_not_at_all_to_item_nine_opens_help(value: int) -> None:
    assert raised_by(PHQ9, numbered(0, 0, 0, 0, 0, 0, 0, 0, value)) == (Raised("9", value),)


def test_a_half_finished_phq_9_opens_help_as_well() -> None:
    assert raised_by(PHQ9, {"9": 1}) == (Raised("9", 1),)


@pytest.mark.parametrize("answer", [0, DECLINED])
def test_not_at_all_and_prefer_not_to_answer_raise_nothing(answer: Answer) -> None:
    assert raised_by(PHQ9, numbered(3, 3, 3, 3, 3, 3, 3, 3, answer)) == ()


def test_no_other_item_of_the_phq_9_opens_help() -> None:
    assert raised_by(PHQ9, without(numbered(3, 3, 3, 3, 3, 3, 3, 3, 3, 3), "9")) == ()


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
def test_any_yes_to_the_first_four_of_the_asq_opens_help(key: str) -> None:
    assert raised_by(ASQ, numbered(0, 0, 0, 0) | {key: 1}) == (Raised(key, 1),)


def test_the_asq_asks_about_right_now_only_after_a_yes() -> None:
    assert [item.key for item in asked(ASQ, numbered(0, 0, 0, 0))] == ["1", "2", "3", "4"]
    assert [item.key for item in asked(ASQ, numbered(0, 0, 1))] == ["1", "2", "3", "4", "5"]


def test_an_asq_with_a_yes_is_complete_once_the_fifth_question_is_answered() -> None:
    assert unanswered(ASQ, numbered(0, 1, 0, 0)) == ("5",)
    found = score(ASQ, numbered(0, 1, 0, 0, 0))
    assert (found.is_complete, found.answered, found.asked, found.total) == (True, 5, 5, None)


def test_an_asq_of_four_noes_is_complete_and_has_no_total() -> None:
    found = score(ASQ, numbered(0, 0, 0, 0))
    assert (found.is_complete, found.asked, found.total, found.within, found.parts) == (
        True,
        4,
        None,
        None,
        (),
    )


@pytest.mark.parametrize(("answer", "acute"), [(1, True), (0, False)])
def test_the_fifth_question_of_the_asq_says_whether_it_is_acute(answer: int, acute: bool) -> None:
    assert is_acute(ASQ, numbered(1, 0, 0, 0, answer)) is acute


def test_a_yes_to_right_now_stays_one_when_the_others_are_taken_back() -> None:
    answers = numbered(0, 0, 0, 0, 1)
    assert is_acute(ASQ, answers) is True
    assert raised_by(ASQ, answers) == (Raised("5", 1),)


def test_nobody_knows_whether_it_is_acute_where_it_was_not_asked() -> None:
    assert is_acute(ASQ, numbered(1, 0, 0, 0)) is None
    assert is_acute(PHQ9, numbered(3, 3, 3, 3, 3, 3, 3, 3, 3)) is None


@pytest.mark.parametrize(("value", "keys"), [(2, ()), (3, ("16",)), (4, ("16",))])
def test_item_sixteen_of_the_pcl_5_is_worth_mentioning_from_three(value: int, keys: tuple[str, ...]) -> None:
    assert worth_mentioning(PCL5, numbered(*[4] * 15, value, *[4] * 4)) == keys


# What changed


def dated(day: int, answers: Answers, one: Instrument = PHQ9) -> Dated:
    return Dated(DAY + timedelta(days=day), score(one, answers))


def test_the_previous_score_is_the_last_one_with_a_total() -> None:
    earlier = [dated(0, phq9_of(18)), dated(14, phq9_of(12)), dated(28, without(phq9_of(9), "1"))]
    assert previous(earlier, dated(42, phq9_of(7))) == earlier[1]


def test_a_phq_8_never_stands_beside_a_phq_9() -> None:
    eight = dated(14, phq9_of(12) | {"9": DECLINED})
    nine = dated(0, phq9_of(18))
    assert previous([nine, eight], dated(28, phq9_of(7))) == nine
    assert change(PHQ9, eight.score, nine.score) is None


def test_a_declined_ninth_item_and_a_phq_8_are_of_one_kind() -> None:
    asked_as_eight = dated(0, numbered(1, 1, 1, 1, 1, 1, 1, 1), PHQ8)
    declined = dated(14, numbered(2, 1, 1, 1, 1, 1, 1, 1, DECLINED))
    assert previous([asked_as_eight], declined) == asked_as_eight
    assert change(PHQ9, asked_as_eight.score, declined.score) == Change(1, None, None, None)


def test_a_later_score_is_no_previous_one() -> None:
    assert previous([dated(20, phq9_of(3))], dated(14, phq9_of(7))) is None


def test_of_two_on_one_day_the_one_listed_later_is_the_later() -> None:
    first, second = dated(0, phq9_of(3)), dated(0, phq9_of(5))
    assert previous([first, second], dated(14, phq9_of(7))) == second


def test_the_first_score_has_none_before_it() -> None:
    first = dated(0, phq9_of(3))
    assert previous([first], first) is None


def test_the_change_of_a_phq_9_by_the_figures_of_the_specification() -> None:
    """SD 5.8 and r 0.84 make 6.43 points; the threshold that services use is 6."""
    found = reliable_change(20, 14, sd=5.8, r=0.84)
    assert found.points == pytest.approx(6.4307, abs=5e-5)
    assert found.index == pytest.approx(-1.8287, abs=5e-5)
    assert (found.is_reliable, found.sd, found.r) == (False, 5.8, 0.84)


def test_seven_points_are_reliable_by_those_figures() -> None:
    found = reliable_change(7, 14, sd=5.8, r=0.84)
    assert found.index == pytest.approx(2.1335, abs=5e-5)
    assert found.is_reliable


def test_an_index_of_just_1_96_is_not_beyond_it() -> None:
    """SD 25/√2 and r 0 make an index of 1.96 of 49 points, give or take what a float cannot hold."""
    assert not reliable_change(0, 49, sd=25 / 2**0.5, r=0.0).is_reliable
    assert reliable_change(0, 50, sd=25 / 2**0.5, r=0.0).is_reliable


@pytest.mark.parametrize(("sd", "r"), [(0.0, 0.8), (-1.0, 0.8), (5.0, 1.0), (5.0, -0.1)])
def test_figures_that_cannot_be_are_a_fault(sd: float, r: float) -> None:
    with pytest.raises(ValueError):
        reliable_change(1, 2, sd=sd, r=r)


@pytest.mark.parametrize(
    ("later", "reaches", "computed"), [(14, True, False), (15, False, False), (13, True, True)]
)
def test_a_change_of_six_reaches_the_threshold_and_not_the_index(
    later: int, reaches: bool, computed: bool
) -> None:
    found = change(PHQ9, score(PHQ9, phq9_of(20)), score(PHQ9, phq9_of(later)))
    assert found is not None
    assert found.computed is not None
    assert (found.difference, found.reaches_threshold) == (later - 20, reaches)
    assert found.computed.is_reliable is computed


def test_a_change_for_the_worse_counts_as_well() -> None:
    found = change(PHQ9, score(PHQ9, phq9_of(5)), score(PHQ9, phq9_of(11)))
    assert found is not None
    assert (found.difference, found.reaches_threshold) == (6, True)


def test_a_gad_7_has_a_threshold_and_no_index() -> None:
    found = change(
        GAD7, score(GAD7, numbered(3, 3, 3, 3, 0, 0, 0)), score(GAD7, numbered(3, 3, 2, 0, 0, 0, 0))
    )
    assert found is not None
    assert (found.difference, found.reaches_threshold, found.computed) == (-4, True, None)


def test_the_change_of_a_pcl_5_is_reliable_from_eighteen_points() -> None:
    def fallen_by(points: int) -> Change | None:
        before = numbered(*[4] * 20)
        after = numbered(*[4 - min(4, max(0, points - 4 * place)) for place in range(20)])
        return change(PCL5, score(PCL5, before), score(PCL5, after))

    assert [found.reaches_threshold for points in (17, 18) if (found := fallen_by(points))] == [False, True]


def test_a_half_finished_one_has_no_change() -> None:
    assert change(PHQ9, score(PHQ9, phq9_of(5)), score(PHQ9, {"1": 1})) is None


# What it covers


@pytest.mark.parametrize(
    ("days_after", "covers_both"), [(-1, False), (0, False), (1, True), (13, True), (14, False)]
)
def test_a_phq_9_less_than_fourteen_days_after_a_session_covers_both_sides(
    days_after: int, covers_both: bool
) -> None:
    found = sessions_in_recall(PHQ9, DAY + timedelta(days=days_after), given_on=[DAY])
    assert found == ((DAY,) if covers_both else ())


def test_every_session_in_the_window_is_named_once_and_in_order() -> None:
    given_on = [DAY + timedelta(days=3), DAY, DAY + timedelta(days=3), DAY - timedelta(days=30)]
    found = sessions_in_recall(PHQ9, DAY + timedelta(days=5), given_on=given_on)
    assert found == (DAY, DAY + timedelta(days=3))


def test_a_pcl_5_looks_back_over_a_month() -> None:
    assert sessions_in_recall(PCL5, DAY + timedelta(days=29), given_on=[DAY]) == (DAY,)
    assert sessions_in_recall(PCL5, DAY + timedelta(days=30), given_on=[DAY]) == ()


def test_where_each_question_has_its_own_window_none_is_claimed() -> None:
    assert sessions_in_recall(ASQ, DAY + timedelta(days=1), given_on=[DAY]) == ()


# Whatever is answered


QUICK = settings(max_examples=60, deadline=None)


def full_answers(one: Instrument) -> st.SearchStrategy[dict[str, Answer]]:
    return st.fixed_dictionaries({item.key: st.sampled_from(sorted(item.values)) for item in one.items})


any_full = st.sampled_from(WITH_TOTAL).flatmap(lambda one: st.tuples(st.just(one), full_answers(one)))


@QUICK
@given(any_full)
def test_the_total_is_the_sum_and_lies_in_its_range(given_: tuple[Instrument, dict[str, Answer]]) -> None:
    one, answers = given_
    check(one, answers)
    found = score(one, answers)
    assert found.total == sum(int(answers[item.key]) for item in one.items if not item.is_extra)
    assert found.within == one.within
    assert one.within is not None
    assert one.within.lowest <= found.total <= one.within.highest


@QUICK
@given(any_full, st.randoms(use_true_random=False))
def test_who_answers_in_another_order_or_swaps_answers_has_the_same_total(given_, order) -> None:
    one, answers = given_
    shuffled = list(answers.items())
    order.shuffle(shuffled)
    assert score(one, dict(shuffled)) == score(one, answers)
    scored = [item.key for item in one.items if not item.is_extra]
    values = [answers[key] for key in scored]
    order.shuffle(values)
    assert score(one, answers | dict(zip(scored, values, strict=True))).total == score(one, answers).total


@QUICK
@given(any_full, st.data())
def test_one_missing_answer_leaves_no_number_of_any_kind(given_, data) -> None:
    one, answers = given_
    missing = data.draw(st.sampled_from([item.key for item in one.items if not item.is_extra]))
    found = score(one, without(answers, missing))
    assert (found.total, found.band, found.parts, found.is_complete) == (None, None, (), False)


@pytest.mark.parametrize("one", [PHQ9, GAD7])
def test_a_higher_total_never_lies_in_a_lower_band(one: Instrument) -> None:
    assert one.within is not None
    bands = [band_of(one, total) for total in range(one.within.lowest, one.within.highest + 1)]
    places = [one.bands.index(band) for band in bands if band is not None]
    assert len(places) == len(bands)
    assert places == sorted(places)


def test_the_clusters_of_any_pcl_5_add_up_to_its_total() -> None:
    for first, last in product(range(5), repeat=2):
        found = score(PCL5, numbered(*[first] * 9, *[last] * 11))
        assert sum(part.total for part in found.parts) == found.total
