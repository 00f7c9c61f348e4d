"""Everything that is said to people can be said in every language: no text left out, none left empty."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po
from jinja2 import nodes

from journal.languages import Language
from journal.web import speech
from tests.house.source import ROOT, modules

TRANSLATED = tuple(language for language in Language if language is not Language.ENGLISH)
SPOKEN_ATTRIBUTES = frozenset({"aria-label", "alt", "title", "placeholder", "content"})
SAYS = frozenset(
    {
        "_",
        "gettext",
        "ngettext",
        "pgettext",
        "npgettext",
        "translatable",
        "translatable_count",
        "translatable_in",
        "_gettext",
    }
)
GAP = re.compile(r"%\((\w+)\)s|\{(\w+)[^}]*\}")
NEVER_TRANSLATED = frozenset({"Tideline", "Tideline’s"})

# --- the catalogues -------------------------------------------------------------------------------------------------


def said() -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    """Every key in the code and the templates: its context, and its text or its two forms."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    by_suffix = {one["method"]: one for one in mappings}
    for folder, method in ((ROOT / "journal", "python"), (ROOT / "templates", "jinja2")):
        keywords = parse_keywords(
            [*by_suffix[method].get("keywords", []), "_", "gettext", "ngettext:1,2", "pgettext:1c,2"]
        )
        options = (
            {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"} if method == "jinja2" else {}
        )
        for path in sorted(folder.rglob("*.py" if method == "python" else "*.*")):
            found = extract_from_file(method, path, keywords=keywords, options=options)
            for _line, text, _comments, context in found:
                yield context, (text[0], text[1]) if isinstance(text, tuple) else text


@pytest.fixture(scope="module")
def keys() -> set[tuple[str | None, str | tuple[str, str]]]:
    return set(said())


def catalogue(language: Language) -> Catalog:
    with (ROOT / f"journal/catalogues/{language}.po").open("rb") as file:
        return read_po(file, locale=language.value, abort_invalid=True)


def entries(language: Language) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def key_of(message: Message) -> tuple[str | None, str | tuple[str, str]]:
    return message.context, tuple(message.id) if isinstance(message.id, list | tuple) else message.id  # type: ignore[return-value]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_what_is_said_and_nothing_else(
    language: Language, keys: set[tuple[str | None, str | tuple[str, str]]]
) -> None:
    held = {key_of(message) for message in entries(language)}
    assert {"missing": keys - held, "no longer said": held - keys} == {
        "missing": set(),
        "no longer said": set(),
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_entry_is_empty_or_a_guess(language: Language) -> None:
    empty = [
        message.id
        for message in entries(language)
        if message.fuzzy
        or not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    assert empty == []


def gaps(text: str) -> set[str]:
    return {one or other for one, other in GAP.findall(text)}


def lost_gaps(message: Message) -> bool:
    """Whether a translation lacks a gap of its key, or has one more. A plural form may leave the number out."""
    if isinstance(message.id, tuple | list):
        named = set().union(*(gaps(form) for form in message.id))
        return any(not (named - {"num", "count"} <= gaps(form) <= named) for form in message.string)
    return gaps(str(message.string)) != gaps(str(message.id))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_gap_is_kept(language: Language) -> None:
    assert [message.id for message in entries(language) if lost_gaps(message)] == []


@pytest.mark.parametrize(
    ("key", "translation", "is_lost"),
    [
        ("Session %(number)s", "Sesión %(number)s", False),
        ("Session %(number)s", "Sesión %(numero)s", True),
        ("Choose {low}", "Elige", True),
        (("%(num)s day", "%(num)s days"), ("un día", "%(num)s días"), False),
        (("%(num)s day of %(all)s", "%(num)s days of %(all)s"), ("un día", "%(num)s días"), True),
    ],
)
def test_a_lost_gap_is_noticed(key: object, translation: object, is_lost: bool) -> None:
    assert lost_gaps(Message(key, translation)) is is_lost  # type: ignore[arg-type]


@pytest.mark.parametrize("language", TRANSLATED)
def test_blanks_around_a_text_are_kept(language: Language) -> None:
    def edges(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    assert [
        message.id
        for message in entries(language)
        if isinstance(message.id, str) and edges(message.id) != edges(str(message.string))
    ] == []


def test_greek_is_written_in_greek_letters() -> None:
    latin = [
        message.id
        for message in entries(Language.GREEK)
        for form in (message.string if isinstance(message.string, tuple) else (message.string,))
        if re.search(r"[A-Za-z]{4}", GAP.sub("", str(form))) and not re.search(r"[α-ωά-ώ]{2}", str(form))
    ]
    assert set(latin) <= {"Tideline", "SMS", "Get a minute?"}


# --- text that nobody can translate ---------------------------------------------------------------------------------


class _Words(HTMLParser):
    """The words of a piece of HTML: between its tags, and in the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            return
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES:
                self._add(value or "")

    def _add(self, text: str) -> None:
        words = [word for word in re.findall(r"[^\W\d_][^\W\d_’']+", text) if word not in NEVER_TRANSLATED]
        if words:
            self.found.append(text.strip())


def bare_text(source: str) -> list[str]:
    """What a template says outside the calls that translate: between tags, or as a text in an expression."""
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    speech.teach(environment)
    tree = environment.parse(source)
    # A layout's `…_class` is filled with a piece of a tag.
    classes = [block for block in tree.find_all(nodes.Block) if block.name.endswith("_class")]
    in_a_tag = {id(data) for block in classes for data in block.find_all(nodes.TemplateData)}
    html = "\x00".join(data.data for data in tree.find_all(nodes.TemplateData) if id(data) not in in_a_tag)
    # A tag may be broken by an expression inside it, or be named by one; what stands between two pieces is no word.
    words = _Words()
    words.feed(html.replace("<\x00", "<b\x00").replace("</\x00", "</b\x00").replace("\x00", ""))
    words.close()
    return [*words.found, *_bare_constants(tree)]


def _bare_constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in SAYS:
        for gap in node.kwargs:
            yield from _bare_constants(gap)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _reads_as_english(node.value):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _bare_constants(child)


def _reads_as_english(text: str) -> bool:
    if text in NEVER_TRANSLATED or text.isupper():
        return False
    is_sentence = re.match(r"[A-Z][a-z’]", text) or re.search(r"[’“”…]", text)
    return bool(is_sentence or re.fullmatch(r" ?[a-z ]+ ", text))


TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_page_says_nothing_that_cannot_be_translated(path: Path) -> None:
    assert bare_text(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Nothing is lost</p>",
        '<nav aria-label="Main"></nav>',
        '{{ button("Save") }}',
        '{{ a ~ " and " ~ b }}',
        '{{ "Yes" if x else y }}',
    ],
)
def test_a_bare_text_is_noticed(source: str) -> None:
    assert len(bare_text(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '<p class="card quiet">{{ _("Nothing is lost") }}</p>',
        "{% trans %}Nothing <b>is</b> lost{% endtrans %}",
        '<a class="x{% if y %} z{% endif %}" href="{{ url }}">{{ button(_("Save"), kind="quiet small") }}</a>',
        '{{ ngettext("%(num)s day", "%(num)s days", 3) }}',
        '<{{ tag }} class="card quiet" href="{{ url }}">{{ text }}</{{ tag }}>',
        '{% block body_class %} class="pro"{% endblock %}',
    ],
)
def test_a_translatable_text_is_let_through(source: str) -> None:
    assert bare_text(source) == []


# What Prometheus is told about each figure stays English, as logs do.
NOBODY_READS = {"journal.web.metrics"}


def bare_sentences(tree: ast.AST) -> Iterator[str]:
    """Sentences in Python that stand in no call that translates them; docstrings and what is raised for us apart."""
    for child in ast.iter_child_nodes(tree):
        match child:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Call(func=ast.Name(id=name)) if name in SAYS:
                continue
            case ast.Raise():
                continue
            case ast.Constant(value=str(text)) if re.match(r"[A-Z][a-z’]+[ ,]", text) and "\n" not in text:
                yield text
        yield from bare_sentences(child)


def test_a_view_says_nothing_that_cannot_be_translated() -> None:
    found = {
        f"{module.name}: {text}"
        for module in modules()
        if (module.name.startswith("journal.web") or module.name == "journal.messages")
        and module.name not in NOBODY_READS
        for text in bare_sentences(module.tree)
    }
    assert found == set()


def test_a_bare_sentence_in_python_is_noticed() -> None:
    source = 'def f() -> str:\n    """A docstring is for us."""\n    return "Nothing is lost"\n'
    assert list(bare_sentences(ast.parse(source))) == ["Nothing is lost"]
