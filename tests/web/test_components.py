"""What a person with a screen reader, a keyboard or no script gets from each part of a page.

Looks are judged by eye; here stand the facts that must not be lost: names, roles, states, which error belongs to
which field, and that nothing in a part is an inline style or script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import jinja2.nodes
import pytest

from journal.domain.home_screen import AppName
from journal.domain.moods import MOOD_WORDS
from journal.web import filters, speech
from journal.web.naming import App
from journal.web.offline import Here

TEMPLATES = Path(__file__).parents[2] / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
LAYOUTS = ("patient", "patient_bare", "provider", "admin")
VOID = {"input", "link", "meta", "br", "path", "circle", "rect", "line", "img", "hr", "use"}


class Element:
    def __init__(self, tag: str, attrs: dict[str, str | None], parent: Element | None) -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.inside: list[Element | str] = []

    def __getitem__(self, name: str) -> str | None:
        return self.attrs[name]

    def __contains__(self, name: str) -> bool:
        return name in self.attrs

    def walk(self) -> Iterator[Element]:
        for child in self.inside:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str, **wanted: str) -> list[Element]:
        return [
            element
            for element in self.walk()
            if element.tag == tag and all(element.attrs.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **wanted: str) -> Element:
        (found,) = self.all(tag, **wanted)
        return found

    def text(self, *, spoken: bool = False) -> str:
        """The words inside; `spoken` leaves out what is hidden from screen readers."""
        return re.sub(r"\s+", " ", self._words(spoken)).strip()

    def _words(self, spoken: bool) -> str:
        return "".join(
            child
            if isinstance(child, str)
            else ("" if spoken and child.attrs.get("aria-hidden") == "true" else child._words(spoken))
            for child in self.inside
        )

    def label(self) -> str:
        """The words of the <label> around a control."""
        around = self.parent
        while around is not None and around.tag != "label":
            around = around.parent
        assert around is not None
        return around.text(spoken=True)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("root", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.here)
        self.here.inside.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.inside.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"<{self.here.tag}> is closed by </{tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


def environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speech.teach(environment)
    environment.filters.update((filter_.__name__, filter_) for filter_ in filters.FILTERS)
    environment.globals.update(
        asset=lambda name: f"/static/{name}",
        url_for=lambda endpoint, **_: f"/{endpoint}",
        csrf_token=lambda: "a-token",
        mood_words=MOOD_WORDS,
        this_app=lambda: App(AppName.TIDELINE),
        phone_here=lambda: Here(account=None, open_for_s=0, region=""),
        flags_waiting=lambda: 0,
    )
    return environment


def frozen_words(source: str) -> list[str]:
    """What a template translates at its top level: imported, it runs once, in the language of whoever came first."""
    tree = environment().parse(source)
    calls = {"_", "gettext", "ngettext", "pgettext"}
    return [
        node.target.name
        for node in tree.body
        if isinstance(node, jinja2.nodes.Assign) and isinstance(node.target, jinja2.nodes.Name)
        if any(getattr(call.node, "name", "") in calls for call in node.find_all(jinja2.nodes.Call))
    ]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_translates_when_it_is_drawn(path: Path) -> None:
    assert frozen_words(path.read_text(encoding="utf-8")) == []


def test_words_translated_too_early_are_noticed() -> None:
    assert frozen_words('{%- set counts = [_("One"), _("Two")] -%}{% macro x() %}{% endmacro %}') == [
        "counts"
    ]


def read(markup: str) -> Element:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def drawn(source: str, **context: object) -> Element:
    """A part, called as a page would call it; its import is added."""
    names = sorted(set(re.findall(r"(?:\{\{|call)\s*(?:\([^)]*\))?\s*(\w+)\(", source)))
    imports = "".join(f'{{% from "components/{name}.html" import {name} %}}' for name in names)
    return read(environment().from_string(imports + source).render(context))


def page(layout: str, *, head: str = "", body: str = "<h1>Here</h1>", **context: object) -> Element:
    source = (
        f'{{% extends "base/{layout}.html" %}}{head}'
        f"{{% block title %}}Here{{% endblock %}}{{% block content %}}{body}{{% endblock %}}"
    )
    return read(environment().from_string(source).render(context))


# mood


def test_a_mood_is_read_as_its_number_and_its_word() -> None:
    radios = drawn("{{ tide() }}").all("input")

    assert [radio.label() for radio in radios] == [
        "0, as low as it gets",
        "1, very low",
        "2, low",
        "3, rather low",
        "4, a bit low",
        "5, in between",
        "6, okay",
        "7, fairly good",
        "8, good",
        "9, very good",
        "10, as good as it gets",
        "Not sure",
    ]


def test_the_mood_is_twelve_native_radios_of_one_name() -> None:
    radios = drawn("{{ tide() }}").all("input")

    assert {(radio["type"], radio["name"]) for radio in radios} == {("radio", "mood")}
    assert [radio["value"] for radio in radios] == [*map(str, range(11)), "not_sure"]


def test_no_mood_is_chosen_beforehand() -> None:
    assert [radio for radio in drawn("{{ tide() }}").all("input") if "checked" in radio] == []


@pytest.mark.parametrize(
    ("value", "chosen"), [("0", "0"), ("'0'", "0"), ("10", "10"), ("'not_sure'", "not_sure")]
)
def test_the_mood_already_given_is_checked(value: str, chosen: str) -> None:
    radios = drawn("{{ tide(value=" + value + ") }}").all("input")

    assert [radio["value"] for radio in radios if "checked" in radio] == [chosen]


def test_the_mood_question_names_its_group_and_its_error_describes_it() -> None:
    part = drawn("{{ tide(error='Choose a number, or “Not sure”') }}")

    assert part.one("legend").text() == "How are you right now?"
    assert part.one("fieldset")["aria-describedby"] == "mood-error"
    assert part.one("p", id="mood-error").text() == "Choose a number, or “Not sure”"


def test_an_error_link_leads_to_the_first_number_of_the_mood() -> None:
    part = drawn("{{ error_summary([('mood', 'Choose a number')]) }}{{ tide() }}")

    assert part.one("a")["href"] == "#mood"
    assert part.one("input", id="mood")["value"] == "0"


def test_a_drop_says_that_its_number_is_a_mood() -> None:
    assert drawn("{{ drop(6) }}").text() == "Mood 6"
    assert drawn("{{ drop(5, shown='5.3') }}").text() == "Mood 5.3"
    assert drawn("{{ drop(none) }}").text() == "Mood not sure"


# groups of answers

SLEEP = "[('short', 'Too short'), ('fine', 'Fine'), (2, 'Long')]"


def test_a_tile_is_its_real_control_with_its_words() -> None:
    part = drawn("{{ tiles('sleep', 'Sleep last night', " + SLEEP + ", value='2', optional=true) }}")

    assert part.one("legend").text() == "Sleep last night Optional"
    assert [(tile["type"], tile["value"], tile.label()) for tile in part.all("input")] == [
        ("radio", "short", "Too short"),
        ("radio", "fine", "Fine"),
        ("radio", "2", "Long"),
    ]
    assert [tile["value"] for tile in part.all("input") if "checked" in tile] == ["2"]
    assert part.all("input")[0]["id"] == "sleep"


def test_checkbox_tiles_check_each_chosen_value() -> None:
    part = drawn("{{ tiles('sleep', 'Sleep', " + SLEEP + ", values=['short', 2], kind='checkbox') }}")

    assert [tile["value"] for tile in part.all("input") if "checked" in tile] == ["short", "2"]


def test_a_letter_tile_is_read_in_full() -> None:
    part = drawn("{{ tiles('days', 'Days', [('mo', 'M', 'Monday')], kind='checkbox') }}")

    assert part.one("input").label() == "Monday"


def test_hint_and_error_both_describe_a_group() -> None:
    part = drawn("{{ tiles('sleep', 'Sleep', " + SLEEP + ", hint='Last night.', error='Choose one') }}")

    assert part.one("fieldset")["aria-describedby"] == "sleep-hint sleep-error"
    assert part.one("p", id="sleep-hint").text() == "Last night."


def test_only_none_of_these_clears_the_others() -> None:
    part = drawn("{{ tiles('fx', 'Any?', [('a', 'A'), ('none', 'None')], kind='checkbox', none_of='none') }}")

    assert [tile["value"] for tile in part.all("input") if "data-behaviour" in tile] == ["none"]
    assert part.one("script")["src"] == "/static/js/none_of_these.js"


def test_rows_of_choices_carry_their_explanation_in_their_name() -> None:
    part = drawn(
        "{{ choices('shared', 'Who can read it?', [('no', 'Private', 'Only you.'), ('yes', 'Lena', none)]) }}"
    )

    assert [choice.label() for choice in part.all("input")] == ["PrivateOnly you.", "Lena"]
    assert part.one("legend").text() == "Who can read it?"
    assert part.all("input")[0]["id"] == "shared"


def test_a_single_choice_points_at_its_error() -> None:
    box = drawn("{{ choice('agreed', '1', 'I understand', error='Tick the box to go on') }}").one("input")

    assert (box["aria-invalid"], box["aria-describedby"]) == ("true", "agreed-error")


def test_a_switch_is_a_checkbox_that_says_it_is_a_switch() -> None:
    part = drawn("{{ switch('email', 'Email', checked=true) }}")

    assert (part.one("input")["type"], part.one("input")["role"]) == ("checkbox", "switch")
    assert "checked" in part.one("input")
    assert part.one("input").label() == "Email"


# typed answers


@pytest.mark.parametrize(
    "call",
    [
        "text_input('x', 'Words', hint='Hint', error='Error')",
        "textarea('x', 'Words', hint='Hint', error='Error')",
        "select('x', 'Words', [('1', 'One')], hint='Hint', error='Error')",
        "date_input('x', 'Words', hint='Hint', error='Error')",
        "time_input('x', 'Words', hint='Hint', error='Error')",
    ],
)
def test_a_typed_field_has_its_label_and_is_described_by_hint_and_error(call: str) -> None:
    part = drawn("{{ " + call + " }}")
    (control,) = [element for element in part.walk() if element.attrs.get("name") == "x"]

    assert part.one("label", **{"for": "x"}).text() == "Words"
    assert control["id"] == "x"
    assert control["aria-describedby"] == "x-hint x-error"
    assert control["aria-invalid"] == "true"
    assert part.one("p", id="x-hint").text() == "Hint"
    assert part.one("p", id="x-error").text() == "Error"


def test_a_field_without_error_is_not_called_invalid() -> None:
    control = drawn("{{ text_input('x', 'Words') }}").one("input")

    assert "aria-invalid" not in control
    assert "aria-describedby" not in control


def test_an_address_field_says_its_purpose_and_brings_its_keyboard() -> None:
    control = drawn("{{ text_input('email', 'Email', type='email', autocomplete='username') }}").one("input")

    assert (control["autocomplete"], control["inputmode"], control["autocapitalize"]) == (
        "username",
        "email",
        "none",
    )


def test_a_password_says_whether_it_is_the_old_or_a_new_one() -> None:
    part = drawn("{{ text_input('p', 'Password', type='password', autocomplete='current-password') }}")

    assert (part.one("input")["type"], part.one("input")["autocomplete"]) == ("password", "current-password")


def test_a_code_field_takes_further_attributes() -> None:
    part = drawn(
        "{{ text_input('c', 'Code', autocomplete='one-time-code', attrs={'inputmode': 'numeric', 'max': none}) }}"
    )

    assert part.one("input")["inputmode"] == "numeric"
    assert "max" not in part.one("input")


def test_a_hidden_label_is_still_read() -> None:
    part = drawn("{{ text_input('q', 'Find a patient', type='search', hide_label=true) }}")

    assert part.one("label")["class"] == "vh"
    assert part.one("label").text() == "Find a patient"


def test_a_note_is_never_cut_off_and_says_how_long_it_may_be() -> None:
    part = drawn("{{ textarea('note', 'A note', value='Über 5', limit=4000) }}")

    assert "maxlength" not in part.one("textarea")
    assert part.one("textarea")["aria-describedby"] == "note-count"
    assert part.one("p", id="note-count").text() == "6 of 4,000 characters"


def test_a_note_that_begins_with_an_empty_line_keeps_it() -> None:
    markup = environment().from_string(
        '{% from "components/textarea.html" import textarea %}{{ textarea("note", "A note", value="\n\nThen.") }}'
    )

    # a browser drops one line break after the tag: the first of the three
    assert ">\n\n\nThen.</textarea>" in markup.render()


def test_what_a_person_typed_is_escaped() -> None:
    part = drawn("{{ textarea('note', 'A note', value=text) }}{{ quote(text) }}", text="</textarea><b>x")

    assert part.one("textarea").text() == "</textarea><b>x"
    assert part.one("blockquote").text() == "</textarea><b>x"


def test_a_time_is_given_without_seconds() -> None:
    assert drawn("{{ time_input('t', 'First', value='19:30:00') }}").one("input")["value"] == "19:30"


def test_a_list_shows_the_chosen_option() -> None:
    part = drawn("{{ select('zone', 'Zone', [('a', 'A'), ('b', 'B')], value='b') }}")

    assert [option["value"] for option in part.all("option") if "selected" in option] == ["b"]


# errors, actions


def test_the_error_summary_is_announced_takes_focus_and_counts() -> None:
    box = drawn("{{ error_summary([('mood', 'Choose'), ('note', 'Shorten')]) }}").all("div")[0]

    assert (box["role"], box["tabindex"]) == ("alert", "-1")
    assert box.one("h2", id=str(box["aria-labelledby"])).text() == "Two small things to fix"
    assert [(link["href"], link.text()) for link in box.all("a")] == [
        ("#mood", "Choose"),
        ("#note", "Shorten"),
    ]


def test_no_errors_draw_no_summary() -> None:
    assert drawn("{{ error_summary([]) }}").inside == []


def test_a_confirming_button_posts_with_its_token() -> None:
    form = drawn("{{ confirm_form('/end', 'Stop sharing', hidden={'which': 3}, kind='careful') }}").one(
        "form"
    )

    assert (form["method"], form["action"]) == ("post", "/end")
    assert form.one("input", name="csrf_token")["value"] == "a-token"
    assert form.one("input", name="which")["value"] == "3"
    assert form.one("button")["type"] == "submit"
    assert form.one("button").text() == "Stop sharing"


def test_the_clock_fields_arrive_empty_without_a_script() -> None:
    fields = drawn("{{ clock() }}").all("input")

    assert [field["name"] for field in fields] == ["zone", "utc_offset_min", "recorded_at", "sent_at"]
    assert all(field["type"] == "hidden" and "value" not in field for field in fields)


@pytest.mark.parametrize("call", ["print_button()", "copy_link('https://x.example/i/1', 'Link for Lena')"])
def test_a_button_that_needs_a_script_is_hidden_without_one(call: str) -> None:
    button = drawn("{{ " + call + " }}").one("button")

    assert "hidden" in button
    assert button["type"] == "button"


def test_a_one_time_link_can_be_selected_by_hand() -> None:
    part = drawn("{{ copy_link('https://x.example/i/1', 'Link for Lena') }}")

    assert part.one("label", **{"for": "one-time-link"}).text() == "Link for Lena"
    assert "readonly" in part.one("input", value="https://x.example/i/1")


# content


def test_an_icon_is_silent() -> None:
    drawing = drawn("{{ icon('bell') }}").one("svg")

    assert (drawing["aria-hidden"], drawing["focusable"]) == ("true", "false")


def test_a_card_is_a_section_named_by_its_title() -> None:
    part = drawn("{% call card('Quiet hours', id='quiet') %}<p>x</p>{% endcall %}")

    assert part.one("section")["aria-labelledby"] == part.one("h2")["id"] == "quiet"


def test_a_line_that_leads_somewhere_is_one_link() -> None:
    part = drawn("<ul>{{ list_item('Reminders', detail='Off', href='/r', icon='bell') }}</ul>")

    assert part.one("a").text() == "Reminders Off"
    assert drawn("<ul>{{ list_item('Ride home', end='Dana') }}</ul>").all("a") == []


def test_a_saved_sentence_is_announced_and_a_standing_one_is_not() -> None:
    assert drawn("{{ note('Saved.', kind='ok', live=true) }}").all("div")[0]["role"] == "status"
    assert "role" not in drawn("{{ note('Only you.') }}").all("div")[0]


def test_the_current_range_is_marked() -> None:
    part = drawn("{{ segment('Time range', [('4 weeks', '/a', true), ('A year', '/b', false)]) }}")

    assert part.one("nav")["aria-label"] == "Time range"
    assert [link.text() for link in part.all("a") if link.attrs.get("aria-current") == "true"] == ["4 weeks"]


WEEK = [
    {"day": 1, "label": "1 March", "href": "/1", "logged": True, "mood": 4, "word": "a bit low"},
    {
        "day": 2,
        "label": "2 March",
        "href": "/2",
        "logged": True,
        "mood": 6,
        "shown": "5.5",
        "extra": "two check-ins",
    },
    {"day": 3, "label": "3 March", "href": "/3", "logged": False, "mood": None},
    {
        "day": 4,
        "label": "4 March",
        "href": "/4",
        "logged": True,
        "mood": None,
        "treatment": "session 8",
        "today": True,
    },
    {"day": 5, "label": "5 March", "href": None, "logged": False, "mood": None, "future": True},
    None,
    None,
]
WEEKDAYS = [
    (name[:2], name)
    for name in ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
]


def test_each_day_of_the_month_is_read_in_full() -> None:
    days = drawn("{{ calendar('March 2026', weekdays, [week]) }}", weekdays=WEEKDAYS, week=WEEK).all("td")

    assert [day.text(spoken=True) for day in days] == [
        "4, a bit low, 1 March",
        "5.5, 2 March, two check-ins",
        "3 March, no entry",
        "Not sure, 4 March, session 8",
        "5 March",
        "",
        "",
    ]


def test_a_day_to_come_leads_nowhere_and_today_is_marked() -> None:
    part = drawn(
        "{{ calendar('March 2026', weekdays, [week], earlier=('February 2026', '/f')) }}",
        weekdays=WEEKDAYS,
        week=WEEK,
    )

    assert [link["href"] for link in part.all("a")] == ["/f", "/1", "/2", "/3", "/4"]
    assert part.one("a", **{"aria-current": "date"})["href"] == "/4"
    assert part.one("a", href="/f")["aria-label"] == "February 2026"
    assert [heading["scope"] for heading in part.all("th")] == ["col"] * 7


def test_a_table_names_itself_its_columns_and_its_rows() -> None:
    part = drawn("{{ table('Mood in March', ['Day', 'Mood'], [['Mon', 6], ['Tue', none]]) }}")

    assert part.one("caption").text() == "Mood in March"
    assert [heading.text() for heading in part.all("th", scope="col")] == ["Day", "Mood"]
    assert [heading.text() for heading in part.all("th", scope="row")] == ["Mon", "Tue"]
    assert [cell.text() for cell in part.all("td")] == ["6", ""]


def test_the_numbers_of_a_chart_scroll_by_keyboard() -> None:
    frame = drawn("{{ numbers_table('Mood in March', ['Day'], [['Mon']]) }}").one("div", role="region")

    assert (frame["tabindex"], frame["aria-label"]) == ("0", "Mood in March")


def test_a_sparkline_is_read_as_its_finding() -> None:
    part = drawn("{% call sparkline('Mood fell from 6 to 4', 148, 36) %}<path d='M0 0'/>{% endcall %}")

    assert (part.one("svg")["role"], part.one("svg")["aria-label"]) == ("img", "Mood fell from 6 to 4")


# layouts


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_has_one_main_reached_by_the_skip_link(layout: str) -> None:
    whole = page(layout, signed_in=None)

    assert whole.one("html")["lang"] == "en"
    assert whole.one("title").text() == "Here · Tideline"
    assert whole.all("a")[0]["href"] == "#main"
    assert whole.one("main")["id"] == "main"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_help_is_one_tap_away_from_every_layout(layout: str) -> None:
    links = page(layout, signed_in=None).all("a", href="/safety.support")

    assert "Get help now" in [link.text() for link in links]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_demo_says_that_it_is_one(layout: str) -> None:
    assert page(layout, demo=True).one("aside").text() == "Demo clinic. Not for real patients yet."
    assert page(layout, demo=False).all("aside") == []


def test_the_current_tab_is_marked() -> None:
    whole = page("patient", head='{% set tab = "trends" %}')

    assert [tab.text() for tab in whole.one("nav").all("a")] == [
        "Today",
        "History",
        "Trends",
        "Sessions",
        "You",
    ]
    assert [tab.text() for tab in whole.all("a", **{"aria-current": "page"})] == ["Trends"]


def test_a_bare_page_shows_no_tab_and_no_name() -> None:
    class Jordan:
        display_name = "Jordan"
        role = "patient"

    whole = page("patient_bare", signed_in=Jordan)

    assert whole.all("nav") == []
    assert "Jordan" not in whole.text()


def test_a_way_back_stands_where_the_logo_was() -> None:
    whole = page("patient_bare", head='{% set back_to = ("Today", "/today") %}')

    assert whole.one("header").all("a")[0].text() == "Today"
    assert "Tideline" not in whole.one("header").text()


def test_a_clinician_signs_out_by_a_form_with_its_token() -> None:
    class Lena:
        display_name = "Lena Fischer"
        role = "provider"

    form = page("provider", signed_in=Lena).one("form")

    assert (form["method"], form["action"]) == ("post", "/accounts.sign_out")
    assert form.one("input", name="csrf_token")["value"] == "a-token"


# all parts


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_part_opens_by_saying_what_it_is_for_and_how_it_is_called(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert source.startswith(f"{{#-\n  {path.stem}: ")
    assert f"macro {path.stem}(" in source
    opening = source[: source.index("-#}")]
    assert f"{path.stem}(" in opening


PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name != "email"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_template_holds_a_style_a_script_or_a_handler(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", source)
    assert not re.search(r"<script(?![^>]* src=)", source)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_icon_a_part_or_layout_names_is_drawn(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    for name in re.findall(r"(?:icon|draw)\(\"(\w+)\"", source):
        assert drawn("{{ icon('" + name + "') }}").one("path")["d"]
