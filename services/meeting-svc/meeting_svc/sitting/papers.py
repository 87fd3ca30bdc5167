"""The papers of a sitting: sent out so long before it, and confirmed by each who got them (送阅与签收)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.meeting import PapersDelivered, PapersReceived, ScheduledItem, SittingEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.tables import Body
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.sitting.seating import all_members
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class Deliver:
    """``items`` none: every item. ``to`` none: every member who sits now."""

    by: PersonId
    at: datetime
    items: tuple[UUID, ...] = ()
    to: tuple[str, ...] = ()


def deliver(command: Deliver, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By the office. Papers that go out late still go out; the event says that they are late, and by which clause.

    Items with a feature the row leaves out (secrets handed over in the room) have no day by which to go.

    Raises:
        Refused: not convened or over, an item is not of this sitting, nobody to send to; (forbidden) not the office.
    """
    convened = sitting.convened
    if convened is None:
        raise Refused(Reason("not_convened"))
    if sitting.stage not in (Stage.CONVENED, Stage.OPEN):
        raise Refused(Reason("not_open"))
    office = clerk(rules, convened.body, command.by)
    here = {one.item_id: one for one in sitting.items}
    if any(item not in here for item in command.items):
        raise Refused(Reason("item_not_of_this_sitting", subject="items"))
    items = [here[item] for item in command.items] or list(sitting.items)
    to = command.to or tuple(sorted(all_members(rules, sitting)))
    if not to:
        raise Refused(Reason("nobody_to_send_to", subject="to"))
    due = _due(rules, office.body, items, convened.sitting_on)
    delivered = PapersDelivered(
        sitting_id=sitting.id,
        items=tuple(one.item_id for one in items),
        to=to,
        due_on=due,
        late=due is not None and local_day(command.at) > due,
        delivered_at=command.at,
    )
    return [Told(delivered, (office.ruling,), office.standing)]


def _due(rules: Rules, body: Body, items: Sequence[ScheduledItem], sitting_on: date) -> date | None:
    papers = body.papers
    if papers is None or all(set(papers.unless) & set(item.facts.features) for item in items):
        return None
    return rules.lead(papers.lead, sitting_on).due_on


@dataclass(frozen=True, slots=True)
class ConfirmReceipt:
    """``person`` None: the one who acts."""

    by: PersonId
    at: datetime
    person: str | None = None


def confirm_receipt(command: ConfirmReceipt, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By whoever got them, or the office for him; confirmed twice is once.

    Raises:
        Refused: he was sent none; (forbidden) for somebody else.
    """
    if sitting.convened is None:
        raise Refused(Reason("not_convened"))
    person = command.person or command.by
    standing = rules.own_standing(command.by)
    if person != command.by:
        standing = clerk(rules, sitting.convened.body, command.by).standing
    if person not in sitting.delivered:
        raise Refused(Reason("no_papers_sent", params={"person": rules.titled(person)}, subject="person"))
    if person in sitting.received:
        return []
    received = PapersReceived(sitting_id=sitting.id, person=person, received_at=command.at)
    return [Told(received, (rules.body_ruling(sitting.convened.body),), standing)]
