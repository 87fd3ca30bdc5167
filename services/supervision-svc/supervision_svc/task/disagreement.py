"""Units that do not agree: each states its view and grounds, the lead sends all of them up, somebody decides (分歧)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.envelope import Standing
from chancery.events.supervision import (
    DisagreementDecided,
    DisagreementFound,
    DisagreementSentUp,
    TaskEvent,
    TaskOpened,
    UnitView,
    ViewStated,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import row_named
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import LOOPS, Loop
from chancery.thing import Told
from supervision_svc.task.closing import loop_cites
from supervision_svc.task.parties import case_of, led, still_open, supervised
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class StateView:
    by: PersonId
    at: datetime
    unit: str
    view: str
    grounds: str


@dataclass(frozen=True, slots=True)
class FindDisagreement:
    by: PersonId
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class SendUp:
    by: PersonId
    at: datetime
    proposal: str


@dataclass(frozen=True, slots=True)
class DecideDisagreement:
    by: PersonId
    at: datetime
    decision: str


def state_view(command: StateView, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By somebody of the unit, for his own unit alone.

    Raises:
        Refused: closed, the unit has no part in it, or the views went up already; (forbidden) of another unit.
    """
    opened = still_open(task)
    if command.unit not in task.units:
        names = "、".join(rules.titled(unit) for unit in task.units) or "—"
        raise Refused(Reason("unit_has_no_part", params={"units": names}, subject="unit"))
    if not rules.works_in(command.by, command.unit):
        unit = rules.titled(command.unit)
        raise Refused(Reason("view_of_another_unit", params={"unit": unit}), kind="forbidden")
    if task.sent_up is not None:
        raise Refused(Reason("views_went_up", loop_cites(rules, task.disputed.loop if task.disputed else None)))
    view = UnitView(
        unit=command.unit,
        view=command.view,
        grounds=command.grounds,
        stated_by=command.by,
        stated_at=command.at,
    )
    stated = ViewStated(task_id=opened.task_id, matter_id=opened.matter_id, view=view)
    return [Told(stated, (), rules.own_standing(command.by, command.unit))]


def find_disagreement(command: FindDisagreement, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the lead, after it tried. From now on the views are owed to whom the rules let decide.

    Raises:
        Refused: closed, nobody leads it, it stands already, or one unit alone is concerned; (forbidden) somebody else.
    """
    opened, _, standing = led(task, command.by, rules)
    if task.disputed is not None:
        raise Refused(Reason("disagreement_stands_already", loop_cites(rules, task.disputed.loop)))
    if len(task.units) < 2:
        raise Refused(Reason("one_unit_alone"))
    ruling = rules.ask(
        LOOPS,
        source=rules.known("task_sources", opened.source.kind),
        features=rules.known_of("features", opened.features),
        disagreement=True,
    )
    found = DisagreementFound(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        loop=ruling.hits[0].row if ruling.hits else None,
        stages=tuple(ruling.hits[0].outcome.stages) if ruling.hits else (),
        units=task.units,
        note=command.note,
        found_by=command.by,
        found_at=command.at,
    )
    return [Told(found, (ruling,) if ruling.regulated else (), standing)]


def send_up(command: SendUp, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the lead, with the view and the grounds of every unit concerned; nobody's is left out.

    Raises:
        Refused: no disagreement stands, it went up already, or each view that is missing; (forbidden) somebody else.
    """
    opened, _, standing = led(task, command.by, rules)
    ruling = _way(task, rules)
    cites = tuple(ruling.citations)
    if task.disputed is None:
        raise Refused(Reason("no_disagreement_stands"))
    if task.sent_up is not None:
        raise Refused(Reason("views_went_up", cites))
    there = {view.unit: view for view in task.views}
    missing = [unit for unit in task.units if unit not in there]
    if missing:
        raise Refused(*(Reason("view_missing", cites, {"unit": rules.titled(unit)}, unit) for unit in missing))
    selector = _decider(ruling)
    to = rules.who(selector, case_of(opened), "decide").people() if selector is not None else ()
    sent = DisagreementSentUp(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        views=tuple(there[unit] for unit in task.units),
        proposal=command.proposal,
        to=tuple(sorted(to)),
        sent_by=command.by,
        sent_at=command.at,
    )
    return [Told(sent, _under(ruling), standing)]


def decide_disagreement(command: DecideDisagreement, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By whom the last stage of the row names; where it names nobody, the unit that watches records what was decided.

    Raises:
        Refused: nothing went up; (forbidden) another decides.
    """
    opened = still_open(task)
    ruling = _way(task, rules)
    if task.sent_up is None:
        raise Refused(Reason("views_not_up_yet", tuple(ruling.citations)))
    standing = _whoever_decides(command.by, opened, task, ruling, rules)
    decided = DisagreementDecided(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        decision=command.decision,
        decided_by=command.by,
        decided_at=command.at,
    )
    return [Told(decided, _under(ruling), standing)]


def _way(task: Task, rules: Rules) -> Ruling[Loop]:
    loop = task.disputed.loop if task.disputed is not None else None
    return row_named(rules, LOOPS.name, loop) if loop is not None else Ruling(LOOPS.name, rules.pack.ref, ())


def _under(ruling: Ruling[Loop]) -> tuple[Ruling[Loop], ...]:
    return (ruling,) if ruling.regulated else ()


def _decider(ruling: Ruling[Loop]) -> Selector | None:
    """Whoever takes the last stage of a disagreement decides it."""
    if not ruling.hits:
        return None
    row = ruling.hits[0].outcome
    return row.by.get(row.stages[-1])


def _whoever_decides(by: PersonId, opened: TaskOpened, task: Task, ruling: Ruling[Loop], rules: Rules) -> Standing:
    selector = _decider(ruling)
    if selector is None:
        return supervised(task, by, rules)[1]
    standing = rules.is_one_of(by, [selector], case_of(opened), "decide")
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(rules.who(selector, case_of(opened)).people()))
        who = {"who": names or selector.written()}
        raise Refused(Reason("not_the_one_who_decides", tuple(ruling.citations), who), kind="forbidden")
    return standing
