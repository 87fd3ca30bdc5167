"""Answer a request for a meeting: take the step of its route, say no, or give the meeting up."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import (
    MeetingCancelled,
    MeetingNotApproved,
    MeetingRequested,
    RequestEvent,
    RequestStepTaken,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import DECIDING
from chancery.rules.rulebook import Rules
from chancery.rules.walk import Walk
from chancery.thing import Told
from meeting_svc.request.ask import approved
from meeting_svc.request.state import LIVE, Request, Stage
from meeting_svc.request.way import under, walk_of


@dataclass(frozen=True, slots=True)
class TakeStep:
    by: PersonId
    opinion: str | None = None


def take_step(command: TakeStep, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """After the last step the meeting may be held. Whoever excuses what holds in principle writes the reason.

    Raises:
        Refused: nothing was asked or it is answered, no reason is written; (forbidden) another's turn.
    """
    requested, walk = _at_hand(request, rules)
    taking = rules.may_take(walk.state, command.by, cites=walk.cites)
    if taking.index < len(requested.permits) and not command.opinion:
        raise Refused(Reason("permission_wants_reason", tuple(walk.cites), subject="opinion"))
    taken = rules.step_done(taking, command.opinion)
    rests_on = (under(rules, requested),)
    told: list[Told[RequestEvent]] = [
        Told(RequestStepTaken(request_id=request.id, taken=taken), rests_on, taking.standing)
    ]
    after = walk_of(rules, requested, (*request.steps, taken))
    if after is not None and after.state.complete:
        told.append(Told(approved(requested), rests_on, taking.standing))
    return told


@dataclass(frozen=True, slots=True)
class Refuse:
    by: PersonId
    reason: str


def refuse(command: Refuse, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """Whose turn it is to decide, or to handle it, says no, with the reason written.

    Raises:
        Refused: nothing was asked or it is answered, or he only passes it on; (forbidden) another's turn.
    """
    requested, walk = _at_hand(request, rules)
    taking = rules.may_take(walk.state, command.by, cites=walk.cites)
    if taking.do not in {*DECIDING, "handle"}:
        raise Refused(Reason("not_his_to_refuse", tuple(walk.cites)))
    no = MeetingNotApproved(request_id=request.id, reason=command.reason, place=requested.place)
    return [Told(no, (under(rules, requested),), taking.standing)]


@dataclass(frozen=True, slots=True)
class Cancel:
    by: PersonId
    reason: str


def cancel(command: Cancel, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """By its unit, asked or approved; from then on it counts towards no yearly number.

    Raises:
        Refused: nothing was asked, or it is not held anyway; (forbidden) another unit's meeting.
    """
    requested = request.requested
    if requested is None or request.stage not in LIVE:
        raise Refused(Reason("meeting_not_asked", params={"stage": request.stage.value}))
    unit = requested.asked.unit
    if not rules.works_in(command.by, unit):
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(unit)}), kind="forbidden")
    cancelled = MeetingCancelled(request_id=request.id, reason=command.reason, place=requested.place)
    return [Told(cancelled, (), rules.own_standing(command.by, unit))]


def _at_hand(request: Request, rules: Rules) -> tuple[MeetingRequested, Walk]:
    requested = request.requested
    if requested is None or request.stage is not Stage.ASKED:
        raise Refused(Reason("meeting_not_asked", params={"stage": request.stage.value}))
    walk = walk_of(rules, requested, request.steps)
    if walk is None:
        raise Refused(Reason("meeting_not_asked", params={"stage": request.stage.value}))
    return requested, walk
