"""Meetings that could be held together: alike in scope and people, close in time (套开). It suggests, no more. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from chancery.events.meeting import MeetingAsk
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import NOTICES, Notice
from meeting_svc.request.state import LIVE, Request

NEAR: Final = "similar_meetings_near"
"""The occasion under which the table of notices speaks of it."""
WINDOW: Final = "meetings_near_days"
"""The setting that says how many days apart still count; without it only the same day does."""


def near_ruling(rules: Rules) -> Ruling[Notice]:
    """Who is told of it; no hit where the rules do not speak of holding meetings together."""
    return rules.ask(NOTICES, on=NEAR)


def window(rules: Rules) -> timedelta:
    return timedelta(days=int(rules.setting(WINDOW, 0)))


def together(rules: Rules, asked: MeetingAsk, own: UUID, others: Iterable[Request]) -> tuple[Request, ...]:
    """Those asked or approved that are of the same scope, summon some of the same people and lie within the window."""
    apart = window(rules)
    return tuple(
        other
        for other in others
        if other.id != own
        and other.stage in LIVE
        and other.requested is not None
        and _alike(asked, other.requested.asked)
        and abs(other.requested.asked.meets_on - asked.meets_on) <= apart
    )


def _alike(one: MeetingAsk, other: MeetingAsk) -> bool:
    people = set(one.summons), set(other.summons)
    return one.scope == other.scope and (bool(people[0] & people[1]) or people == (set(), set()))
