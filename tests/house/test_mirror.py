"""Tests mirror the package, and pages mirror the views."""

from __future__ import annotations

import re

import jinja2

from journal.web import speech
from journal.web.routes import ROUTES
from tests.house.source import PACKAGE, ROOT, modules

# Modules without behaviour of their own: a list of tables, a package's docstring, the moment, constants.
NEEDS_NO_TEST = {
    "journal.storage.tables",
    "journal.clock",
    "journal.domain.access_limits",
    "journal.jobs.worker",
}
RENDERS = re.compile(r"""render_template\(\s*f?["']([^"']+)["']""")


def test_each_module_has_its_test_file() -> None:
    missing = []
    for module in modules():
        path = module.path.relative_to(PACKAGE)
        if path.name in {"__init__.py", "__main__.py"} or module.name in NEEDS_NO_TEST:
            continue
        if not (ROOT / "tests" / path.parent / f"test_{path.name}").exists():
            missing.append(module.name)
    assert missing == []


def test_each_page_that_a_view_renders_exists_and_each_page_is_rendered() -> None:
    rendered = {
        name
        for module in modules()
        if module.floor in {"web", "edge"}
        for name in RENDERS.findall(module.text)
    }
    pages = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if path.parent.name not in {"base", "components", "charts", "email"} and not path.name.startswith("_")
    }
    assert rendered - pages == set()
    assert pages - rendered == set()


def test_pages_lie_where_their_view_says() -> None:
    views = {tuple(route.endpoint.split(".")) for route in ROUTES}
    folders = {folder for folder, _view in views} | {"base", "components", "email", "errors"}
    found = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    assert found <= folders


def test_every_template_compiles() -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "templates"), autoescape=True)
    speech.teach(environment)
    for name in environment.list_templates():
        source, _, _ = jinja2.FileSystemLoader(ROOT / "templates").get_source(environment, name)
        environment.parse(source)


def test_no_template_carries_script_or_style_of_its_own() -> None:
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if path.parent.name != "email"
        and inline.search(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]
    assert found == []


def test_no_template_trusts_text_it_was_given() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\|\s*safe\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
