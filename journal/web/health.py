"""Whether this process serves. No detail for strangers."""

from __future__ import annotations


def livez() -> tuple[str, int, dict[str, str]]:
    """200 once the process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
