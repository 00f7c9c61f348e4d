"""Templates share their globals, and none can change them for another."""

from __future__ import annotations

import flask
import pytest

from journal.web.environment import Environment

PAGES = {
    "macros.html": "{% macro greet() %}{{ greeting }}{% endmacro %}",
    "page.html": "{% from 'macros.html' import greet %}{% set greeting = 'Bye' %}{{ greet() }}",
    "plain.html": "{{ greeting }}",
}


@pytest.fixture
def environment() -> Environment:
    import jinja2

    environment = Environment(flask.Flask("pages"), loader=jinja2.DictLoader(PAGES))
    environment.globals["greeting"] = "Hello"
    return environment


def test_a_macro_that_is_brought_in_sees_what_every_template_may_name(environment: Environment) -> None:
    assert environment.get_template("page.html").render() == "Hello"


def test_a_template_given_globals_of_its_own_keeps_them_to_itself(environment: Environment) -> None:
    own = environment.from_string("{{ greeting }}", globals={"greeting": "Ahoy"})
    assert own.render() == "Ahoy"
    assert environment.get_template("plain.html").render() == "Hello"


def test_what_a_page_sets_stays_in_that_page(environment: Environment) -> None:
    environment.get_template("page.html").render()
    assert environment.get_template("plain.html").render() == "Hello"
