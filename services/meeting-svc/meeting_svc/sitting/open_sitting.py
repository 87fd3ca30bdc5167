"""Open a sitting (开会): who presides and who is present, counted against the rules of this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.envelope import Standing
from chancery.events.meeting import Chair, ItemPutOff, SeatTaken, SittingConvened, SittingEvent, SittingOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Body, Check
from chancery.thing import Told
from meeting_svc.clerks import body_of, clerk
from meeting_svc.sitting.checking import Facts, against, union
from meeting_svc.sitting.presiding import may_chair
from meeting_svc.sitting.seating import (
    Count,
    all_members,
    case_of_sitting,
    count,
    missing,
    others_in_charge,
    seat,
    too_few,
)
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class Present:
    """``seat`` is attendee or observer; whether he is a member follows from the rules."""

    person: str
    seat: str = "attendee"


@dataclass(frozen=True, slots=True)
class OpenSitting:
    """``present`` beside those who checked in. ``chair`` None: the first of those present who may preside."""

    by: PersonId
    at: datetime
    present: tuple[Present, ...] = ()
    chair: str | None = None


def open_sitting(command: OpenSitting, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """The chair is resolved now, acting included; the quorum only where the rules have one, of each body that sits.

    Members who are away or on leave are written down as such. Where the rules put an item off while whoever is in
    charge of it is not there, that is told at once.

    Raises:
        Refused: not convened, open already, nobody may preside, too few members; (forbidden) neither the office
            nor the chair acts.
    """
    convened = sitting.convened
    if convened is None:
        raise Refused(Reason("not_convened"))
    if sitting.stage is not Stage.CONVENED:
        raise Refused(Reason("opened_already"))
    body_of(rules, convened.body)
    ruling = rules.body_ruling(convened.body)
    case = case_of_sitting(sitting)
    members = all_members(rules, sitting)
    present = _present(command, sitting, rules, members)
    there = frozenset(one.person for one in present)
    chair, lacking = _chair(command, convened.body, present, rules, case, ruling)
    lacking += _twice(command, rules)
    counts = [count(rules, sitting, body, there) for body in sitting.bodies]
    lacking += [reason for one in counts for reason in too_few(rules, one)]
    checks, unmet = _checked(sitting, convened, counts[0], there, case, rules)
    lacking += unmet
    if lacking or chair is None:
        raise Refused(*lacking)
    standing = chair if command.by == chair.person else clerk(rules, convened.body, command.by).standing
    first = counts[0]
    opened = SittingOpened(
        sitting_id=sitting.id,
        chair=Chair(person=chair.person, post=chair.post, capacity=chair.capacity, acts_for=chair.acts_for),
        present=present,
        members=len(first.members),
        members_present=len(first.present),
        quorum=first.quorum,
        opened_at=command.at,
        missing=missing(rules, sitting, members, there),
    )
    under = (ruling, checks) if checks.regulated else (ruling,)
    told: list[Told[SittingEvent]] = [Told(opened, under, standing)]
    for index, absent in others_in_charge(rules, sitting, there):
        item = sitting.items[index]
        off = ItemPutOff(
            sitting_id=sitting.id, item_id=item.item_id, matter_id=item.matter_id, absent=tuple(sorted(absent))
        )
        told.append(Told(off, (ruling,), standing))
    return told


def _checked(
    sitting: Sitting, convened: SittingConvened, first: Count, there: frozenset[str], case: Case, rules: Rules
) -> tuple[Ruling[Check], list[Reason]]:
    facts = Facts(
        convened.sitting_on,
        union(*(item.facts.features for item in sitting.items)),
        members=len(first.members),
        present=len(first.present),
        is_there=lambda who: not rules.who(who, case, "attend").people().isdisjoint(there),
    )
    return against(rules, "opening", facts)


def _present(command: OpenSitting, sitting: Sitting, rules: Rules, members: frozenset[str]) -> tuple[SeatTaken, ...]:
    """Those named now, then those who checked in and have not gone."""
    named = {one.person: seat(rules, one.person, one.seat, members) for one in command.present}
    came = {who: taken for who, taken in sitting.seats.items() if who not in sitting.gone}
    return tuple((named | {who: taken for who, taken in came.items() if who not in named}).values())


def _chair(
    command: OpenSitting, name: str, present: Sequence[SeatTaken], rules: Rules, case: Case, ruling: Ruling[Body]
) -> tuple[Standing | None, list[Reason]]:
    cites, title = tuple(ruling.citations), rules.titled(name)
    if command.chair is not None:
        who = {"person": rules.titled(command.chair), "body": title}
        standing = may_chair(rules, name, command.chair, case)
        lacking: list[Reason] = []
        if standing is None:
            lacking.append(Reason("not_a_chair", cites, who, subject="chair"))
        if command.chair not in {one.person for one in present}:
            lacking.append(Reason("chair_not_present", params=who, subject="present"))
        return standing, lacking
    for one in present:
        standing = may_chair(rules, name, one.person, case)
        if standing is not None:
            return standing, []
    return None, [Reason("nobody_may_chair", cites, {"body": title}, subject="present")]


def _twice(command: OpenSitting, rules: Rules) -> list[Reason]:
    people = [one.person for one in command.present]
    again = dict.fromkeys(person for person in people if people.count(person) > 1)
    return [Reason("present_twice", params={"person": rules.titled(one)}, subject="present") for one in again]
