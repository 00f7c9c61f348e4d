"""Answers travel compressed. Here: which ones, and how. Files of the site are compressed once at start, by ``assets``.

zlib alone: Brotli saves another tenth of a page and of the style sheet, which is less than two kilobytes of a first
visit, and a library of Flask's brings two compiled packages to do what stands here.

A compressed answer tells by its length whether two texts in it are alike. Whoever can have text of their choosing
shown beside somebody's words, and see how long the answers are, can so find out the words, letter by letter (BREACH).
Another site can send a person's browser here, with that person's cookie, only to open a page, and can choose text of
the page only by what follows the "?". Such a page goes out as it is.
"""

from __future__ import annotations

import zlib

import flask
from werkzeug.wrappers import Response

LEAST = 500
"""Bytes below which an answer is left as it is: it fills one packet either way."""
LEVEL = 5
"""Over level 1 it takes 0.04 to 0.4 ms more and saves an eighth, which takes a slow line many times as long to carry;
level 6 saves nothing worth naming and takes up to twice as long again."""

KINDS = frozenset(
    {"text/html", "text/plain", "text/css", "text/javascript", "text/csv", "image/svg+xml"}
    | {"application/json", "application/manifest+json", "application/problem+json"}
)
"""What gets smaller. Archives, pictures and fonts are compressed already."""

_GZIP = 16 + zlib.MAX_WBITS


def gzipped(content: bytes, *, level: int = LEVEL) -> bytes:
    """The content as gzip, the same every time: its header holds no time."""
    packing = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packing.compress(content) + packing.flush()


def takes_gzip() -> bool:
    """Whether the browser that asks can read gzip."""
    return flask.request.accept_encodings.quality("gzip") > 0


def compress(response: Response) -> Response:
    """Compress the body, if that is worth while, the browser reads it and nobody learns from its length.

    What is streamed or compressed already stays as it is. An ETag is from then on one of what is said.
    """
    if (
        response.mimetype not in KINDS
        or response.is_streamed
        or response.status_code in {204, 206, 304}
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= LEAST and takes_gzip() and not _may_be_probed():
        response.set_data(gzipped(content))
        response.headers["Content-Encoding"] = "gzip"
        tag, _is_weak = response.get_etag()
        if tag is not None:
            response.set_etag(tag, weak=True)
    return response


def _may_be_probed() -> bool:
    """Whether another site may have chosen text of this page. Old browsers do not say who sends them."""
    asked = flask.request
    return bool(asked.query_string) and asked.headers.get("Sec-Fetch-Site") not in {"same-origin", "none"}
