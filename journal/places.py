"""Where the files beside the code are: templates, static files and migrations.

A checkout keeps them at its top level; a wheel carries them inside the package, in ``journal/_site``. Only the
places live here: who reads the files, and how, is the business of the modules that do.
"""

from __future__ import annotations

from pathlib import Path


def site_of(package: Path) -> Path:
    """The folder that holds ``templates``, ``static`` and ``migrations`` for the package in the folder ``package``.

    The package's own ``_site`` comes first, so that an installed copy never reads files that lie beside it.
    """
    carried = package / "_site"
    return carried if carried.is_dir() else package.parent


SITE = site_of(Path(__file__).resolve().parent)
TEMPLATES = SITE / "templates"
STATIC = SITE / "static"
MIGRATIONS = SITE / "migrations"
