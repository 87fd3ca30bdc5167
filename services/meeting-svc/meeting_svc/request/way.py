"""The rows that a request for a meeting falls under, and the route they make together."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from chancery.events.meeting import MeetingAsk, MeetingRequested
from chancery.events.parts import StepDone
from chancery.refusal import Citation
from chancery.rules.grammar import Route, Selector, Step
from chancery.rules.pack import Excepted
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import CAPS, MEETING_REQUESTS, Cap, MeetingRequest
from chancery.rules.walk import Walk


def ruling_of(rules: Rules, asked: MeetingAsk, excepted: Excepted | None = None) -> Ruling[MeetingRequest]:
    """Every row that binds it; none where the text does not speak of such a meeting."""
    facts: dict[str, Any] = {
        "scope": asked.scope,
        "in_name_of": asked.in_name_of,
        "organiser": asked.organiser,
        "kind": asked.kind,
        "summons": frozenset(asked.summons),
    }
    return rules.ask(MEETING_REQUESTS, excepted=excepted, **facts)


def caps_of(rules: Rules, asked: MeetingAsk) -> Ruling[Cap]:
    """Yearly numbers of such meetings: a row counts them as ``<scope>_meeting``, held by the organiser's class."""
    found = rules.ask(CAPS, what=f"{asked.scope}_meeting", by=asked.organiser)
    yearly = tuple(hit for hit in found.hits if hit.outcome.period == "year")
    return Ruling(found.table, found.pack, yearly)


def limited(rules: Rules, asked: MeetingAsk) -> bool:
    """Whether any row sets a number of such meetings a year."""
    found = ruling_of(rules, asked)
    return caps_of(rules, asked).regulated or any(hit.outcome.max_per_year is not None for hit in found.hits)


def walk_of(rules: Rules, requested: MeetingRequested, done: Sequence[StepDone]) -> Walk | None:
    """The route under way: first those who may excuse what stands against it, then each row's own; None without any."""
    permits = [_permit(rules, name) for name in requested.permits]
    first = tuple(Step(do="approve", by=who, form="written") for who in permits if who is not None)
    rows = {row.id: row for row in rules.pack.rows(MEETING_REQUESTS)}
    names = [name for name in (requested.row, *requested.joined) if name is not None and name in rows]
    routes = [route for name in names if (route := rows[name].outcome.route) is not None]
    if not first and not routes:
        return None
    ways = tuple(
        (*first, *(step for steps in chosen for step in steps))
        for chosen in product(*(route.alternatives for route in routes))
    )
    asked = requested.asked
    case = Case(lead_unit=asked.unit, raiser=requested.requested_by, applicant=requested.requested_by)
    return Walk(rules, Route(alternatives=ways), tuple(done), case, _cites(rules, requested))


def under(rules: Rules, requested: MeetingRequested) -> Ruling[MeetingRequest]:
    """The rows it was put forward under, as they were asked."""
    found = ruling_of(rules, requested.asked)
    names = {requested.row, *requested.joined, *(name.partition("/")[2] for name in requested.permits)}
    return Ruling(found.table, found.pack, tuple(hit for hit in found.hits if hit.row in names))


def _permit(rules: Rules, name: str) -> Selector | None:
    table, _, row = name.partition("/")
    if table == CAPS.name:
        return next((one.permit or one.outcome.permit for one in rules.pack.rows(CAPS) if one.id == row), None)
    return next((one.permit for one in rules.pack.rows(MEETING_REQUESTS) if one.id == row), None)


def _cites(rules: Rules, requested: MeetingRequested) -> tuple[Citation, ...]:
    names = [name for name in (requested.row, *requested.joined) if name is not None]
    keys = [(MEETING_REQUESTS.name, name) for name in names]
    keys += [(name.partition("/")[0], name.partition("/")[2]) for name in requested.permits]
    every = [cite for table, row in keys for cite in rules.pack.citations.get(table, {}).get(row, ())]
    return tuple({cite.clause: cite for cite in every}.values())
