"""A task's clock suspended, let go on, extended (中止、恢复、延期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chancery.envelope import Standing
from chancery.events.supervision import TaskEvent, TaskExtended, TaskOpened, TaskResumed, TaskSuspended
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import Moved, approvers, extending, resuming, row_of, suspending
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from supervision_svc.task.parties import case_of, still_open, supervised
from supervision_svc.task.rhythm import next_report
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class Suspend:
    by: PersonId
    cause: str


@dataclass(frozen=True, slots=True)
class Resume:
    by: PersonId


@dataclass(frozen=True, slots=True)
class Extend:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    to: date | int
    reason: str


def suspend(command: Suspend, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the supervising unit, before the due moment; from today on the clock stands still, until it is resumed.

    Raises:
        Refused: closed, no clock, it stands already or ran out; (forbidden) somebody else.
    """
    opened, standing = supervised(task, command.by, rules)
    moved = suspending(rules, task.due, command.cause, ran_out=task.overdue)
    told = TaskSuspended(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        cause=command.cause,
        suspended_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(told, under_of(moved), standing)]


def resume(command: Resume, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the supervising unit; today counts again.

    Raises:
        Refused: closed, no clock, or it does not stand still; (forbidden) somebody else.
    """
    opened, standing = supervised(task, command.by, rules)
    moved = resuming(rules, task.due)
    told = TaskResumed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        resumed_by=command.by,
        was=moved.was,
        now=moved.now,
        report_due=next_report(opened, rules, rules.at),
    )
    return [Told(told, under_of(moved), standing)]


def extend(command: Extend, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By whom the clock's row names; where it names no post, by the unit that watches over the task. Before it is due.

    Raises:
        Refused: closed, no clock, too late, not later, more than the row allows; (forbidden) another approves.
    """
    opened = still_open(task)
    standing = approver(opened, task, command.by, rules)
    moved = extending(rules, task.due, command.to, ran_out=task.overdue, extensions=task.extensions)
    told = TaskExtended(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        reason=command.reason,
        approved_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(told, under_of(moved), standing)]


def under_of(moved: Moved) -> tuple[AnyRuling, ...]:
    return (moved.under,) if moved.under.regulated else ()


def approver(opened: TaskOpened, task: Task, by: PersonId, rules: Rules) -> Standing:
    post = approvers(rules, task.due)
    if post is None:
        return supervised(task, by, rules)[1]
    case = case_of(opened)
    standing = rules.is_one_of(by, [post], case, "approve")
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(rules.who(post, case, "approve").people()))
        cites = tuple(row_of(rules, task.due).citations) if task.due is not None else ()
        raise Refused(Reason("not_the_approver", cites, {"who": names or post.written()}), kind="forbidden")
    return standing
