"""Set how often a task is reported on (明确反馈周期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.supervision import Rhythm, RhythmSet, TaskEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules, only
from chancery.thing import Told
from supervision_svc.task.parties import supervised
from supervision_svc.task.rhythm import next_report, progress_clock
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class SetRhythm:
    by: PersonId
    at: datetime
    rhythm: Rhythm


def set_rhythm(command: SetRhythm, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the unit that watches over it; counted from now on. A row that leaves the number to it is cited.

    Raises:
        Refused: closed, or it is set so already; (forbidden) somebody else.
    """
    opened, standing = supervised(task, command.by, rules)
    if opened.report_every == command.rhythm:
        raise Refused(Reason("rhythm_set_already"))
    clock = progress_clock(rules)
    under = only(clock, clock.hits[0]) if clock.hits else None
    rule = under.hits[0].row if under is not None else None
    now = opened.model_copy(update={"report_every": command.rhythm, "report_rule": rule})
    due = next_report(now, rules, command.at)
    if due is None:
        return []
    told = RhythmSet(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        report_every=command.rhythm,
        rule=rule,
        report_due=due,
        set_by=command.by,
        set_at=command.at,
    )
    return [Told(told, (under,) if under is not None else (), standing)]
