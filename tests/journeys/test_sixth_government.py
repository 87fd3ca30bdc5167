"""A sixth government, of which no line of Python knows: begun with ``rules new``, written in YAML, run by the house."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import chancery
from chancery.cli.packs import begin_pack
from chancery.cli.rehearse import run_rehearsal
from chancery.rules.coverage import cover
from chancery.rules.loader import load_folder, load_pack, uncited
from chancery.rules.proving import scenarios_of

NAME = "yunting-2025"
WRITTEN = Path(__file__).parent.parent / "sixth_government"
SHARED = Path(chancery.__file__).parent


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A folder with the one pack: begun by the command, then its files written over."""
    folder = tmp_path / "packs"
    begin_pack(NAME, folder, Console(quiet=True))
    shutil.copytree(WRITTEN / NAME, folder / NAME, dirs_exist_ok=True)
    shutil.copy(WRITTEN / "governments.yaml", folder)
    return folder


def python_files() -> Iterator[Path]:
    yield from SHARED.rglob("*.py")
    yield from (SHARED.parents[1] / "services").rglob("*.py")


def test_it_is_written_in_yaml_alone(packs: Path) -> None:
    """Its own words stand in no file of code: neither its name nor its posts, bodies, kinds, features or evidence."""
    assert {path.suffix for path in WRITTEN.rglob("*") if path.is_file()} == {".yaml"}
    pack = load_pack(packs / NAME)
    theirs = {
        word for known in load_folder(SHARED / "packs").values() for terms in known.words.values() for word in terms
    }
    own = {word for terms in pack.words.values() for word in terms} | set(pack.vocabulary("bodies"))
    by_meaning = {"meeting_decision", "secrecy_review", "interpretation"}
    distinct = {word for word in own - theirs - by_meaning if "_" in word} | {"yunting"}
    assert {"district_chief", "round_table", "by_law", "treasury_view", "people_of_yunting"} <= distinct
    told = {path: path.read_text(encoding="utf-8") for path in python_files()}
    found = [f"{path.name}: {word}" for path, text in told.items() for word in distinct if word in text]
    assert found == []


def test_its_rules_are_whole_and_every_duty_is_proven(packs: Path) -> None:
    pack = load_pack(packs / NAME)
    assert uncited(pack) == []
    scenarios, problems = scenarios_of(packs / NAME)
    assert problems == ()
    numbers = cover(pack, scenarios).numbers
    assert (numbers.proven, numbers.failures) == (numbers.carried, 0)


@pytest.mark.journey
def test_its_by_law_goes_from_submission_to_publication_through_all_services(packs: Path, parts_folder: Path) -> None:
    """Gates, quorum, minutes in two steps, a task, a document, an issue on the third working day, a publication."""
    told = StringIO()
    passed = run_rehearsal(
        [packs / NAME / "scenarios"],
        packs,
        packs / "governments.yaml",
        parts_folder / "sixth",
        Console(file=told, width=200),
    )
    assert passed, told.getvalue()
