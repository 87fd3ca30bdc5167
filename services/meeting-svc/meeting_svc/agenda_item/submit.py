"""Put a matter to a body (议题报送)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chancery.calendar import local_day
from chancery.events.meeting import AgendaAccepted, AgendaHeldOver, AgendaItemEvent, AgendaSubmitted, MatterFacts
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grounds import bound_by
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Hit, Ruling
from chancery.rules.tables import AGENDA, COMPETENCE, Agenda
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem, Stage
from meeting_svc.agenda_item.way import has_the_word, proposer_of
from meeting_svc.facts import case_of, facts_of
from meeting_svc.matter.state import Matter

GATE_STAGES = ("submission", "agenda")
HARD = frozenset({"must", "in_principle"})
PAPERS_LATE = "papers_late"


@dataclass(frozen=True, slots=True)
class Submit:
    """``matter`` as its file stands now. ``for_unit`` None: the matter's lead unit."""

    by: PersonId
    at: datetime
    matter: Matter
    body: str
    for_unit: str | None = None
    sitting_on: date | None = None
    papers: tuple[PaperRef, ...] = ()
    on_paper: tuple[str, ...] = ()


def submit(command: Submit, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """Take the item in, or name everything that stands in its way.

    Late papers are no error where the rules hold the item over. Where nobody but the proposer himself would have to
    say a word, in his own right, the item is on the agenda at once.

    Raises:
        Refused: one reason per unmet gate, missing paper, wrong body or wrong proposer, each with its clauses.
    """
    facts = command.matter.facts
    if facts is None:
        raise Refused(Reason("matter_not_open"))
    if item.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("already_submitted"))
    if rules.body(command.body) is None:
        raise Refused(Reason("unknown_body", params={"body": command.body}, subject="body"))
    unit = command.for_unit or facts.lead_unit
    proposer = proposer_of(rules, command.by, unit)
    asked = facts_of(rules, facts, proposer)

    competence, not_competent = _competence(rules, command.body, facts)
    agenda = rules.ask(AGENDA, body=command.body, **asked)
    lacking = [*not_competent, *_proposer(rules, agenda, command, unit, proposer), *_papers(rules, agenda, command)]
    due, late = _lead(rules, agenda, command)
    if late and agenda.first is not None and agenda.first.outcome.on_late != "next_session":
        lacking.append(Reason(PAPERS_LATE, tuple(agenda.citations), {"due_on": str(due)}, subject="sitting_on"))
    case = case_of(facts, raiser=command.by, applicant=command.by, body=command.body)
    under: list[AnyRuling] = [agenda, competence]
    for stage in GATE_STAGES:
        gates, unmet = rules.unmet_gates(stage, asked | {"body": command.body}, command.matter.evidence, case)
        under.append(bound_by(gates))
        lacking += [reason for reason in unmet if reason not in lacking]
    if lacking:
        raise Refused(*lacking)

    submitted = AgendaSubmitted(
        item_id=item.id,
        matter_id=command.matter.id,
        facts=facts,
        body=command.body,
        sitting_on=command.sitting_on,
        papers=command.papers,
        on_paper=command.on_paper,
        submitted_by=command.by,
        for_unit=unit,
        submitted_at=command.at,
        papers_due_on=due,
    )
    standing = rules.own_standing(command.by, unit if rules.works_in(command.by, unit) else None)
    told: list[Told[AgendaItemEvent]] = [Told(submitted, tuple(one for one in under if one.rows), standing)]
    if late:
        held_over = AgendaHeldOver(item_id=item.id, from_sitting_on=command.sitting_on, reason=PAPERS_LATE)
        told.append(Told(held_over, (agenda,), standing))
    if agenda.first is not None and has_the_word(rules, agenda.first.outcome.route, command.by, command.body, case):
        accepted = AgendaAccepted(
            item_id=item.id, matter_id=command.matter.id, body=command.body, accepted_at=command.at
        )
        told.append(Told(accepted, (agenda,), standing))
    return told


def _competence(rules: Rules, body: str, facts: MatterFacts) -> tuple[Ruling[object], list[Reason]]:
    """Rows that say where the matter must go bind; a row that only allows binds nobody."""
    ruling = rules.ask(COMPETENCE, **facts_of(rules, facts))
    binding = tuple(hit for hit in ruling.hits if hit.outcome.power == "must" or hit.outcome.exclusive)
    bodies = list(dict.fromkeys(hit.outcome.body for hit in binding))
    if not bodies or body in bodies:
        resting = tuple(hit for hit in ruling.hits if hit.outcome.body == body)
        return Ruling(ruling.table, ruling.pack, resting), []
    names = {"body": rules.titled(body), "bodies": "、".join(rules.titled(one) for one in bodies)}
    cites = tuple(Ruling(ruling.table, ruling.pack, binding).citations)
    return ruling, [Reason("body_not_competent", cites, names, subject="body")]


def _proposer(rules: Rules, agenda: Ruling[Agenda], command: Submit, unit: str, proposer: str | None) -> list[Reason]:
    if proposer is None and not rules.works_in(command.by, unit):
        return [Reason("not_of_the_unit", params={"unit": rules.titled(unit)}, subject="for_unit")]
    hit = agenda.first
    if hit is None or not hit.outcome.proposers or hit.force not in HARD or proposer in hit.outcome.proposers:
        return []
    params = {"unit": rules.titled(proposer or unit), "body": rules.titled(command.body)}
    return [Reason("not_a_proposer", tuple(agenda.citations), params)]


def _papers(rules: Rules, agenda: Ruling[Agenda], command: Submit) -> list[Reason]:
    hit: Hit[Agenda] | None = agenda.first
    if hit is None or hit.force not in HARD:
        return []
    there = {paper.kind for paper in command.papers} | set(command.on_paper)
    wanted = dict.fromkeys((*((hit.outcome.form,) if hit.outcome.form else ()), *hit.outcome.attachments))
    cites = tuple(agenda.citations)
    return [
        Reason("needs_paper", cites, {"paper": rules.titled(kind), "kind": kind}, subject="papers")
        for kind in wanted
        if kind not in there
    ]


def _lead(rules: Rules, agenda: Ruling[Agenda], command: Submit) -> tuple[date | None, bool]:
    """The day the papers were due by, and whether they came after it; None where nothing is regulated."""
    hit = agenda.first
    if hit is None or hit.outcome.lead is None or command.sitting_on is None:
        return None, False
    due = rules.lead(hit.outcome.lead, command.sitting_on).due_on
    binding = hit.force in HARD and hit.outcome.on_late is not None
    return due, binding and local_day(command.at) > due
