"""Static files are named after their content, and only those names are served."""

import gzip
import re
from pathlib import Path

import pytest

from journal.web.assets import Assets, StaticFile, assets_in, minified, minified_script

STATIC = Path(__file__).parents[2] / "static"


def small_site(folder: Path) -> Path:
    (folder / "css" / "components").mkdir(parents=True)
    (folder / "fonts").mkdir()
    (folder / "js").mkdir()
    (folder / "css" / "tokens.css").write_text(":root{--a:1}")
    (folder / "css" / "base.css").write_text('@font-face{src:url("../fonts/f.woff2")}')
    (folder / "css" / "provider.css").write_text(".pbar{}")
    (folder / "css" / "print.css").write_text("@media print{}")
    (folder / "css" / "components" / "chip.css").write_text(".chip{}")
    (folder / "fonts" / "f.woff2").write_bytes(b"font")
    (folder / "js" / "print.js").write_text("print()")
    return folder


def served(assets: Assets, name: str) -> StaticFile:
    found = assets.read(assets.url(name).removeprefix("/static/"))
    assert found is not None
    return found


def test_a_file_is_named_after_the_first_ten_digits_of_its_hash(tmp_path: Path) -> None:
    assets = Assets(small_site(tmp_path))

    assert assets.url("fonts/f.woff2") == "/static/fonts/f.795ea3efa4.woff2"


def test_a_hashed_name_gives_the_bytes_and_their_type(tmp_path: Path) -> None:
    assets = Assets(small_site(tmp_path))

    found = served(assets, "js/print.js")
    assert (found.content, found.content_type) == (b"print()\n", "text/javascript; charset=utf-8")


def test_the_plain_name_and_a_wrong_hash_are_not_served(tmp_path: Path) -> None:
    assets = Assets(small_site(tmp_path))

    assert assets.read("js/print.js") is None
    assert assets.read("js/print.0000000000.js") is None
    assert assets.read("../pyproject.toml") is None


def test_a_changed_file_gets_a_new_address(tmp_path: Path) -> None:
    before = Assets(small_site(tmp_path)).url("css/app.css")
    (tmp_path / "css" / "tokens.css").write_text(":root{--a:2}")

    assert Assets(tmp_path).url("css/app.css") != before


def test_the_sheets_are_joined_in_cascade_order(tmp_path: Path) -> None:
    text = served(Assets(small_site(tmp_path)), "css/app.css").content.decode()

    assert text.index("--a:1") < text.index("@font-face") < text.index(".chip") < text.index("@media print")


def test_what_only_clinicians_see_is_in_their_sheet_alone(tmp_path: Path) -> None:
    assets = Assets(small_site(tmp_path))

    assert ".pbar" not in served(assets, "css/app.css").content.decode()
    text = served(assets, "css/clinic.css").content.decode()
    assert text.index(".chip") < text.index(".pbar") < text.index("@media print")


def test_a_text_is_held_compressed_too_and_a_font_is_not(tmp_path: Path) -> None:
    folder = small_site(tmp_path)
    (folder / "js" / "long.js").write_text("tide();" * 100)
    assets = Assets(folder)

    script = served(assets, "js/long.js")
    assert script.gzipped is not None
    assert len(script.gzipped) < 50
    assert gzip.decompress(script.gzipped) == script.content
    assert served(assets, "fonts/f.woff2").gzipped is None


def test_what_gzip_would_make_longer_is_not_held_twice(tmp_path: Path) -> None:
    assert served(Assets(small_site(tmp_path)), "js/print.js").gzipped is None


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a { color: red; }\n\nb { margin: 0 auto }", "a{color:red}b{margin:0 auto}"),
        ("/* it's a note */ p > a:hover , b {}", "p > a:hover,b{}"),
        ("a :is(b) { width: calc(1px + 2px) }", "a :is(b){width:calc(1px + 2px)}"),
        ("@media screen and (min-width: 46rem) { a {} }", "@media screen and (min-width:46rem){a{}}"),
        ('a { content: "; }  /* kept */ \\" : " ; }', 'a{content:"; }  /* kept */ \\" : "}'),
        ("a { content: '{ ,'; }", "a{content:'{ ,'}"),
    ],
)
def test_a_sheet_loses_comments_and_white_space_and_nothing_else(written: str, sent: str) -> None:
    assert minified(written) == sent


def test_a_script_loses_comments_and_white_space_and_nothing_else() -> None:
    written = (
        "// why\nif (tide) {\n\n  go('// not a  comment'); // how\n}\nlet a = b\n++c\nf(/[/]\\/\\*/, a / b)"
    )
    sent = "if(tide){go('// not a  comment');}\nlet a=b\n++c\nf(/[/]\\/\\*/,a/b)\n"
    assert minified_script(written) == sent


def test_a_text_over_several_lines_stays_as_it_is() -> None:
    assert minified_script("say(`one\n  two ${a}  // three`);") == "say(`one\n  two ${a}  // three`);\n"


def test_a_script_of_somebody_else_is_served_as_it_was_published(tmp_path: Path) -> None:
    folder = small_site(tmp_path)
    (folder / "vendor").mkdir()
    (folder / "vendor" / "idb.js").write_text("// theirs\n  go()")

    assert served(Assets(folder), "vendor/idb.js").content == b"// theirs\n  go()"


def test_a_url_in_a_sheet_becomes_the_hashed_name_relative_to_the_bundle(tmp_path: Path) -> None:
    text = served(Assets(small_site(tmp_path)), "css/app.css").content.decode()

    assert 'url("../fonts/f.795ea3efa4.woff2")' in text


def test_a_url_to_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    small_site(tmp_path)
    (tmp_path / "fonts" / "f.woff2").unlink()

    with pytest.raises(ValueError, match=r"base\.css points at \.\./fonts/f\.woff2"):
        Assets(tmp_path)


def test_a_sheet_without_a_place_in_the_cascade_stops_the_start(tmp_path: Path) -> None:
    (small_site(tmp_path) / "css" / "stray.css").write_text("p{}")

    with pytest.raises(ValueError, match=r"css/stray\.css"):
        Assets(tmp_path)


def test_an_unknown_name_has_no_address(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Assets(small_site(tmp_path)).url("js/nothing.js")


def test_the_shipped_bundle_loads_nothing_from_elsewhere() -> None:
    text = served(Assets(STATIC), "css/app.css").content.decode()

    assert re.findall(r"url\(([^)]*)\)", text) == [
        '"../' + Assets(STATIC).url("fonts/figtree-var-latin.woff2").removeprefix("/static/") + '"'
    ]
    assert "@import" not in text


def test_a_folder_is_read_once(tmp_path: Path) -> None:
    folder = small_site(tmp_path)
    assert assets_in(folder) is assets_in(folder)
    assert assets_in(folder) is not assets_in(STATIC)
