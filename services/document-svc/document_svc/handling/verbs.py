"""Handed over to a unit, explained, extended, dealt with, overdue (交办、说明、延期、办结、逾期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chancery.calendar import Span
from chancery.envelope import Standing
from chancery.events.incoming import (
    HandlingExplained,
    HandlingExtended,
    HandlingFinished,
    HandlingOverdue,
    IncomingEvent,
    IncomingHandedOver,
)
from chancery.events.parts import Counted, PaperRef, utc
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import approvers, extending
from chancery.rules.grounds import clock_of
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Clock
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.incoming.by_hand import set_moment, set_span
from document_svc.incoming.facts import case_of, facts_of, in_hand, office_and, strange_units
from document_svc.incoming.state import Incoming, Stage
from document_svc.incoming.turns import settled, turns

HANDLING: Final = "handling"
"""The clock of a document handed over."""
SEVERAL: Final = "lead_of_several"


@dataclass(frozen=True, slots=True)
class HandOver:
    """``needs`` and ``source`` choose the clock; ``due_at`` or ``limit`` is set where the rules leave it open."""

    by: PersonId
    lead_unit: str
    units_involved: tuple[str, ...] = ()
    needs: str | None = None
    source: str | None = None
    due_at: datetime | None = None
    limit: Span | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Explain:
    by: PersonId
    text: str


@dataclass(frozen=True, slots=True)
class ExtendHandling:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    to: date | int
    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    """``kept`` says that the store has the bytes of every paper."""

    by: PersonId
    result: str
    papers: tuple[PaperRef, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class HandlingRunOut:
    deadline: UUID


def hand_over(command: HandOver, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, once it has gone round. The unit's clock begins with it.

    Raises:
        Refused: not gone round yet, a unit nobody knows, the limit is to be set and is not, or is not for the office to
            set, or has passed; (forbidden) not the office acts.
    """
    entry, standing = office_and(one, command.by, rules, Stage.CIRCULATED)
    lacking = strange_units(rules, (command.lead_unit, *command.units_involved))
    due, ruling, more = _due(command, one, rules)
    lacking += more
    if lacking:
        raise Refused(*lacking)
    told = IncomingHandedOver(
        incoming_id=one.id,
        matter_id=entry.matter_id,
        lead_unit=command.lead_unit,
        units_involved=tuple(unit for unit in command.units_involved if unit != command.lead_unit),
        needs=command.needs,
        source=command.source,
        limit_set=command.due_at is not None or command.limit is not None,
        due=due,
        note=command.note,
        handed_by=command.by,
        handed_at=utc(rules.at),
    )
    return settled([Told(told, (ruling,) if ruling.regulated else (), standing)], one, rules, command.by)


def _clock(
    rules: Rules, one: Incoming, since: datetime, command: HandOver, *, explained: bool | None = None
) -> tuple[Ruling[Clock], Counted | None]:
    """The row of its clock and how it counts; None where the row leaves it to be set, or no row is there."""
    asked = facts_of(rules, one)
    asked |= {
        "needs": command.needs,
        "source": command.source,
        "role": SEVERAL if command.units_involved else None,
        "explained": explained,
    }
    ruling, count = rules.clock(HANDLING, since, limit=command.limit, **asked)
    return ruling, rules.counted(HANDLING, ruling, count) if count is not None else None


def _due(command: HandOver, one: Incoming, rules: Rules) -> tuple[Counted | None, Ruling[Clock], list[Reason]]:
    ruling, due = _clock(rules, one, rules.at, command)
    hit, cites = ruling.first, tuple(ruling.citations)
    given = command.due_at is not None or command.limit is not None
    if command.due_at is not None and command.due_at <= rules.at:
        return None, ruling, [Reason("moment_has_passed", cites, subject="due_at")]
    if hit is None:
        return (set_moment(HANDLING, command.due_at, rules) if command.due_at is not None else None), ruling, []
    open_ = hit.outcome.set_by_host == "overrides" or due is None
    if given and not open_:
        return None, ruling, [Reason("limit_is_the_rules", cites, {"due_on": due.due_on.isoformat() if due else ""})]
    if command.due_at is not None:
        return set_moment(HANDLING, command.due_at, rules, hit), ruling, []
    if due is not None:
        return due, ruling, []
    if command.limit is not None:
        return set_span(HANDLING, command.limit, rules, hit), ruling, []
    return None, ruling, [Reason("limit_to_be_set", cites, subject="due_at")]


def explain(command: Explain, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the unit, before its limit: why it takes longer. The clock is counted anew by the row that wants just that.

    Raises:
        Refused: not handed over, explained already, too late, or no row gives more time for an explanation; (forbidden)
            another unit's.
    """
    handed, standing = _of_the_lead(one, command.by, rules)
    was = one.due
    if was is None:
        raise Refused(Reason("no_clock_runs"))
    was = rules.again(was)
    cites = tuple(clock_of(rules, was).citations)
    lacking: list[Reason] = []
    if one.explained:
        lacking.append(Reason("explained_already", cites))
    if one.overdue or rules.at >= was.due_at:
        lacking.append(Reason("clock_ran_out", cites, {"due_on": was.due_on.isoformat()}))
    again = HandOver(command.by, handed.lead_unit, handed.units_involved, handed.needs, handed.source)
    ruling, now = _clock(rules, one, handed.handed_at, again, explained=True)
    if now is None or now.rule == was.rule:
        lacking.append(Reason("explanation_gives_nothing", cites))
    if lacking or now is None:
        raise Refused(*lacking)
    told = HandlingExplained(incoming_id=one.id, text=command.text, was=was, now=now, explained_by=command.by)
    return settled([Told(told, (ruling,), standing)], one, rules, command.by)


def extend_handling(command: ExtendHandling, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By whom the clock's row names, or the office; before it is due.

    Raises:
        Refused: not handed over, no clock, too late, not later, more than the row allows; (forbidden) another approves.
    """
    in_hand(one, Stage.HANDED)
    standing = _approver(one, command.by, rules)
    moved = extending(rules, one.due, command.to, ran_out=one.overdue, extensions=one.extensions)
    told = HandlingExtended(
        incoming_id=one.id, reason=command.reason, was=moved.was, now=moved.now, approved_by=command.by
    )
    under = (moved.under,) if moved.under.regulated else ()
    return settled([Told(told, under, standing)], one, rules, command.by)


def _approver(one: Incoming, by: PersonId, rules: Rules) -> Standing:
    post = approvers(rules, one.due)
    if post is None:
        return registrar(rules, by)
    case = case_of(one)
    standing = rules.is_one_of(by, [post], case, "approve")
    if standing is None:
        names = "、".join(rules.roster.name(person) for person in sorted(rules.who(post, case, "approve").people()))
        cites = tuple(clock_of(rules, one.due).citations) if one.due is not None else ()
        raise Refused(Reason("not_the_approver", cites, {"who": names or post.written()}), kind="forbidden")
    return standing


def finish(command: Finish, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the lead unit, late as well; the event says so.

    Raises:
        Refused: not handed over, a paper is not in the store; (forbidden) another unit's.
    """
    handed, standing = _of_the_lead(one, command.by, rules)
    if not command.kept:
        raise Refused(Reason("file_missing", subject="papers"))
    due = rules.again(one.due) if one.due is not None else None
    told = HandlingFinished(
        incoming_id=one.id,
        matter_id=handed.matter_id,
        unit=handed.lead_unit,
        result=command.result,
        papers=command.papers,
        late=one.overdue or (due is not None and rules.at >= due.due_at),
        finished_by=command.by,
        finished_at=utc(rules.at),
    )
    under = (clock_of(rules, due),) if due is not None else ()
    return settled([Told(told, under, standing)], one, rules, command.by)


def handling_run_out(command: HandlingRunOut, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """Once, at its moment; says whose turn it is. Not where it was dealt with meanwhile, or moved."""
    del command
    if one.handed is None or one.due is None or one.stage is not Stage.HANDED or one.overdue:
        return []
    due = rules.again(one.due)
    if rules.at < due.due_at:
        return []
    waits = tuple(dict.fromkeys(turn.unit or turn.person or "" for turn in turns(one, rules)))
    told = HandlingOverdue(incoming_id=one.id, matter_id=one.handed.matter_id, due=due, waits_for=waits)
    return [Told(told, (clock_of(rules, due),))]


def _of_the_lead(one: Incoming, by: PersonId, rules: Rules) -> tuple[IncomingHandedOver, Standing]:
    in_hand(one, Stage.HANDED)
    handed = one.handed
    if handed is None:
        raise Refused(Reason("incoming_not_received"))
    if not rules.works_in(by, handed.lead_unit):
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(handed.lead_unit)}), kind="forbidden")
    return handed, rules.own_standing(by, handed.lead_unit)
