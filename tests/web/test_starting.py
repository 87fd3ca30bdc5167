"""A service that cannot start says everything that stands in the way, in sentences, and starts nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from chancery.settings import HERE


def start(**settings: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
    return subprocess.run(
        [sys.executable, "-m", "meeting_svc"],
        env=kept | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_missing_setting_is_named_at_once() -> None:
    done = start()
    assert done.returncode == 2
    assert done.stdout == ""
    for name in ("DATABASE_URL", "RELAY_DATABASE_URL", "NATS_URL", "ISSUER", "KEYS"):
        assert f"CHANCERY_{name}" in done.stderr
    assert "Traceback" not in done.stderr


def test_packs_that_do_not_load_are_told_with_file_and_line(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    shutil.copytree(HERE / "packs", packs)
    with (packs / "hongkou-2022" / "signing.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: broken, clauses: [HK-99-9], when: {colour: [red]}, route: 5}\n")
    (packs / "hongkou-2022" / "clocks.yaml").write_text("- {id: [\n", encoding="utf-8")
    keys = tmp_path / "jwks.json"
    keys.write_text('{"keys": []}')
    done = start(
        CHANCERY_MODE="house",
        CHANCERY_DATABASE_URL="postgresql://meeting_app:x@127.0.0.1:1/meeting",
        CHANCERY_RELAY_DATABASE_URL="postgresql://meeting_relay:x@127.0.0.1:1/meeting",
        CHANCERY_NATS_URL="nats://127.0.0.1:1",
        CHANCERY_ISSUER="urn:somebody",
        CHANCERY_KEYS=str(keys),
        CHANCERY_PACKS=str(packs),
        CHANCERY_GOVERNMENTS=str(packs / "governments.yaml"),
    )
    assert done.returncode == 2
    assert "hongkou-2022/signing.yaml:" in done.stderr
    assert "signing has no fact colour" in done.stderr
    assert "hongkou-2022/clocks.yaml:" in done.stderr
    assert "Traceback" not in done.stderr
