"""One meeting of one body (一次会议), from the call to the close."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    CheckedIn,
    CompanionPermitted,
    DecisionRecorded,
    DecisionReleased,
    ItemAdded,
    ItemCalled,
    ItemPutOff,
    LeaveNoted,
    LeftSitting,
    MinutesClockExtended,
    MinutesClockResumed,
    MinutesClockSuspended,
    MinutesOverdue,
    PapersDelivered,
    PapersReceived,
    ScheduledItem,
    SeatTaken,
    SittingCalledOff,
    SittingClosed,
    SittingConvened,
    SittingEvent,
    SittingOpened,
    SpokeOnItem,
)
from chancery.events.parts import Counted, Decision
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Sitting:
    """``convened``, ``opened`` and ``closed`` are what was told then, None before.

    ``decisions`` are in the order of recording. ``added`` came after the call, ``put_off`` are not dealt with;
    ``seats`` are those who came, by person, ``gone`` those of them who went, ``waiting`` those not called in yet.
    ``delivered`` are those who got papers, ``received`` those who confirmed it. ``due`` is the clock until the minutes
    are issued as it stands now, ``extensions`` how often it was extended. ``released`` says that a decision that
    was kept back was released. ``spoken`` are the words on items in their order.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    convened: SittingConvened | None = None
    opened: SittingOpened | None = None
    decisions: tuple[Decision, ...] = ()
    closed: SittingClosed | None = None
    minutes_late: bool = False
    added: tuple[ScheduledItem, ...] = ()
    put_off: tuple[ItemPutOff, ...] = ()
    called: tuple[UUID, ...] = ()
    seats: Mapping[str, SeatTaken] = field(default_factory=dict[str, SeatTaken])
    waiting: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    leaves: tuple[LeaveNoted, ...] = ()
    permitted: tuple[CompanionPermitted, ...] = ()
    papers: tuple[PapersDelivered, ...] = ()
    received: frozenset[str] = frozenset()
    due: Counted | None = None
    extensions: int = 0
    released: bool = False
    spoken: tuple[SpokeOnItem, ...] = ()

    @property
    def items(self) -> tuple[ScheduledItem, ...]:
        return (*self.convened.items, *self.added) if self.convened else ()

    @property
    def bodies(self) -> tuple[str, ...]:
        """The body, and those that sit together with it."""
        return (self.convened.body, *self.convened.joint_with) if self.convened else ()

    @property
    def undecided(self) -> tuple[ScheduledItem, ...]:
        """Items of the order of business that nothing was recorded on yet."""
        dealt_with = {decision.item_id for decision in self.decisions} | {one.item_id for one in self.put_off}
        return tuple(item for item in self.items if item.item_id not in dealt_with)

    @property
    def substitutes(self) -> Mapping[str, str]:
        """Who may sit for whom."""
        return {one.substitute: one.person for one in self.leaves if one.substitute is not None}

    @property
    def delivered(self) -> frozenset[str]:
        return frozenset(person for one in self.papers for person in one.to)


def evolve(sitting: Sitting, event: SittingEvent) -> Sitting:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case SittingConvened():
            return replace(sitting, stage=Stage.CONVENED, convened=event)
        case ItemAdded():
            return replace(sitting, added=(*sitting.added, event.item))
        case PapersDelivered():
            return replace(sitting, papers=(*sitting.papers, event))
        case PapersReceived():
            return replace(sitting, received=sitting.received | {event.person})
        case LeaveNoted():
            return replace(sitting, leaves=(*sitting.leaves, event))
        case CompanionPermitted():
            return replace(sitting, permitted=(*sitting.permitted, event))
        case CheckedIn():
            return _seated(sitting, event)
        case SittingOpened():
            seats = {**sitting.seats, **{seat.person: seat for seat in event.present}}
            return replace(sitting, stage=Stage.OPEN, opened=event, seats=seats)
        case ItemCalled():
            waiting = sitting.waiting - set(event.called_in)
            return replace(sitting, called=(*sitting.called, event.item_id), waiting=waiting)
        case ItemPutOff():
            return replace(sitting, put_off=(*sitting.put_off, event))
        case LeftSitting():
            return replace(sitting, gone=sitting.gone | {event.person})
        case DecisionRecorded():
            return replace(sitting, decisions=(*sitting.decisions, event.decision))
        case SpokeOnItem():
            return replace(sitting, spoken=(*sitting.spoken, event))
        case DecisionReleased():
            now = tuple(event.decision if one.no == event.decision.no else one for one in sitting.decisions)
            return replace(sitting, decisions=now, released=True)
        case SittingClosed():
            return replace(sitting, stage=Stage.CLOSED, closed=event, due=event.minutes_due)
        case SittingCalledOff():
            return replace(sitting, stage=Stage.CALLED_OFF)
        case MinutesOverdue():
            return replace(sitting, minutes_late=True)
        case MinutesClockSuspended() | MinutesClockResumed():
            return replace(sitting, due=event.now)
        case MinutesClockExtended():
            return replace(sitting, due=event.now, extensions=sitting.extensions + 1)
        case _:
            assert_never(event)


def _seated(sitting: Sitting, event: CheckedIn) -> Sitting:
    person = event.seat.person
    waiting = sitting.waiting | {person} if event.waits else sitting.waiting - {person}
    return replace(sitting, seats={**sitting.seats, person: event.seat}, waiting=waiting, gone=sitting.gone - {person})


SITTING: Thing[Sitting, SittingEvent] = Thing(
    "sitting",
    Sitting,
    evolve,
    (
        SittingConvened,
        ItemAdded,
        PapersDelivered,
        PapersReceived,
        LeaveNoted,
        CompanionPermitted,
        CheckedIn,
        SittingOpened,
        ItemCalled,
        ItemPutOff,
        LeftSitting,
        DecisionRecorded,
        SittingClosed,
        SittingCalledOff,
        MinutesOverdue,
        MinutesClockSuspended,
        MinutesClockResumed,
        MinutesClockExtended,
        DecisionReleased,
        SpokeOnItem,
    ),
)
