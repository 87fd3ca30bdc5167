"""Coming to a sitting and leaving it: checking in, bringing a companion, waiting to be called, going early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.envelope import Standing
from chancery.events.meeting import (
    CheckedIn,
    CompanionPermitted,
    ItemCalled,
    LeftSitting,
    SeatTaken,
    SittingConvened,
    SittingEvent,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import body_of, clerk
from meeting_svc.sitting.presiding import may_chair
from meeting_svc.sitting.seating import all_members, case_of_sitting, count, of_an_item, seat
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class CheckIn:
    """``person`` None: the one who acts. ``beside`` is whom a companion comes with."""

    by: PersonId
    at: datetime
    person: str | None = None
    observer: bool = False
    beside: str | None = None


def check_in(command: CheckIn, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By whoever comes, or the office for him. Whether he sits as a member, and whether he waits outside until his
    item comes up, follows from the rules; checking in again is quiet.

    Raises:
        Refused: not convened or over, a companion the rules do not let in, or nobody allowed; (forbidden) for another.
    """
    convened = _running(sitting)
    ruling = rules.body_ruling(convened.body)
    person = command.person or command.by
    if person not in rules.roster.persons:
        raise Refused(Reason("unknown_person", params={"person": person}, subject="person"))
    standing = _own_or_office(rules, convened.body, command.by, person)
    taken = _seat(command, person, sitting, rules)
    if sitting.seats.get(person) == taken and person not in sitting.gone:
        return []
    waits = False
    if taken.seat == "attendee" and any(body_of(rules, body).waiting for body in sitting.bodies):
        items = of_an_item(rules, sitting, person)
        waits = bool(items) and items.isdisjoint({str(item) for item in sitting.called})
    came = CheckedIn(sitting_id=sitting.id, seat=taken, waits=waits, checked_in_at=command.at)
    return [Told(came, (ruling,), standing)]


def _seat(command: CheckIn, person: str, sitting: Sitting, rules: Rules) -> SeatTaken:
    members = all_members(rules, sitting)
    if person in members:
        return seat(rules, person, "member", members)
    if command.beside is not None:
        lacking = _no_companion(command.beside, person, sitting, rules)
        if lacking:
            raise Refused(*lacking)
        return seat(rules, person, "companion", members, command.beside)
    principal = sitting.substitutes.get(person)
    if principal is not None:
        return seat(rules, person, "substitute", members, principal)
    return seat(rules, person, "observer" if command.observer else "attendee", members)


def _no_companion(beside: str, person: str, sitting: Sitting, rules: Rules) -> list[Reason]:
    """Why nobody may come with him: the strictest of the bodies that sit counts."""
    lacking: list[Reason] = []
    for body in sitting.bodies:
        cites, names = tuple(rules.body_ruling(body).citations), {"body": rules.titled(body)}
        match body_of(rules, body).companions:
            case "refused":
                lacking.append(Reason("no_companions", cites, names, subject="beside"))
            case "with_permission" if not _permitted(sitting, person, beside):
                lacking.append(Reason("companion_needs_permission", cites, names, subject="beside"))
            case _:
                pass
    return lacking


def _permitted(sitting: Sitting, person: str, beside: str) -> bool:
    return any(one.person == person and one.beside == beside for one in sitting.permitted)


@dataclass(frozen=True, slots=True)
class PermitCompanion:
    by: PersonId
    person: str
    beside: str


def permit_companion(command: PermitCompanion, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By whoever presides, or before the opening by whoever may.

    Raises:
        Refused: not convened or over; (forbidden) he does not preside.
    """
    convened = _running(sitting)
    ruling = rules.body_ruling(convened.body)
    case = case_of_sitting(sitting)
    standing = may_chair(rules, convened.body, command.by, case)
    presides = sitting.opened is None or sitting.opened.chair.person == command.by
    if standing is None or not presides:
        params = {"person": rules.titled(command.by), "body": rules.titled(convened.body)}
        raise Refused(Reason("not_a_chair", tuple(ruling.citations), params), kind="forbidden")
    if _permitted(sitting, command.person, command.beside):
        return []
    permitted = CompanionPermitted(
        sitting_id=sitting.id, person=command.person, beside=command.beside, permitted_by=command.by
    )
    return [Told(permitted, (ruling,), standing)]


@dataclass(frozen=True, slots=True)
class CallIn:
    by: PersonId
    at: datetime
    item_id: UUID


def call_in(command: CallIn, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By the office: the item comes up, and those who wait outside for it come in; called twice is once.

    Raises:
        Refused: the sitting is not open, the item is not of it, put off or decided; (forbidden) not the office.
    """
    convened = sitting.convened
    if convened is None or sitting.stage is not Stage.OPEN:
        raise Refused(Reason("not_open"))
    office = clerk(rules, convened.body, command.by)
    item = next((one for one in sitting.items if one.item_id == command.item_id), None)
    if item is None:
        raise Refused(Reason("item_not_of_this_sitting", subject="item_id"))
    if item not in sitting.undecided:
        raise Refused(Reason("decided_already", params={"title": item.facts.title}, subject="item_id"))
    if command.item_id in sitting.called:
        return []
    item_id = str(command.item_id)
    coming = sorted(person for person in sitting.waiting if item_id in of_an_item(rules, sitting, person))
    called = ItemCalled(sitting_id=sitting.id, item_id=command.item_id, called_in=tuple(coming), called_at=command.at)
    return [Told(called, (office.ruling,), office.standing)]


@dataclass(frozen=True, slots=True)
class Leave:
    """``person`` None: the one who acts."""

    by: PersonId
    at: datetime
    person: str | None = None


def leave(command: Leave, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """Somebody goes before the end. Where too few members stay, that is told; the sitting goes on.

    Raises:
        Refused: the sitting is not open, he is not there; (forbidden) for somebody else.
    """
    convened = sitting.convened
    if convened is None or sitting.stage is not Stage.OPEN:
        raise Refused(Reason("not_open"))
    person = command.person or command.by
    standing = _own_or_office(rules, convened.body, command.by, person)
    if person not in sitting.seats:
        raise Refused(Reason("not_present", params={"person": rules.titled(person)}, subject="person"))
    if person in sitting.gone:
        return []
    there = frozenset(sitting.seats) - sitting.gone - {person}
    counts = [count(rules, sitting, body, there) for body in sitting.bodies]
    left = LeftSitting(
        sitting_id=sitting.id,
        person=person,
        left_at=command.at,
        members_present=len(counts[0].present),
        quorum=counts[0].quorum,
        quorate=all(one.quorate for one in counts),
    )
    return [Told(left, (rules.body_ruling(convened.body),), standing)]


def _running(sitting: Sitting) -> SittingConvened:
    if sitting.convened is None:
        raise Refused(Reason("not_convened"))
    if sitting.stage not in (Stage.CONVENED, Stage.OPEN):
        raise Refused(Reason("not_open"))
    return sitting.convened


def _own_or_office(rules: Rules, body: str, by: str, person: str) -> Standing:
    return rules.own_standing(by) if by == person else clerk(rules, body, by).standing
