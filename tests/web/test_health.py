"""Whether the process serves: asked by machines, without sign-in, without the database."""

from __future__ import annotations

from sqlalchemy import event

from tests.conftest import Site


def test_it_says_ok_and_no_more_to_anybody(site: Site) -> None:
    answer = site.stranger().get("/livez")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_it_asks_no_database(site: Site) -> None:
    asked: list[object] = []
    event.listen(site.database.engine, "checkout", lambda *details: asked.append(details))
    assert site.stranger().get("/livez").status_code == 200
    assert asked == []
