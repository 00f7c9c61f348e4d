"""How much room running text takes in our font: for paper, where what fits is decided before it is drawn.

On the safe side, and by no more than it takes: each letter is counted as wide as it is, to a fiftieth of its height.
Labels of drawings are measured by ``charts.geometry``, which knows no letters. No web framework inside.
"""

from __future__ import annotations

from math import ceil

PX = 12.0
"""The size of text that is not said to have another, in CSS pixels."""

_LETTERS = {
    200: "‘’", 220: ".l", 240: ",`i´ìíîïı", 260: " :;|·\u00a0", 280: "IjÌÍÎÏ", 300: "!¡¹", 320: '"', 340: "[]rª“”",
    360: "()³", 380: "ft°²º", 400: "/\\{}", 420: "-1\u2010\u2011", 440: "_", 480: "sx¿", 500: "*kz•",
    520: "?JLavàáâãäå", 540: "7y¢ýÿ", 560: "23FT^cehnu«»çèéêëñùúûü–", 580: "$569Poq~£§ßòóôõöø",
    600: "EbdgpÈÉÊËÞðþ", 620: "8BKSXYÝ…", 640: "#+4<=>R±×÷−", 660: "&0Z", 680: "AÀÁÂÃÄÅ€", 700: "DV↑↓", 720: "UÙÚÛÜ",
    740: "CÇ", 760: "GHÐ", 780: "NOQÑÒÓÔÕÖ", 800: "%wØ", 820: "©", 840: "¼", 860: "Mm½™", 880: "æ", 920: "¾", 960: "W",
    1000: "@œ", 1020: "Æ", 1100: "—", 1140: "Œ",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}
"""Thousandths of the size, regular weight: static/fonts/figtree-var-latin.woff2."""
_SYSTEMS = 620
"""A letter that our font does not have comes from the system's: Greek, above all."""
_SYSTEMS_SPACE = 320
_BOLD = 1.08


def text_width(text: str, *, px: float = PX, bold: bool = False) -> float:
    """How wide ``text`` is on one line, in pixels."""
    try:
        width = sum(map(_WIDTHS.__getitem__, text))
    except KeyError:  # the spaces between such letters are the system's too
        width = sum(_WIDTHS.get(letter, _SYSTEMS) for letter in text)
        width += text.count(" ") * (_SYSTEMS_SPACE - _WIDTHS[" "])
    return width * px / 1000 * (_BOLD if bold else 1)


def line_count(text: str, width: float, *, px: float = PX, bold: bool = False) -> int:
    """How many lines ``text`` takes in ``width`` pixels; one word may be longer than a line. Nothing takes one."""
    space = text_width(" ", px=px, bold=bold)
    lines, left = 1, width
    for number, word in enumerate(text.split()):
        wide = text_width(word, px=px, bold=bold)
        needed = wide + space if number and left < width else wide
        if needed <= left:
            left -= needed
            continue
        begun = left < width
        whole = max(1, ceil(wide / width))
        lines += whole if begun else whole - 1
        left = width - (wide - (whole - 1) * width)
    return lines
