"""Announce an absence (提出外出): the pack says whether it is approved, reported, filed, or not regulated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.way import asked, way_of
from attendance_svc.keepers import keeps
from chancery.calendar import local_day
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepTaken, LeaveApproved
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules, Taking
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Announce:
    """``by`` is the one who goes, or the office that writes it down for him. ``urgent`` needs its reason."""

    by: PersonId
    at: datetime
    person_id: str
    leaving: str
    cause: str
    destination: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    urgent: bool = False


def announce(command: Announce, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Take it in. Where a report is enough, the announcement is the report and the absence stands at once.

    Raises:
        Refused: announced already, no post held, the wrong way round in time, over another absence, too late under
            the rules; (forbidden) for somebody else.
    """
    if absence.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("announced_already"))
    if command.by != command.person_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_absence"), kind="forbidden")
    posts = rules.roster.held_by(command.person_id, command.at)
    if not posts:
        raise Refused(Reason("holds_no_post", params={"who": rules.roster.name(command.person_id)}))
    ruling = asked(rules, command.person_id, command.leaving, command.cause, urgent=command.urgent)
    row = ruling.first
    reasons = list(_reasons(command, rules))
    if row is not None and row.outcome.lead is not None:
        due = rules.lead(row.outcome.lead, local_day(command.starts_at))
        if command.at >= due.due_at and row.outcome.on_late == "refuse" and not command.urgent:
            reasons.append(Reason("too_late_to_ask", row.cites, {"due_on": due.due_on.isoformat()}))
    if reasons:
        raise Refused(*reasons)
    mode = row.outcome.mode if row is not None else "not_regulated"
    announced = AbsenceAnnounced(
        absence_id=str(absence.id),
        person_id=command.person_id,
        post=posts[0].post,
        leaving=command.leaving,
        cause=command.cause,
        destination=command.destination,
        reason=command.reason,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        mode=mode,
    )
    under = (ruling,) if ruling.regulated else ()
    told: list[Told[AbsenceEvent]] = [Told(announced, under)]
    standing = rules.own_standing(command.person_id)
    way = way_of(rules, announced, (), row)
    taken = (
        ()
        if way is None
        else tuple(
            rules.step_done(Taking(one.alternative, one.index, one.step.do, standing))
            for one in way.state.open
            if one.step.by is None
        )
    )
    told += [Told(AbsenceStepTaken(absence_id=str(absence.id), taken=step), under, standing) for step in taken]
    after = way_of(rules, announced, taken, row)
    if after is None or after.state.complete:
        told.append(Told(approved(announced), under))
    return told


def _reasons(command: Announce, rules: Rules) -> Sequence[Reason]:
    if command.ends_at <= command.starts_at:
        return [Reason("ends_before_it_starts", subject="ends_at")]
    return [
        Reason("over_another_absence", params={"from": other.starts_at.date().isoformat()})
        for other in rules.roster.absences.values()
        if other.person == command.person_id
        and other.returned_at is None
        and other.starts_at < command.ends_at
        and command.starts_at < other.ends_at
    ]


def approved(announced: AbsenceAnnounced) -> LeaveApproved:
    """The absence as it stands."""
    return LeaveApproved(
        absence_id=announced.absence_id,
        person_id=announced.person_id,
        post=announced.post,
        leaving=announced.leaving,
        cause=announced.cause,
        starts_at=announced.starts_at,
        ends_at=announced.ends_at,
        mode=announced.mode,
    )
