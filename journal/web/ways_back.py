"""Where a person goes on after an unlock: an address of our own that is on the map, written plainly, or nowhere.

What comes from outside is never followed as it is: it must look like one of our paths, and the
map must know it.
"""

from __future__ import annotations

import re

import flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from journal.web.routes import BY_ENDPOINT, OPEN

# Letters, digits and the few signs of our own addresses, in ASCII. Nothing here can begin another host's address.
_PAGE = re.compile(r"(?P<path>/[A-Za-z0-9_/.-]{0,300})(\?[A-Za-z0-9_=&%.+-]{0,300})?")
_HARMLESS = re.compile(r"(?!.*//)(?!.*/\.)")

_PAGE_OF_DOWNLOAD = {
    "transfers.as_json": "transfers.take_out",
    "transfers.as_csv": "transfers.take_out",
}
"""A file is not a page to go on with: it would leave the browser where it was."""
_NO_PAGES = frozenset({"unlocking.unlock", "unlocking.still_here", "api.phone"})


def page(text: str | None) -> str | None:
    """``text`` if it is the address of a page for somebody signed in, with its query; None for anything else."""
    endpoint = _endpoint(text, "GET")
    route = BY_ENDPOINT.get(endpoint or "")
    if route is None or route.audience in OPEN or route.endpoint in _NO_PAGES:
        return None
    download = _PAGE_OF_DOWNLOAD.get(route.endpoint)
    return flask.url_for(download) if download else text


def form(text: str | None) -> str | None:
    """``text`` if it is an address that a form of somebody signed in is sent to; None for anything else."""
    endpoint = _endpoint(text, "POST")
    route = BY_ENDPOINT.get(endpoint or "")
    if route is None:
        return None
    return text if route.audience not in OPEN or endpoint == "consents.accept" else None


def _endpoint(text: str | None, method: str) -> str | None:
    looks = _PAGE.fullmatch(text or "")
    if looks is None or not _HARMLESS.match(looks["path"]):
        return None
    try:
        endpoint, _values = flask.current_app.url_map.bind("").match(looks["path"], method)
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)
