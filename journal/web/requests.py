"""A request as this site takes it: how large it may be, and that nothing of it ever lies on a disk."""

from __future__ import annotations

import io
from typing import IO

import flask
from werkzeug.formparser import FormDataParser

from journal.web.routes import BY_ENDPOINT


class Request(flask.Request):
    """A request whose files stay in memory: the usual class writes large ones, words and all, to a temporary file.

    A route that takes files may take more than the others do; the map says how much.
    """

    def make_form_data_parser(self) -> FormDataParser:
        """The parser of this request's form, held to its route's limit before the first byte is read."""
        route = BY_ENDPOINT.get(self.endpoint or "")
        if route is not None and route.max_body is not None:
            self.max_content_length = self.max_form_memory_size = route.max_body
        return super().make_form_data_parser()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()
