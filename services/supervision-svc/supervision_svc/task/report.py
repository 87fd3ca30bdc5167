"""Tell how far a task is (反馈)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.supervision import TaskEvent, TaskReported
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.closing import closed_by, unmet
from supervision_svc.task.rhythm import next_report
from supervision_svc.task.state import Stage, Task, evolve


@dataclass(frozen=True, slots=True)
class Report:
    """``provides`` names what this report brings of what closing requires; ``done`` is the lead's to say."""

    by: PersonId
    at: datetime
    text: str
    done: bool | None = None
    provides: tuple[str, ...] = ()


def report(command: Report, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Somebody of a unit that leads, helps or watches over it reports; the lead's last word says whether it is done.

    A task whose document went out already, and that waited for this report alone, closes with it.

    Raises:
        Refused: closed already, or it brings what nothing asks for, each named; (forbidden) of no unit concerned, or
            done without being the lead.
    """
    opened = task.opened
    if opened is None:
        raise not_found("task")
    if task.stage is Stage.CLOSED:
        raise Refused(Reason("task_closed_already"))
    units = [unit for unit in (opened.lead, *opened.cooperating, opened.supervisor) if unit]
    if not any(rules.works_in(command.by, unit) for unit in units):
        names = "、".join(rules.titled(unit) for unit in units) or "—"
        raise Refused(Reason("not_of_a_unit_concerned", params={"units": names}), kind="forbidden")
    leads = opened.lead is None or rules.works_in(command.by, opened.lead)
    if command.done and not leads:
        raise Refused(Reason("done_is_the_leads_to_say", params={"unit": rules.titled(opened.lead)}), kind="forbidden")
    strange = [word for word in command.provides if word not in opened.close_requires]
    if strange:
        raise Refused(*(Reason("not_asked_for", params={"what": word}, subject="provides") for word in strange))
    reported = TaskReported(
        task_id=opened.task_id,
        text=command.text,
        done=command.done if leads and command.done is not None else task.reported_done,
        reported_by=command.by,
        reported_at=command.at,
        provides=command.provides,
        report_due=next_report(opened, rules, command.at),
    )
    told: list[Told[TaskEvent]] = [Told(reported)]
    heard = next((one for one in task.outcomes if one.what == opened.closes_on), None)
    if heard is not None and not unmet(evolve(task, reported), rules):
        told.append(Told(closed_by(opened, heard, rules.again(task.due) if task.due else None)))
    return told
