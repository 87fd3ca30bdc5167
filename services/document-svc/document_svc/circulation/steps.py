"""On its way: steps taken with a mark or an opinion, reading, signing for it, steps called for, urging (阅批)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.incoming import (
    CirculationOverdue,
    IncomingEvent,
    IncomingRead,
    IncomingSignedFor,
    IncomingStepCalledFor,
    IncomingStepTaken,
    IncomingUrged,
)
from chancery.events.parts import utc
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import calling
from chancery.rules.routes import OpenStep
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import CHECKS, MARKS, Mark
from chancery.rules.walk import Walk
from chancery.thing import Told
from document_svc.circulation.propose import going_on
from document_svc.circulation.way import deciding, not_next, ruling_of, walk_of
from document_svc.document.hands import registrar
from document_svc.document.standings import standing_of
from document_svc.incoming.checks import findings
from document_svc.incoming.facts import entry_of, in_hand
from document_svc.incoming.state import Incoming, Stage, evolve
from document_svc.incoming.turns import settled, turns


@dataclass(frozen=True, slots=True)
class TakeIncomingStep:
    by: PersonId
    mark: str | None = None
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class ReadIt:
    by: PersonId
    mark: str | None = None
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class SignForIt:
    by: PersonId


@dataclass(frozen=True, slots=True)
class CallForStep:
    by: PersonId
    step: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class UrgeIncoming:
    by: PersonId
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CirculationRunOut:
    deadline: UUID


def take_incoming_step(command: TakeIncomingStep, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """Whichever step of its way is his. A step that decides wants a mark that is an answer, where the rules say so.

    Raises:
        Refused: not on its way, the mark is no answer, what the next one needs is lacking; (forbidden) not his turn.
    """
    in_hand(one, Stage.CIRCULATING, Stage.ACCEPTED)
    way, walk = _walk(one, rules)
    found = walk.state.for_person(command.by)
    taking = rules.may_take(walk.state, command.by, cites=walk.cites)
    marked = _marked(rules, one, command.mark, command.opinion)
    lacking: list[Reason] = []
    if found is not None and deciding(taking.do):
        lacking += _no_answer(marked, command.mark, rules)
    taken = rules.step_done(taking, command.opinion)
    event = IncomingStepTaken(
        incoming_id=one.id,
        taken=taken,
        mark=command.mark,
        means=marked.first.outcome.means if marked.first is not None else None,
        is_basis=marked.first.outcome.is_basis if marked.first is not None else None,
    )
    after = evolve(one, event)
    more, under = _wanted_next(rules, one, after, walk)
    lacking += more
    if one.proposal is None:
        lacking.append(Reason("incoming_not_proposed", tuple(walk.cites)))
    if lacking:
        raise Refused(*lacking)
    rests = (way, *((marked,) if marked.regulated else ()), *under)
    happened: list[Told[IncomingEvent]] = [Told(event, rests, standing_of(taken)), *going_on(after, rules)]
    return settled(happened, one, rules, command.by)


def _walk(one: Incoming, rules: Rules) -> tuple[Ruling[object], Walk]:
    way = ruling_of(rules, one)
    walk = walk_of(rules, one, way)
    if walk is None:
        raise Refused(Reason("no_steps_here", tuple(way.citations)))
    return Ruling(way.table, way.pack, tuple(way.hits)), walk


def _marked(rules: Rules, one: Incoming, mark: str | None, opinion: str | None) -> Ruling[Mark]:
    entry = entry_of(one)
    return rules.ask(
        MARKS, mark=mark, paper=entry.kind, opinion=bool((opinion or "").strip()), submitted_as=entry.submitted_as
    )


def _no_answer(marked: Ruling[Mark], mark: str | None, rules: Rules) -> list[Reason]:
    """Where a row says what the mark comes to and it completes nothing, the step stays open."""
    hit = marked.first
    if hit is None or hit.outcome.completes is not None:
        return []
    said = rules.titled(mark) if mark is not None else "—"
    return [Reason("mark_no_answer", hit.cites, {"mark": said}, subject="mark")]


def _wanted_next(
    rules: Rules, one: Incoming, after: Incoming, walk: Walk
) -> tuple[list[Reason], tuple[AnyRuling, ...]]:
    """What has to be there before it goes on to a post (stage ``to_`` and the post) whose step comes next."""
    was = {(each.alternative, each.index) for each in walk.state.open}
    then = walk_of(rules, after)
    lacking: list[Reason] = []
    under: tuple[AnyRuling, ...] = ()
    for each in then.state.open if then is not None else ():
        post = _post(each)
        if post is None or (each.alternative, each.index) in was:
            continue
        rows = _staged(rules, post)
        if not rows:
            continue
        found = findings(rules, one, f"to_{post}", rows)
        lacking += found.reasons
        under = (*under, *found.under)
    return lacking, under


def _post(each: OpenStep) -> str | None:
    by = each.step.by
    return str(by.name) if by is not None and by.how == "post" else None


def _staged(rules: Rules, post: str) -> frozenset[str]:
    """The rows of checks that are asked just there."""
    return frozenset(
        row.id
        for row in rules.pack.rows(CHECKS)
        if any(cell.fact == "stage" and f"to_{post}" in cell.words for cell in row.when)
    )


def read_it(command: ReadIt, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By whoever it was put before; it goes to the next one by that.

    Raises:
        Refused: (forbidden) it is not put before him.
    """
    in_hand(one, Stage.CIRCULATING, Stage.ACCEPTED)
    if command.by not in one.waiting:
        names = "、".join(rules.roster.name(person) for person in one.waiting) or "—"
        raise Refused(*not_next(rules, one), Reason("not_before_you", params={"who": names}), kind="forbidden")
    marked = _marked(rules, one, command.mark, command.opinion)
    event = IncomingRead(
        incoming_id=one.id,
        reader=command.by,
        mark=command.mark,
        opinion=command.opinion,
        means=marked.first.outcome.means if marked.first is not None else None,
        is_basis=marked.first.outcome.is_basis if marked.first is not None else None,
        read_at=utc(rules.at),
    )
    after = evolve(one, event)
    standing = rules.own_standing(command.by)
    happened: list[Told[IncomingEvent]] = [Told(event, (marked,) if marked.regulated else (), standing)]
    return settled([*happened, *going_on(after, rules)], one, rules, command.by)


def sign_for_it(command: SignForIt, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By anybody whose turn it is, once: the moment it reached him.

    Raises:
        Refused: signed for already; (forbidden) it is not his turn.
    """
    entry_of(one)
    mine = [
        turn
        for turn in turns(one, rules)
        if turn.person == command.by or (turn.unit is not None and rules.works_in(command.by, turn.unit))
    ]
    if not mine:
        raise Refused(Reason("not_your_turn", params={"who": whose(one, rules)}), kind="forbidden")
    if command.by in one.signed_for and one.handed is None:
        raise Refused(Reason("signed_for_already"))
    told = IncomingSignedFor(incoming_id=one.id, person=command.by, signed_at=utc(rules.at))
    return [Told(told, standing=rules.own_standing(command.by, mine[0].unit))]


def call_for_step(command: CallForStep, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """A step that exists only where it is wanted, by whom its row names.

    Raises:
        Refused: not on its way, no such step waits; (forbidden) not his to call for.
    """
    in_hand(one, Stage.CIRCULATING)
    way, walk = _walk(one, rules)
    called, standing = calling(command.step, command.by, command.reason, walk)
    told = IncomingStepCalledFor(incoming_id=one.id, called=called)
    return settled([Told(told, (way,), standing)], one, rules, command.by)


def urge_incoming(command: UrgeIncoming, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """Whoever has the move, by the office.

    Raises:
        Refused: it is nobody's turn; (forbidden) not the office acts.
    """
    entry_of(one)
    standing = registrar(rules, command.by)
    urged = tuple(dict.fromkeys(turn.person or turn.unit or "" for turn in turns(one, rules)))
    if not urged:
        raise Refused(Reason("nobodys_turn"))
    told = IncomingUrged(
        incoming_id=one.id, urged=urged, note=command.note, urged_by=command.by, urged_at=utc(rules.at)
    )
    return [Told(told, standing=standing)]


def circulation_run_out(command: CirculationRunOut, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """Once, and not where everybody has seen it; says who has the move."""
    del command
    due = one.proposal.read_by if one.proposal is not None else None
    if due is None or one.stage is not Stage.CIRCULATING or one.circulation_overdue or rules.at < due.due_at:
        return []
    waits = tuple(dict.fromkeys(turn.person or turn.unit or "" for turn in turns(one, rules)))
    return [Told(CirculationOverdue(incoming_id=one.id, due=due, waits_for=waits))]


def whose(one: Incoming, rules: Rules) -> str:
    """Whose turn it is, in words."""
    return "、".join(dict.fromkeys(rules.titled(turn.person or turn.unit) for turn in turns(one, rules))) or "—"
