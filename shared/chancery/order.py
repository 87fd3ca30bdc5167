"""Orders the house gives itself, and ids that are derived and not drawn. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from chancery.thing import Thing, Told

if TYPE_CHECKING:
    from chancery.rules.rulebook import Rules

HOUSE: Final = UUID("8f2c6a9e-54d1-5b0e-9a37-3c1f0f6f7b11")
"""Namespace of every id that is derived and not drawn."""


def stream_of(tenant: str, kind: str, key: str) -> UUID:
    """The stream of a thing that people name themselves: a person, a unit, a register."""
    return uuid5(HOUSE, f"{tenant}/{kind}/{key}")


def derived(cause: UUID, *parts: object) -> UUID:
    """An id that the same cause always gives: twice is once."""
    return uuid5(cause, "/".join(str(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Order:
    """A command the house gives itself, as a reaction to an event or when a deadline falls due.

    ``decide(command, state, rules)`` is the same pure function a person's command goes through. ``key`` tells
    several orders of one cause apart; the command id is derived from the cause, the reaction's name and it.
    ``matter`` is what its events belong to where that is not the cause's: minutes of many items order one thing each.
    """

    thing: Thing[Any, Any]
    decide: Callable[[Any, Any, "Rules"], Sequence[Told[Any]]]
    command: Any
    stream: UUID
    key: str = ""
    matter: UUID | None = None
