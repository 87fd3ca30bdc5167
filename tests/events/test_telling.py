"""Every event has words for people, and they name only what the event holds."""

from typing import Any

import pytest

from chancery.contracts import event_schemas
from chancery.events import REGISTRY
from chancery.texts.telling import PART, Telling, tellings


def test_every_event_type_has_words_and_no_words_are_left_over() -> None:
    assert set(tellings()) == set(REGISTRY.names())


@pytest.mark.parametrize("name", REGISTRY.names())
def test_the_line_names_only_what_the_event_holds(name: str) -> None:
    schema = event_schemas()[f"{name}.v{REGISTRY.of(name).event_version}"]
    telling = tellings()[name]
    for part in PART.findall(telling.line_zh + telling.line_en):
        node: dict[str, Any] = schema
        for step in part.split("."):
            node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
            assert step in node["properties"], f"{name}: {part}"
            node = node["properties"][step]


def test_an_absent_part_leaves_nothing_behind() -> None:
    telling = Telling(zh="甲", en="A", line_zh="{a.b}，{c}", line_en="{c}")
    assert telling.line("zh", {"a": {"b": 3}}) == "3，"
    assert telling.line("en", {"a": {"b": 3}}) == ""
