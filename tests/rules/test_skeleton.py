"""A pack begun with ``rules new`` loads, proves what it says, and names every table that there is."""

import re
from pathlib import Path

import pytest

from chancery.rules.coverage import cover
from chancery.rules.loader import FILES, load_pack, uncited
from chancery.rules.proving import scenarios_of
from chancery.rules.skeleton import BadName, skeleton
from chancery.rules.tables import TABLES


def begun(folder: Path, name: str) -> Path:
    """The files of a new pack, written."""
    for path, text in skeleton(name).items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("name", ["anbei-2025", "a-2030", "b2b-1999", "zz9-2024"])
def test_a_new_pack_is_clean_from_the_start(tmp_path: Path, name: str) -> None:
    folder = begun(tmp_path, name)
    pack = load_pack(folder)
    assert (pack.head.id, uncited(pack)) == (name, [])
    scenarios, problems = scenarios_of(folder)
    assert problems == ()
    numbers = cover(pack, scenarios).numbers
    assert (numbers.proven, numbers.failures) == (numbers.duties, 0)
    assert numbers.duties == 4


def test_every_file_that_a_pack_may_have_is_there_and_says_what_it_is_in_both_languages() -> None:
    files = skeleton("anbei-2025")
    assert {path.removesuffix(".yaml") for path in files if "/" not in path} == set(FILES)
    for path, text in files.items():
        comments = " ".join(line for line in text.splitlines() if "#" in line)
        assert re.search("[\u4e00-\u9fff]", comments), path
        assert re.search("[A-Za-z]{3,} [a-z]{2,}", comments), path
        assert "@" not in text, path


@pytest.mark.parametrize("name", TABLES)
def test_a_table_s_file_names_its_facts_and_keys_and_gives_an_example(name: str) -> None:
    text = skeleton("anbei-2025")[f"{name}.yaml"]
    for fact in TABLES[name].facts:
        assert f"#   {fact}:" in text
    for key, field in TABLES[name].outcome.model_fields.items():
        assert f"#   {field.alias or key}" in text
    assert "#   - " in text


@pytest.mark.parametrize("name", ["anbei", "Anbei-2025", "anbei-25", "安北-2025", "anbei-2025/../x", ""])
def test_a_name_that_is_none_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(BadName, match="name-year"):
        skeleton(name)
