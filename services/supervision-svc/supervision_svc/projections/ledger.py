"""Which tasks are there, who has them, and are they late? (督办台账)"""

from collections.abc import Sequence
from typing import Any

from chancery.calendar import NEVER
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.operations import DeadlineMoved
from chancery.events.parts import Counted
from chancery.events.supervision import (
    AnotherLeadNamed,
    DisagreementDecided,
    DisagreementFound,
    ExtensionAsked,
    ExtensionDenied,
    NoticeGiven,
    ReportMissed,
    ResponsibleNamed,
    RhythmSet,
    TaskAssigned,
    TaskClosed,
    TaskCorrected,
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskReported,
    TaskResumed,
    TaskReturned,
    TaskSignedFor,
    TaskSourceJoined,
    TaskStageDone,
    TaskSuspended,
    TaskUrged,
    TaskWithdrawn,
)
from chancery.thing import Patch, Projection, Upsert, Write


def due_of(due: Counted) -> dict[str, Any]:
    """When a task is due; nothing while its clock stands still."""
    stands = due.due_on == NEVER
    return {"due_on": None if stands else due.due_on, "due_at": None if stands else due.due_at}


def may_be_due(due: Counted | None) -> dict[str, Any]:
    return due_of(due) if due is not None else {"due_on": None, "due_at": None}


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case TaskOpened() as event:
            row = {
                "task_id": event.task_id,
                "version": version,
                "matter_id": event.matter_id,
                "title": event.title,
                "text": event.text,
                "source": event.source.kind,
                "reference": event.source.reference,
                "channel": event.source.channel,
                "supervisor": event.supervisor,
                "lead": event.lead,
                "cooperating": list(event.cooperating),
                "responsible": list(event.responsible),
                "clauses": list(recorded.meta.clauses),
                "opened_at": event.opened_at,
                "signed_at": None,
                "due_on": event.due.due_on if event.due else None,
                "due_at": event.due.due_at if event.due else None,
                "stage": "open",
                "reached": None,
                "overdue": False,
                "late": None,
                "closed_at": None,
                "last_report": None,
                "reported_at": None,
                "report_due_on": event.report_due.due_on if event.report_due else None,
                "silent": False,
                "urged_at": None,
                "also_lead": [],
                "supporting": [],
                "kind": event.kind,
                "outside_id": event.outside_id,
                "given_by": event.source.given_by,
                "minutes_id": event.source.minutes_id,
                "ended": None,
                "first_due_on": event.due.due_on if event.due else None,
                "extension_asked": False,
                "disputed": False,
                "notice": None,
                "corrected": None,
            }
            return [Upsert("ledger", ("task_id",), row)]
        case TaskReported() as event:
            told = {
                "version": version,
                "last_report": event.text,
                "reported_at": event.reported_at,
                "report_due_on": event.report_due.due_on if event.report_due else None,
                "silent": False,
            }
            return [Patch("ledger", {"task_id": event.task_id}, told)]
        case TaskSourceJoined() as event:
            # The clauses of what joined stand with the event; the list keeps those of the first source.
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, **may_be_due(event.due)})]
        case TaskSignedFor() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, "signed_at": event.signed_at})]
        case TaskReturned() as event:
            given_back = {"version": version, "lead": None, "signed_at": None}
            return [Patch("ledger", {"task_id": event.task_id}, given_back)]
        case TaskAssigned() as event:
            given = {
                "version": version,
                "lead": event.lead,
                "cooperating": list(event.cooperating),
                "responsible": list(event.responsible),
                "signed_at": None,
                "also_lead": [],
                "supporting": [],
            }
            return [Patch("ledger", {"task_id": event.task_id}, given)]
        case TaskStageDone() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, "reached": event.stage})]
        case TaskUrged() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, "urged_at": event.urged_at})]
        case ReportMissed() as event:
            silent = {"version": version, "silent": True, "report_due_on": event.following.due_on}
            return [Patch("ledger", {"task_id": event.task_id}, silent)]
        case TaskCorrected() as event:
            corrected = {
                "version": version,
                "title": event.title,
                "text": event.text,
                "lead": event.lead,
                "cooperating": list(event.cooperating),
                "corrected": event.reason,
                **may_be_due(event.due),
            }
            if event.lead != event.was_lead:
                corrected["signed_at"] = None
            return [Patch("ledger", {"task_id": event.task_id}, corrected)]
        case TaskExtended() as event:
            put_off = {"version": version, "extension_asked": False, **due_of(event.now)}
            return [Patch("ledger", {"task_id": event.task_id}, put_off)]
        case ExtensionAsked() | ExtensionDenied() as event:
            waits = {"version": version, "extension_asked": isinstance(event, ExtensionAsked)}
            return [Patch("ledger", {"task_id": event.task_id}, waits)]
        case RhythmSet() as event:
            told = {"version": version, "report_due_on": event.report_due.due_on, "silent": False}
            return [Patch("ledger", {"task_id": event.task_id}, told)]
        case ResponsibleNamed() as event:
            named = {
                "version": version,
                "responsible": list(event.responsible),
                "supporting": list(event.supporting),
            }
            return [Patch("ledger", {"task_id": event.task_id}, named)]
        case AnotherLeadNamed() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, "also_lead": [event.unit]})]
        case DisagreementFound() | DisagreementDecided() as event:
            stands = {"version": version, "disputed": isinstance(event, DisagreementFound)}
            return [Patch("ledger", {"task_id": event.task_id}, stands)]
        case NoticeGiven() as event:
            return [
                Patch("ledger", {"task_id": event.task_id}, {"version": version, "notice": event.colour or event.on})
            ]
        case TaskWithdrawn() as event:
            ended = {
                "version": version,
                "stage": "closed",
                "ended": "withdrawn",
                "late": False,
                "closed_at": event.withdrawn_at,
                "corrected": event.reason,
            }
            return [Patch("ledger", {"task_id": event.task_id}, ended)]
        case TaskSuspended() | TaskResumed() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, **due_of(event.now)})]
        case DeadlineMoved() as event:
            return [Patch("ledger", {"task_id": event.thing}, due_of(event.now))]
        case TaskOverdue() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, "overdue": True})]
        case TaskClosed() as event:
            closed = {
                "version": version,
                "stage": "closed",
                "ended": event.by,
                "late": event.late,
                "closed_at": event.closed_at,
            }
            return [Patch("ledger", {"task_id": event.task_id}, closed)]
        case _:
            return []


MORE = (
    AnotherLeadNamed,
    DisagreementDecided,
    DisagreementFound,
    ExtensionAsked,
    ExtensionDenied,
    NoticeGiven,
    ResponsibleNamed,
    RhythmSet,
    TaskWithdrawn,
)
LEDGER = Projection(
    "ledger",
    3,
    ("ledger",),
    frozenset(
        kind.event_name
        for kind in (
            TaskOpened,
            TaskSourceJoined,
            TaskSignedFor,
            TaskReturned,
            TaskAssigned,
            TaskStageDone,
            TaskUrged,
            ReportMissed,
            TaskCorrected,
            TaskReported,
            TaskSuspended,
            TaskResumed,
            TaskExtended,
            TaskOverdue,
            TaskClosed,
            DeadlineMoved,
            *MORE,
        )
    ),
    project,
)
