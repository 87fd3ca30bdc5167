"""Folders that may be closed to others, and starters that can be killed."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chancery.launch.postgres import LESSER, lesser_user
from tests.parts import own_folder

STARTING = Path(__file__).with_name("starting.py")


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder of this test, inside the checkout."""
    with own_folder("launch") as made:
        yield made


@dataclass(frozen=True)
class Starter:
    """The process that started the parts, and what it said of them."""

    process: "subprocess.Popen[str]"
    said: dict[str, Any]

    @property
    def parts(self) -> list[int]:
        return self.said["pids"]


@contextmanager
def a_starter(folder: Path, *, lesser: bool = False) -> Generator[Starter]:
    """Parts started by another process; ``lesser``: by a user who is not root, also where we are."""
    words = [sys.executable, str(STARTING), str(folder)]
    user = lesser_user()
    if lesser and user is not None:
        folder.mkdir(exist_ok=True)
        os.chown(folder, *user)
        words = [sys.executable, "-I", "-S", str(LESSER), str(user[0]), str(user[1]), "keep", *words]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Starter(process, json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait(30)


def alive(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
