"""The run sheet of a sitting (会议进程单): the order of business and the room, minute by minute. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import (
    CheckedIn,
    DecisionRecorded,
    ItemCalled,
    LeftSitting,
    ScheduledItem,
    SittingClosed,
    SittingOpened,
)
from chancery.events.parts import Decision, PaperRef
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules
from meeting_svc.facts import case_of
from meeting_svc.sitting.expected import Expected, Unnamed, expected, unnamed
from meeting_svc.sitting.seating import of_an_item
from meeting_svc.sitting.state import Sitting

HEAD = Selector.model_validate({"head_of": "lead_unit"})


class ItemState(StrEnum):
    TO_COME = "to_come"
    UNDER_WAY = "under_way"
    DECIDED = "decided"
    PUT_OFF = "put_off"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item. ``presenters`` are the heads of its lead unit now; ``waits`` are outside until it is called.

    ``begins_at`` is when it was called, ``ends_at`` when its outcome was recorded; None where nobody did.
    """

    item: ScheduledItem
    state: ItemState
    added: bool
    presenters: tuple[str, ...]
    waits: tuple[str, ...]
    called_in: tuple[str, ...]
    papers: tuple[PaperRef, ...]
    on_paper: tuple[str, ...]
    begins_at: datetime | None
    ends_at: datetime | None
    decision: Decision | None
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody expected or present: in which quality, for which items, when he came and went; ``None`` where not."""

    person: str
    seat: str
    items: tuple[int, ...]
    waits: bool
    beside: str | None
    came_at: datetime | None
    went_at: datetime | None
    excused: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """The papers of an item: its files, and the kinds handed in on paper."""

    files: tuple[PaperRef, ...] = ()
    on_paper: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSheet:
    items: tuple[ItemLine, ...]
    people: tuple[Coming, ...]
    others: tuple[Unnamed, ...]
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(slots=True)
class _Times:
    """When what happened, by the record."""

    called: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    called_in: dict[UUID, tuple[str, ...]] = field(default_factory=dict[UUID, tuple[str, ...]])
    decided: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    came: dict[str, datetime] = field(default_factory=dict[str, datetime])
    went: dict[str, datetime] = field(default_factory=dict[str, datetime])
    opened: datetime | None = None
    closed: datetime | None = None


def run_sheet(
    rules: Rules, sitting: Sitting, record: Sequence[Recorded[Event]], papers: Mapping[UUID, Paper]
) -> RunSheet:
    """From what was recorded so far; who is expected follows from the rules as of ``rules.at``."""
    times = _times(record)
    come = expected(rules, sitting)
    return RunSheet(
        items=tuple(_item(rules, sitting, item, times, papers.get(item.item_id, Paper())) for item in sitting.items),
        people=_people(sitting, come, times),
        others=unnamed(rules, sitting),
        opened_at=times.opened,
        closed_at=times.closed,
    )


def _times(record: Sequence[Recorded[Event]]) -> _Times:
    found = _Times()
    for recorded in record:
        match recorded.event:
            case CheckedIn() as event:
                found.came.setdefault(event.seat.person, event.checked_in_at)
                found.went.pop(event.seat.person, None)
            case SittingOpened() as event:
                found.opened = event.opened_at
                for seat in event.present:
                    found.came.setdefault(seat.person, event.opened_at)
            case ItemCalled() as event:
                found.called[event.item_id] = event.called_at
                found.called_in[event.item_id] = event.called_in
            case DecisionRecorded() as event:
                found.decided[event.decision.item_id] = recorded.business_at
            case LeftSitting() as event:
                found.went[event.person] = event.left_at
            case SittingClosed() as event:
                found.closed = event.closed_at
            case _:
                pass
    return found


def _item(rules: Rules, sitting: Sitting, item: ScheduledItem, times: _Times, papers: Paper) -> ItemLine:
    decision = next((one for one in sitting.decisions if one.item_id == item.item_id), None)
    put_off = next((one for one in sitting.put_off if one.item_id == item.item_id), None)
    state = ItemState.TO_COME
    if decision is not None:
        state = ItemState.DECIDED
    elif put_off is not None:
        state = ItemState.PUT_OFF
    elif item.item_id in times.called:
        state = ItemState.UNDER_WAY
    here = str(item.item_id)
    waits = [person for person in sorted(sitting.waiting) if here in of_an_item(rules, sitting, person)]
    return ItemLine(
        item=item,
        state=state,
        added=any(one.item_id == item.item_id for one in sitting.added),
        presenters=tuple(sorted(rules.who(HEAD, case_of(item.facts), "attend", "never").people())),
        waits=tuple(waits),
        called_in=times.called_in.get(item.item_id, ()),
        papers=papers.files,
        on_paper=papers.on_paper,
        begins_at=times.called.get(item.item_id),
        ends_at=times.decided.get(item.item_id),
        decision=decision,
        absent=put_off.absent if put_off is not None else (),
    )


def _people(sitting: Sitting, come: Sequence[Expected], times: _Times) -> tuple[Coming, ...]:
    leaves = {one.person for one in sitting.leaves}
    missing = {one.person: one.why for one in sitting.opened.missing} if sitting.opened else {}

    def line(person: str, seat: str, items: tuple[int, ...], beside: str | None) -> Coming:
        came = times.came.get(person)
        why = None if came is not None else "leave" if person in leaves else missing.get(person)
        return Coming(
            person=person,
            seat=seat,
            items=items,
            waits=person in sitting.waiting,
            beside=beside,
            came_at=came,
            went_at=times.went.get(person),
            excused=why,
        )

    found = [
        line(one.person, sitting.seats[one.person].seat if one.person in sitting.seats else one.seat, one.items, None)
        for one in come
    ]
    known = {one.person for one in come}
    found += [line(seat.person, seat.seat, (), seat.beside) for who, seat in sitting.seats.items() if who not in known]
    return tuple(found)
