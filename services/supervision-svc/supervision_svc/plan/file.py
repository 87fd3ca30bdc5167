"""Put a recurring piece of work on record: the year's key work, a stage's goals, a duty report, a reception (报送)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chancery.events.planning import PlanEntry, PlanFiled
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import PLAN, PlanRule
from chancery.thing import Told
from supervision_svc.plan.period import days_of, unit_of
from supervision_svc.plan.state import Plan


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    fields: tuple[tuple[str, str], ...] = ()
    item: str | None = None
    lead: str | None = None
    cooperating: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class FilePlan:
    by: PersonId
    at: datetime
    artefact: str
    period: str
    holder: str | None
    lines: tuple[Line, ...]
    as_tasks: str | None = None


def file_plan(command: FilePlan, plan: Plan, rules: Rules) -> Sequence[Told[PlanFiled]]:
    """By whom the row names; what a line lacks is marked on it, and the whole stays a draft until nothing is lacking.

    Raises:
        Refused: no row speaks of it, another period, units, people or source that are not known; (forbidden) another.
    """
    ruling = rules.ask(PLAN, artefact=command.artefact)
    if not ruling.regulated:
        raise Refused(Reason("no_such_plan", params={"plan": rules.titled(command.artefact)}, subject="artefact"))
    wrong = _wrong(command, ruling, rules)
    if wrong:
        raise Refused(*wrong)
    _may_file(command, ruling, rules)
    _, last = days_of(command.period)
    wanted = tuple(dict.fromkeys(word for hit in ruling.hits for word in hit.outcome.fields))
    entries = tuple(_entry(no, line, wanted, last) for no, line in enumerate(command.lines, 1))
    filed = PlanFiled(
        plan_id=plan.id,
        artefact=command.artefact,
        period=command.period,
        holder=command.holder,
        entries=entries,
        draft=any(entry.missing for entry in entries),
        edition=plan.edition + 1,
        as_tasks=command.as_tasks,
        filed_by=command.by,
        filed_at=command.at,
    )
    return [Told(filed, (ruling,), rules.own_standing(command.by))]


def _entry(no: int, line: Line, wanted: Sequence[str], last: date) -> PlanEntry:
    fields = {word: said.strip() for word, said in line.fields if said.strip()}
    return PlanEntry(
        no=no,
        title=line.title,
        fields=fields,
        item=line.item,
        lead=line.lead,
        cooperating=line.cooperating,
        responsible=line.responsible,
        due_on=line.due_on,
        missing=tuple(word for word in wanted if word not in fields),
        beyond=line.due_on is not None and line.due_on > last,
    )


def _wrong(command: FilePlan, ruling: Ruling[PlanRule], rules: Rules) -> list[Reason]:
    units = {hit.outcome.rhythm.unit for hit in ruling.hits}
    wrong: list[Reason] = []
    if unit_of(command.period) not in units:
        cites = tuple(ruling.citations)
        wrong.append(Reason("another_period", cites, {"unit": "、".join(sorted(units))}, "period"))
    if command.as_tasks is not None and rules.known("task_sources", command.as_tasks) is None:
        wrong.append(Reason("word_not_known", params={"word": command.as_tasks}, subject="as_tasks"))
    for line in command.lines:
        named = [unit for unit in (line.lead, *line.cooperating) if unit]
        strange = [unit for unit in named if unit not in rules.roster.units]
        wrong += [Reason("unit_not_known", params={"unit": unit}, subject="lead") for unit in strange]
        ghosts = [person for person in line.responsible if person not in rules.roster.persons]
        wrong += [Reason("person_not_known", params={"person": person}, subject="responsible") for person in ghosts]
    return list({(one.code, str(one.params), one.subject): one for one in wrong}.values())


def _may_file(command: FilePlan, ruling: Ruling[PlanRule], rules: Rules) -> None:
    """Whom the row names; nobody named: anybody with a post. A unit's is filed by it, a person's by himself."""
    holder = command.holder
    if holder is not None and holder in rules.roster.units:
        if not rules.works_in(command.by, holder):
            raise Refused(Reason("plan_of_another", params={"holder": rules.titled(holder)}), kind="forbidden")
        return
    if holder is not None and holder != command.by:
        raise Refused(Reason("plan_of_another", params={"holder": rules.titled(holder)}), kind="forbidden")
    for hit in ruling.hits:
        selector = hit.outcome.drafted_by
        if selector is None:
            continue
        if rules.is_one_of(command.by, [selector], Case()) is None:
            names = rules.titled(selector.name) if selector.name else selector.written()
            raise Refused(Reason("plan_is_drafted_by", hit.cites, {"who": names}), kind="forbidden")
    if not rules.roster.held_by(command.by, rules.at):
        raise Refused(Reason("of_no_unit"), kind="forbidden")
