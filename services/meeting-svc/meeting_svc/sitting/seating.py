"""Who sits, and in what quality: members of each body, those of single items, substitutes, companions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import Missing, SeatTaken
from chancery.refusal import Reason
from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.tables import Body
from meeting_svc.clerks import body_of
from meeting_svc.facts import case_of, case_of_all
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class Count:
    """The members of one body of the sitting, those of them counted as there, and how many there must be.

    ``quorum`` is None where the rules are silent.
    """

    body: str
    members: frozenset[str]
    present: frozenset[str]
    quorum: int | None

    @property
    def quorate(self) -> bool:
        return self.quorum is None or len(self.present) >= self.quorum


def case_of_sitting(sitting: Sitting) -> Case:
    """Whom the rows on convening and presiding may speak of: all items of the sitting together."""
    convened = sitting.convened
    if convened is None:
        return Case()
    return case_of_all(
        [item.facts for item in sitting.items],
        body=convened.body,
        convener=convened.convened_by.person,
        refers=frozenset({str(sitting.id), convened.body}),
    )


def cases_of(sitting: Sitting, body: str) -> tuple[Case, ...]:
    """What selectors of the body's row may speak of: one case for each item, or one without any."""
    convened = sitting.convened
    convener = convened.convened_by.person if convened else None
    found = tuple(case_of(item.facts, body=body, convener=convener) for item in sitting.items)
    return found or (Case(body=body, convener=convener),)


def members_of(rules: Rules, sitting: Sitting, body: str) -> frozenset[str]:
    """Everybody who holds a member's post now; who acts for another sits as himself."""
    row = body_of(rules, body)
    return frozenset(
        person
        for case in cases_of(sitting, body)
        for selector in row.members
        for person in rules.who(selector, case, "attend", "never").people()
    )


def for_the_item(rules: Rules, who: Selector, case: Case) -> frozenset[str]:
    """Whom a row calls in for one item: of a post that is held in units, those of the units concerned alone."""
    people = rules.who(who, case, "attend", "never").people()
    if who.how != "post":
        return people
    concerned = {case.lead_unit, *case.more_leads, *case.units_involved}
    units = {person: {held.unit for held in rules.roster.held_by(person, rules.at)} for person in people}
    return frozenset(person for person in people if units[person] <= {None} or units[person] & concerned)


def of_an_item(rules: Rules, sitting: Sitting, person: str) -> frozenset[str]:
    """The items for which somebody comes only while they are dealt with, as texts of their ids; empty: he sits."""
    found: set[str] = set()
    for body in sitting.bodies:
        row = body_of(rules, body)
        for item, case in zip(sitting.items, cases_of(sitting, body), strict=False):
            if any(
                person in for_the_item(rules, one.who, case)
                for one in (*row.attendees, *row.invited)
                if one.for_ == "own_item"
            ):
                found.add(str(item.item_id))
    return frozenset(found)


def count(rules: Rules, sitting: Sitting, body: str, there: frozenset[str]) -> Count:
    """The body's members against those who are there; substitutes never count."""
    members = members_of(rules, sitting, body)
    row = body_of(rules, body)
    return Count(body, members, members & there, _quorum(rules, row, members, sitting))


def _quorum(rules: Rules, body: Body, members: frozenset[str], sitting: Sitting) -> int | None:
    if body.quorum is None:
        return None
    counted = len(members)
    if body.quorum.of == "posts_less_leave":
        excused = {one.person for one in sitting.leaves}
        counted -= sum(1 for person in members if person in excused or rules.roster.away(person, rules.at))
    share = counted * body.quorum.fraction
    return math.floor(share) + 1 if body.quorum.test == "more_than" else math.ceil(share)


def too_few(rules: Rules, count: Count) -> list[Reason]:
    if count.quorate:
        return []
    counts = {"members": len(count.members), "present": len(count.present), "quorum": count.quorum}
    cites = tuple(rules.body_ruling(count.body).citations)
    return [Reason("no_quorum", cites, counts, subject="present")]


def missing(rules: Rules, sitting: Sitting, members: frozenset[str], there: frozenset[str]) -> tuple[Missing, ...]:
    """Members who are not there and why: a leave from this sitting, an absence that stands, or nothing known."""
    leaves = {one.person: one for one in sitting.leaves}
    found: list[Missing] = []
    for person in sorted(members - there):
        leave, away = leaves.get(person), rules.roster.away(person, rules.at)
        if leave is not None:
            found.append(
                Missing(person=person, why="leave", reference=str(leave.leave_id), substitute=leave.substitute)
            )
        elif away is not None:
            found.append(Missing(person=person, why="away", reference=away.id))
        else:
            found.append(Missing(person=person, why="none"))
    return tuple(found)


def seat(rules: Rules, person: str, kind: str, members: frozenset[str], beside: str | None = None) -> SeatTaken:
    posts = rules.roster.held_by(person, rules.at)
    return SeatTaken(
        person=person,
        post=posts[0].post if posts else None,
        unit=posts[0].unit if posts else None,
        seat="member" if person in members else kind,
        beside=None if person in members else beside,
    )


def all_members(rules: Rules, sitting: Sitting) -> frozenset[str]:
    """The members of every body that sits."""
    return frozenset(person for body in sitting.bodies for person in members_of(rules, sitting, body))


def others_in_charge(rules: Rules, sitting: Sitting, there: frozenset[str]) -> Sequence[tuple[int, frozenset[str]]]:
    """Items, by their place in the order of business, of whose leaders in charge nobody is there."""
    found: list[tuple[int, frozenset[str]]] = []
    for body in sitting.bodies[:1]:
        row = body_of(rules, body)
        if row.defer_if_absent is None:
            continue
        for index, case in enumerate(cases_of(sitting, body)[: len(sitting.items)]):
            in_charge = rules.who(row.defer_if_absent, case, "attend").people()
            if in_charge and in_charge.isdisjoint(there):
                found.append((index, in_charge))
    return found
