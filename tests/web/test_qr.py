"""A code for a camera, as one path."""

from __future__ import annotations

from journal.web.qr import qr_code


def test_the_drawing_has_a_quiet_edge_of_four_squares_around_its_corner() -> None:
    drawn = qr_code("https://journal.example.org/kiosk/K7P4QX")
    assert (drawn.side - 8 - 17) % 4 == 0  # versions grow by four squares from 21
    squares = drawn.path.split("M")[1:]
    assert squares[0] == "4 4h1v1h-1z"
    assert all(4 <= int(one.split()[0]) < drawn.side - 4 for one in squares)


def test_another_address_is_another_drawing() -> None:
    assert qr_code("a").path != qr_code("b").path
