"""Which items are on their way to which sitting, and how far? (议题库)"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import (
    AgendaAccepted,
    AgendaDecided,
    AgendaHeldOver,
    AgendaPaperPut,
    AgendaReturned,
    AgendaScheduled,
    AgendaSplit,
    AgendaStepCalledFor,
    AgendaStepTaken,
    AgendaSubmitted,
    AgendaWithdrawn,
    ChecklistAnswered,
)
from chancery.thing import Patch, Projection, Upsert, Write
from meeting_svc.agenda_item.state import Stage


def moved(item_id: UUID, version: int, **columns: Any) -> list[Write]:
    return [Patch("docket", {"item_id": item_id}, {"version": version, **columns})]


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case AgendaSubmitted() as event:
            row = {
                "item_id": event.item_id,
                "version": version,
                "matter_id": event.matter_id,
                "title": event.facts.title,
                "kind": event.facts.kind,
                "body": event.body,
                "for_unit": event.for_unit,
                "stage": Stage.SUBMITTED.value,
                "accepted": False,
                "sitting_on": event.sitting_on,
                "sitting_id": None,
                "outcome": None,
                "submitted_by": event.submitted_by,
                "submitted_at": event.submitted_at,
            }
            return [Upsert("docket", ("item_id",), row)]
        case (
            AgendaStepTaken(item_id=item_id)
            | AgendaStepCalledFor(item_id=item_id)
            | ChecklistAnswered(item_id=item_id)
            | AgendaPaperPut(item_id=item_id)
        ):
            return moved(item_id, version)
        case AgendaAccepted(item_id=item_id):
            return moved(item_id, version, stage=Stage.ACCEPTED.value, accepted=True)
        case AgendaScheduled() as event:
            at = {"sitting_id": event.sitting_id, "sitting_on": event.sitting_on}
            return moved(event.item_id, version, stage=Stage.SCHEDULED.value, **at)
        case AgendaDecided() as event:
            return moved(event.item_id, version, stage=Stage.DECIDED.value, outcome=event.outcome)
        case AgendaHeldOver(item_id=item_id):
            return moved(item_id, version, stage=Stage.HELD_OVER.value, sitting_on=None, sitting_id=None)
        case AgendaReturned(item_id=item_id):
            return moved(item_id, version, stage=Stage.RETURNED.value)
        case AgendaWithdrawn(item_id=item_id):
            return moved(item_id, version, stage=Stage.WITHDRAWN.value)
        case AgendaSplit(item_id=item_id):
            return moved(item_id, version, stage=Stage.SPLIT.value)
        case _:
            return []


DOCKET = Projection(
    "docket",
    1,
    ("docket",),
    frozenset(
        kind.event_name
        for kind in (
            AgendaSubmitted,
            AgendaStepTaken,
            AgendaStepCalledFor,
            ChecklistAnswered,
            AgendaAccepted,
            AgendaScheduled,
            AgendaDecided,
            AgendaHeldOver,
            AgendaReturned,
            AgendaWithdrawn,
            AgendaSplit,
            AgendaPaperPut,
        )
    ),
    project,
)
