"""Open a case, do what the rules want of it, answer, close; or see its day pass (登记、办理、回应、办结)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.openness import CaseAnswered, CaseClosed, CaseEvent, CaseOpened, CaseOverdue, CaseStepDone
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import OPINION_CASES, TASK_SOURCES
from chancery.rules.tables import OpinionCase as CaseRow
from chancery.thing import Told
from disclosure_svc.entry.handling import of_office
from disclosure_svc.opinion_case.state import OpinionCase, Stage

DUE = "case_answer"


@dataclass(frozen=True, slots=True)
class OpenCase:
    by: PersonId
    at: datetime
    matter_id: UUID
    about: str
    title: str
    text: str
    unit: str
    severity: str | None = None
    channel: str | None = None
    simple: bool | None = None


@dataclass(frozen=True, slots=True)
class DoStep:
    """``release_id`` where what went out did it; then nobody's hand did."""

    by: PersonId | None
    step: str
    note: str
    at: datetime
    release_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """``step`` is the one of the rules' steps that the answer is, where it is one; ``public``: shown on the site."""

    by: PersonId
    text: str
    at: datetime
    public: bool = False
    step: str | None = None


@dataclass(frozen=True, slots=True)
class CloseCase:
    by: PersonId
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseRunOut:
    due: Counted


def open_case(command: OpenCase, case: OpinionCase, rules: Rules) -> Sequence[Told[CaseEvent]]:
    """By the office or the unit in whose remit it lies. What no row speaks of is taken in all the same, owing nothing.

    Raises:
        Refused: there already, a unit or channel unknown here; (forbidden) another unit.
    """
    if case.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("case_opened_already"))
    lacking: list[Reason] = []
    if command.unit not in rules.roster.units:
        lacking.append(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    if command.channel is not None and rules.known("channels", command.channel) is None:
        lacking.append(Reason("no_such_channel", params={"channels": command.channel}, subject="channel"))
    if lacking:
        raise Refused(*lacking)
    _of_the_unit(command.by, command.unit, rules)
    ruling = _row(rules, command.about, command.severity)
    row = ruling.first
    due, under = _clock(command, ruling, rules)
    opened = CaseOpened(
        case_id=case.id,
        matter_id=command.matter_id,
        about=command.about,
        severity=command.severity,
        title=command.title,
        text=command.text,
        unit=command.unit,
        channel=command.channel,
        simple=command.simple,
        requires=row.outcome.requires if row else (),
        until=row.outcome.until if row else None,
        due=due,
        opened_by=command.by,
        opened_at=command.at,
    )
    return [Told(opened, (*((ruling,) if ruling.regulated else ()), *under))]


def do_step(command: DoStep, case: OpinionCase, rules: Rules) -> Sequence[Told[CaseEvent]]:
    """What the rules want of it, or a step of one's own (an update); a step done twice stands as it was done last.

    Raises:
        Refused: closed; (forbidden) of neither the unit nor the office.
    """
    if command.by is None and case.stage is not Stage.OPEN:
        return []
    opened = _open(case)
    if command.by is not None:
        _of_the_unit(command.by, opened.unit, rules)
    done = CaseStepDone(
        case_id=case.id,
        matter_id=opened.matter_id,
        step=command.step,
        note=command.note,
        release_id=command.release_id,
        done_by=command.by,
        done_at=command.at,
    )
    return [Told(done, _under(opened, rules))]


def answer_case(command: AnswerCase, case: OpinionCase, rules: Rules) -> Sequence[Told[CaseEvent]]:
    """The answer to whoever wrote, or to the public.

    Raises:
        Refused: closed; (forbidden) of neither the unit nor the office.
    """
    opened = _open(case)
    _of_the_unit(command.by, opened.unit, rules)
    late = case.overdue or (opened.due is not None and command.at >= rules.again(opened.due).due_at)
    answered = CaseAnswered(
        case_id=case.id,
        matter_id=opened.matter_id,
        text=command.text,
        public=command.public,
        answered_by=command.by,
        answered_at=command.at,
        late=late,
    )
    told: list[Told[CaseEvent]] = [Told(answered, _under(opened, rules))]
    if command.step is not None:
        told += do_step(DoStep(command.by, command.step, command.text[:2_000], command.at), case, rules)
    return told


def close_case(command: CloseCase, case: OpinionCase, rules: Rules) -> Sequence[Told[CaseEvent]]:
    """Once everything the rules want was done; what is missing is named at once.

    Raises:
        Refused: closed, something is missing; (forbidden) of neither the unit nor the office.
    """
    opened = _open(case)
    _of_the_unit(command.by, opened.unit, rules)
    cites = _cites(opened, rules)
    lacking = [
        Reason(
            "case_step_missing",
            cites,
            {"step": step, "step_zh": rules.titled(step), "step_en": rules.titled(step, "en")},
        )
        for step in opened.requires
        if step not in case.done
    ]
    if opened.due is not None and not case.answers:
        lacking.append(Reason("case_not_answered", cites))
    if lacking:
        raise Refused(*lacking)
    closed = CaseClosed(
        case_id=case.id, matter_id=opened.matter_id, note=command.note, closed_by=command.by, closed_at=command.at
    )
    return [Told(closed, _under(opened, rules))]


def case_run_out(command: CaseRunOut, case: OpinionCase, rules: Rules) -> Sequence[Told[CaseEvent]]:
    if case.opened is None or case.stage is not Stage.OPEN or case.overdue or case.answers:
        return []
    told = CaseOverdue(case_id=case.id, matter_id=case.opened.matter_id, due=command.due)
    return [Told(told, _under(case.opened, rules))]


def _clock(command: OpenCase, ruling: Ruling[CaseRow], rules: Rules) -> tuple[Counted | None, tuple[AnyRuling, ...]]:
    """By the clock that the row of the case names, else by that of the task it is for those who follow it up."""
    name = ruling.first.outcome.clock if ruling.first else None
    if name is None:
        tasks = rules.ask(TASK_SOURCES, source=rules.known("task_sources", command.about))
        name = next((hit.outcome.clock for hit in tasks.hits if hit.outcome.clock), None) if command.channel else None
    if name is None:
        return None, ()
    clock, count = rules.clock(name, command.at, channel=command.channel, simple=command.simple, source=command.about)
    if count is None:
        return None, ()
    return rules.counted(DUE, clock, count), (clock,)


def _row(rules: Rules, about: str, severity: str | None) -> Ruling[CaseRow]:
    return rules.ask(OPINION_CASES, about=about, severity=severity)


def _under(opened: CaseOpened, rules: Rules) -> tuple[AnyRuling, ...]:
    ruling = _row(rules, opened.about, opened.severity)
    return (ruling,) if ruling.regulated else ()


def _cites(opened: CaseOpened, rules: Rules) -> tuple[Citation, ...]:
    return tuple(_row(rules, opened.about, opened.severity).citations)


def _open(case: OpinionCase) -> CaseOpened:
    if case.opened is None:
        raise not_found("opinion_case")
    if case.stage is Stage.CLOSED:
        raise Refused(Reason("case_closed"))
    return case.opened


def _of_the_unit(person: str, unit: str, rules: Rules) -> None:
    if not rules.works_in(person, unit) and not of_office(rules, person):
        params = {"unit": rules.titled(unit)}
        raise Refused(Reason("not_of_office_or_lead", params=params), kind="forbidden")
