"""A document that came in (来文), from the register to the end of its handling."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Literal, assert_never
from uuid import UUID

from chancery.events.incoming import (
    CirculationEnded,
    CirculationOverdue,
    HandlingExplained,
    HandlingExtended,
    HandlingFinished,
    HandlingOverdue,
    HandlingProposed,
    IncomingAccepted,
    IncomingAnswered,
    IncomingCirculated,
    IncomingClosed,
    IncomingCompleted,
    IncomingEvent,
    IncomingExceptionClaimed,
    IncomingExcused,
    IncomingHandedOver,
    IncomingHeld,
    IncomingNumberAssigned,
    IncomingNumbered,
    IncomingPassedOn,
    IncomingPutBefore,
    IncomingRead,
    IncomingReceived,
    IncomingResubmitted,
    IncomingReturned,
    IncomingSignedFor,
    IncomingStepCalledFor,
    IncomingStepTaken,
    IncomingUrged,
    ResubmissionOverdue,
    TodoEnded,
    TodoEntered,
)
from chancery.events.parts import Answer, CalledFor, Claim, Counted, Evidence, Excuse, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    RECEIVED = "received"
    HELD = "held"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CIRCULATING = "circulating"
    CIRCULATED = "circulated"
    HANDED = "handed_over"
    FINISHED = "finished"
    PASSED_ON = "passed_on"
    CLOSED = "closed"


SAYS: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.NOT_SEEN: ("没有登记", "not entered"),
    Stage.RECEIVED: ("待审核", "to be checked"),
    Stage.HELD: ("待补正", "to be completed"),
    Stage.RETURNED: ("已退文", "sent back"),
    Stage.ACCEPTED: ("待拟办", "to be proposed"),
    Stage.CIRCULATING: ("传阅阅批中", "on its way"),
    Stage.CIRCULATED: ("待交办", "to be handed over"),
    Stage.HANDED: ("办理中", "being handled"),
    Stage.FINISHED: ("已办结", "finished"),
    Stage.PASSED_ON: ("已转报", "passed on"),
    Stage.CLOSED: ("已归档", "put away"),
}
"""How people say where it stands."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody it was put before: when, when he signed for it, what he left on it."""

    put: IncomingPutBefore
    signed_for: IncomingSignedFor | None = None
    read: IncomingRead | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """``received`` is the entry, None before.

    ``steps`` are those of its route; ``readers`` those it was put before; ``turns`` the open entries of the boxes.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    received: IncomingReceived | None = None
    entry: str | None = None
    evidence: tuple[Evidence, ...] = ()
    fields: frozenset[str] = frozenset()
    attribute: str | None = None
    ground: str | None = None
    answers: tuple[Answer, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()
    held: IncomingHeld | None = None
    returned: IncomingReturned | None = None
    again_overdue: bool = False
    again: UUID | None = None
    accepted: IncomingAccepted | None = None
    proposal: HandlingProposed | None = None
    steps: tuple[StepDone, ...] = ()
    marks: tuple[IncomingStepTaken, ...] = ()
    called: tuple[CalledFor, ...] = ()
    circulated: IncomingCirculated | None = None
    readers: dict[str, Reader] = field(default_factory=dict[str, Reader])
    signed_for: dict[str, IncomingSignedFor] = field(default_factory=dict[str, IncomingSignedFor])
    circulation_overdue: bool = False
    urged: tuple[IncomingUrged, ...] = ()
    handed: IncomingHandedOver | None = None
    due: Counted | None = None
    extensions: int = 0
    explained: bool = False
    overdue: bool = False
    finished: HandlingFinished | None = None
    passed_on: IncomingPassedOn | None = None
    turns: dict[UUID, TodoEntered] = field(default_factory=dict[UUID, TodoEntered])
    entered: int = 0

    @property
    def answered(self) -> dict[str, bool]:
        """The last answer to each question of judgement."""
        return {answer.question: answer.yes for answer in self.answers}

    @property
    def lead_unit(self) -> str | None:
        """The unit whose business it is: as handed over, as proposed, as entered, or whose it is."""
        for said in (self.handed, self.proposal, self.received):
            if said is not None and said.lead_unit is not None:
                return said.lead_unit
        return self.received.sender_unit if self.received is not None else None

    @property
    def units_involved(self) -> tuple[str, ...]:
        for said in (self.handed, self.proposal, self.received):
            if said is not None and said.units_involved:
                return said.units_involved
        return ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Who has it to read now: the next of the order, and those who have it beside the order."""
        return tuple(one for one, reader in self.readers.items() if reader.read is None)


def evolve(one: Incoming, event: IncomingEvent) -> Incoming:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case IncomingReceived():
            return replace(
                one,
                stage=Stage.RECEIVED,
                received=event,
                evidence=event.evidence,
                fields=frozenset(event.fields),
                attribute=event.attribute,
                ground=event.ground,
            )
        case IncomingNumbered():
            return replace(one, entry=event.number)
        case IncomingAnswered():
            return replace(one, answers=(*one.answers, event.answer))
        case IncomingExcused():
            return replace(one, excuses=(*one.excuses, event.excuse))
        case IncomingExceptionClaimed():
            return replace(one, claims=(*one.claims, event.claim))
        case IncomingCompleted():
            return replace(
                one,
                evidence=(*one.evidence, *event.evidence),
                fields=one.fields | set(event.fields),
                attribute=event.attribute or one.attribute,
                ground=event.ground or one.ground,
            )
        case IncomingHeld():
            return replace(one, stage=Stage.HELD, held=event)
        case IncomingReturned():
            return replace(one, stage=Stage.RETURNED, returned=event)
        case ResubmissionOverdue():
            return replace(one, again_overdue=True)
        case IncomingResubmitted():
            return replace(one, again=event.again)
        case IncomingAccepted():
            return replace(one, stage=Stage.ACCEPTED, accepted=event)
        case HandlingProposed():
            return replace(one, stage=Stage.CIRCULATING, proposal=event)
        case IncomingStepTaken():
            return replace(one, steps=(*one.steps, event.taken), marks=(*one.marks, event))
        case IncomingStepCalledFor():
            return replace(one, called=(*one.called, event.called))
        case IncomingCirculated():
            return replace(one, circulated=event)
        case IncomingPutBefore():
            return replace(one, readers=one.readers | {event.reader: Reader(event)})
        case IncomingSignedFor():
            return _signed_for(one, event)
        case IncomingRead():
            reader = one.readers[event.reader]
            return replace(one, readers=one.readers | {event.reader: replace(reader, read=event)})
        case CirculationEnded():
            return replace(one, stage=Stage.CIRCULATED)
        case CirculationOverdue():
            return replace(one, circulation_overdue=True)
        case IncomingUrged():
            return replace(one, urged=(*one.urged, event))
        case IncomingHandedOver():
            return replace(one, stage=Stage.HANDED, handed=event, due=event.due, explained=False, extensions=0)
        case HandlingExplained():
            return replace(one, due=event.now, explained=True)
        case HandlingExtended():
            return replace(one, due=event.now, extensions=one.extensions + 1)
        case HandlingFinished():
            return replace(one, stage=Stage.FINISHED, finished=event)
        case HandlingOverdue():
            return replace(one, overdue=True)
        case IncomingPassedOn():
            return replace(one, stage=Stage.PASSED_ON, passed_on=event, evidence=(*one.evidence, *event.evidence))
        case IncomingClosed():
            return replace(one, stage=Stage.CLOSED)
        case TodoEntered():
            return replace(one, turns=one.turns | {event.todo_id: event}, entered=one.entered + 1)
        case TodoEnded():
            return replace(one, turns={id_: turn for id_, turn in one.turns.items() if id_ != event.todo_id})
        case _:
            assert_never(event)


def _signed_for(one: Incoming, event: IncomingSignedFor) -> Incoming:
    known = one.signed_for | {event.person: event}
    reader = one.readers.get(event.person)
    if reader is None:
        return replace(one, signed_for=known)
    return replace(one, signed_for=known, readers=one.readers | {event.person: replace(reader, signed_for=event)})


INCOMING: Thing[Incoming, IncomingEvent] = Thing(
    "incoming",
    Incoming,
    evolve,
    (
        IncomingReceived,
        IncomingNumbered,
        IncomingAnswered,
        IncomingExcused,
        IncomingExceptionClaimed,
        IncomingCompleted,
        IncomingHeld,
        IncomingReturned,
        ResubmissionOverdue,
        IncomingResubmitted,
        IncomingAccepted,
        HandlingProposed,
        IncomingStepTaken,
        IncomingStepCalledFor,
        IncomingCirculated,
        IncomingPutBefore,
        IncomingSignedFor,
        IncomingRead,
        CirculationEnded,
        CirculationOverdue,
        IncomingUrged,
        IncomingHandedOver,
        HandlingExplained,
        HandlingExtended,
        HandlingFinished,
        HandlingOverdue,
        IncomingPassedOn,
        IncomingClosed,
        TodoEntered,
        TodoEnded,
    ),
)


# -- the register of a year ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IncomingRegister:
    """What a register of a year has given, and which entry has which fingerprint."""

    id: UUID
    last: int = 0
    given: dict[UUID, IncomingNumberAssigned] = field(default_factory=dict[UUID, IncomingNumberAssigned])
    fingerprints: dict[str, UUID] = field(default_factory=dict[str, UUID])


def evolve_register(register: IncomingRegister, event: IncomingNumberAssigned) -> IncomingRegister:
    known = register.fingerprints
    if event.fingerprint is not None and event.fingerprint not in known:
        known = known | {event.fingerprint: event.incoming_id}
    return replace(register, last=event.seq, given=register.given | {event.incoming_id: event}, fingerprints=known)


INCOMING_REGISTER: Thing[IncomingRegister, IncomingNumberAssigned] = Thing(
    "incoming_register", IncomingRegister, evolve_register, (IncomingNumberAssigned,), of_many=True
)
Box = Literal["to_do", "done", "to_read", "read"]
