"""Static files with their content in their name.

Lives here: reading `static/` once at start, joining the style sheets into one, naming every file after
its content, and giving a hashed name back its bytes. Does not live here: the route and its headers,
which belong to the site.

Because a hashed name can only ever mean one content, the route may answer
`Cache-Control: public, max-age=31536000, immutable`. A name that is not known is not found; there is no
way from a name to the file system after start, so no path can climb out of the folder.
"""

import hashlib
import posixpath
import re
from pathlib import Path

BUNDLE = "css/app.css"

# The order of the cascade. An entry ending in a slash stands for every sheet of that folder, by name:
# a component must not lean on another component, so their order among themselves cannot matter.
CASCADE = (
    "css/tokens.css",
    "css/base.css",
    "css/shell.css",
    "css/components/",
    "css/charts.css",
    "css/provider.css",
    "css/print.css",
)

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

_CSS_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")


class Assets:
    """Every static file under its hashed name, held in memory for the life of the process."""

    def __init__(self, static_dir: Path, *, url_prefix: str = "/static/") -> None:
        """Read `static_dir` whole. A file of a kind not in CONTENT_TYPES is refused with ValueError."""
        self._prefix = url_prefix
        self._hashed_names: dict[str, str] = {}
        self._files: dict[str, tuple[bytes, str]] = {}

        sheets: dict[str, str] = {}
        for path in sorted(static_dir.rglob("*")):
            name = path.relative_to(static_dir).as_posix()
            if not path.is_file() or path.name.startswith("."):
                continue
            if path.suffix == ".css":
                sheets[name] = path.read_text(encoding="utf-8")
            else:
                self._add(name, path.read_bytes())
        self._add(BUNDLE, self._bundle(sheets).encode())

    def url(self, name: str) -> str:
        """The address of a file: `css/app.css` gives `/static/css/app.0123456789.css`.

        An unknown name is a KeyError, so a misspelt asset stops the page's test and not the patient.
        """
        return self._prefix + self._hashed_names[name]

    def read(self, hashed_path: str) -> tuple[bytes, str] | None:
        """Bytes and content type of a hashed path without the prefix, or None where there is none."""
        return self._files.get(hashed_path)

    def _add(self, name: str, content: bytes) -> None:
        stem, suffix = posixpath.splitext(name)
        if suffix not in CONTENT_TYPES:
            raise ValueError(f"static file {name} has no known content type")
        hashed_name = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}{suffix}"
        self._hashed_names[name] = hashed_name
        self._files[hashed_name] = (content, CONTENT_TYPES[suffix])

    def _bundle(self, sheets: dict[str, str]) -> str:
        """Join the sheets in cascade order; a sheet outside the cascade is refused, never left out."""
        ordered = [
            name
            for entry in CASCADE
            for name in sorted(sheets)
            if name == entry or (entry.endswith("/") and name.startswith(entry))
        ]
        if stray := sorted(set(sheets) - set(ordered)):
            raise ValueError(f"style sheets without a place in the cascade: {', '.join(stray)}")
        return "\n".join(self._with_hashed_urls(name, sheets[name]) for name in ordered)

    def _with_hashed_urls(self, sheet: str, text: str) -> str:
        """Point each url() at the hashed file, relative to the bundle so that any prefix works."""

        def hashed(match: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), match[1]))
            if target not in self._hashed_names:
                raise ValueError(f"{sheet} points at {match[1]}, which is not there")
            relative = posixpath.relpath(self._hashed_names[target], posixpath.dirname(BUNDLE))
            return f'url("{relative}")'

        return _CSS_URL.sub(hashed, text)
