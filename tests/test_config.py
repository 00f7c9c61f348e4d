from __future__ import annotations

from pathlib import Path

import pytest

from journal.config import SETTINGS, BadSettings, Config


def env(tmp_path: Path, **more: str) -> dict[str, str]:
    return {
        "JOURNAL_DATA_DIR": str(tmp_path / "data"),
        "JOURNAL_BASE_URL": "https://journal.example.org",
        "JOURNAL_SMTP_URL": "smtps://mail.example.org",
        "JOURNAL_SECRET_KEY": "k" * 40,
        **more,
    }


def test_a_usual_set_up_is_read(tmp_path: Path) -> None:
    config = Config.from_env(env(tmp_path))
    assert config.database_url == f"sqlite:///{tmp_path}/data/journal.db"
    assert config.master_key_file == tmp_path / "data.keys" / "master.json"
    assert config.registration == "invite"
    assert not config.demo


def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as caught:
        Config.from_env(
            env(
                tmp_path,
                JOURNAL_SECRET_KEY="short",
                JOURNAL_BASE_URL="http://journal.example.org",
                JOURNAL_DATABASE_URL="mysql://x",
                JOURNAL_REGISTRATION="maybe",
                JOURNAL_COLOUR="blue",
            )
        )
    named = {fault.split(":")[0] for fault in caught.value.faults}
    assert named == {
        "JOURNAL_SECRET_KEY",
        "JOURNAL_BASE_URL",
        "JOURNAL_DATABASE_URL",
        "JOURNAL_REGISTRATION",
        "JOURNAL_COLOUR",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOURNAL_SMTP_URL", ""),
        ("JOURNAL_SMTP_URL", "mail.example.org"),
        ("JOURNAL_SMTP_URL", "smtp://[half"),
        ("JOURNAL_SMTP_URL", "smtp://mail.example.org:mail"),
        ("JOURNAL_BASE_URL", "https://[half"),
        ("JOURNAL_BASE_URL", "https://journal.example.org:web"),
        ("JOURNAL_MAIL_FROM", "nobody"),
        ("JOURNAL_METRICS_TOKEN", "t" * 31),
        ("JOURNAL_DEADMAN_URL", "watch.example.org/secret"),
        ("JOURNAL_DEADMAN_URL", "ftp://watch.example.org/secret"),
        ("JOURNAL_DEADMAN_URL", "https://user@watch.example.org/secret"),
        ("JOURNAL_DEADMAN_URL", "http://watch.example.org/secret"),
        ("JOURNAL_DEADMAN_URL", "https://[half"),
        ("JOURNAL_PUSH_HOSTS", "https://push.example.org"),
        ("JOURNAL_PUSH_HOSTS", "push.example.org:8443"),
        ("JOURNAL_PUSH_HOSTS", "*"),
        ("JOURNAL_PUSH_HOSTS", "*.org"),
        ("JOURNAL_PUSH_HOSTS", "push.*.org"),
        ("JOURNAL_PUSH_HOSTS", "127.0.0.1"),
        ("JOURNAL_PUSH_HOSTS", "localhost"),
        ("JOURNAL_SMS_URL", "https://api.twilio.com"),
        ("JOURNAL_SMS_URL", "twilio+https://AC1:token@api.twilio.com/+15551234567"),
        ("JOURNAL_SMS_URL", "twilio://api.twilio.com/+15551234567"),
        ("JOURNAL_SMS_URL", "twilio://AC1:token@api.twilio.com/5551234567"),
        ("JOURNAL_SMS_URL", "twilio+http://AC1:token@gateway.example.org/+15551234567"),
        ("JOURNAL_SMS_SECRET", "short"),
        ("JOURNAL_SMS_PER_DAY", "-1"),
        ("JOURNAL_SMS_PER_DAY", "many"),
        ("JOURNAL_TRUSTED_PROXIES", "some"),
        ("JOURNAL_DEMO", "yes"),
        ("JOURNAL_BASE_URL", "https://journal.example.org/inside"),
        ("JOURNAL_SECRET_KEY_FILE", "/nowhere/at/all"),
    ],
)
def test_each_unsafe_or_unreadable_setting_is_refused(tmp_path: Path, name: str, value: str) -> None:
    wrong = env(tmp_path, **{name: value})
    if name == "JOURNAL_SECRET_KEY_FILE":
        del wrong["JOURNAL_SECRET_KEY"]
    with pytest.raises(BadSettings) as caught:
        Config.from_env(wrong)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [name]


@pytest.mark.parametrize(
    "url",
    [
        "twilio://AC1:token@api.twilio.com/+15551234567",
        "twilio+http://AC1:token@127.0.0.1:8080/+15551234567",
        "twilio+http://AC1:token@[::1]:8080/+15551234567",
    ],
)
def test_text_messages_go_by_a_service_or_by_a_gateway_on_this_machine(tmp_path: Path, url: str) -> None:
    config = Config.from_env(env(tmp_path, JOURNAL_SMS_URL=url, JOURNAL_SMS_PER_DAY="20"))
    assert (config.sms_url, config.sms_per_day) == (url, 20)


@pytest.mark.parametrize("url", ["webhook+https://sms.example.org/out", "webhook+http://localhost:8080/out"])
def test_a_webhook_needs_a_secret(tmp_path: Path, url: str) -> None:
    config = Config.from_env(env(tmp_path, JOURNAL_SMS_URL=url, JOURNAL_SMS_SECRET="s" * 32))
    assert config.sms_secret == "s" * 32
    with pytest.raises(
        BadSettings, match="JOURNAL_SMS_SECRET: needed with a webhook, at least 32 characters"
    ):
        Config.from_env(env(tmp_path, JOURNAL_SMS_URL=url))


@pytest.mark.parametrize(
    "url",
    [
        "webhook+http://sms.example.org/out",
        "webhook://sms.example.org",
        "webhook+https://a:b@sms.example.org",
    ],
)
def test_a_webhook_that_others_could_listen_to_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSettings) as caught:
        Config.from_env(env(tmp_path, JOURNAL_SMS_URL=url, JOURNAL_SMS_SECRET="s" * 32))
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["JOURNAL_SMS_URL"]


def test_push_services_are_added_by_their_names(tmp_path: Path) -> None:
    named = env(tmp_path, JOURNAL_PUSH_HOSTS="Push.example.org, *.push.example.net,")
    assert Config.from_env(named).push_hosts == ("push.example.org", "*.push.example.net")
    assert Config.from_env(env(tmp_path)).push_hosts == ()


def test_without_an_address_there_are_no_text_messages(tmp_path: Path) -> None:
    config = Config.from_env(env(tmp_path))
    assert (config.sms_url, config.sms_per_day) == (None, 500)


def test_the_master_key_may_not_lie_among_the_data(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="outside the data folder"):
        Config.from_env(env(tmp_path, JOURNAL_MASTER_KEY_FILE=str(tmp_path / "data" / "master.json")))


def test_a_master_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "data.keys" / "master.json"
    key.parent.mkdir()
    key.write_text("{}")
    key.chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600"):
        Config.from_env(env(tmp_path))


def test_a_missing_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    given = env(tmp_path)
    del given["JOURNAL_SECRET_KEY"]
    first = Config.from_env(given).secret_key
    assert len(first) >= 32
    assert Config.from_env(given).secret_key == first
    assert (tmp_path / "data.keys" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_demo_may_go_without_https_and_without_a_mail_server(tmp_path: Path) -> None:
    config = Config.from_env({"JOURNAL_DATA_DIR": str(tmp_path / "data"), "JOURNAL_DEMO": "1"})
    assert config.base_url == "http://127.0.0.1:8000"
    assert config.smtp_url is None


def test_every_setting_stands_in_the_table_of_the_readme() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    rows = {
        line.split("|")[1].strip().strip("`")
        for line in readme.splitlines()
        if line.startswith("| `JOURNAL_")
    }
    assert rows == {setting.name for setting in SETTINGS}


def test_a_demo_without_an_address_of_its_own_is_where_it_is_served(tmp_path: Path) -> None:
    demo = {"JOURNAL_DATA_DIR": str(tmp_path / "data"), "JOURNAL_DEMO": "1"}
    assert Config.from_env(demo, demo_port=9000).base_url == "http://127.0.0.1:9000"
    named = {**demo, "JOURNAL_BASE_URL": "http://demo.example.org"}
    assert Config.from_env(named, demo_port=9000).base_url == "http://demo.example.org"


def test_a_port_is_no_address_for_real_people(tmp_path: Path) -> None:
    given = env(tmp_path)
    del given["JOURNAL_BASE_URL"]
    with pytest.raises(BadSettings, match="must begin with https"):
        Config.from_env(given, demo_port=443)


def test_who_watches_is_named_in_the_settings(tmp_path: Path) -> None:
    watch = "https://watch.example.org/secret"
    config = Config.from_env(env(tmp_path, JOURNAL_METRICS_TOKEN="t" * 32, JOURNAL_DEADMAN_URL=watch))
    assert (config.metrics_token, config.deadman_url) == ("t" * 32, watch)
    assert Config.from_env(env(tmp_path)).metrics_token == ""
    assert Config.from_env(env(tmp_path)).deadman_url is None
    here = "http://127.0.0.1:8000/secret"
    assert Config.from_env(env(tmp_path, JOURNAL_DEADMAN_URL=here)).deadman_url == here
