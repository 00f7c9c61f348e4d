"""A page as a screen reader is told of it: the accessibility tree, and each thing on it as it would be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page


@dataclass
class Heard:
    """One thing of the tree: its role, its name, what describes it, its states, and what lies in it."""

    role: str
    name: str
    description: str
    states: dict[str, Any]
    within: list[Heard] = field(default_factory=list)

    def all(self, role: str = "") -> Iterator[Heard]:
        """This and everything in it, of one role or of any, in the order in which it is read."""
        if not role or self.role == role:
            yield self
        for one in self.within:
            yield from one.all(role)

    def the(self, role: str, name: str) -> Heard:
        """The one thing in it with this role whose name begins so."""
        found = [one for one in self.all(role) if one.name.startswith(name)]
        assert len(found) == 1, (role, name, [one.name for one in self.all(role)])
        return found[0]

    def said(self) -> str:
        """Everything in it that is read, in one piece."""
        return " ".join(one.name for one in self.all("StaticText"))


def listen(page: Page) -> Heard:
    """The page as it is told now. What the tree leaves out as uninteresting hands its contents up."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def build(node: dict[str, Any]) -> list[Heard]:
        within = [
            heard for child in node.get("childIds", []) if child in by_id for heard in build(by_id[child])
        ]
        if node["ignored"]:
            return within
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        if "value" in node:
            states["value"] = node["value"].get("value")
        told = {what: node.get(what, {}).get("value", "") for what in ("role", "name", "description")}
        return [Heard(**told, states=states, within=within)]

    return build(nodes[0])[0]


def radios(group: Heard) -> list[str]:
    """A group's radio buttons as they are said: "6, okay, radio button, 7 of 12", and whether one is chosen."""
    found = list(group.all("radio"))
    return [
        f"{one.name}, radio button, {'checked' if one.states['checked'] == 'true' else 'not checked'}, "
        f"{position} of {len(found)}"
        for position, one in enumerate(found, start=1)
    ]
