"""What is said of a document that came in before it is taken up: answers, excuses, exceptions, what came after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chancery.events.incoming import (
    IncomingAnswered,
    IncomingCompleted,
    IncomingEvent,
    IncomingExceptionClaimed,
    IncomingExcused,
)
from chancery.events.parts import Answer, Evidence
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import EVERY_TABLE, Claiming, Excusing, claiming, excusing
from chancery.rules.predicates import REGISTRY
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import CHECKS, GATES
from chancery.thing import Told
from document_svc.document.hands import of_unit_or_office
from document_svc.incoming.checks import findings, looked_at
from document_svc.incoming.facts import case_of, in_hand, office_and, strange_words
from document_svc.incoming.state import Incoming, Stage

BEFORE = (Stage.RECEIVED, Stage.HELD)


@dataclass(frozen=True, slots=True)
class AnswerIncoming:
    by: PersonId
    question: str
    yes: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ExcuseIncoming:
    by: PersonId
    asked: Excusing


@dataclass(frozen=True, slots=True)
class ClaimForIncoming:
    by: PersonId
    asked: Claiming


@dataclass(frozen=True, slots=True)
class Complete:
    by: PersonId
    evidence: tuple[Evidence, ...] = ()
    fields: tuple[str, ...] = ()
    attribute: Literal["proactive", "on_request", "withheld"] | None = None
    ground: str | None = None


def answer_incoming(command: AnswerIncoming, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office; answered anew, the last answer counts.

    Raises:
        Refused: taken up or sent back already, or no check of it asks that; (forbidden) not the office acts.
    """
    _, standing = office_and(one, command.by, rules, *BEFORE)
    ruling, looked = looked_at(rules, one)
    asking = tuple(each.hit for each in looked if each.hit.outcome.check == command.question)
    known = {each.hit.outcome.check for each in looked if REGISTRY[each.hit.outcome.check].question}
    if not asking or command.question not in known:
        names = "、".join(REGISTRY[word].zh for word in sorted(known)) or "—"
        raise Refused(Reason("no_such_question", params={"question": command.question, "known": names}))
    given = Answer(question=command.question, yes=command.yes, note=command.note, by=command.by, at=rules.at)
    under = Ruling(ruling.table, ruling.pack, asking)
    return [Told(IncomingAnswered(incoming_id=one.id, answer=given), (under,), standing)]


def excuse_incoming(command: ExcuseIncoming, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the one whom the row names; what must be is never excused.

    Raises:
        Refused: taken up or sent back already, no such row, it must be kept, or nothing of it is unmet; (forbidden)
            another may excuse it.
    """
    in_hand(one, *BEFORE)
    unmet = [way for reason in findings(rules, one).reasons for way in reason.excusable]
    tables = (GATES.name, CHECKS.name)
    case = case_of(one)
    given = excusing(command.asked, command.by, rules, case, tables=tables, given=one.excuses, unmet=unmet)
    return [Told(IncomingExcused(incoming_id=one.id, excuse=given.excuse), (given.under,), given.standing)]


def claim_for_incoming(command: ClaimForIncoming, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, with the reason why the exception holds.

    Raises:
        Refused: taken up or sent back already, no row names it, or it was claimed; (forbidden) not the office acts.
    """
    _, standing = office_and(one, command.by, rules, *BEFORE)
    made, under = claiming(command.asked, command.by, rules, one.claims, EVERY_TABLE)
    return [Told(IncomingExceptionClaimed(incoming_id=one.id, claim=made), under, standing)]


def complete(command: Complete, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """What was lacking, brought by the sender or entered by the office; later on, what comes on file meanwhile.

    Raises:
        Refused: sent back or over, nothing is brought, a word is not the pack's; (forbidden) neither the sender's unit
            nor the office acts.
    """
    entry = in_hand(one, *BEFORE, Stage.ACCEPTED, Stage.CIRCULATING, Stage.CIRCULATED)
    unit = entry.sender_unit if entry.sender_unit is not None else one.lead_unit
    standing = of_unit_or_office(rules, unit or "", command.by)
    lacking = strange_words(rules, {"evidence": ("evidence", [each.evidence for each in command.evidence])})
    if not (command.evidence or command.fields or command.attribute or command.ground):
        lacking.append(Reason("nothing_brought"))
    if lacking:
        raise Refused(*lacking)
    told = IncomingCompleted(
        incoming_id=one.id,
        evidence=command.evidence,
        fields=command.fields,
        attribute=command.attribute,
        ground=command.ground,
        brought_by=command.by,
    )
    return [Told(told, standing=standing)]
