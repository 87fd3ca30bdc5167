"""One stored sample per event version; every one must load for ever, in the shape it was stored."""

from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from chancery.contracts import event_schemas
from chancery.events import REGISTRY, encode
from chancery.events.base import Event, Registry, UnknownEvent, upcast

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(SAMPLES.glob("*.json"))


def test_every_event_version_has_a_sample() -> None:
    wanted = {f"{n}.v{v}" for n in REGISTRY.names() for v in range(1, REGISTRY.of(n).event_version + 1)}
    assert {file.stem for file in FILES} == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sample_loads(file: Path) -> None:
    name, _, version = file.stem.rpartition(".v")
    event = REGISTRY.decode(name, int(version), file.read_bytes())
    assert event.event_name == name
    again = REGISTRY.decode(name, event.event_version, encode(event))
    assert again == event


PRESENT = [file for file in FILES if file.stem in event_schemas()]


@pytest.mark.parametrize("file", PRESENT, ids=lambda file: file.stem)
def test_a_sample_of_the_present_version_fits_the_published_schema(file: Path) -> None:
    name, _, version = file.stem.rpartition(".v")
    stored = orjson.loads(encode(REGISTRY.decode(name, int(version), file.read_bytes())))
    schema = Draft202012Validator(event_schemas()[file.stem])
    assert [error.message for error in schema.iter_errors(stored)] == []  # pyright: ignore[reportUnknownMemberType]


def test_an_old_body_is_carried_forward_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.events.base.REGISTRY", Registry())

    class KeyTurned(Event, name="testing.key_turned", version=3):
        door: str
        times: int
        by: str | None

    @upcast(KeyTurned, from_version=1)
    def counted_from_then_on(old: dict[str, object]) -> dict[str, object]:
        return old | {"times": 1}

    @upcast(KeyTurned, from_version=2)
    def nobody_wrote_down_who(old: dict[str, object]) -> dict[str, object]:
        return old | {"by": None}

    from chancery.events import base

    assert base.REGISTRY.decode("testing.key_turned", 1, b'{"door":"east"}') == KeyTurned(door="east", times=1, by=None)
    assert counted_from_then_on({})["times"] == 1
    assert nobody_wrote_down_who({})["by"] is None
    with pytest.raises(UnknownEvent, match="newer than this code"):
        base.REGISTRY.decode("testing.key_turned", 4, b"{}")


def test_a_name_is_declared_once() -> None:
    registry = Registry()

    class Once(Event):
        pass

    class Twice(Event):
        pass

    Once.event_name = Twice.event_name = "testing.once"
    registry.declare(Once)
    with pytest.raises(UnknownEvent, match="declared twice"):
        registry.declare(Twice)


def test_no_event_is_a_field_diff() -> None:
    """Events say what happened, never 'this field was, this field is'."""
    for name in REGISTRY.names():
        fields = set(REGISTRY.of(name).model_fields)
        assert not fields & {"changes", "diff", "field", "old_value", "new_value", "patch"}, name
        assert not name.endswith(("_updated", "_changed", "_edited", "_modified")), name
