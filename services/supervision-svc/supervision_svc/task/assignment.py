"""A task signed for, given back as not one's own, assigned anew (签收、退回、交办)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chancery.calendar import Span, count_forward
from chancery.events.supervision import TaskAssigned, TaskEvent, TaskReturned, TaskSignedFor
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.closing import responsible_of
from supervision_svc.task.parties import led, supervised
from supervision_svc.task.state import Task

LIMIT: Final = "task_return"
"""The setting that says within what time a wrongly assigned task is given back; unset: until it is signed for."""


@dataclass(frozen=True, slots=True)
class SignFor:
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class GiveBack:
    by: PersonId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Assign:
    by: PersonId
    at: datetime
    lead: str
    cooperating: tuple[str, ...] = ()


def sign_for(command: SignFor, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Somebody of the lead unit takes it on.

    Raises:
        Refused: closed, nobody leads it, or signed for already; (forbidden) somebody else.
    """
    opened, unit, standing = led(task, command.by, rules)
    if task.signed_at is not None:
        raise Refused(Reason("signed_for_already"))
    signed = TaskSignedFor(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        unit=unit,
        signed_by=command.by,
        signed_at=command.at,
    )
    return [Told(signed, (), standing)]


def give_back(command: GiveBack, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Somebody of the lead unit gives it back as not its own, before signing and within the limit that was set.

    Raises:
        Refused: closed, nobody leads it, signed for already, or too late; (forbidden) somebody else.
    """
    opened, unit, standing = led(task, command.by, rules)
    if task.signed_at is not None:
        raise Refused(Reason("signed_for_already"))
    limit = rules.setting(LIMIT)
    if isinstance(limit, dict) and task.assigned_at is not None:
        span = Span.model_validate(limit)
        last = count_forward(rules.calendar, task.assigned_at, span, closing=rules.closing)
        if command.at >= last.due_at:
            raise Refused(Reason("too_late_to_give_back", params={"due_on": last.due_on.isoformat()}))
    returned = TaskReturned(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        unit=unit,
        reason=command.reason,
        returned_by=command.by,
        returned_at=command.at,
    )
    return [Told(returned, (), standing)]


def assign(command: Assign, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the supervising unit: a lead for a task that has none, or that was given back; also another lead.

    Raises:
        Refused: closed, a unit that is not known, or led by it already; (forbidden) somebody else.
    """
    opened, standing = supervised(task, command.by, rules)
    units = {"lead": (command.lead,), "cooperating": command.cooperating}
    strange = [
        Reason("unit_not_known", params={"unit": unit}, subject=subject)
        for subject, of in units.items()
        for unit in of
        if unit not in rules.roster.units
    ]
    if strange:
        raise Refused(*strange)
    if opened.lead == command.lead:
        raise Refused(Reason("leads_already", params={"unit": rules.titled(command.lead)}))
    helping = tuple(unit for unit in dict.fromkeys(command.cooperating or opened.cooperating) if unit != command.lead)
    assigned = TaskAssigned(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        lead=command.lead,
        cooperating=helping,
        responsible=responsible_of(rules, opened.rows, command.lead, (command.lead, *helping)),
        assigned_by=command.by,
        assigned_at=command.at,
    )
    return [Told(assigned, (), standing)]
