"""A disk that can lose power: SQLite writes through it, and whatever was not synced may or may not survive.

An APSW virtual file system passes everything on to the real one and remembers, per file, what was written since the
last sync. A power cut keeps all that was synced and a random half of the 512-byte sectors that were not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512


@dataclass
class Platter:
    """What one file would hold after a power cut: the synced bytes, and what was written since."""

    synced: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes]] = field(default_factory=list)

    def sync(self) -> None:
        for offset, data in self.since:
            _put(self.synced, offset, data)
        self.since.clear()

    def truncate(self, size: int) -> None:
        self.sync()
        del self.synced[size:]

    def after_cut(self, chance: random.Random) -> bytes:
        """The file as a machine would find it when the power is back."""
        image = bytearray(self.synced)
        for offset, data in self.since:
            for start in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    _put(image, offset + start, data[start : start + SECTOR])
        return bytes(image)


def _put(image: bytearray, offset: int, data: bytes) -> None:
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


class Disk(apsw.VFS):
    """A file system under a name of its own; ``platters`` knows every file that was opened through it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.platters: dict[str, Platter] = {}
        super().__init__(name, base="")

    def xOpen(self, name: object, flags: list[int]) -> _File:
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        if path not in self.platters:
            existing = Path(path).read_bytes() if Path(path).exists() else b""
            self.platters[path] = Platter(synced=bytearray(existing))
        return _File(self, path, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        self.platters.pop(name, None)
        super().xDelete(name, sync_folder)

    def cut(self, into: Path, *, chance: random.Random) -> None:
        """Lay what a power cut would leave of every file into the folder ``into``."""
        for path, platter in self.platters.items():
            if not path.endswith("-shm"):
                (into / Path(path).name).write_bytes(platter.after_cut(chance))


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, path: str, name: object, flags: list[int]) -> None:
        self._platter = disk.platters[path]
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._platter.since.append((offset, bytes(data)))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._platter.sync()

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self._platter.truncate(size)
