"""Style sheets, scripts, icons and the font: content-hashed, so a browser may keep each for ever."""

from __future__ import annotations

import flask
from werkzeug.wrappers import Response

FOR_EVER = "public, max-age=31536000, immutable"


def show(name: str) -> Response:
    """One file by its hashed name; 404 for any other."""
    found = flask.current_app.extensions["assets"].read(name)
    if found is None:
        flask.abort(404)
    content, content_type = found
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = FOR_EVER
    return response
