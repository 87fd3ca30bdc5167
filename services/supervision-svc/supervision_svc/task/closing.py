"""What has to be there before a task closes (销号条件)."""

from collections.abc import Iterable

from chancery.events.parts import Counted
from chancery.events.supervision import OutcomeHeard, TaskClosed, TaskOpened
from chancery.refusal import Citation, Reason
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.tables import LOOPS, TASK_SOURCES
from supervision_svc.task.state import Task


def unmet(task: Task, rules: Rules) -> list[Reason]:
    """What closing requires and nobody brought yet, every one with the clauses that ask for it."""
    opened = task.opened
    if opened is None:
        return []
    reasons = [
        Reason("needs_for_closing", cites_of(opened, rules, requires=word), {"needs": rules.titled(word)}, word)
        for word in opened.close_requires
        if word not in task.provided
    ]
    reasons += [
        Reason("stage_not_passed", loop_cites(rules, opened.loop), {"stage": rules.titled(stage)}, stage)
        for stage in opened.stages
        if stage not in task.passed and stage not in opened.close_requires
    ]
    if task.disputed is not None:
        reasons.append(Reason("disagreement_not_decided", loop_cites(rules, task.disputed.loop)))
    if opened.closes_on == "document_issued" and not task.heard("document_issued"):
        reasons.append(Reason("waits_for_the_document", cites_of(opened, rules)))
    if opened.closes_on == "published" and not task.heard("published"):
        reasons.append(Reason("waits_for_publication", cites_of(opened, rules)))
    return reasons


def cites_of(opened: TaskOpened, rules: Rules, requires: str | None = None) -> tuple[Citation, ...]:
    """The clauses of the rows that made it a task; of those that require something, where it is named."""
    found: dict[str, Citation] = {}
    for row in rules.pack.rows(TASK_SOURCES):
        if row.id in opened.rows and (requires is None or requires in row.outcome.close_requires):
            found |= {cite.clause: cite for cite in rules.pack.citations[TASK_SOURCES.name][row.id]}
    return tuple(found.values())


def loop_cites(rules: Rules, *loops: str | None) -> tuple[Citation, ...]:
    """The clauses of rows whose stages a task goes through."""
    found = [cite for loop in loops if loop for cite in rules.pack.citations[LOOPS.name][loop]]
    return tuple({cite.clause: cite for cite in found}.values())


def responsible_of(rules: Rules, rows: Iterable[str], lead: str | None, units: tuple[str, ...]) -> tuple[str, ...]:
    """The people who answer for a task by its rows, as of now."""
    case, named = Case(lead_unit=lead, units_involved=units), set(rows)
    people = [
        str(holder.person)
        for row in rules.pack.rows(TASK_SOURCES)
        if row.id in named and row.outcome.responsible is not None
        for holder in rules.who(row.outcome.responsible, case, acting="never").holders
    ]
    return tuple(dict.fromkeys(people))


def leads_exactly(opened: TaskOpened, rules: Rules) -> bool:
    """Whether a row that made it a task wants exactly one lead."""
    return any(row.id in opened.rows and row.outcome.lead == "exactly" for row in rules.pack.rows(TASK_SOURCES))


def closed_by(opened: TaskOpened, heard: OutcomeHeard, due: Counted | None) -> TaskClosed:
    """The task as closed by what was heard; late is judged by when it happened, not by when it was heard.

    ``due`` is the task's clock as it is counted now.
    """
    return TaskClosed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        by=heard.what,
        note=heard.reference,
        late=due is not None and heard.happened_at >= due.due_at,
        closed_at=heard.happened_at,
    )
