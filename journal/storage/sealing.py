"""Encryption of people's words at rest: AES-256-GCM under a data key per patient, wrapped by a master key.

The master key stays in a file apart from the database. Each sealed value is bound to its column, its row and its
patient: moved anywhere else it does not open. An honest limit: the running server holds the keys, so this protects
backups, disks and dumps, not against the server itself.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base

_VERSION = 1
_NONCE = 12
_KEY = 32


@dataclass(frozen=True)
class MasterKeys:
    """The installation's wrapping keys by number (1–255); ``active`` wraps new data keys, the others still open."""

    keys: dict[int, bytes]
    active: int

    @classmethod
    def read(cls, path: Path) -> MasterKeys:
        """Read the key file: JSON ``{"active": 1, "keys": {"1": base64 of 32 bytes}}``. ValueError if it is not one."""
        document = json.loads(path.read_text())
        keys = {int(number): base64.b64decode(text) for number, text in document["keys"].items()}
        if any(len(key) != _KEY for key in keys.values()) or document["active"] not in keys:
            raise ValueError("the master key file does not hold a usable key")
        return cls(keys=keys, active=document["active"])

    @classmethod
    def create(cls, path: Path) -> MasterKeys:
        """Make a new key file, readable by its owner alone, never over an existing one."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_bytes(_KEY)
        document = {"active": 1, "keys": {"1": base64.b64encode(key).decode()}}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        return cls(keys={1: key}, active=1)

    def installation_sealer(self) -> Sealer:
        """Seals what belongs to no patient yet, such as an invitation's draft."""
        return Sealer(keys=self.keys, active=self.active, owner="installation")


@dataclass(frozen=True)
class Sealer:
    """Seals and opens one owner's texts."""

    keys: dict[int, bytes]
    active: int
    owner: str

    def seal(self, text: str, *, column: str, row: str) -> bytes:
        """Encrypt ``text`` for ``column`` (``table.column``) of the row with public id ``row``."""
        header = bytes((_VERSION, self.active))
        nonce = os.urandom(_NONCE)
        bound = header + f"{column}|{row}|{self.owner}".encode()
        return header + nonce + AESGCM(self.keys[self.active]).encrypt(nonce, text.encode(), bound)

    def seal_if_any(self, text: str, *, column: str, row: str) -> bytes | None:
        """Like :meth:`seal`, but an empty text stays an empty column."""
        return self.seal(text, column=column, row=row) if text else None

    def open(self, sealed: bytes | None, *, column: str, row: str) -> str:
        """Decrypt; "" for an empty column. Raises ``InvalidTag`` when tampered with or moved from its place."""
        if sealed is None:
            return ""
        if sealed[0] != _VERSION:
            raise ValueError("sealed by a version of Tideline that this one does not know")
        bound = sealed[:2] + f"{column}|{row}|{self.owner}".encode()
        nonce, text = sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :]
        return AESGCM(self.keys[sealed[1]]).decrypt(nonce, text, bound).decode()

    def fingerprint(self, text: str, *, column: str) -> str:
        """A keyed hash (hex) by which a text is known again. Without the key nobody can try out what it may have been.

        Made with the oldest key, so that a newer one does not make everything look new.
        """
        return self.fingerprints(column=column)(text)

    def fingerprints(self, *, column: str) -> Callable[[str], str]:
        """:meth:`fingerprint` for many texts of one column."""
        key = hmac.digest(self.keys[min(self.keys)], f"fingerprint|{column}|{self.owner}".encode(), "sha256")
        return lambda text: hmac.digest(key, text.encode(), "sha256").hex()


class PatientKey(Base):
    """A patient's data key, wrapped by a master key. Destroying this row destroys the patient's words everywhere."""

    __tablename__ = "patient_key"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    made_at: Mapped[datetime]


_KEYS_OF = sa.select(PatientKey.number, PatientKey.wrapped).where(
    PatientKey.patient_id == sa.bindparam("patient_id")
)


def make_patient_key(db: Session, patient_id: int, *, now: datetime) -> None:
    """Give a new patient the data key under which everything they write will be sealed."""
    wrapped = _wrapper(db).seal(
        base64.b64encode(secrets.token_bytes(_KEY)).decode(),
        column="patient_key.wrapped",
        row=str(patient_id),
    )
    db.execute(sa.insert(PatientKey).values(patient_id=patient_id, number=1, wrapped=wrapped, made_at=now))


def patient_sealer(db: Session, patient_id: int) -> Sealer:
    """The sealer of one patient's words, unwrapped once per unit of work."""
    cache: dict[int, Sealer] = db.info.setdefault("patient_sealers", {})
    if patient_id not in cache:
        wrapped = {row.number: row.wrapped for row in db.execute(_KEYS_OF, {"patient_id": patient_id})}
        cache[patient_id] = _unwrapped(db, patient_id, wrapped)
    return cache[patient_id]


def load_patient_keys(db: Session, patient_ids: Collection[int]) -> None:
    """Fetch the keys of many patients at once, so that a list of them costs one statement and not one each."""
    cache: dict[int, Sealer] = db.info.setdefault("patient_sealers", {})
    missing = set(patient_ids) - cache.keys()
    if not missing:
        return
    rows = db.execute(
        sa.select(PatientKey.patient_id, PatientKey.number, PatientKey.wrapped).where(
            PatientKey.patient_id.in_(missing)
        )
    )
    wrapped: dict[int, dict[int, bytes]] = {}
    for patient_id, number, key in rows:
        wrapped.setdefault(patient_id, {})[number] = key
    for patient_id, keys in wrapped.items():
        cache[patient_id] = _unwrapped(db, patient_id, keys)


def installation_sealer(db: Session) -> Sealer:
    """The sealer of texts that belong to no patient yet."""
    return _wrapper(db)


def _unwrapped(db: Session, patient_id: int, wrapped: dict[int, bytes]) -> Sealer:
    wrapper = _wrapper(db)
    keys = {
        number: base64.b64decode(wrapper.open(key, column="patient_key.wrapped", row=str(patient_id)))
        for number, key in wrapped.items()
    }
    return Sealer(keys=keys, active=max(keys), owner=f"patient:{patient_id}")


def _wrapper(db: Session) -> Sealer:
    keys: MasterKeys = db.info["master_keys"]
    return keys.installation_sealer()
