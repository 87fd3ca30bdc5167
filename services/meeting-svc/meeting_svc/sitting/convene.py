"""Call a sitting of a body (召集): when, where, on which items, by whom."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from chancery.calendar import local_day
from chancery.envelope import Standing
from chancery.events.meeting import Chair, ScheduledItem, SittingConvened, SittingEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import Check
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.state import Stage as ItemStage
from meeting_svc.clerks import body_of, clerk
from meeting_svc.facts import case_of_all
from meeting_svc.sitting.checking import Facts, against, union
from meeting_svc.sitting.presiding import conveners, may_convene
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class Convene:
    """``items`` as they stand now, in the order of business. ``number`` is the one the series gave this sitting.

    ``convened_by`` None: the person himself where he may, else the only one who may. ``jointly`` are other bodies that
    sit together with this one; whoever calls it may call each of them. ``others`` are the days of the body's other
    sittings, ``live`` those of them that are yet to be held.
    """

    by: PersonId
    body: str
    starts_at: datetime
    place: str
    items: tuple[AgendaItem, ...]
    series: str
    number: int
    convened_by: str | None = None
    jointly: tuple[str, ...] = ()
    others: tuple[date, ...] = ()
    live: tuple[date, ...] = ()


def convene(command: Convene, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """Only accepted items of the bodies that sit, each once; the paperwork is the office's or the convener's own.

    A day off is no obstacle; the call says it.

    Raises:
        Refused: convened already, no such body, a body twice or one he may not call, no item, or one reason per item
            that cannot be taken; (forbidden) whoever acts is neither of the office nor a convener.
    """
    if sitting.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("already_convened"))
    body_of(rules, command.body)
    standing, caller = _called_by(command, rules)
    checks, unmet = _checked(command, rules)
    lacking = [*_bodies(command, rules, caller), *_items(command, rules), *unmet]
    if lacking:
        raise Refused(*lacking)
    scheduled = tuple(
        ScheduledItem(no=no, item_id=item.id, matter_id=item.submitted.matter_id, facts=item.submitted.facts)
        for no, item in enumerate(command.items, 1)
        if item.submitted is not None
    )
    sitting_on = local_day(command.starts_at)
    convened = SittingConvened(
        sitting_id=sitting.id,
        body=command.body,
        series=command.series,
        number=command.number,
        starts_at=command.starts_at,
        sitting_on=sitting_on,
        place=command.place,
        convened_by=Chair(person=caller.person, post=caller.post, capacity=caller.capacity, acts_for=caller.acts_for),
        items=scheduled,
        joint_with=command.jointly,
        day_off=not rules.calendar.works(sitting_on),
    )
    under: list[AnyRuling] = [rules.body_ruling(body) for body in (command.body, *command.jointly)]
    under += [checks] if checks.regulated else []
    return [Told(convened, tuple(under), standing)]


def _case(command: Convene) -> Case:
    return case_of_all([item.submitted.facts for item in command.items if item.submitted], body=command.body)


def _checked(command: Convene, rules: Rules) -> tuple[Ruling[Check], list[Reason]]:
    features = union(*(item.submitted.facts.features for item in command.items if item.submitted is not None))
    facts = Facts(local_day(command.starts_at), features, command.others, command.live)
    return against(rules, "convening", facts)


def _bodies(command: Convene, rules: Rules, caller: Standing) -> list[Reason]:
    """One reason for each body that cannot sit together with this one at his call."""
    lacking: list[Reason] = []
    for body in command.jointly:
        body_of(rules, body)
        name = {"body": rules.titled(body)}
        if body == command.body or command.jointly.count(body) > 1:
            lacking.append(Reason("body_twice", params=name, subject="jointly"))
        elif may_convene(rules, body, caller.person, _case(command)) is None:
            params = name | {"person": rules.titled(caller.person)}
            lacking.append(Reason("not_a_convener", tuple(rules.body_ruling(body).citations), params, "jointly"))
    return lacking


def _called_by(command: Convene, rules: Rules) -> tuple[Standing, Standing]:
    """Who acts, and who calls the sitting: often the office does the paperwork for the convener."""
    ruling, case = rules.body_ruling(command.body), _case(command)
    cites = tuple(ruling.citations)
    name = rules.titled(command.body)
    own = may_convene(rules, command.body, command.by, case)
    if own is not None and command.convened_by in (None, command.by):
        return own, own
    office = clerk(rules, command.body, command.by)
    if command.convened_by is not None:
        caller = may_convene(rules, command.body, command.convened_by, case)
        if caller is None:
            params = {"person": rules.titled(command.convened_by), "body": name}
            raise Refused(Reason("not_a_convener", cites, params, subject="convened_by"))
        return office.standing, caller
    found = conveners(rules, command.body, case)
    if len(found) != 1:
        code = "nobody_may_convene" if not found else "name_the_convener"
        raise Refused(Reason(code, cites, {"body": name}, subject="convened_by"))
    return office.standing, found[0]


def _items(command: Convene, rules: Rules) -> list[Reason]:
    if not command.items:
        return [Reason("no_items", subject="items")]
    lacking: list[Reason] = []
    seen: set[str] = set()
    matters: set[str] = set()
    bodies = (command.body, *command.jointly)
    for item in command.items:
        if str(item.id) in seen and item.submitted is not None:
            lacking.append(Reason("item_twice", params={"title": item.submitted.facts.title}, subject="items"))
            continue
        seen.add(str(item.id))
        lacking += cannot_be_taken(item, bodies, rules)
        lacking += matter_taken(item, matters, command.body, rules)
        matters |= {str(item.submitted.matter_id)} if item.submitted else set()
    return lacking


def cannot_be_taken(item: AgendaItem, bodies: tuple[str, ...], rules: Rules) -> list[Reason]:
    """Why no sitting of these bodies takes the item now; nothing where one does."""
    submitted = item.submitted
    if submitted is None:
        return [Reason("item_unknown", params={"item": str(item.id)}, subject="items")]
    lacking: list[Reason] = []
    title = {"title": submitted.facts.title}
    if submitted.body not in bodies:
        params = title | {"body": rules.titled(submitted.body)}
        lacking.append(Reason("item_of_another_body", params=params, subject="items"))
    if item.stage is ItemStage.SCHEDULED:
        lacking.append(Reason("item_on_another_agenda", params=title, subject="items"))
    elif not item.accepted or item.stage not in (ItemStage.ACCEPTED, ItemStage.HELD_OVER):
        lacking.append(Reason("item_not_accepted", params=title, subject="items"))
    return lacking


def matter_taken(item: AgendaItem, matters: Set[str], body: str, rules: Rules) -> list[Reason]:
    """Where the rules want one item for one matter, a matter stands on the order of business once."""
    submitted = item.submitted
    if submitted is None or str(submitted.matter_id) not in matters or not body_of(rules, body).one_matter:
        return []
    cites = tuple(rules.body_ruling(body).citations)
    return [Reason("matter_twice", cites, {"title": submitted.facts.title}, subject="items")]
