"""What came in, where is it, by when is it due (收文登记); and whose turn was or is it (待办、已办、待阅、已阅)?"""

from collections.abc import Sequence
from typing import Any, get_args
from uuid import UUID

from chancery.calendar import NEVER
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.incoming import (
    CirculationEnded,
    HandlingExplained,
    HandlingExtended,
    HandlingFinished,
    HandlingOverdue,
    HandlingProposed,
    IncomingAccepted,
    IncomingClosed,
    IncomingEvent,
    IncomingHandedOver,
    IncomingHeld,
    IncomingNumbered,
    IncomingPassedOn,
    IncomingReceived,
    IncomingResubmitted,
    IncomingReturned,
    TodoEnded,
    TodoEntered,
)
from chancery.events.operations import DeadlineMoved
from chancery.events.parts import Counted
from chancery.thing import Patch, Projection, Upsert, Write
from document_svc.handling.verbs import HANDLING
from document_svc.incoming.receive import fingerprint_of
from document_svc.incoming.state import Stage

KEY = ("incoming_id",)


def moved(incoming_id: UUID, version: int, **columns: Any) -> list[Write]:
    return [Patch("incoming", {"incoming_id": incoming_id}, {"version": version, **columns})]


def _due(due: Counted | None) -> dict[str, Any]:
    if due is None or due.due_on == NEVER:
        return {"due_on": None, "due_at": None}
    return {"due_on": due.due_on, "due_at": due.due_at}


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case IncomingReceived() as event:
            return [Upsert("incoming", KEY, _row(event, version))]
        case IncomingNumbered() as event:
            return moved(event.incoming_id, version, entry=event.number, year=event.year, seq=event.seq)
        case IncomingHeld() as event:
            return moved(event.incoming_id, version, stage=Stage.HELD.value, lacking=_said(event))
        case IncomingReturned() as event:
            return moved(
                event.incoming_id,
                version,
                stage=Stage.RETURNED.value,
                lacking=_said(event),
                returned_at=event.returned_at,
                **_due(event.again_due),
            )
        case IncomingResubmitted() as event:
            return moved(event.incoming_id, version, again=event.again, **_due(None))
        case IncomingAccepted() as event:
            return moved(event.incoming_id, version, stage=Stage.ACCEPTED.value, lacking=[])
        case HandlingProposed() as event:
            more: dict[str, Any] = {"units_involved": list(event.units_involved)} if event.units_involved else {}
            more |= {"lead_unit": event.lead_unit} if event.lead_unit else {}
            more |= _due(event.read_by) if event.read_by else {}
            return moved(event.incoming_id, version, stage=Stage.CIRCULATING.value, proposal=event.text, **more)
        case CirculationEnded() as event:
            return moved(event.incoming_id, version, stage=Stage.CIRCULATED.value, **_due(None))
        case IncomingHandedOver() as event:
            return moved(
                event.incoming_id,
                version,
                stage=Stage.HANDED.value,
                lead_unit=event.lead_unit,
                units_involved=list(event.units_involved),
                handed_at=event.handed_at,
                **_due(event.due),
            )
        case HandlingExplained() | HandlingExtended() as event:
            return moved(event.incoming_id, version, **_due(event.now))
        case HandlingFinished() as event:
            stage = Stage.FINISHED.value
            return moved(event.incoming_id, version, stage=stage, finished_at=event.finished_at, late=event.late)
        case HandlingOverdue() as event:
            return moved(event.incoming_id, version, overdue=True)
        case IncomingPassedOn() as event:
            return moved(event.incoming_id, version, stage=Stage.PASSED_ON.value)
        case IncomingClosed() as event:
            return moved(event.incoming_id, version, stage=Stage.CLOSED.value)
        case DeadlineMoved() as event if event.now.name == HANDLING:
            return [Patch("incoming", {"incoming_id": event.thing}, _due(event.now))]
        case event:
            incoming_id = getattr(event, "incoming_id", None)
            return moved(incoming_id, version) if incoming_id is not None else []


def _said(event: IncomingHeld | IncomingReturned) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in event.lacking]


def _row(event: IncomingReceived, version: int) -> dict[str, Any]:
    whole = event.number is not None and event.content is not None
    return {
        "incoming_id": event.incoming_id,
        "version": version,
        "matter_id": event.matter_id,
        "register_of": event.register_of,
        "year": None,
        "seq": None,
        "entry": None,
        "sender": event.sender,
        "sender_unit": event.sender_unit,
        "origin": event.origin,
        "kind": event.kind,
        "number": event.number,
        "title": event.title,
        "urgency": event.urgency,
        "direction": event.direction,
        "copies": event.copies,
        "dated": event.dated,
        "content": event.content,
        "fingerprint": fingerprint_of(event.sender, event.number or "", event.content or "") if whole else None,
        "received_at": event.received_at,
        "received_by": event.received_by,
        "wanted_by": event.wanted_by,
        "stage": Stage.RECEIVED.value,
        "lead_unit": event.lead_unit or event.sender_unit,
        "units_involved": list(event.units_involved),
        "proposal": None,
        "handed_at": None,
        "due_on": None,
        "due_at": None,
        "overdue": False,
        "finished_at": None,
        "late": False,
        "returned_at": None,
        "lacking": [],
        "resembles": [str(one) for one in event.like],
        "resubmits": event.resubmits,
        "again": None,
    }


def project_todos(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case TodoEntered() as event:
            row = {
                "todo_id": event.todo_id,
                "incoming_id": event.incoming_id,
                "title": event.title,
                "what": event.what,
                "box": event.box,
                "person": event.person,
                "unit": event.unit,
                "entered_at": recorded.business_at,
                **_due(event.due),
                "ended_at": None,
                "how": None,
                "ended_by": None,
            }
            return [Upsert("todos", ("todo_id",), row)]
        case TodoEnded() as event:
            row = {"ended_at": recorded.business_at, "how": event.how, "ended_by": event.by}
            return [Patch("todos", {"todo_id": event.todo_id}, row)]
        case _:
            return []


_EVENTS: tuple[type[Event], ...] = get_args(IncomingEvent)
INCOMING = Projection(
    "incoming",
    1,
    ("incoming",),
    frozenset(kind.event_name for kind in (*_EVENTS, DeadlineMoved)),
    project,
)
TODOS = Projection("todos", 1, ("todos",), frozenset({TodoEntered.event_name, TodoEnded.event_name}), project_todos)
