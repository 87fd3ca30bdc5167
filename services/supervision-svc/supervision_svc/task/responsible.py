"""Name who answers for a task (第一责任人), and the one to turn to day by day (联系人)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.envelope import Standing
from chancery.events.supervision import ResponsibleNamed, TaskEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import TASK_SOURCES, TaskRule
from chancery.thing import Told
from supervision_svc.task.parties import case_of, still_open
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class NameResponsible:
    by: PersonId
    at: datetime
    responsible: tuple[str, ...]
    supporting: tuple[str, ...] = ()
    contact: str | None = None


def name_responsible(command: NameResponsible, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the lead, by the unit that watches over it, or by whoever chooses under the rules.

    Raises:
        Refused: closed, somebody is not known, or not one whom the rows mean, or two are named where one answers, each
            with the clauses; (forbidden) somebody else.
    """
    opened = still_open(task)
    ruling = naming(rules, opened.rows)
    standing = _whoever_names(command, task, ruling, rules)
    reasons = wrong(rules, ruling, command.responsible, case_of(opened))
    strange = [who for who in (*command.supporting, command.contact) if who and who not in rules.roster.persons]
    reasons += [Reason("person_not_known", params={"person": who}, subject="supporting") for who in strange]
    if reasons:
        raise Refused(*reasons)
    told = ResponsibleNamed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        was=task.answers,
        responsible=command.responsible,
        supporting=command.supporting,
        contact=command.contact,
        named_by=command.by,
        named_at=command.at,
    )
    return [Told(told, (ruling,) if ruling.regulated else (), standing)]


def naming(rules: Rules, rows: Sequence[str]) -> Ruling[TaskRule]:
    """Those of a task's rows that say who answers for it."""
    cites = rules.pack.citations.get(TASK_SOURCES.name, {})
    hits = [
        Hit(row.id, row.outcome, row.force, cites[row.id])
        for row in rules.pack.rows(TASK_SOURCES)
        if row.id in rows and row.outcome.responsible is not None
    ]
    return Ruling(TASK_SOURCES.name, rules.pack.ref, tuple(hits))


def wrong(rules: Rules, ruling: Ruling[TaskRule], named: Sequence[str], case: Case) -> list[Reason]:
    """What stands against these people: not known, not whom a row means, or more than one where one answers."""
    reasons = [
        Reason("person_not_known", params={"person": person}, subject="responsible")
        for person in named
        if person not in rules.roster.persons
    ]
    for hit in ruling.hits:
        selector = hit.outcome.responsible
        if selector is None:
            continue
        fitting = rules.who(_wider(selector), case, acting="never").people()
        others = [person for person in named if person in rules.roster.persons and person not in fitting]
        who = "、".join(rules.roster.name(person) for person in sorted(fitting)) or selector.written()
        reasons += [
            Reason("not_one_who_answers", hit.cites, {"person": rules.roster.name(person), "who": who}, "responsible")
            for person in others
        ]
        if len(named) > 1 and hit.outcome.lead == "exactly" and "lead" in hit.outcome.model_fields_set:
            reasons.append(Reason("one_answers_for_it", hit.cites, subject="responsible"))
    return reasons


def _wider(selector: Selector) -> Selector:
    """Where somebody is chosen among others, those among whom."""
    return selector.among if selector.how == "chosen_by" and selector.among is not None else selector


def _whoever_names(command: NameResponsible, task: Task, ruling: Ruling[TaskRule], rules: Rules) -> Standing:
    opened = still_open(task)
    chosen = [
        (hit.outcome.responsible.of, hit.cites)
        for hit in ruling.hits
        if hit.outcome.responsible is not None and hit.outcome.responsible.how == "chosen_by"
    ]
    for chooser, cites in chosen:
        standing = rules.is_one_of(command.by, [chooser], case_of(opened), "choose") if chooser else None
        if standing is None and chooser is not None:
            names = "、".join(rules.roster.name(one) for one in sorted(rules.who(chooser, case_of(opened)).people()))
            raise Refused(Reason("not_the_one_who_names", cites, {"who": names or chooser.written()}), kind="forbidden")
        if standing is not None:
            return standing
    units = [unit for unit in (opened.lead, *task.also_leads, opened.supervisor) if unit]
    for unit in units:
        if rules.works_in(command.by, unit):
            return rules.own_standing(command.by, unit)
    names = "、".join(rules.titled(unit) for unit in units) or "—"
    raise Refused(Reason("not_of_a_unit_concerned", params={"units": names}), kind="forbidden")
