"""Answer an engagement: take the step whose turn it is, decline, or ask no more (审核、同意、不予同意、撤回)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.take_step import TakeStep, taken_by
from attendance_svc.engagement.ask import agreed
from attendance_svc.engagement.state import Engagement, EngagementEvent, Stage
from attendance_svc.engagement.way import row_of, way_of
from attendance_svc.keepers import keeps
from chancery.events.attendance import (
    EngagementAsked,
    EngagementDeclined,
    EngagementStepTaken,
    EngagementWithdrawn,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.grammar import DECIDING
from chancery.rules.rulebook import Rules
from chancery.rules.walk import Walk
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Decline:
    by: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawEngagement:
    by: PersonId
    reason: str


def take_step(command: TakeStep, engagement: Engagement, rules: Rules) -> Sequence[Told[EngagementEvent]]:
    """After the last step it stands. Nobody decides his own case, also not while acting for another.

    Raises:
        Refused: decided already, or a proof is missing; (forbidden) another's turn.
    """
    asked, way = _under_way(engagement, rules)
    ruling = row_of(rules, asked)
    taken, taking = taken_by(command, way, rules, ruling.citations, way.case.applicant or asked.person_id)
    told: list[Told[EngagementEvent]] = [
        Told(EngagementStepTaken(engagement_id=asked.engagement_id, taken=taken), (ruling,), taking.standing)
    ]
    after = way_of(rules, asked, (*engagement.steps, taken), ruling.first)
    if after is not None and after.state.complete:
        told.append(Told(agreed(asked), (ruling,), taking.standing))
    return told


def decline(command: Decline, engagement: Engagement, rules: Rules) -> Sequence[Told[EngagementEvent]]:
    """Only whose turn it is to decide says no.

    Raises:
        Refused: decided already, or the step decides nothing; (forbidden) another's turn.
    """
    asked, way = _under_way(engagement, rules)
    ruling = row_of(rules, asked)
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    if taking.do not in DECIDING:
        raise Refused(Reason("not_a_deciding_step", tuple(ruling.citations)))
    no = EngagementDeclined(engagement_id=asked.engagement_id, person_id=asked.person_id, reason=command.reason)
    return [Told(no, (ruling,), taking.standing)]


def withdraw(command: WithdrawEngagement, engagement: Engagement, rules: Rules) -> Sequence[Told[EngagementEvent]]:
    """By whoever asked, the leader himself, or the office; twice is once.

    Raises:
        Refused: declined before; (forbidden) for somebody else.
    """
    asked = engagement.asked
    if asked is None:
        raise not_found("engagement")
    if command.by not in (asked.asked_by, asked.person_id) and not keeps(rules, command.by):
        raise Refused(Reason("not_your_engagement"), kind="forbidden")
    if engagement.stage is Stage.WITHDRAWN:
        return []
    if engagement.stage is Stage.DECLINED:
        raise Refused(Reason("engagement_decided", params={"stage": engagement.stage.value}))
    no_more = EngagementWithdrawn(engagement_id=asked.engagement_id, person_id=asked.person_id, reason=command.reason)
    return [Told(no_more)]


def _under_way(engagement: Engagement, rules: Rules) -> tuple[EngagementAsked, Walk]:
    asked = engagement.asked
    if asked is None:
        raise not_found("engagement")
    if engagement.stage is not Stage.ASKED:
        raise Refused(Reason("engagement_decided", params={"stage": engagement.stage.value}))
    way = way_of(rules, asked, engagement.steps, row_of(rules, asked).first)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    return asked, way
