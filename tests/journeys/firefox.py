"""Firefox, the one that people have and not a patched one, driven over Marionette: its own protocol, JSON on a socket.

A message is its length, a colon and a list: ``[0, number, command, parameters]`` there, ``[1, number, error, result]``
back. Going to a page and pressing something answer once the page that follows has loaded.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.faults.serving import free_port

STARTS_WITHIN_S = 90
ANSWERS_WITHIN_S = 60
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""How WebDriver names an element in JSON."""
_SETTINGS = {
    "browser.dom.window.dump.enabled": True,  # or it keeps to itself which scripts failed
    # Nothing that it wants to ask of its makers finds a way out; what is on this machine is asked without a proxy.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}
_SCRIPT_FAILED = re.compile(r"^JavaScript error: http.*", re.MULTILINE)
_FIND = """
const [name, tags] = arguments;
const words = one => one.textContent.trim().replace(/\\s+/g, " ");
const said = one => one.getAttribute("aria-label") || [...(one.labels ?? [])].map(words).join(" ") || words(one);
const seen = [...document.querySelectorAll(tags)].filter(one => one.checkVisibility());
const found = seen.find(one => said(one) === name) ?? seen.find(one => said(one).startsWith(name)) ?? null;
found?.scrollIntoView({ block: "center" });  // a driver presses what lies under a bar; a person scrolls
return found;
"""


class Firefox:
    """One window, as a person uses it: by the words that stand on things."""

    def __init__(self, connection: socket.socket, base_url: str) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._numbers = itertools.count(1)
        self._base_url = base_url
        self._read()  # it says hello
        self._ask("WebDriver:NewSession", {})

    def goto(self, path: str) -> None:
        self._ask("WebDriver:Navigate", {"url": self._base_url + path})

    @property
    def path(self) -> str:
        """Where the window is: its address without the site."""
        return str(self._ask("WebDriver:GetCurrentURL", {})["value"]).removeprefix(self._base_url)

    def evaluate(self, script: str) -> Any:
        """What a function of this text returns, in the end."""
        awaited = f"return (async () => {{ {script} }})()"
        return self._ask("WebDriver:ExecuteScript", {"script": awaited, "args": []})["value"]

    def press(self, name: str, tags: str = "a, button, summary") -> None:
        """Press what is called, or begins with, ``name``."""
        self._ask("WebDriver:ElementClick", {"id": self._find(name, tags)})

    def choose(self, name: str, value: str) -> None:
        """Choose this answer of a question by its tile."""
        which = {"using": "css selector", "value": f"input[name='{name}'][value='{value}']"}
        found = self._ask("WebDriver:FindElement", which)["value"]
        self._ask("WebDriver:ElementClick", {"id": found[_ELEMENT]})

    def fill(self, name: str, text: str) -> None:
        """Type into the field with this label."""
        self._ask("WebDriver:ElementSendKeys", {"id": self._find(name, "input, textarea"), "text": text})

    def heading(self) -> str:
        return str(self.evaluate("return document.querySelector('h1').textContent.trim()"))

    def says(self) -> str:
        """All that can be read on the page."""
        return str(self.evaluate("return document.querySelector('main').innerText"))

    def close(self) -> None:
        self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._connection.close()

    def _find(self, name: str, tags: str) -> str:
        found = self._ask("WebDriver:ExecuteScript", {"script": _FIND, "args": [name, tags]})["value"]
        assert found is not None, f"nothing on {self.path} is called {name!r}"
        return str(found[_ELEMENT])

    def _ask(self, command: str, parameters: dict[str, object]) -> Any:
        message = json.dumps([0, next(self._numbers), command, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _kind, _number, error, result = self._read()
        assert error is None, f"{command} {parameters}: {error['error']}: {error['message']}"
        return result

    def _read(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox is gone"
            length += byte
        return json.loads(self._stream.read(int(length)))


@contextmanager
def running(program: str, folder: Path, base_url: str) -> Iterator[Firefox]:
    """A Firefox of its own, with nothing in it. Errors of scripts on its pages fail the test."""
    port = free_port()
    settings = {**_SETTINGS, "marionette.port": port}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (folder / "user.js").write_text("".join(lines))
    said = folder / "said.txt"
    with said.open("wb") as output:
        command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        try:
            window = Firefox(_connected(process, port), base_url)
            yield window
            window.close()
            process.wait(ANSWERS_WITHIN_S)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it has others that draw its pages
            process.wait()
    failed = _SCRIPT_FAILED.findall(said.read_text(errors="replace"))
    assert not failed, "\n".join(failed)


def _connected(process: subprocess.Popen[bytes], port: int) -> socket.socket:
    """The socket, as soon as Firefox listens."""
    ends = time.monotonic() + STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < ends:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN_S)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("Firefox did not start")
