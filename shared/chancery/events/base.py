"""What an event is: named once, versioned, frozen, and readable for ever.

A field is never renamed and never given a new meaning. A change of shape is the next version, with
its upcaster right beneath it and a sample of the old shape in ``tests/events/samples/``.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from pydantic import BaseModel, ConfigDict

from chancery.refusal import Fault

Json = dict[str, Any]
Upcaster = Callable[[Json], Json]
Reader = Callable[[bytes | str], "Event"]
WIRE_NAME = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*")


class UnknownEvent(Fault):
    """An event name or version that no declaration in this code knows."""


class Part(BaseModel):
    """A value inside an event, frozen and closed like the event itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Part):
    """One thing that happened, in the past tense.

    Declare it once: ``class MinutesIssued(Event, name="meeting.minutes_issued", version=1)``.
    The wire name is written out, never derived, so files and classes may move.
    """

    event_name: ClassVar[str] = ""
    event_version: ClassVar[int] = 0

    def __init_subclass__(cls, *, name: str = "", version: int = 1, **kwargs: Any) -> None:
        """Takes the declaration's keywords; they are read once the model is complete, below."""
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(cls, *, name: str = "", version: int = 1, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if name:
            cls.event_name = name
            cls.event_version = version
            REGISTRY.declare(cls)


class Registry:
    """Every event type of every service, and the way from each old version to the present one."""

    def __init__(self) -> None:
        self._types: dict[str, type[Event]] = {}
        self._upcasters: dict[tuple[str, int], Upcaster] = {}
        self._readers: dict[tuple[str, int], Reader] = {}

    def declare(self, cls: type[Event]) -> None:
        """Enter a type; a name declared twice or misspelt stops the program at import."""
        if not WIRE_NAME.fullmatch(cls.event_name):
            raise UnknownEvent(f"{cls.__name__}: the wire name must be service.snake_case, not {cls.event_name!r}")
        held = self._types.get(cls.event_name)
        if held is not None and held.__qualname__ != cls.__qualname__:
            raise UnknownEvent(f"{cls.event_name} is declared twice: {held.__qualname__}, {cls.__qualname__}")
        self._types[cls.event_name] = cls
        self._readers.clear()

    def enter_upcaster(self, cls: type[Event], from_version: int, function: Upcaster) -> None:
        self._upcasters[(cls.event_name, from_version)] = function
        self._readers.clear()

    def names(self) -> list[str]:
        return sorted(self._types)

    def of(self, name: str) -> type[Event]:
        """The declared type of a wire name.

        Raises:
            UnknownEvent: the name is not declared.
        """
        try:
            return self._types[name]
        except KeyError:
            raise UnknownEvent(f"no event type is declared under the name {name!r}") from None

    def knows(self, name: str) -> bool:
        return name in self._types

    def upcast(self, name: str, version: int, body: Json) -> Json:
        """Carry an old body forward, one version at a time; the stored bytes stay as they are."""
        cls = self.of(name)
        if version > cls.event_version:
            raise UnknownEvent(f"{name} version {version} is newer than this code, which knows {cls.event_version}")
        for at in range(version, cls.event_version):
            step = self._upcasters.get((name, at))
            if step is None:
                raise UnknownEvent(f"{name}: nothing leads from version {at} to {at + 1}")
            body = step(body)
        return body

    def decode(self, name: str, version: int, body: bytes | str) -> Event:
        """Read a stored body of any version as the present type."""
        reader = self._readers.get((name, version))
        if reader is None:
            reader = self._readers[(name, version)] = self._reader(name, version)
        return reader(body)

    def _reader(self, name: str, version: int) -> Reader:
        """How bodies of one version are read. Each is validated, whoever wrote it."""
        cls = self.of(name)
        if version == cls.event_version:
            return cls.__pydantic_validator__.validate_json

        def carried_forward(body: bytes | str) -> Event:
            old: Json = orjson.loads(body)
            return cls.model_validate_json(orjson.dumps(self.upcast(name, version, old)))

        return carried_forward


REGISTRY = Registry()


def upcast(cls: type[Event], *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Mark a function as the way from ``from_version`` to the next."""

    def enter(function: Upcaster) -> Upcaster:
        REGISTRY.enter_upcaster(cls, from_version, function)
        return function

    return enter


def encode(event: Event) -> bytes:
    """The body as it is stored and hashed: UTF-8 JSON, in the order of declaration."""
    return event.model_dump_json().encode()
