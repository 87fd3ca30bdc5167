"""A scenario file that is wrong is told so, every fault at once, each with its line."""

from pathlib import Path

from chancery.rehearsal import Problem, load, load_all
from chancery.rehearsal.scenario import Loaded

GOOD = """\
scenario: Papers that come late wait
pack: somewhere-2024
clauses: [SW-1-1]
clock: 2022-09-30T09:00:00+08:00
steps:
  - as: head
    do: meeting.submit_agenda_item
    with: {body: executive}
    save: item
    expect: {status: 201}
  - at: 2022-10-08T10:00:00+08:00
  - events: {type: meeting.agenda_submitted, count: 1, with: {item_id: $item.id}}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file_loads(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD))
    assert isinstance(found, Loaded)
    assert [step.do for step in found.scenario.steps] == ["meeting.submit_agenda_item", None, None]


def test_all_faults_at_once_each_with_its_line(tmp_path: Path) -> None:
    broken = GOOD.replace("clock: 2022-09-30T09:00:00+08:00", "clock: yesterday")
    broken = broken.replace("    save: item\n", "    save: Item!\n    colour: red\n").replace("count: 1", "count: -1")
    found = load(written(tmp_path, broken))
    assert isinstance(found, list)
    assert [problem.line for problem in found] == [4, 9, 10, 13]
    assert all(isinstance(problem, Problem) for problem in found)


def test_a_step_does_one_thing(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD.replace("  - at: 2022-10-08T10:00:00+08:00", "  - says: nothing at all")))
    assert isinstance(found, list)
    assert "a step needs one of" in found[0].what
    assert found[0].line == 11


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD.replace("[SW-1-1]", "[SW-1-1")))
    assert isinstance(found, list)
    assert found[0].line == 4


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\xff\xfe scenario")
    found = load(file)
    assert isinstance(found, list)
    assert "UTF-8" in found[0].what


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    loaded, problems = load_all(tmp_path)
    assert loaded == []
    assert "no scenario here" in problems[0].what


def test_on_and_off_are_words_as_in_the_packs(tmp_path: Path) -> None:
    asks = "  - ask: notices\n    given: {on: off, kind: no, at: 17:30}\n    ruling: {regulated: false}\n"
    found = load(written(tmp_path, GOOD + asks))
    assert isinstance(found, Loaded)
    assert found.scenario.steps[-1].given == {"on": "off", "kind": "no", "at": "17:30"}


def test_a_key_written_twice_and_a_tag_are_told(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD.replace("    save: item", "    save: item\n    save: !!python/name:os item")))
    assert isinstance(found, list)
    assert {problem.line for problem in found} == {10}
    assert len(found) == 2


def test_each_value_of_a_fact_is_a_case_of_its_own(tmp_path: Path) -> None:
    asks = (
        "  - ask: notices\n    given: {body: council}\n    each: {on: [a, b], kind: [c, d]}\n    ruling: {rows: []}\n"
    )
    found = load(written(tmp_path, GOOD + asks))
    assert isinstance(found, Loaded)
    assert [(case["on"], case["kind"]) for case in found.scenario.steps[-1].cases] == [
        ("a", "c"),
        ("a", "d"),
        ("b", "c"),
        ("b", "d"),
    ]


def test_each_stands_beside_ask_and_names_other_facts_than_given(tmp_path: Path) -> None:
    twice = "  - ask: notices\n    given: {on: a}\n    each: {on: [b]}\n    ruling: {rows: []}\n"
    found = load(written(tmp_path, GOOD + twice))
    assert isinstance(found, list)
    assert "in given or in each" in found[0].what
    alone = load(written(tmp_path, GOOD + "  - at: 2022-10-09T10:00:00+08:00\n    each: {on: [b]}\n"))
    assert isinstance(alone, list)
    assert "each belongs to a step with ask" in alone[0].what
