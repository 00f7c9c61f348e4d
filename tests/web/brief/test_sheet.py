"""What of a brief is on its sheet when there is more than a page holds."""

from __future__ import annotations

from datetime import timedelta

from journal.domain.side_effects import OFFERED, Severity, SideEffect
from journal.services import topics
from journal.storage import side_effects
from tests import builders
from tests.cast import NOW
from tests.conftest import Site
from tests.web.test_sheets import TODAY, address, journal_of_a_course, note, read

TOPIC = "Μήπως θα ήταν πιο σοφό να κοιμάμαι για λίγο στην αδερφή μου, επειδή τα βράδια ξαναγυρίζει. " * 3


def open_things(site: Site, effects: int, texts: int) -> None:
    alice = site.cast.alice
    with site.database.unit_of_work() as db:
        for back in (2, 14):
            day = TODAY - timedelta(days=back)
            given = builders.treatment(db, alice, day)
            for code in OFFERED[:effects]:
                effect = SideEffect(given.public_id, code, Severity.SEVERE, day)
                side_effects.add_side_effect(db, alice.patient_id, effect, now=NOW)
        patient = builders.the_patient(db, alice)
        for number in range(texts):
            topics.add_topic(
                db, patient, site.cast.bob.provider_id, f"{number} {TOPIC}"[:280].strip(), now=NOW
            )


def test_what_is_open_comes_first_and_then_what_the_patient_brings_along(site: Site) -> None:
    journal_of_a_course(site)
    note(site, "kingfisher")
    open_things(site, effects=1, texts=1)

    _brief, sheet = read(site)

    assert sheet.words[0].said.startswith("Still open: ")
    assert sheet.words[1].said.startswith("“0 Μήπως θα ήταν")
    assert sheet.more_words == "On the page before the visit: 1 more line."


def test_earlier_sessions_leave_the_table_before_a_drawing_goes(site: Site) -> None:
    journal_of_a_course(site)
    note(site, "kingfisher")
    open_things(site, effects=3, texts=2)

    brief, sheet = read(site)

    assert sheet.aligned is not None
    assert sheet.held is not None
    assert brief.held is not None
    assert len(brief.held.rows) >= 4
    assert sheet.held.rows == brief.held.rows[-3:]


def test_drawings_go_before_what_is_open_is_cut(site: Site) -> None:
    journal_of_a_course(site)
    open_things(site, effects=len(OFFERED), texts=3)

    brief, sheet = read(site)

    assert brief.aligned is not None
    assert sheet.aligned is None
    assert len(sheet.words) >= 4
    assert sheet.words[0].said.count(", since ") == 40  # one of each session is nobody's to close
    assert "more drawing" in sheet.more_words


def test_moods_from_elsewhere_are_not_drawn_and_said_to_be_there(site: Site) -> None:
    journal_of_a_course(site)
    with site.database.unit_of_work() as db:
        for back in (3, 4):
            builders.imported_mood(db, site.cast.alice, on=TODAY - timedelta(days=back), level=4, shared=True)

    brief, sheet = read(site)

    assert brief.timeline is not None
    assert [kind for kind, _words in brief.timeline.key if kind == "imported"] == ["imported"]
    assert sheet.elsewhere == (
        "Not drawn here, because they have a scale of their own: moods brought in from Daylio (2 days)."
    )
    assert sheet.elsewhere in site.as_(site.cast.bob).get(address(site)).text


def test_no_moods_from_elsewhere_are_not_spoken_of(site: Site) -> None:
    journal_of_a_course(site)

    assert read(site)[1].elsewhere == ""
