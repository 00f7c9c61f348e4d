"""Style sheets, scripts, icons and the font: content-hashed, so a browser may keep each for ever."""

from __future__ import annotations

import flask
from werkzeug.wrappers import Response

from journal.web import headers
from journal.web.compression import takes_gzip

FOR_EVER = "public, max-age=31536000, immutable"


def show(name: str) -> Response:
    """One file by its hashed name; 404 for any other."""
    found = flask.current_app.extensions["assets"].read(name)
    if found is None:
        flask.abort(404)
    response = Response(found.content, content_type=found.content_type)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = headers.OF_A_FILE
    if found.gzipped is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if takes_gzip():
            response.set_data(found.gzipped)
            response.headers["Content-Encoding"] = "gzip"
    return response
