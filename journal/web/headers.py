"""Headers on every answer, errors and static files included, and the refusal of requests from other sites."""

from __future__ import annotations

from urllib.parse import urlsplit

import flask
from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
OF_A_FILE = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The policy of a file that is no page: opened by itself it may load nothing, and each of ten files says it shorter."""

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": the form guard needs a referrer from our own pages over https.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def add(response: Response, *, https: bool) -> Response:
    """Put the headers on. A page is never kept by any cache unless its view said otherwise."""
    present = {name.lower() for name, _ in response.headers}
    asked = ALWAYS | STRICT_TRANSPORT if https else ALWAYS
    for name, value in asked.items():
        if name.lower() not in present:
            response.headers.add(name, value)
    return response


def refuse_other_sites() -> None:
    """A form on another site cannot write here, even with a cookie: browsers say where a request comes from."""
    if flask.request.method in SAFE_METHODS:
        return
    site = flask.request.headers.get("Sec-Fetch-Site")
    if site is None:
        # Older browsers say it in another way. Hosts alone are compared: behind a proxy the scheme may be a guess.
        origin = flask.request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != flask.request.host:
            flask.abort(400)
    elif site not in {"same-origin", "none"}:
        flask.abort(400)
