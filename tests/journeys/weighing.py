"""What a first visit weighs: every byte and every request of one page, as the browser's own network counts them."""

from __future__ import annotations

import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page


@dataclass(frozen=True)
class File:
    """One answer: bytes on the wire, compressed, with its head and without; nought when it came from a cache."""

    url: str
    kind: str
    size: int
    body: int


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


def visit(page: Page, address: str) -> Visit:
    """Open ``address`` and wait until everything has arrived. In a new browser that is a first visit."""
    network = page.context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, int] = {}
    bodies: Counter[str] = Counter()
    given: set[str] = set()

    def begun(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = (event["request"]["url"], event.get("type", "Other"))

    def answered(event: dict[str, Any]) -> None:
        answer = event["response"]
        if answer.get("fromDiskCache") or answer.get("fromServiceWorker") or answer.get("fromPrefetchCache"):
            given.add(event["requestId"])

    network.on("Network.requestWillBeSent", begun)
    network.on("Network.responseReceived", answered)
    network.on("Network.requestServedFromCache", lambda event: given.add(event["requestId"]))
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    network.on(
        "Network.dataReceived",
        lambda event: bodies.update({event["requestId"]: event["encodedDataLength"]}),
    )
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    network.detach()
    return Visit(
        [
            File(url, kind, 0, 0)
            if request in given
            else File(url, kind, int(sizes.get(request, 0)), bodies[request])
            for request, (url, kind) in kinds.items()
            if not url.startswith(("data:", "blob:"))
        ]
    )


def worker_size(page: Page) -> int:
    """The script that the page leaves behind to answer without a network, without its head; nought if it has none."""
    address = page.evaluate("document.querySelector('[data-worker]')?.dataset.worker ?? null")
    if address is None:
        return 0
    asked = urllib.request.Request(urljoin(page.url, address), headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        return len(answer.read())
