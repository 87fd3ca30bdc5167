"""Answer whoever asked to stay away from a sitting: take the step of the leave's route, or say no."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import (
    MeetingLeaveAsked,
    MeetingLeaveEvent,
    MeetingLeaveRefused,
    MeetingLeaveStepTaken,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import DECIDING
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import Absence
from chancery.thing import Told
from meeting_svc.leave.ask import granted
from meeting_svc.leave.state import Leave, Stage
from meeting_svc.leave.way import row_of, walk_of


@dataclass(frozen=True, slots=True)
class TakeStep:
    """``with_substitute``: whoever decides lets the one who was named come instead."""

    by: PersonId
    opinion: str | None = None
    with_substitute: bool = False


def take_step(command: TakeStep, leave: Leave, rules: Rules) -> Sequence[Told[MeetingLeaveEvent]]:
    """After the last step that must be taken the leave stands; what is filed afterwards may be done later.

    Raises:
        Refused: nothing was asked or it was refused, nothing is left to do; (forbidden) another's turn.
    """
    asked, ruling, hit = _at_hand(leave, rules, Stage.ASKED, Stage.GRANTED)
    walk = walk_of(rules, asked, leave.steps, hit)
    taking = rules.may_take(walk.state, command.by, cites=hit.cites)
    taken = rules.step_done(taking, command.opinion)
    told: list[Told[MeetingLeaveEvent]] = [
        Told(MeetingLeaveStepTaken(leave_id=leave.id, taken=taken), (ruling,), taking.standing)
    ]
    if leave.stage is Stage.ASKED and walk_of(rules, asked, (*leave.steps, taken), hit).state.complete:
        substitute = asked.substitute if command.with_substitute else None
        told.append(Told(granted(asked, substitute), (ruling,), taking.standing))
    return told


@dataclass(frozen=True, slots=True)
class Refuse:
    by: PersonId
    reason: str


def refuse(command: Refuse, leave: Leave, rules: Rules) -> Sequence[Told[MeetingLeaveEvent]]:
    """Only whose turn it is to decide may say no, with the reason written.

    Raises:
        Refused: nothing was asked or it is answered, or nobody decides it; (forbidden) another's turn.
    """
    asked, ruling, hit = _at_hand(leave, rules, Stage.ASKED)
    taking = rules.may_take(walk_of(rules, asked, leave.steps, hit).state, command.by, cites=hit.cites)
    if taking.do not in DECIDING:
        raise Refused(Reason("nobody_decides_leave", hit.cites))
    refused = MeetingLeaveRefused(
        leave_id=leave.id, sitting_id=asked.sitting_id, person_id=asked.person_id, reason=command.reason
    )
    return [Told(refused, (ruling,), taking.standing)]


def _at_hand(leave: Leave, rules: Rules, *stages: Stage) -> tuple[MeetingLeaveAsked, Ruling[Absence], Hit[Absence]]:
    if leave.asked is None:
        raise Refused(Reason("leave_not_asked"))
    if leave.stage not in stages:
        raise Refused(Reason("leave_answered", params={"stage": leave.stage.value}))
    ruling = row_of(rules, leave.asked)
    if ruling.first is None:
        raise Refused(Reason("leave_answered", params={"stage": leave.stage.value}))
    return leave.asked, ruling, ruling.first
