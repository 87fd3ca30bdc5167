"""Let another source ask for the same task (并案): it carries the closing conditions of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.supervision import TaskEvent, TaskSourceJoined
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.closing import loop_cites
from supervision_svc.task.enter import Said, asked_for, source_of
from supervision_svc.task.opening import loop_of, supervisor_of
from supervision_svc.task.parties import supervised
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class Join:
    """``source_id`` names what joins, so that the same does not join twice."""

    by: PersonId
    at: datetime
    source_id: UUID
    said: Said


def join(command: Join, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the supervising unit. What was asked stays; what the other source's rows ask is added; the earlier day runs.

    Raises:
        Refused: closed; the other source is not known, or another unit has to watch over what it brings; it waits for
            another outcome, or goes another way, than the task does; (forbidden) somebody else.
    """
    opened, standing = supervised(task, command.by, rules)
    ruling, due = asked_for(command.said, rules, command.at)
    rows = [hit.outcome for hit in ruling.hits]
    closes_on = next((row.closes_on for row in rows if row.closes_on), None)
    loop, stages = loop_of(rules, command.said.source, command.said.features)
    cites = tuple(ruling.citations)
    apart: list[Reason] = []
    watching = supervisor_of(ruling)
    if watching not in (None, opened.supervisor):
        apart.append(Reason("watched_over_by_another", cites, {"unit": rules.titled(watching)}))
    if closes_on and opened.closes_on and closes_on != opened.closes_on:
        apart.append(Reason("closes_otherwise", cites))
    if loop and opened.loop and loop != opened.loop:
        apart.append(Reason("goes_another_way", loop_cites(rules, opened.loop, loop)))
    if apart:
        raise Refused(*apart)
    own = rules.again(task.due) if task.due else None
    told = TaskSourceJoined(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        source=source_of(command.said, command.source_id),
        text=command.said.text,
        rows=tuple(ruling.rows),
        close_requires=tuple(dict.fromkeys(word for row in rows for word in row.close_requires)),
        closes_on=opened.closes_on or closes_on,
        loop=opened.loop or loop,
        stages=opened.stages or stages,
        due=min((one for one in (own, due) if one is not None), key=lambda one: one.due_at, default=None),
        joined_by=command.by,
        joined_at=command.at,
    )
    return [Told(told, (ruling,) if ruling.regulated else (), standing)]
