"""What a decision about a task has to remember."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.parts import Counted, Evidence
from chancery.events.supervision import (
    AnotherLeadNamed,
    DisagreementDecided,
    DisagreementFound,
    DisagreementSentUp,
    ExtensionAsked,
    ExtensionDenied,
    NoticeGiven,
    OutcomeHeard,
    ReportMissed,
    ResponsibleNamed,
    RhythmSet,
    TaskAssigned,
    TaskCarriedOn,
    TaskClosed,
    TaskCorrected,
    TaskEvent,
    TaskEvidenceFiled,
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskReported,
    TaskResumed,
    TaskReturned,
    TaskSignedFor,
    TaskSource,
    TaskSourceJoined,
    TaskStageDone,
    TaskSuspended,
    TaskUrged,
    TaskWithdrawn,
    UnitView,
    ViewStated,
)
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Task:
    """``outcomes`` were heard, also before it was opened, and may close it; ``provided`` is what reports brought.

    ``due`` is how its clock was counted last, None where none runs; ``extensions`` how often it was extended.
    ``opened`` is the task as it stands: with what joined sources, assignments and corrections made of it. ``joined``
    are the sources besides the first. ``passed`` are the stages passed, in the order in which they were. ``asked`` is
    an extension that waits for its answer; ``views`` what units hold, the last of each; ``disputed`` a disagreement
    that was not decided yet, ``sent_up`` whether it went up. ``notices`` counts those given since it was overdue.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    opened: TaskOpened | None = None
    outcomes: tuple[OutcomeHeard, ...] = ()
    overdue: bool = False
    reported_done: bool = False
    provided: frozenset[str] = frozenset()
    due: Counted | None = None
    extensions: int = 0
    joined: tuple[TaskSource, ...] = ()
    signed_at: datetime | None = None
    assigned_at: datetime | None = None
    passed: tuple[str, ...] = ()
    urged: int = 0
    missed: int = 0
    asked: ExtensionAsked | None = None
    responsible: tuple[str, ...] = ()
    """Who was named to answer for it; empty where only the rules say."""
    supporting: tuple[str, ...] = ()
    contact: str | None = None
    also_leads: tuple[str, ...] = ()
    views: tuple[UnitView, ...] = ()
    disputed: DisagreementFound | None = None
    sent_up: DisagreementSentUp | None = None
    evidence: tuple[Evidence, ...] = ()
    notices: int = 0

    @property
    def units(self) -> tuple[str, ...]:
        """The units concerned, each once: the lead, others that lead, those that help."""
        opened = self.opened
        found = (opened.lead, *self.also_leads, *opened.cooperating) if opened is not None else ()
        return tuple(dict.fromkeys(unit for unit in found if unit))

    @property
    def answers(self) -> tuple[str, ...]:
        """Who answers for it: who was named, else whom the rules meant when it was opened."""
        return self.responsible or (self.opened.responsible if self.opened is not None else ())

    def heard(self, what: str) -> bool:
        return any(one.what == what for one in self.outcomes)


def evolve(task: Task, event: TaskEvent) -> Task:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case TaskOpened():
            return replace(task, stage=Stage.OPEN, opened=event, due=event.due, assigned_at=event.opened_at)
        case TaskSourceJoined():
            asked = {
                "rows": _both(_of(task).rows, event.rows),
                "close_requires": _both(_of(task).close_requires, event.close_requires),
                "closes_on": event.closes_on,
                "loop": event.loop,
                "stages": event.stages,
            }
            joined = (*task.joined, event.source)
            return replace(task, opened=_of(task).model_copy(update=asked), joined=joined, due=event.due)
        case TaskSignedFor():
            return replace(task, signed_at=event.signed_at)
        case TaskReturned():
            return replace(task, opened=_of(task).model_copy(update={"lead": None}), signed_at=None)
        case TaskAssigned():
            given = {"lead": event.lead, "cooperating": event.cooperating, "responsible": event.responsible}
            opened = _of(task).model_copy(update=given)
            return replace(
                task, opened=opened, signed_at=None, assigned_at=event.assigned_at, responsible=(), also_leads=()
            )
        case TaskStageDone():
            return replace(task, passed=(*task.passed, event.stage), provided=task.provided | {event.stage})
        case TaskUrged():
            return replace(task, urged=task.urged + 1)
        case ReportMissed():
            return replace(task, missed=task.missed + 1)
        case TaskCorrected():
            now = {"title": event.title, "text": event.text, "lead": event.lead, "cooperating": event.cooperating}
            another = event.lead != event.was_lead
            opened = _of(task).model_copy(update=now)
            return replace(task, opened=opened, due=event.due, signed_at=None if another else task.signed_at)
        case OutcomeHeard():
            return replace(task, outcomes=(*task.outcomes, event))
        case TaskReported():
            return replace(task, reported_done=event.done, provided=task.provided.union(event.provides))
        case TaskSuspended() | TaskResumed():
            return replace(task, due=event.now)
        case TaskExtended():
            return replace(task, due=event.now, extensions=task.extensions + 1, asked=None)
        case TaskOverdue():
            return replace(task, overdue=True)
        case TaskClosed() | TaskWithdrawn():
            return replace(task, stage=Stage.CLOSED)
        case NoticeGiven():
            return replace(task, notices=task.notices + 1)
        case ExtensionAsked():
            return replace(task, asked=event)
        case ExtensionDenied():
            return replace(task, asked=None)
        case RhythmSet():
            rhythm = {"report_every": event.report_every, "report_rule": event.rule}
            return replace(task, opened=_of(task).model_copy(update=rhythm))
        case ResponsibleNamed():
            return replace(
                task, responsible=event.responsible, supporting=event.supporting, contact=event.contact or task.contact
            )
        case AnotherLeadNamed():
            return replace(task, also_leads=(*task.also_leads, event.unit))
        case ViewStated():
            others = tuple(one for one in task.views if one.unit != event.view.unit)
            return replace(task, views=(*others, event.view))
        case DisagreementFound():
            return replace(task, disputed=event, sent_up=None)
        case DisagreementSentUp():
            return replace(task, sent_up=event)
        case DisagreementDecided():
            return replace(task, disputed=None, sent_up=None)
        case TaskEvidenceFiled():
            return replace(task, evidence=(*task.evidence, event.evidence))
        case TaskCarriedOn():
            return task
        case _:
            assert_never(event)


def _of(task: Task) -> TaskOpened:
    """The task as it was opened; whatever else happens to it comes after."""
    if task.opened is None:
        raise ValueError(f"task {task.id} has a history before it was opened")
    return task.opened


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


TASK: Thing[Task, TaskEvent] = Thing(
    "task",
    Task,
    evolve,
    (
        TaskOpened,
        TaskSourceJoined,
        TaskSignedFor,
        TaskReturned,
        TaskAssigned,
        TaskStageDone,
        TaskUrged,
        ReportMissed,
        TaskCorrected,
        OutcomeHeard,
        TaskReported,
        TaskSuspended,
        TaskResumed,
        TaskExtended,
        TaskOverdue,
        NoticeGiven,
        ExtensionAsked,
        ExtensionDenied,
        RhythmSet,
        ResponsibleNamed,
        AnotherLeadNamed,
        ViewStated,
        DisagreementFound,
        DisagreementSentUp,
        DisagreementDecided,
        TaskEvidenceFiled,
        TaskCarriedOn,
        TaskWithdrawn,
        TaskClosed,
    ),
)
