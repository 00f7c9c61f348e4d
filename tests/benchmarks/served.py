"""One variant of the check-in under the program's own server: `… tests.benchmarks.served VARIANT PORT FOLDER URL`."""

from __future__ import annotations

import sys
from pathlib import Path

import flask

from journal import serving
from journal.config import Config
from tests.benchmarks import check_in
from tests.benchmarks.installations import Installation
from tests.benchmarks.measure import on_core
from tests.faults.serving import Server


def main() -> None:
    """Serve until told to stop, in one process with the program's threads."""
    variant, port, folder, url = sys.argv[1:]
    server = Server(Path(folder), url)
    installation = Installation(server, server.open())

    def create_app(_config: Config, **_options: object) -> flask.Flask:
        return check_in.VARIANTS[variant](installation)

    # The server is the program's own, threads and all; only what it serves is chosen here.
    if variant != check_in.PRODUCT:
        serving.create_app = create_app  # type: ignore[assignment]
    with on_core(0):
        serving.serve(installation.config, host="127.0.0.1", port=int(port), workers=1, reminds=False)


if __name__ == "__main__":
    main()
