"""What listeners were promised is kept, and a change that would break them is found."""

import copy
import shutil
from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from chancery.contracts import asyncapi, compare, event_schemas
from chancery.contracts.__main__ import HERE, differences, main
from chancery.events import REGISTRY

ISSUED = "meeting.minutes_issued.v1"


def test_the_promise_in_the_repository_is_the_one_the_code_keeps() -> None:
    broken, unwritten = differences(HERE)
    assert broken == []
    assert unwritten == []


@pytest.mark.parametrize("stem", sorted(event_schemas()))
def test_every_schema_is_a_schema(stem: str) -> None:
    Draft202012Validator.check_schema(event_schemas()[stem])


def test_every_event_has_a_channel_and_a_message() -> None:
    document = asyncapi()
    told = {message["name"] for message in document["components"]["messages"].values()}
    assert told == set(REGISTRY.names())
    for channel in document["channels"].values():
        for message in channel["messages"].values():
            assert message["$ref"].rpartition("/")[2] in document["components"]["messages"]


def test_a_field_taken_away_breaks_the_promise() -> None:
    promised = event_schemas()[ISSUED]
    present = copy.deepcopy(promised)
    del present["properties"]["issued_on"]
    present["required"].remove("issued_on")
    assert [c.where for c in compare(promised, present) if c.breaking] == ["issued_on"]


def test_a_field_renamed_breaks_the_promise() -> None:
    promised = event_schemas()[ISSUED]
    present = copy.deepcopy(promised)
    present["properties"]["printed_on"] = present["properties"].pop("issued_on")
    present["required"][present["required"].index("issued_on")] = "printed_on"
    assert {c.where for c in compare(promised, present) if c.breaking} == {"issued_on", "printed_on"}


def test_another_type_deep_inside_breaks_the_promise() -> None:
    promised = event_schemas()[ISSUED]
    present = copy.deepcopy(promised)
    present["$defs"]["Decision"]["properties"]["no"]["type"] = "string"
    assert [c.where for c in compare(promised, present) if c.breaking] == ["decisions[].no"]


def test_an_optional_field_with_a_default_breaks_nobody() -> None:
    promised = event_schemas()[ISSUED]
    present = copy.deepcopy(promised)
    present["properties"]["copies"] = {"type": "integer", "default": 0}
    changes = compare(promised, present)
    assert [c.where for c in changes] == ["copies"]
    assert not any(c.breaking for c in changes)


def test_a_tighter_bound_breaks_and_a_looser_one_does_not() -> None:
    promised = event_schemas()["meeting.sitting_convened.v1"]
    tighter, looser = copy.deepcopy(promised), copy.deepcopy(promised)
    tighter["properties"]["number"]["minimum"] = 5
    looser["properties"]["number"]["minimum"] = 0
    assert [c.breaking for c in compare(promised, tighter)] == [True]
    assert [c.breaking for c in compare(promised, looser)] == [False]


def test_words_may_be_mended_freely() -> None:
    promised = event_schemas()[ISSUED]
    present = copy.deepcopy(promised)
    present["description"] = "said better"
    assert compare(promised, present) == []


def test_an_event_that_vanished_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(HERE, tmp_path / "contracts")
    gone = tmp_path / "contracts" / "events" / "meeting.minutes_lost.v1.json"
    gone.write_bytes(orjson.dumps({"type": "object"}))
    assert main(["check"], tmp_path / "contracts") == 1
    assert "meeting.minutes_lost was promised" in capsys.readouterr().out


def test_a_broken_promise_is_not_written_over(tmp_path: Path) -> None:
    shutil.copytree(HERE, tmp_path / "contracts")
    file = tmp_path / "contracts" / "events" / f"{ISSUED}.json"
    schema = orjson.loads(file.read_bytes())
    schema["properties"]["once_promised"] = {"type": "string"}
    file.write_bytes(orjson.dumps(schema))
    assert main(["write"], tmp_path / "contracts") == 1
    assert "once_promised" in file.read_text()
