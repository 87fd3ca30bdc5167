"""Whose turn it is (待办、待阅), worked out from where a document stands; entered and ended by events. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from chancery.envelope import Standing
from chancery.events.incoming import IncomingEvent, TodoEnded, TodoEntered
from chancery.events.parts import Counted
from chancery.order import derived
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.circulation.way import walk_of
from document_svc.document.hands import office
from document_svc.incoming.state import Incoming, Stage, evolve


@dataclass(frozen=True, slots=True)
class Turn:
    """Something somebody has to do or to read: a person, or a unit whose people may all take it up."""

    what: str
    box: Literal["to_do", "to_read"]
    person: str | None = None
    unit: str | None = None
    due: Counted | None = None

    @property
    def key(self) -> tuple[str, str, str | None, str | None, str | None]:
        due = self.due.due_at.isoformat() if self.due is not None else None
        return self.what, self.box, self.person, self.unit, due


def turns(one: Incoming, rules: Rules) -> list[Turn]:
    """Every turn that is open as it stands now; nobody's where it is over."""
    return list({turn.key: turn for turn in _turns(one, rules)}.values())


def _turns(one: Incoming, rules: Rules) -> Iterator[Turn]:
    sender = one.received.sender_unit if one.received is not None else None
    match one.stage:
        case Stage.RECEIVED:
            yield from _office(rules, "check")
        case Stage.HELD if sender is not None:
            yield Turn("complete", "to_do", unit=sender)
        case Stage.HELD:
            yield from _office(rules, "complete")
        case Stage.RETURNED if sender is not None and one.again is None:
            yield Turn("resubmit", "to_do", unit=sender, due=one.returned.again_due if one.returned else None)
        case Stage.ACCEPTED | Stage.CIRCULATING:
            yield from _on_its_way(one, rules)
        case Stage.CIRCULATED:
            yield from _office(rules, "hand_over")
        case Stage.HANDED if one.handed is not None:
            yield Turn("handle", "to_do", unit=one.handed.lead_unit, due=one.due)
            for unit in one.handed.units_involved:
                yield Turn("help", "to_do", unit=unit, due=one.due)
        case Stage.FINISHED:
            yield from _office(rules, "close")
        case _:
            return


def _on_its_way(one: Incoming, rules: Rules) -> Iterator[Turn]:
    due = one.proposal.read_by if one.proposal is not None else None
    walk = walk_of(rules, one)
    if one.proposal is None:
        yield from _office(rules, "propose")
    elif walk is not None:
        for each in walk.state.open:
            if each.step.by is not None and each.step.by.how == "unit":
                yield Turn(each.step.do, "to_do", unit=str(each.step.by.name), due=due)
            else:
                for holder in each.left:
                    yield Turn(each.step.do, "to_do", person=str(holder.person), due=due)
    for person in one.waiting:
        yield Turn("read", "to_read", person=person, due=due)
    if one.accepted is not None:
        for person in one.accepted.helpers:
            yield Turn("bring_together", "to_do", person=person)


def _office(rules: Rules, what: str) -> Iterator[Turn]:
    for selector in office(rules):
        yield from _of(rules, selector, what)


def _of(rules: Rules, selector: Selector, what: str) -> Iterator[Turn]:
    if selector.how == "unit":
        yield Turn(what, "to_do", unit=str(selector.name))
    else:
        for person in sorted(rules.who(selector).people()):
            yield Turn(what, "to_do", person=person)


def settled(
    told: Sequence[Told[IncomingEvent]], one: Incoming, rules: Rules, by: str | None
) -> list[Told[IncomingEvent]]:
    """What happened, with the turns that end and begin by it."""
    if not told:
        return []
    after = reduce(evolve, (each.event for each in told), one)
    wanted = {turn.key: turn for turn in turns(after, rules)}
    open_ = {_key(turn): turn for turn in one.turns.values()}
    ends = [_ended(turn, by, rules) for key, turn in open_.items() if key not in wanted]
    entry = after.received
    begins = [
        TodoEntered(
            todo_id=derived(one.id, "todo", one.entered + number),
            incoming_id=one.id,
            title=entry.title if entry is not None else "—",
            what=turn.what,
            box=turn.box,
            person=turn.person,
            unit=turn.unit,
            due=turn.due,
        )
        for number, turn in enumerate(turn for key, turn in wanted.items() if key not in open_)
    ]
    standing: Standing | None = told[0].standing
    return [*told, *(Told(event, standing=standing) for event in (*ends, *begins))]


def _key(turn: TodoEntered) -> tuple[str, str, str | None, str | None, str | None]:
    return Turn(turn.what, turn.box, turn.person, turn.unit, turn.due).key


def _ended(turn: TodoEntered, by: str | None, rules: Rules) -> TodoEnded:
    """Done or read by whoever acted, where it was his turn; else it fell away."""
    his = by is not None and (turn.person == by or (turn.unit is not None and rules.works_in(by, turn.unit)))
    how: Literal["done", "read", "fell_away"] = "fell_away"
    if his:
        how = "read" if turn.box == "to_read" else "done"
    return TodoEnded(todo_id=turn.todo_id, incoming_id=turn.incoming_id, how=how, by=by if his else None)
