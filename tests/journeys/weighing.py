"""What a first visit weighs: every byte and every request of one page, as the browser's own network counts them."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page


@dataclass(frozen=True)
class File:
    """One answer: bytes on the wire, compressed, with its head and without; nought when it came from a cache.

    ``is_waited_for``: it was asked for before the page was parsed and its scripts had run.
    """

    url: str
    kind: str
    size: int
    body: int
    is_waited_for: bool


@dataclass
class Visit:
    """All that one page brought along."""

    files: list[File] = field(default_factory=list)

    @property
    def fetched(self) -> list[File]:
        """What travelled, the page itself among it; what a cache or a service worker gave is not."""
        return [file for file in self.files if file.size]

    @property
    def requests(self) -> int:
        return len(self.fetched)

    @property
    def waited_for(self) -> int:
        """Requests that had to travel before the page could be used."""
        return sum(file.is_waited_for for file in self.fetched)

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def body_size(self) -> int:
        return sum(file.body for file in self.files)

    @property
    def script_size(self) -> int:
        """Without the heads: their number is another's budget, and HTTP/2 packs them."""
        return sum(file.body for file in self.files if file.kind == "Script")

    def __str__(self) -> str:
        return "; ".join(f"{file.url.rsplit('/', 1)[-1] or '/'} {file.size}" for file in self.fetched)


ICON_WITHIN_MS = 3_000


def first_visit(page: Page, address: str) -> Visit:
    """Open ``address`` in a browser with nothing in it, and wait until everything has arrived."""
    return _visit(page, address, waits_for_icon=True)


def second_visit(page: Page, address: str) -> Visit:
    """The same in a browser that was there before, which shows the icon that it has."""
    return _visit(page, address, waits_for_icon=False)


def _visit(page: Page, address: str, *, waits_for_icon: bool) -> Visit:
    network = page.context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    begun_at: dict[str, float] = {}
    parsed_at: list[float] = []
    sizes: dict[str, int] = {}
    heads: dict[str, int] = {}
    given: set[str] = set()

    def begun(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = (event["request"]["url"], event.get("type", "Other"))
        begun_at[event["requestId"]] = event["timestamp"]

    def answered(event: dict[str, Any]) -> None:
        answer = event["response"]
        heads[event["requestId"]] = int(answer["encodedDataLength"])
        if answer.get("fromDiskCache") or answer.get("fromServiceWorker") or answer.get("fromPrefetchCache"):
            given.add(event["requestId"])

    network.on("Network.requestWillBeSent", begun)
    network.on("Network.responseReceived", answered)
    network.on("Network.requestServedFromCache", lambda event: given.add(event["requestId"]))
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    network.on("Page.domContentEventFired", lambda event: parsed_at.append(event["timestamp"]))
    network.send("Page.enable")
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    while not parsed_at:  # it happened, and the word of it is under way
        page.wait_for_timeout(20)
    # A browser asks for the icon when it has nothing better to do, and nothing says when that is.
    for _ in range(ICON_WITHIN_MS // 100 if waits_for_icon else 0):
        if any("/icons/" in url and request in sizes for request, (url, _kind) in kinds.items()):
            break
        page.wait_for_timeout(100)
    network.detach()
    found = Visit()
    for request, (url, kind) in kinds.items():
        if not url.startswith(("data:", "blob:")):
            size = 0 if request in given else int(sizes.get(request, 0))
            is_waited_for = begun_at[request] < parsed_at[-1]
            found.files.append(File(url, kind, size, max(0, size - heads.get(request, 0)), is_waited_for))
    return found


def worker_size(page: Page) -> int:
    """The script that the page leaves behind to answer without a network, without its head; nought if it has none."""
    address = page.evaluate("document.querySelector('[data-worker]')?.dataset.worker ?? null")
    if address is None:
        return 0
    asked = urllib.request.Request(urljoin(page.url, address), headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        return len(answer.read())
