"""Pass a stage of the task's way: verified, revisited, whatever the pack names, in its order (核实、回访)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.envelope import Standing
from chancery.events.supervision import TaskEvent, TaskOpened, TaskStageDone
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import row_named
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import LOOPS, TASK_SOURCES, Loop
from chancery.thing import Told
from supervision_svc.task.closing import cites_of, loop_cites
from supervision_svc.task.parties import case_of, still_open, supervised
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class PassStage:
    by: PersonId
    at: datetime
    stage: str
    note: str


def pass_stage(command: PassStage, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """The next stage of the loop, by whom its row names; one the task's own rows name, by the supervising unit.

    Raises:
        Refused: closed, no such stage, passed already, or those before it are not passed, each named; (forbidden)
            somebody else.
    """
    opened = still_open(task)
    known = (*opened.stages, *stages_beside(opened, rules))
    if command.stage not in known:
        stages = "、".join(rules.titled(stage) for stage in known) or "—"
        raise Refused(Reason("no_such_stage", cites_of(opened, rules), {"stages": stages}, "stage"))
    if command.stage in task.passed:
        raise Refused(Reason("stage_passed_already", loop_cites(rules, opened.loop), subject="stage"))
    ruling: Ruling[Loop] | None = None
    if command.stage in opened.stages and opened.loop is not None:
        ruling = row_named(rules, LOOPS.name, opened.loop)
        before = opened.stages[: opened.stages.index(command.stage)]
        missing = [stage for stage in before if stage not in task.passed]
        if missing:
            cites = tuple(ruling.citations)
            says = [{"stage": rules.titled(stage)} for stage in missing]
            raise Refused(*(Reason("stage_not_passed", cites, one, "stage") for one in says))
        standing = _whoever_does_it(command, task, opened, ruling, rules)
    else:
        standing = supervised(task, command.by, rules)[1]
    done = TaskStageDone(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        stage=command.stage,
        note=command.note,
        done_by=command.by,
        done_at=command.at,
    )
    return [Told(done, (ruling,) if ruling is not None else (), standing)]


def stages_beside(opened: TaskOpened, rules: Rules) -> tuple[str, ...]:
    """Stages that the task's own rows name, in no order that binds."""
    rows = [row.outcome for row in rules.pack.rows(TASK_SOURCES) if row.id in opened.rows]
    named = dict.fromkeys(stage for row in rows for stage in row.stages)
    return tuple(stage for stage in named if stage not in opened.stages)


def _whoever_does_it(
    command: PassStage, task: Task, opened: TaskOpened, ruling: Ruling[Loop], rules: Rules
) -> Standing:
    selector = ruling.hits[0].outcome.by.get(command.stage)
    if selector is None:
        return supervised(task, command.by, rules)[1]
    case = case_of(opened)
    standing = rules.is_one_of(command.by, [selector], case, command.stage)
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(rules.who(selector, case, command.stage).people()))
        params = {"stage": rules.titled(command.stage), "who": names or selector.written()}
        raise Refused(Reason("not_your_stage", tuple(ruling.citations), params), kind="forbidden")
    return standing
