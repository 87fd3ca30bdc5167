"""Who may do what with a task: the unit that watches over it, the unit that leads."""

from chancery.envelope import Standing
from chancery.events.supervision import TaskOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from supervision_svc.task.state import Stage, Task


def still_open(task: Task) -> TaskOpened:
    """The task as it stands.

    Raises:
        Refused: it is not there, or closed.
    """
    if task.opened is None:
        raise not_found("task")
    if task.stage is Stage.CLOSED:
        raise Refused(Reason("task_closed_already"))
    return task.opened


def supervised(task: Task, by: PersonId, rules: Rules) -> tuple[TaskOpened, Standing]:
    """The open task, and the standing of somebody of the unit that watches over it.

    Raises:
        Refused: not open; (forbidden) somebody else.
    """
    opened = still_open(task)
    if opened.supervisor is None or not rules.works_in(by, opened.supervisor):
        unit = rules.titled(opened.supervisor) or "—"
        raise Refused(Reason("not_the_supervisor", params={"unit": unit}), kind="forbidden")
    return opened, rules.own_standing(by, opened.supervisor)


def led(task: Task, by: PersonId, rules: Rules) -> tuple[TaskOpened, str, Standing]:
    """The open task, its lead unit, and the standing of somebody of that unit.

    Raises:
        Refused: not open, nobody leads it; (forbidden) somebody else.
    """
    opened = still_open(task)
    if opened.lead is None:
        raise Refused(Reason("nobody_leads"))
    if not rules.works_in(by, opened.lead):
        raise Refused(Reason("not_of_the_lead", params={"unit": rules.titled(opened.lead)}), kind="forbidden")
    return opened, opened.lead, rules.own_standing(by, opened.lead)


def case_of(opened: TaskOpened) -> Case:
    units = tuple(dict.fromkeys(unit for unit in (opened.lead, *opened.cooperating) if unit))
    return Case(lead_unit=opened.lead, units_involved=units)
