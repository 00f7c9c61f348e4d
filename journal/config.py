"""Every setting, read from the environment once at start into one frozen value.

All faults are named at once, in one message. The table in the README lists the same settings; a test compares them.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


class BadSettings(Exception):
    """One or more settings are missing or wrong; the message names all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Setting:
    """One environment variable, for the README's table and the start-up message."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("JOURNAL_DATA_DIR", "data", "Folder for the database, outgoing demo mail and demo sign-ins."),
    Setting(
        "JOURNAL_DATABASE_URL",
        "SQLite in the data folder",
        "`postgresql://user:password@host/name` for any number of machines, or `sqlite:///path`.",
    ),
    Setting(
        "JOURNAL_BASE_URL",
        "http://127.0.0.1:8000",
        "The address people use; links in mail begin with it. A demo without it follows `--port`.",
    ),
    Setting(
        "JOURNAL_SECRET_KEY",
        "made in the key folder",
        "Signs cookies, at least 32 characters. `JOURNAL_SECRET_KEY_FILE` names a file that holds it instead.",
    ),
    Setting(
        "JOURNAL_MASTER_KEY_FILE",
        "`<data folder>.keys/master.json`",
        "The key that wraps every patient's key. Never inside the data folder; back it up apart from the database.",
    ),
    Setting(
        "JOURNAL_SMTP_URL",
        "none",
        "`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Without it a demo writes `.eml` files.",
    ),
    Setting("JOURNAL_MAIL_FROM", "hello@localhost", "Sender of all mail. Choose a neutral name."),
    Setting(
        "JOURNAL_SMS_URL",
        "none",
        "`twilio://ACCOUNT:TOKEN@api.twilio.com/+15551234567` or `webhook+https://host/path`. Without it there are no "
        "text messages.",
    ),
    Setting(
        "JOURNAL_SMS_SECRET",
        "none",
        "Signs what a webhook is sent and what it sends, at least 32 characters. Needed with `webhook+https`.",
    ),
    Setting("JOURNAL_SMS_PER_DAY", "500", "Text messages in a day (UTC) at the most, over all machines."),
    Setting(
        "JOURNAL_PUSH_HOSTS",
        "none",
        "Push services besides those of Chrome, Firefox, Safari and Edge: `push.example.org`, or `*.example.org` for "
        "every host beneath; commas between.",
    ),
    Setting(
        "JOURNAL_METRICS_TOKEN",
        "none",
        "Opens `/metrics` and `/healthz` to whoever sends it as a bearer token, at least 32 characters. Without it "
        "there are no such addresses.",
    ),
    Setting(
        "JOURNAL_DEADMAN_URL",
        "none",
        "Called once a minute while reminders go out; whoever waits for the call there raises the alarm without it.",
    ),
    Setting("JOURNAL_TRUSTED_PROXIES", "0", "How many reverse proxies stand in front and set X-Forwarded-*."),
    Setting(
        "JOURNAL_REGISTRATION", "invite", "`invite`: patients come by invitation. `open`: anybody may start."
    ),
    Setting(
        "JOURNAL_DEMO", "0", "`1` only with a database that `journal demo` filled. Never with real people."
    ),
)


@dataclass(frozen=True)
class Config:
    """The settings of one installation."""

    data_dir: Path
    database_url: str
    base_url: str
    secret_key: str
    master_key_file: Path
    smtp_url: str | None
    mail_from: str
    trusted_proxies: int
    registration: str
    demo: bool
    push_hosts: tuple[str, ...] = ()
    sms_url: str | None = None
    sms_secret: str = ""
    sms_per_day: int = 500
    metrics_token: str = ""
    deadman_url: str | None = None

    @property
    def outbox(self) -> Path:
        """Where mail goes as files when no SMTP server is set."""
        return self.data_dir / "outbox"

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, *, demo_port: int = 8000) -> Config:
        """Read and check every setting; :class:`BadSettings` names all that is wrong. Makes a missing secret key.

        The key folder lies beside the data folder, so that a copy of the data is useless without it. ``demo_port``
        is where a demo without an address of its own is served, and so where the links in its mail must lead.
        """
        env = os.environ if env is None else env
        faults: list[str] = []

        def take(name: str, default: str, problem: Callable[[str], str | None] = lambda _value: None) -> str:
            value = env.get(name, "").strip() or default
            fault = problem(value)
            if fault:
                faults.append(f"{name}: {fault}")
            return value

        data_dir = Path(take("JOURNAL_DATA_DIR", "data")).resolve()
        key_dir = data_dir.with_name(data_dir.name + ".keys")
        master_key_file = Path(take("JOURNAL_MASTER_KEY_FILE", str(key_dir / "master.json"))).resolve()
        if master_key_file.is_relative_to(data_dir):
            faults.append(
                "JOURNAL_MASTER_KEY_FILE: keep the key outside the data folder, apart from what it protects"
            )
        elif master_key_file.exists() and stat.S_IMODE(master_key_file.stat().st_mode) & 0o077:
            faults.append("JOURNAL_MASTER_KEY_FILE: others can read this file; run chmod 600 on it")
        demo = take("JOURNAL_DEMO", "0", _one_of("0", "1")) == "1"
        base_url = take("JOURNAL_BASE_URL", f"http://127.0.0.1:{demo_port}", _base_url_fault).rstrip("/")
        smtp_url = take("JOURNAL_SMTP_URL", "", _smtp_fault) or None
        if not demo:
            if smtp_url is None:
                faults.append("JOURNAL_SMTP_URL: needed, because people sign in and are reminded by mail")
            if not base_url.startswith("https://"):
                faults.append("JOURNAL_BASE_URL: must begin with https:// (only a demo may go without)")
        proxies = take(
            "JOURNAL_TRUSTED_PROXIES", "0", lambda value: None if value.isdigit() else "give a number"
        )
        database_url = take("JOURNAL_DATABASE_URL", f"sqlite:///{data_dir / 'journal.db'}", _database_fault)
        mail_from = take(
            "JOURNAL_MAIL_FROM", "hello@localhost", lambda v: None if "@" in v else "give an address"
        )
        push_hosts = take("JOURNAL_PUSH_HOSTS", "", _hosts_fault)
        sms_url = take("JOURNAL_SMS_URL", "", _sms_fault) or None
        sms_secret = take("JOURNAL_SMS_SECRET", "", _secret_fault)
        if sms_url and sms_url.startswith("webhook+") and not sms_secret:
            faults.append("JOURNAL_SMS_SECRET: needed with a webhook, at least 32 characters")
        sms_per_day = take("JOURNAL_SMS_PER_DAY", "500", _count_fault)
        metrics_token = take("JOURNAL_METRICS_TOKEN", "", _secret_fault)
        deadman_url = take("JOURNAL_DEADMAN_URL", "", _deadman_fault) or None
        registration = take("JOURNAL_REGISTRATION", "invite", _one_of("invite", "open"))
        known = {setting.name for setting in SETTINGS} | {"JOURNAL_SECRET_KEY_FILE"}
        faults += [
            f"{name}: no such setting"
            for name in sorted(env)
            if name.startswith("JOURNAL_") and name not in known
        ]
        secret_key = _secret_key(env, key_dir, faults)
        if faults:
            raise BadSettings(faults)
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            base_url=base_url,
            secret_key=secret_key,
            master_key_file=master_key_file,
            smtp_url=smtp_url,
            mail_from=mail_from,
            trusted_proxies=int(proxies),
            registration=registration,
            demo=demo,
            push_hosts=_listed(push_hosts),
            sms_url=sms_url,
            sms_secret=sms_secret,
            sms_per_day=int(sms_per_day),
            metrics_token=metrics_token,
            deadman_url=deadman_url,
        )


def _secret_key(env: Mapping[str, str], key_dir: Path, faults: list[str]) -> str:
    value = env.get("JOURNAL_SECRET_KEY", "").strip()
    if value:
        if len(value) < 32:
            faults.append("JOURNAL_SECRET_KEY: at least 32 characters")
        return value
    named = env.get("JOURNAL_SECRET_KEY_FILE", "").strip()
    path = Path(named) if named else key_dir / "secret.key"
    if path.exists():
        return path.read_text().strip()
    if named:
        faults.append("JOURNAL_SECRET_KEY_FILE: there is no such file")
        return ""
    if faults:  # nothing is made for an installation that cannot start
        return ""
    key_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of this installation was faster
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
    return made


def _one_of(*choices: str) -> Callable[[str], str | None]:
    return lambda value: None if value in choices else f"choose one of {', '.join(choices)}"


def _base_url_fault(value: str) -> str | None:
    parts = _parts(value)
    if not parts or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        return "give an address such as https://journal.example.org, without a path"
    return None


def _database_fault(value: str) -> str | None:
    if not value.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        return "give sqlite:///path or postgresql://user:password@host/name"
    return None


def _smtp_fault(value: str) -> str | None:
    parts = _parts(value)
    if value and (not parts or parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        return "give smtp://host:587 or smtps://host:465"
    return None


_HOST = re.compile(r"(\*\.[a-z0-9-]+\.|[a-z0-9-]+\.)([a-z0-9-]+\.)*[a-z0-9-]*[a-z][a-z0-9-]*")


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in value.split(",") if part.strip())


def _hosts_fault(value: str) -> str | None:
    if all(_HOST.fullmatch(host) for host in _listed(value)):
        return None
    return "give names of hosts such as push.example.org, or *.example.org, with commas between"


def _sms_fault(value: str) -> str | None:
    if not value:
        return None
    parts = _parts(value)
    kind, _, over = parts.scheme.partition("+") if parts else ("", "", "")
    ways = {"twilio": {"", "http"}, "webhook": {"https", "http"}}
    if not parts or not parts.hostname or over not in ways.get(kind, set()):
        return "give twilio://ACCOUNT:TOKEN@api.twilio.com/+15551234567 or webhook+https://host/path"
    if over == "http" and not _is_loopback(parts.hostname):
        return "http is for a gateway on this machine alone; use twilio:// or webhook+https://"
    if kind == "webhook":
        return (
            "a webhook has no user name; it is signed with JOURNAL_SMS_SECRET"
            if "@" in parts.netloc
            else None
        )
    if not parts.username or not parts.password or not re.fullmatch(r"/\+[1-9][0-9]{6,14}", parts.path):
        return (
            "name the account, its token and the number that sends: twilio://ACCOUNT:TOKEN@host/+15551234567"
        )
    return None


def _secret_fault(value: str) -> str | None:
    return "at least 32 characters" if value and len(value) < 32 else None


def _deadman_fault(value: str) -> str | None:
    if not value:
        return None
    parts = _parts(value)
    if not parts or not parts.hostname or parts.scheme not in {"https", "http"} or "@" in parts.netloc:
        return "give an address such as https://watch.example.org/secret"
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        return "http is for this machine alone; use https://"
    return None


def _count_fault(value: str) -> str | None:
    return None if re.fullmatch(r"[0-9]{1,7}", value) else "give a whole number"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parts(value: str) -> SplitResult | None:
    """The parts of an address; None where it cannot be taken apart, or its port is no number."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts
