"""Take it up, hold it for what it lacks, or send it back with everything that is wrong (受理、待补正、退文)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.incoming import (
    IncomingAccepted,
    IncomingClosed,
    IncomingEvent,
    IncomingHeld,
    IncomingPassedOn,
    IncomingPutBefore,
    IncomingReturned,
    Lacking,
    ResubmissionOverdue,
)
from chancery.events.parts import Counted, Evidence, utc
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grounds import bound_by
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.rules.tables import CONSULTATION
from chancery.texts.saying import Sayings
from chancery.thing import Told
from document_svc.circulation.way import at_once, ruling_of
from document_svc.incoming.by_hand import set_day
from document_svc.incoming.checks import findings, items
from document_svc.incoming.facts import case_of, entry_of, facts_of, gate_facts, office_and
from document_svc.incoming.judge import BEFORE
from document_svc.incoming.state import Incoming, Stage
from document_svc.incoming.turns import settled

AGAIN: Final = "resubmission"
"""The clock until what was sent back comes again."""


@dataclass(frozen=True, slots=True)
class Accept:
    by: PersonId


@dataclass(frozen=True, slots=True)
class Hold:
    by: PersonId
    sayings: Sayings


@dataclass(frozen=True, slots=True)
class GiveBack:
    """``also`` are faults that a person sees beside those of the rules; ``again_by`` a day the office sets."""

    by: PersonId
    sayings: Sayings
    also: tuple[str, ...] = ()
    note: str | None = None
    again_by: date | None = None


@dataclass(frozen=True, slots=True)
class AgainRunOut:
    deadline: UUID


@dataclass(frozen=True, slots=True)
class PassOn:
    by: PersonId
    to: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Close:
    by: PersonId
    note: str | None = None


def accept(command: Accept, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, once nothing is wrong with it and every question is answered.

    Raises:
        Refused: taken up or sent back already, or everything that stands in the way; (forbidden) not the office acts.
    """
    _, standing = office_and(one, command.by, rules, *BEFORE)
    found = findings(rules, one)
    if found.reasons:
        raise Refused(*found.reasons)
    under = [*found.under]
    way = ruling_of(rules, one)
    first = at_once(rules, one, way)
    if first:
        under.append(way)
    helpers, expected, more = _brought_together(rules, one)
    told = IncomingAccepted(
        incoming_id=one.id,
        at_once=first,
        helpers=helpers,
        expected=expected,
        accepted_by=command.by,
        accepted_at=utc(rules.at),
    )
    put: list[Told[IncomingEvent]] = [
        Told(IncomingPutBefore(incoming_id=one.id, reader=person, at_once=True, put_at=utc(rules.at)), (way,), standing)
        for person in first
    ]
    return settled([Told(told, (*under, *more), standing), *put], one, rules, command.by)


def _brought_together(rules: Rules, one: Incoming) -> tuple[tuple[str, ...], tuple[str, ...], tuple[AnyRuling, ...]]:
    """Whoever helps where units do not agree, and what that is to come to, where the rules say."""
    if not entry_of(one).disagreement:
        return (), (), ()
    ruling = rules.ask(CONSULTATION, disagreement=True, **facts_of(rules, one))
    hit = ruling.first
    if hit is None:
        return (), (), ()
    case = case_of(one)
    aside = [step.to or step.by for step in hit.outcome.on_disagreement if not step.blocks]
    helpers = {str(person) for who in aside if who is not None for person in rules.who(who, case).people()}
    there = {each.evidence for each in one.evidence}
    expected = tuple(word for word in hit.outcome.requires if word not in there)
    return tuple(sorted(helpers)), expected, (ruling,)


def hold(command: Hold, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, instead of sending it back; whoever sent it is told what it lacks.

    Raises:
        Refused: taken up or sent back already, or nothing is wrong with it; (forbidden) not the office acts.
    """
    _, standing = office_and(one, command.by, rules, Stage.RECEIVED)
    found = findings(rules, one)
    if not found.wrong:
        raise Refused(Reason("nothing_wrong"))
    held = IncomingHeld(incoming_id=one.id, lacking=items(found.wrong, command.sayings), held_by=command.by)
    return settled([Told(held, found.under, standing)], one, rules, command.by)


def give_back(command: GiveBack, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, with everything that is wrong; what is merely not judged yet is no fault of the paper.

    Raises:
        Refused: taken up or sent back already, nothing is wrong with it, or the day set has passed; (forbidden) not the
            office acts.
    """
    entry, standing = office_and(one, command.by, rules, *BEFORE)
    found = findings(rules, one)
    lacking = items(found.wrong, command.sayings)
    lacking += tuple(Lacking(code="also", says_zh=said, says_en=said) for said in command.also)
    refused: list[Reason] = []
    if not lacking:
        refused.append(Reason("nothing_wrong"))
    if command.again_by is not None and command.again_by < local_day(rules.at):
        refused.append(Reason("day_has_passed", subject="again_by"))
    if refused:
        raise Refused(*refused)
    due, under = _until_again(command, one, rules)
    told = IncomingReturned(
        incoming_id=one.id,
        matter_id=entry.matter_id,
        lacking=lacking,
        note=command.note,
        again_due=due,
        returned_by=command.by,
        returned_at=utc(rules.at),
    )
    return settled([Told(told, (*found.under, *under), standing)], one, rules, command.by)


def _until_again(command: GiveBack, one: Incoming, rules: Rules) -> tuple[Counted | None, tuple[AnyRuling, ...]]:
    ruling, count = rules.clock(AGAIN, rules.at, **facts_of(rules, one))
    if count is not None:
        return rules.counted(AGAIN, ruling, count), (ruling,)
    return (set_day(AGAIN, command.again_by, rules) if command.again_by is not None else None), ()


def again_run_out(command: AgainRunOut, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """Once, and not where it came again meanwhile."""
    del command
    due = one.returned.again_due if one.returned is not None else None
    if due is None or one.again is not None or one.again_overdue or rules.at < due.due_at:
        return []
    return settled([Told(ResubmissionOverdue(incoming_id=one.id, due=due))], one, rules, None)


def pass_on(command: PassOn, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """To a body outside, by the office, once every gate of sending out is met.

    Raises:
        Refused: not taken up, or everything that is missing; (forbidden) not the office acts.
    """
    on_its_way = (Stage.ACCEPTED, Stage.CIRCULATING, Stage.CIRCULATED)
    _, standing = office_and(one, command.by, rules, *on_its_way)
    on_file = (*one.evidence, *command.evidence)
    whole = replace(one, evidence=on_file)
    gates, missing = rules.unmet_gates(
        "dispatch", gate_facts(rules, whole), on_file, case_of(whole), excuses=one.excuses, claims=one.claims
    )
    if missing:
        raise Refused(*missing)
    told = IncomingPassedOn(incoming_id=one.id, to=command.to, evidence=command.evidence, passed_by=command.by)
    return settled([Told(told, (bound_by(gates),), standing)], one, rules, command.by)


def close(command: Close, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office: read by all whom it concerns, or dealt with.

    Raises:
        Refused: it is still on its way, or handed over; (forbidden) not the office acts.
    """
    done = (Stage.CIRCULATED, Stage.FINISHED, Stage.PASSED_ON)
    _, standing = office_and(one, command.by, rules, *done)
    told = IncomingClosed(incoming_id=one.id, note=command.note, closed_by=command.by)
    return settled([Told(told, standing=standing)], one, rules, command.by)
