"""Who is to come to a sitting and for which items (参会范围), as the rows of its bodies say. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from meeting_svc.clerks import body_of
from meeting_svc.sitting.seating import all_members, cases_of, for_the_item
from meeting_svc.sitting.state import Sitting

As = Literal["member", "attendee", "invited"]


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who is to come. ``items`` are the numbers of those he comes for, none: the whole sitting.

    ``waits`` says that he waits outside until one of them is called.
    """

    person: str
    seat: As
    items: tuple[int, ...] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Who is to come or may come, but is not known by name: somebody outside, a vacant post, observers."""

    who: Selector
    seat: Literal["attendee", "invited", "observer"]
    own_item: bool = False


def expected(rules: Rules, sitting: Sitting) -> tuple[Expected, ...]:
    """Everybody known by name, once: members first, then who attends all of it, then those of single items."""
    members = all_members(rules, sitting)
    found = {person: Expected(person, "member") for person in sorted(members)}
    whole: dict[str, As] = {}
    single: dict[str, tuple[As, dict[int, None]]] = {}
    for who, seat, own_item, cases in _rows(rules, sitting):
        for no, case in cases:
            people = for_the_item(rules, who, case) if own_item else rules.who(who, case, "attend", "never").people()
            for person in sorted(people - members):
                if own_item and no is not None:
                    single.setdefault(person, (seat, {}))[1][no] = None
                elif not own_item:
                    whole.setdefault(person, seat)
    found |= {person: Expected(person, seat) for person, seat in whole.items()}
    waits = any(body_of(rules, body).waiting for body in sitting.bodies)
    for person, (seat, items) in single.items():
        if person not in found:
            found[person] = Expected(person, seat, tuple(sorted(items)), waits)
    return tuple(found.values())


def unnamed(rules: Rules, sitting: Sitting) -> tuple[Unnamed, ...]:
    """Whom the rows name beside, in their words."""
    found: dict[str, Unnamed] = {}
    for who, seat, own_item, cases in _rows(rules, sitting):
        if not any(rules.who(who, case, "attend", "never").people() for _, case in cases):
            found.setdefault(f"{seat} {who.written()}", Unnamed(who, seat, own_item))
    for body in sitting.bodies:
        for who in body_of(rules, body).observers:
            found.setdefault(f"observer {who.written()}", Unnamed(who, "observer"))
    return tuple(found.values())


Row = tuple[Selector, Literal["attendee", "invited"], bool, list[tuple[int | None, Case]]]


def _rows(rules: Rules, sitting: Sitting) -> Iterator[Row]:
    """Each selector of the rows with the cases it is asked in, and the item each case is of."""
    numbers: list[int | None] = [item.no for item in sitting.items] or [None]
    for body in sitting.bodies:
        row = body_of(rules, body)
        cases = list(zip(numbers, cases_of(sitting, body), strict=True))
        for one in row.attendees:
            yield one.who, "attendee", one.for_ == "own_item", cases
        for one in row.invited:
            yield one.who, "invited", one.for_ == "own_item", cases
