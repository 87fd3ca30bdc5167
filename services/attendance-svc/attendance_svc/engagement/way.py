"""The row that governs an engagement, and how far its route is."""

from collections.abc import Sequence

from attendance_svc.absence.way import words_of
from chancery.events.attendance import EngagementAsked
from chancery.events.parts import StepDone
from chancery.rules.grammar import Route
from chancery.rules.pack import Excepted
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import ENGAGEMENTS, Engagement
from chancery.rules.walk import Walk


def asked(
    rules: Rules,
    person: str,
    *,
    act: str,
    in_capacity: str | None,
    organiser: str | None,
    topic: str | None,
    arranged: bool,
    features: Sequence[str],
    excepted: Excepted | None = None,
) -> Ruling[Engagement]:
    """What the rules say when this person is asked; his posts are read from the roster."""
    held = frozenset(a.post for a in rules.roster.held_by(person, rules.at))
    return rules.ask(
        ENGAGEMENTS,
        excepted=excepted,
        act=act,
        who=words_of(rules, held),
        in_capacity=in_capacity,
        organiser=organiser,
        topic=topic,
        arranged=arranged,
        features=frozenset(features),
    )


def row_of(rules: Rules, asked: EngagementAsked) -> Ruling[Engagement]:
    """The row under which it was asked."""
    hits = tuple(
        Hit(row.id, row.outcome, row.force, rules.pack.citations[ENGAGEMENTS.name][row.id], row.permit)
        for row in rules.pack.rows(ENGAGEMENTS)
        if row.id == asked.row
    )
    return Ruling(ENGAGEMENTS.name, rules.pack.ref, hits)


def way_of(rules: Rules, asked: EngagementAsked, done: Sequence[StepDone], row: Hit[Engagement] | None) -> Walk | None:
    """The route under way, None where nobody has to agree.

    What the rules refuse in principle goes to whoever may excuse it. A piece of his own is the leader's case, and he
    decides none of its steps; an invitation is the case of whoever invites.
    """
    if row is None:
        return None
    route = row.outcome.route if row.outcome.answer == "route" else None
    if row.outcome.answer == "refuse" and row.force == "in_principle" and row.permit is not None:
        route = Route.model_validate([{"do": "approve", "by": row.permit}])
    if route is None:
        return None
    own = asked.person_id if asked.in_capacity is not None else asked.asked_by
    case = Case(
        lead_unit=asked.units[0] if asked.units else None,
        units_involved=asked.units,
        subjects=(asked.topic,) if asked.topic else (),
        raiser=asked.asked_by,
        applicant=own,
    )
    return Walk(rules, route, tuple(done), case, row.cites)
