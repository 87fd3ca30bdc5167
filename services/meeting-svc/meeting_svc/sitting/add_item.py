"""Take an item onto the order of business after the sitting was called (临时增加议题)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import ItemAdded, ScheduledItem, SittingEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.clerks import clerk
from meeting_svc.sitting.convene import cannot_be_taken, matter_taken
from meeting_svc.sitting.presiding import may_convene
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class AddItem:
    """``item`` as it stands now."""

    by: PersonId
    item: AgendaItem


def add_item(command: AddItem, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By whoever may convene the body, or its office; an accepted item, and only where the body's row allows it.

    Raises:
        Refused: not convened or over, the body takes no items after the call, or the item cannot be taken; (forbidden)
            neither convener nor office acts.
    """
    convened = sitting.convened
    if convened is None:
        raise Refused(Reason("not_convened"))
    if sitting.stage not in (Stage.CONVENED, Stage.OPEN):
        raise Refused(Reason("not_open"))
    ruling = rules.body_ruling(convened.body)
    standing = may_convene(rules, convened.body, command.by) or clerk(rules, convened.body, command.by).standing
    lacking: list[Reason] = []
    rows = [rules.body(body) for body in sitting.bodies]
    if any(row is not None and row.ad_hoc == "refused" for row in rows):
        cites, body = tuple(ruling.citations), rules.titled(convened.body)
        lacking.append(Reason("no_ad_hoc_items", cites, {"body": body}, subject="item_id"))
    submitted = command.item.submitted
    if any(one.item_id == command.item.id for one in sitting.items):
        title = submitted.facts.title if submitted else str(command.item.id)
        lacking.append(Reason("item_twice", params={"title": title}, subject="item_id"))
    else:
        matters = {str(one.matter_id) for one in sitting.items}
        lacking += cannot_be_taken(command.item, sitting.bodies, rules)
        lacking += matter_taken(command.item, matters, convened.body, rules)
    if lacking or submitted is None:
        raise Refused(*lacking)
    no = max((one.no for one in sitting.items), default=0) + 1
    item = ScheduledItem(no=no, item_id=command.item.id, matter_id=submitted.matter_id, facts=submitted.facts)
    added = ItemAdded(sitting_id=sitting.id, sitting_on=convened.sitting_on, item=item, added_by=command.by)
    return [Told(added, (ruling,), standing)]
