"""Ask to stay away from a sitting (会议请假): the table of absences says whether it is approved, reported or filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chancery.events.meeting import (
    MeetingLeaveAsked,
    MeetingLeaveEvent,
    MeetingLeaveGranted,
    MeetingLeaveStepTaken,
)
from chancery.names import PersonId
from chancery.refusal import Excusable, Reason, Refused
from chancery.rules.rulebook import Rules, Taking
from chancery.rules.ruling import Hit
from chancery.rules.setting_aside import excusable, excused
from chancery.rules.tables import ABSENCES, Absence
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.leave.state import Leave, Stage
from meeting_svc.leave.way import FORM, case_of, ruling_of, walk_of
from meeting_svc.sitting.state import Sitting
from meeting_svc.sitting.state import Stage as SittingStage

OWN_REASON = "reason"
"""What the form itself carries of that which a row asks to be brought."""


@dataclass(frozen=True, slots=True)
class AskLeave:
    """``sitting`` as it stands now. ``person`` is who stays away; ``form`` oral: the office wrote it down for him."""

    by: PersonId
    sitting: Sitting
    person: str
    reason: str
    form: Literal["written", "oral"] = "written"
    brings: tuple[str, ...] = ()
    substitute: str | None = None


def ask(command: AskLeave, leave: Leave, rules: Rules) -> Sequence[Told[MeetingLeaveEvent]]:
    """Before the sitting opens. Reports the asking itself makes are made; where nothing more is wanted it is granted.

    Where the rules say nothing of it, leave is taken and the sitting notes it.

    Raises:
        Refused: no such sitting or begun, asked already, no post, not in writing, without what it must bring, each of
            the last two with who may excuse it where it is asked in principle; (forbidden) for somebody else.
    """
    convened = command.sitting.convened
    if convened is None:
        raise Refused(Reason("not_convened"))
    if command.sitting.stage is not SittingStage.CONVENED:
        raise Refused(Reason("too_late_for_leave"))
    if leave.stage in (Stage.ASKED, Stage.GRANTED):
        raise Refused(Reason("leave_asked_already", params={"stage": leave.stage.value}))
    if command.by != command.person:
        clerk(rules, convened.body, command.by)
    ruling, post = ruling_of(rules, command.person, convened.body)
    row = ruling.first
    reasons = [*_not_brought(command, row, leave, rules), *_substitute(command, rules)]
    if post is None:
        reasons.append(Reason("holds_no_post", params={"person": command.person}))
    if reasons or post is None:
        raise Refused(*reasons)
    asked = MeetingLeaveAsked(
        leave_id=leave.id,
        sitting_id=command.sitting.id,
        body=convened.body,
        person_id=command.person,
        post=post,
        reason=command.reason,
        form=command.form,
        brings=command.brings,
        substitute=command.substitute,
        chair=convened.convened_by.person,
        mode=row.outcome.mode if row is not None else "not_regulated",
        row=row.row if row is not None else None,
    )
    under = (ruling,) if ruling.regulated else ()
    standing = rules.own_standing(command.person)
    told: list[Told[MeetingLeaveEvent]] = [Told(asked, under, rules.own_standing(command.by))]
    if row is None:
        return [*told, Told(granted(asked, asked.substitute))]
    walk = walk_of(rules, asked, (), row)
    steps = [
        rules.step_done(Taking(one.alternative, one.index, one.step.do, standing))
        for one in walk.state.open
        if one.step.by is None and one.step.blocks
    ]
    told += [Told(MeetingLeaveStepTaken(leave_id=leave.id, taken=step), under, standing) for step in steps]
    if walk_of(rules, asked, steps, row).state.complete:
        told.append(Told(granted(asked, None), under, standing))
    return told


def granted(asked: MeetingLeaveAsked, substitute: str | None) -> MeetingLeaveGranted:
    return MeetingLeaveGranted(
        leave_id=asked.leave_id,
        sitting_id=asked.sitting_id,
        person_id=asked.person_id,
        substitute=substitute,
        mode=asked.mode,
    )


def _not_brought(command: AskLeave, row: Hit[Absence] | None, leave: Leave, rules: Rules) -> list[Reason]:
    if row is None or row.force not in ("must", "in_principle"):
        return []
    case = case_of(rules, command.person, command.sitting)

    def free(what: str) -> bool:
        return excused(leave.excuses, ABSENCES.name, row, [what])

    def ways(what: str) -> tuple[Excusable, ...]:
        return excusable(ABSENCES.name, row, what, lambda who: rules.who(who, case, "excuse").people())

    reasons: list[Reason] = []
    if row.outcome.form == "written" and command.form == "oral" and not free(FORM):
        reasons.append(Reason("leave_in_writing", row.cites, subject="form", excusable=ways(FORM)))
    brought = {*command.brings, *((OWN_REASON,) if command.reason.strip() else ())}
    return reasons + [
        Reason("leave_must_bring", row.cites, {"what": rules.titled(word), "word": word}, "brings", ways(word))
        for word in row.outcome.requires
        if word not in brought and not free(word)
    ]


def _substitute(command: AskLeave, rules: Rules) -> list[Reason]:
    named = command.substitute
    if named is None or (named in rules.roster.persons and named != command.person):
        return []
    return [Reason("unknown_person", params={"person": named}, subject="substitute")]
