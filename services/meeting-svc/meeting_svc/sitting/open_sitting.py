"""Open a sitting (开会): who presides and who is present, counted against the rules of this moment."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.envelope import Standing
from chancery.events.meeting import Chair, SeatTaken, SittingEvent, SittingOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Body
from chancery.thing import Told
from meeting_svc.clerks import body_of, clerk
from meeting_svc.sitting.presiding import may_chair
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class Present:
    """``seat`` is attendee or observer; whether he is a member follows from the rules."""

    person: str
    seat: str = "attendee"


@dataclass(frozen=True, slots=True)
class OpenSitting:
    """``chair`` None: the first of those present who may preside."""

    by: PersonId
    at: datetime
    present: tuple[Present, ...]
    chair: str | None = None


def open_sitting(command: OpenSitting, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """The chair is resolved now, acting included; the quorum only where the rules have one.

    Raises:
        Refused: not convened, open already, nobody may preside, too few members; (forbidden) neither the office
            nor the chair acts.
    """
    convened = sitting.convened
    if convened is None:
        raise Refused(Reason("not_convened"))
    if sitting.stage is not Stage.CONVENED:
        raise Refused(Reason("opened_already"))
    body, ruling = body_of(rules, convened.body), rules.body_ruling(convened.body)
    case = Case(body=convened.body, convener=convened.convened_by.person)
    members = _members(rules, body, case)
    there = {one.person for one in command.present}
    chair, lacking = _chair(command, convened.body, there, rules, case, ruling)
    lacking += _twice(command, rules)
    quorum = _quorum(rules, body, members)
    members_present = len(members & there)
    if quorum is not None and members_present < quorum:
        counts = {"members": len(members), "present": members_present, "quorum": quorum}
        lacking.append(Reason("no_quorum", tuple(ruling.citations), counts, subject="present"))
    if lacking or chair is None:
        raise Refused(*lacking)
    standing = chair if command.by == chair.person else clerk(rules, convened.body, command.by).standing
    opened = SittingOpened(
        sitting_id=sitting.id,
        chair=Chair(person=chair.person, post=chair.post, capacity=chair.capacity, acts_for=chair.acts_for),
        present=tuple(_seat(rules, one, members) for one in command.present),
        members=len(members),
        members_present=members_present,
        quorum=quorum,
        opened_at=command.at,
    )
    return [Told(opened, (ruling,), standing)]


def _members(rules: Rules, body: Body, case: Case) -> frozenset[str]:
    """Everybody who holds a member's post now; who acts for another sits as himself."""
    return frozenset(
        person for selector in body.members for person in rules.who(selector, case, "attend", "never").people()
    )


def _chair(
    command: OpenSitting, name: str, there: set[str], rules: Rules, case: Case, ruling: Ruling[Body]
) -> tuple[Standing | None, list[Reason]]:
    cites, title = tuple(ruling.citations), rules.titled(name)
    if command.chair is not None:
        who = {"person": rules.titled(command.chair), "body": title}
        standing = may_chair(rules, name, command.chair, case)
        lacking: list[Reason] = []
        if standing is None:
            lacking.append(Reason("not_a_chair", cites, who, subject="chair"))
        if command.chair not in there:
            lacking.append(Reason("chair_not_present", params=who, subject="present"))
        return standing, lacking
    for one in command.present:
        standing = may_chair(rules, name, one.person, case)
        if standing is not None:
            return standing, []
    return None, [Reason("nobody_may_chair", cites, {"body": title}, subject="present")]


def _twice(command: OpenSitting, rules: Rules) -> list[Reason]:
    people = [one.person for one in command.present]
    again = dict.fromkeys(person for person in people if people.count(person) > 1)
    return [Reason("present_twice", params={"person": rules.titled(one)}, subject="present") for one in again]


def _quorum(rules: Rules, body: Body, members: frozenset[str]) -> int | None:
    """How many members must be there; None where the rules are silent."""
    if body.quorum is None:
        return None
    counted = len(members)
    if body.quorum.of == "posts_less_leave":
        counted -= sum(1 for person in members if rules.roster.away(person, rules.at))
    share = counted * body.quorum.fraction
    return math.floor(share) + 1 if body.quorum.test == "more_than" else math.ceil(share)


def _seat(rules: Rules, one: Present, members: frozenset[str]) -> SeatTaken:
    posts = rules.roster.held_by(one.person, rules.at)
    return SeatTaken(
        person=one.person,
        post=posts[0].post if posts else None,
        unit=posts[0].unit if posts else None,
        seat="member" if one.person in members else one.seat,
    )
