"""What has to be there before a task closes (销号条件)."""

from chancery.events.parts import Counted
from chancery.events.supervision import OutcomeHeard, TaskClosed, TaskOpened
from chancery.refusal import Citation, Reason
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES
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
