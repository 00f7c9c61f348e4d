"""Addresses for a camera: drawn here, as the path of one shape, and shown by ``components/qr.html``."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as the path of its dark squares; ``side`` in squares, the quiet edge included."""

    side: int
    path: str


def qr_code(text: str) -> Drawing:
    """The code that says ``text``, readable with a sixth of it hidden."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=4)]
    squares = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Drawing(side=len(rows), path="".join(squares))
