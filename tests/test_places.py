from pathlib import Path

from journal import places


def test_a_checkout_reads_its_own_top_level() -> None:
    top = Path(__file__).resolve().parent.parent

    assert top / "templates" == places.TEMPLATES
    assert top / "static" == places.STATIC
    assert top / "migrations" == places.MIGRATIONS


def test_files_inside_an_installed_package_win_over_those_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "journal"
    (package / "_site").mkdir(parents=True)
    (tmp_path / "templates").mkdir()

    assert places.site_of(package) == package / "_site"


def test_a_package_without_files_of_its_own_looks_beside_itself(tmp_path: Path) -> None:
    package = tmp_path / "journal"
    package.mkdir()

    assert places.site_of(package) == tmp_path
