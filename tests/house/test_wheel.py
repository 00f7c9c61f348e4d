"""What is installed is what was written: a wheel of the tree works away from the tree, and without a network."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip put the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    # The virtual environment may be without pip; the Python it was made from has one.
    subprocess.run(
        [sys._base_executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", folder, wheel],
        check=True,
    )
    return folder


def away_from_the_tree(installed: Path, code: str) -> list[str]:
    """A command that runs ``code`` with the installed wheel and the libraries, and no way to the checkout.

    -I ignores the environment and the working folder, -S the path files of the virtual environment, one of which
    names the checkout.
    """
    reach = [str(installed), sysconfig.get_path("purelib")]
    return [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {reach!r}; {code}"]


def files_below(folder: str) -> set[str]:
    """The files of a folder of the tree, but for what Python leaves behind."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("folder", ["templates", "static", "migrations"])
def test_the_wheel_carries_every_file_beside_the_code(wheel: Path, folder: str) -> None:
    expected = {f"journal/_site/{name}" for name in files_below(folder)}

    carried = {
        name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"journal/_site/{folder}/")
    }

    assert carried == expected


def test_the_wheel_carries_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    ours = {name for name in names if not name.startswith("journal/_site/") and ".dist-info/" not in name}

    assert ours == files_below("journal")


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert [name for name in names if name.endswith("/licenses/LICENSE")] != []


def test_an_installed_copy_reads_its_own_files(installed: Path, tmp_path: Path) -> None:
    code = "from journal import places; print(places.TEMPLATES, places.STATIC, places.MIGRATIONS, sep='\\n')"

    said = subprocess.run(
        away_from_the_tree(installed, code), cwd=tmp_path, check=True, capture_output=True, text=True
    )

    site = installed / "journal" / "_site"
    assert said.stdout.splitlines() == [
        str(site / "templates"),
        str(site / "static"),
        str(site / "migrations"),
    ]


def test_an_installed_copy_serves_an_empty_database(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOURNAL_")}
    environment["JOURNAL_DATA_DIR"] = str(tmp_path / "data")
    environment["JOURNAL_BASE_URL"] = "https://journal.example.org"
    environment["JOURNAL_SMTP_URL"] = "smtp://127.0.0.1:9"
    command = away_from_the_tree(installed, "from journal.cli import main; main()")
    subprocess.run([*command, "db", "upgrade"], cwd=tmp_path, env=environment, check=True)

    serving = [*command, "serve", "--port", str(port), "--workers", "1", "--no-worker"]
    with running(serving, cwd=tmp_path, environment=environment) as server:
        assert status_of(f"http://127.0.0.1:{port}/livez", server) == 200
        assert status_of(f"http://127.0.0.1:{port}/sign-in", server) == 200

    assert server.returncode == 0


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    command: list[str], *, cwd: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process of its own; told to stop at the end."""
    process = subprocess.Popen(command, cwd=cwd, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def status_of(address: str, server: subprocess.Popen[bytes]) -> int:
    """The status of a GET, asked again while the server is still opening its door."""
    request = urllib.request.Request(address, headers={"Host": "journal.example.org"})
    for _attempt in range(600):
        assert server.poll() is None, f"the server stopped with {server.returncode}"
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"nobody answers at {address}")
