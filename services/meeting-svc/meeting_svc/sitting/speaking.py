"""Who spoke on an item, in which order, and whose word is the last (发言、末位表态)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.meeting import SittingEvent, SpokeOnItem
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class Speak:
    """``agrees`` None: he took no side. ``opinion`` is what is to be written down of it."""

    by: PersonId
    at: datetime
    item_id: UUID
    person: str
    agrees: bool | None = None
    opinion: str | None = None


def speak(command: Speak, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """Written down by the office, item by item.

    Where the rules let somebody speak last, nobody speaks on the item after him, and if he is of another mind than
    most of those who took a side, he says why.

    Raises:
        Refused: the sitting is not open, the item is not of it or decided, he is not there, the last word was said, or
            it goes against most and gives no reason; (forbidden) not the office acts.
    """
    convened = sitting.convened
    if convened is None or sitting.stage is not Stage.OPEN:
        raise Refused(Reason("not_open"))
    office = clerk(rules, convened.body, command.by)
    item = next((one for one in sitting.items if one.item_id == command.item_id), None)
    if item is None:
        raise Refused(Reason("item_not_of_this_sitting", subject="item_id"))
    cites, lacking = tuple(office.ruling.citations), list[Reason]()
    if item not in sitting.undecided:
        lacking.append(Reason("decided_already", params={"title": item.facts.title}, subject="item_id"))
    name = {"person": rules.titled(command.person)}
    if command.person not in sitting.seats or command.person in sitting.gone:
        lacking.append(Reason("not_present", params=name, subject="person"))
    spoken = [one for one in sitting.spoken if one.item_id == command.item_id]
    ended = next((one.person for one in spoken if one.last), None)
    if ended is not None and ended != command.person:
        lacking.append(Reason("last_word_said", cites, {"person": rules.titled(ended)}, subject="person"))
    last = _speaks_last(command.person, sitting, rules)
    if last and not command.opinion and _against_most(command.agrees, spoken):
        lacking.append(Reason("last_word_wants_reason", cites, name, subject="opinion"))
    if lacking:
        raise Refused(*lacking)
    told = SpokeOnItem(
        sitting_id=sitting.id,
        item_id=command.item_id,
        person=command.person,
        agrees=command.agrees,
        opinion=command.opinion,
        last=last,
        spoke_at=command.at,
    )
    return [Told(told, (office.ruling,), office.standing)]


def _speaks_last(person: str, sitting: Sitting, rules: Rules) -> bool:
    chair = sitting.opened.chair.person if sitting.opened else None
    case = Case(chair=chair, body=sitting.bodies[0] if sitting.bodies else None)
    rows = [rules.body(body) for body in sitting.bodies]
    return any(row is not None and rules.is_one_of(person, row.speaks_last, case, "chair") is not None for row in rows)


def _against_most(agrees: bool | None, spoken: Sequence[SpokeOnItem]) -> bool:
    """Whether more took the other side than his; each by his last word."""
    if agrees is None:
        return False
    sides = {one.person: one.agrees for one in spoken if one.agrees is not None}.values()
    return sum(1 for one in sides if one is not agrees) > sum(1 for one in sides if one is agrees)
