"""More time asked for by the lead, granted or not by whom the rules name (申请延期、同意、不予同意)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chancery.events.supervision import ExtensionAsked, ExtensionDenied, TaskEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import extending
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.clock import Extend, approver, extend, under_of
from supervision_svc.task.parties import led, still_open
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class AskExtension:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    at: datetime
    to: date | int
    reason: str


@dataclass(frozen=True, slots=True)
class GrantExtension:
    by: PersonId


@dataclass(frozen=True, slots=True)
class DenyExtension:
    by: PersonId
    at: datetime
    reason: str


def ask_extension(command: AskExtension, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the lead, before it is due; nothing moves until it is granted.

    Raises:
        Refused: closed, nobody leads it, one waits for its answer, no clock, too late, not later, more than the row
            allows; (forbidden) somebody else.
    """
    opened, _, standing = led(task, command.by, rules)
    if task.asked is not None:
        raise Refused(Reason("extension_waits_already"))
    moved = extending(rules, task.due, command.to, ran_out=task.overdue, extensions=task.extensions)
    asked = ExtensionAsked(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        to=None if isinstance(command.to, int) else command.to,
        by=command.to if isinstance(command.to, int) else None,
        reason=command.reason,
        due=moved.was,
        asked_by=command.by,
        asked_at=command.at,
    )
    return [Told(asked, under_of(moved), standing)]


def grant_extension(command: GrantExtension, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """What was asked for, by whom the clock's row names, else by the unit that watches over the task.

    Raises:
        Refused: closed, nothing was asked for, or it ran out meanwhile; (forbidden) another decides.
    """
    still_open(task)
    asked = task.asked
    if asked is None:
        raise Refused(Reason("no_extension_asked"))
    return extend(Extend(command.by, asked.to or asked.by or 0, asked.reason), task, rules)


def deny_extension(command: DenyExtension, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Not granted, with the reason; the old day stands.

    Raises:
        Refused: closed, or nothing was asked for; (forbidden) another decides.
    """
    opened = still_open(task)
    if task.asked is None:
        raise Refused(Reason("no_extension_asked"))
    standing = approver(opened, task, command.by, rules)
    denied = ExtensionDenied(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        reason=command.reason,
        denied_by=command.by,
        denied_at=command.at,
    )
    return [Told(denied, (), standing)]
