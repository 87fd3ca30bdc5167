"""A service starts with what is safe, or stops with sentences that say what to set."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chancery.settings import Settings, SettingsRefused

SAFE: dict[str, Any] = {
    "CHANCERY_MODE": "production",
    "CHANCERY_DATABASE_URL": "postgresql://meeting_app:one-password@db:5432/meeting",
    "CHANCERY_RELAY_DATABASE_URL": "postgresql://meeting_relay:another-password@db:5432/meeting",
    "CHANCERY_NATS_URL": "nats://bus:4222",
    "CHANCERY_NATS_USER": "meeting",
    "CHANCERY_NATS_PASSWORD": "third-password",
    "CHANCERY_ISSUER": "https://identity.example",
    "CHANCERY_KEYS": "https://identity.example/jwks",
}


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """An environment in which a service may start."""
    governments = tmp_path / "governments.yaml"
    governments.write_text("governments: []\n")
    given = SAFE | {"CHANCERY_GOVERNMENTS": str(governments)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


def refused() -> list[str]:
    with pytest.raises(SettingsRefused) as error:
        Settings.read()
    return error.value.sentences


def test_what_is_safe_is_taken(safe: dict[str, Any]) -> None:
    found = Settings.read()
    assert found.database_url.get_secret_value() == safe["CHANCERY_DATABASE_URL"]
    assert found.mode == "production"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHANCERY_DATABASE_URL", "postgresql://meeting_app@db/meeting", "has no password"),
        ("CHANCERY_RELAY_DATABASE_URL", "postgresql://meeting_relay@db/meeting", "has no password"),
        ("CHANCERY_DATABASE_URL", "postgresql://postgres:x@db/meeting", "no row-level security stops"),
        ("CHANCERY_RELAY_DATABASE_URL", SAFE["CHANCERY_DATABASE_URL"], "a role of its own"),
        ("CHANCERY_ISSUER", "urn:chancery:local-issuer", "Name yours"),
        ("CHANCERY_CLOCK", "simulated", "Set it to system"),
        ("CHANCERY_KEYS", "http://identity.example/jwks", "without TLS"),
        ("CHANCERY_KEYS", "/no/such/jwks.json", "does not exist"),
        ("CHANCERY_PACKS", "/no/such/folder", "does not exist"),
        ("CHANCERY_NATS_USER", "", "lets anybody in"),
        ("CHANCERY_DATABASE_URL", "", "Set CHANCERY_DATABASE_URL"),
        ("CHANCERY_PORT", "eighty", "Set CHANCERY_PORT otherwise"),
        ("CHANCERY_FEEDS", "not json", "feeds"),
        ("CHANCERY_LOG_LEVLE", "debug", "CHANCERY_LOG_LEVEL is"),
    ],
)
def test_each_unsafe_setting_is_named_alone(
    safe: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    sentences = refused()
    assert len(sentences) == 1
    assert said in sentences[0]


def test_the_sample_governments_are_not_served_in_production(
    safe: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHANCERY_GOVERNMENTS")
    assert ["CHANCERY_GOVERNMENTS" in said for said in refused()] == [True]


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANCERY_CLOCK", "simulated")
    sentences = refused()
    for name in ("DATABASE_URL", "RELAY_DATABASE_URL", "NATS_URL", "ISSUER", "KEYS", "CLOCK", "GOVERNMENTS"):
        assert any(f"CHANCERY_{name}" in said for said in sentences)


def test_secrets_are_read_from_a_folder_and_the_environment_wins(
    safe: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "chancery_database_url").write_text("postgresql://meeting_app:from-a-file@db/meeting\n")
    (folder / "chancery_nats_password").write_text("from-a-file")
    monkeypatch.setenv("CHANCERY_SECRETS", str(folder))
    monkeypatch.delenv("CHANCERY_DATABASE_URL")
    found = Settings.read()
    assert found.database_url.get_secret_value() == "postgresql://meeting_app:from-a-file@db/meeting"
    assert found.nats_password is not None
    assert found.nats_password.get_secret_value() == safe["CHANCERY_NATS_PASSWORD"]
    monkeypatch.setenv("CHANCERY_SECRETS", str(folder / "none"))
    assert "is not a folder" in refused()[0]


def test_no_secret_is_shown(safe: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANCERY_FEED_TOKEN", "fourth-secret")
    shown = repr(Settings.read()) + str(Settings.read()) + Settings.read().model_dump_json()
    monkeypatch.setenv("CHANCERY_PORT", "99999999")
    shown += " ".join(refused())
    assert not [word for word in ("one-password", "another-password", "third-password", "fourth") if word in shown]


def test_the_process_stops_with_the_sentences_and_no_traceback() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
    done = subprocess.run([sys.executable, "-m", "meeting_svc"], env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "meeting-svc does not start" in done.stderr
    assert "Set CHANCERY_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_setting_is_explained_in_the_example() -> None:
    example = Path(__file__).resolve().parents[2] / "deploy" / "chancery.env"
    written = example.read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"CHANCERY_{name.upper()}=" not in written]
    assert not missing
