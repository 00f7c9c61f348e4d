"""Static files with their content in their name.

Lives here: reading `static/` once at start, joining the style sheets into one for patients and one for
clinicians, compressing, naming every file after its content, and giving a hashed name back its bytes.
Does not live here: the route and its headers, which belong to the site.

Style sheets and scripts lose their comments and needless white space on the way, which saves a quarter
of what gzip leaves. Brotli would save another kilobyte of a first visit, and take 3 MB and half a second
of every process as it starts.

Because a hashed name can only ever mean one content, the route may answer
`Cache-Control: public, max-age=31536000, immutable`. A name that is not known is not found; there is no
way from a name to the file system after start, so no path can climb out of the folder.
"""

import functools
import hashlib
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rjsmin

from journal.pdf import PdfWriter
from journal.web.compression import gzipped

# The order of the cascade. An entry ending in a slash stands for every sheet of that folder, by name:
# a component must not lean on another component, so their order among themselves cannot matter.
CASCADE = (
    "css/tokens.css",
    "css/base.css",
    "css/shell.css",
    "css/components/",
    "css/charts.css",
    "css/scores.css",
    "css/provider.css",
    "css/sheet.css",
    "css/print.css",
)
_OF_CLINICIANS = frozenset({"css/scores.css", "css/provider.css", "css/sheet.css"})
BUNDLES = {
    "css/app.css": tuple(sheet for sheet in CASCADE if sheet not in _OF_CLINICIANS),
    "css/clinic.css": CASCADE,
}
"""What patients' pages load, and what clinicians' load in its place."""
PAPER = ("css/tokens.css", "css/charts.css", "css/scores.css", "css/sheet.css")
"""What the writer of PDFs reads; it is given the text, so it is no file of the site."""
FONT = ("Figtree", "fonts/figtree-var-latin.woff2")
"""The name of our font in the style sheets, and its file."""

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

# Only these get smaller; a picture or a font is compressed already.
_COMPRESSED = frozenset({".css", ".js", ".json", ".svg", ".txt", ".webmanifest"})
_BEST = 9

_CSS_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")

# Strings are matched to be kept as they are; what is matched outside of one is a comment or white space.
_STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_SPACE = re.compile(_STRING + r"|(?:/\*.*?\*/|\s)+", re.DOTALL)
# White space beside these never means anything, nor after a colon: a selector has none there.
_NEEDLESS = re.compile(_STRING + r"| ?(?:; ?)?(\}) ?| ?([{;,]) ?|(:) ", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file. ``gzipped`` is None where compressing would not make it smaller."""

    content: bytes
    content_type: str
    gzipped: bytes | None


class Assets:
    """Every static file under its hashed name, held in memory for the life of the process."""

    def __init__(self, static_dir: Path, *, url_prefix: str = "/static/") -> None:
        """Read `static_dir` whole. A file of a kind not in CONTENT_TYPES is refused with ValueError."""
        self._prefix = url_prefix
        self._hashed_names: dict[str, str] = {}
        self._files: dict[str, StaticFile] = {}

        self._sheets = sheets = dict[str, str]()
        for path in sorted(static_dir.rglob("*")):
            name = path.relative_to(static_dir).as_posix()
            if not path.is_file() or path.name.startswith("."):
                continue
            if path.suffix == ".css":
                sheets[name] = path.read_text(encoding="utf-8")
            elif path.suffix == ".js" and not name.startswith("vendor/"):
                self._add(name, minified_script(path.read_text(encoding="utf-8")).encode())
            else:
                self._add(name, path.read_bytes())
        if stray := [name for name in sheets if not any(_stands_for(entry, name) for entry in CASCADE)]:
            raise ValueError(f"style sheets without a place in the cascade: {', '.join(stray)}")
        for bundle, cascade in BUNDLES.items():
            self._add(bundle, minified(self._bundle(bundle, cascade, sheets)).encode())

    def url(self, name: str) -> str:
        """The address of a file: `css/app.css` gives `/static/css/app.0123456789.css`.

        An unknown name is a KeyError, so a misspelt asset stops the page's test and not the patient.
        """
        return self._prefix + self._hashed_names[name]

    def read(self, hashed_path: str) -> StaticFile | None:
        """The file of a hashed path without the prefix, or None where there is none."""
        return self._files.get(hashed_path)

    def content(self, name: str) -> bytes:
        """The bytes of a file by its own name, for use inside the program."""
        return self._files[self._hashed_names[name]].content

    def sheet(self, names: Sequence[str]) -> str:
        """The style sheets of these names as one, without comments; they may name no other file."""
        return minified("\n".join(self._sheets[name] for name in names))

    def _add(self, name: str, content: bytes) -> None:
        stem, suffix = posixpath.splitext(name)
        if suffix not in CONTENT_TYPES:
            raise ValueError(f"static file {name} has no known content type")
        hashed_name = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}{suffix}"
        self._hashed_names[name] = hashed_name
        smaller = gzipped(content, level=_BEST) if suffix in _COMPRESSED else content
        self._files[hashed_name] = StaticFile(
            content, CONTENT_TYPES[suffix], smaller if len(smaller) < len(content) else None
        )

    def _bundle(self, bundle: str, cascade: tuple[str, ...], sheets: dict[str, str]) -> str:
        """Join the sheets in cascade order."""
        ordered = [name for entry in cascade for name in sorted(sheets) if _stands_for(entry, name)]
        return "\n".join(self._with_hashed_urls(name, sheets[name], bundle) for name in ordered)

    def _with_hashed_urls(self, sheet: str, text: str, bundle: str) -> str:
        """Point each url() at the hashed file, relative to the bundle so that any prefix works."""

        def hashed(match: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), match[1]))
            if target not in self._hashed_names:
                raise ValueError(f"{sheet} points at {match[1]}, which is not there")
            relative = posixpath.relpath(self._hashed_names[target], posixpath.dirname(bundle))
            return f'url("{relative}")'

        return _CSS_URL.sub(hashed, text)


@functools.cache
def assets_in(static_dir: Path) -> Assets:
    """The files of a folder, read once in the life of the process however many applications it makes."""
    return Assets(static_dir)


@functools.cache
def pdf_writer(assets: Assets) -> PdfWriter:
    """What draws PDFs with our style sheet and font, one for the process; it begins nothing before the first."""
    family, file = FONT
    return PdfWriter(style=assets.sheet(PAPER), font=assets.content(file), family=family)


def minified(css: str) -> str:
    """The same style sheet without comments and needless white space."""
    spaced = _SPACE.sub(lambda found: found[1] or " ", css)
    return _NEEDLESS.sub(lambda found: found[found.lastindex or 0], spaced).strip()


def minified_script(script: str) -> str:
    """The same script without comments and needless white space; no name in it changes."""
    return f"{rjsmin.jsmin(script)}\n"


def _stands_for(entry: str, sheet: str) -> bool:
    return sheet == entry or (entry.endswith("/") and sheet.startswith(entry))
