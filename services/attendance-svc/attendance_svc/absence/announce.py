"""Announce an absence (提出外出): the pack says whether it is approved, reported, filed, or not regulated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.way import Going, asked, way_of
from attendance_svc.keepers import keeps
from chancery.calendar import count_forward, local_day
from chancery.deadlines import counted
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepTaken, LeaveApproved
from chancery.events.parts import Counted, Excuse
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import Claiming, claiming
from chancery.rules.rulebook import Rules, Taking
from chancery.rules.ruling import AnyRuling, Hit
from chancery.rules.setting_aside import LEAD, excusable, excused, proved
from chancery.rules.tables import ABSENCES
from chancery.rules.tables import Absence as AbsenceRow
from chancery.thing import Told

RETURN_REPORT = "return_report"


@dataclass(frozen=True, slots=True)
class Announce:
    """``by`` is the one who goes, or the office that writes it down for him. ``urgent``: no time to ask before.

    ``organised_by_unit``: a trip that his unit organises for several; he leads it.
    """

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
    organised_by_unit: bool = False
    exceptions: tuple[Claiming, ...] = ()


def announce(command: Announce, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Take it in. Where a report is enough, the announcement is the report and the absence stands at once.

    Raises:
        Refused: announced already, no post held, the wrong way round in time, over another absence, too late under
            the rules, every one at once; (forbidden) for somebody else.
    """
    if absence.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("announced_already"))
    if command.by != command.person_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_absence"), kind="forbidden")
    claims = [claiming(one, command.by, rules, (), (ABSENCES.name,)) for one in command.exceptions]
    excepted = proved([claim for claim, _ in claims])
    going = Going(
        leaving=command.leaving,
        cause=command.cause,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        urgent=command.urgent,
        organised_by_unit=command.organised_by_unit,
    )
    ruling, post = asked(rules, command.person_id, going, excepted)
    row = ruling.first
    reasons = [*_out_of_place(command, rules), *_late(command, rules, row, _excuses(command, absence))]
    if post is None:
        reasons.append(Reason("holds_no_post", params={"who": rules.roster.name(command.person_id)}))
    if reasons or post is None:
        raise Refused(*reasons)
    announced = AbsenceAnnounced(
        absence_id=str(absence.id),
        person_id=command.person_id,
        post=post,
        leaving=command.leaving,
        cause=command.cause,
        destination=command.destination,
        reason=command.reason,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        mode=row.outcome.mode if row is not None else "not_regulated",
        row=row.row if row is not None else None,
        urgent=command.urgent,
        organised_by_unit=command.organised_by_unit,
        claims=tuple(claim for claim, _ in claims),
    )
    under: tuple[AnyRuling, ...] = (ruling,) if ruling.regulated else ()
    under = (*under, *(naming for _, rulings in claims for naming in rulings))
    standing = rules.own_standing(command.person_id)
    told: list[Told[AbsenceEvent]] = [Told(announced, under)]
    way = way_of(rules, announced, (), row)
    if way is None:
        return [*told, Told(approved(announced, rules, row), under)]
    taken = [
        rules.step_done(Taking(one.alternative, one.index, one.step.do, standing))
        for one in way.state.open
        if one.step.by is None
    ]
    told += [Told(AbsenceStepTaken(absence_id=str(absence.id), taken=step), under, standing) for step in taken]
    after = way_of(rules, announced, taken, row)
    if after is not None and after.state.complete:
        told.append(Told(approved(announced, rules, row), under))
    return told


def _out_of_place(command: Announce, rules: Rules) -> Sequence[Reason]:
    if command.ends_at <= command.starts_at:
        return [Reason("ends_before_it_starts", subject="ends_at")]
    return [
        Reason("over_another_absence", params={"from": local_day(other.starts_at).isoformat()})
        for other in rules.roster.absences.values()
        if other.person == command.person_id
        and other.returned_at is None
        and other.starts_at < command.ends_at
        and command.starts_at < other.ends_at
    ]


def _excuses(command: Announce, absence: Absence) -> tuple[Excuse, ...]:
    """Those that were given for just this absence: the person and the day."""
    starts_on = local_day(command.starts_at)
    return tuple(
        one.excuse for one in absence.excused if one.person_id == command.person_id and one.starts_on == starts_on
    )


def _late(command: Announce, rules: Rules, row: Hit[AbsenceRow] | None, excuses: Sequence[Excuse]) -> Sequence[Reason]:
    """What the rules ask for beforehand is asked for beforehand; how early, where they say it. Urgency excuses both,
    and so does whoever may.
    """
    if row is None or command.urgent or row.force not in ("must", "in_principle"):
        return []
    if excused(excuses, ABSENCES.name, row, [LEAD]):
        return []
    ways = excusable(ABSENCES.name, row, LEAD, lambda who: rules.who(who).people())
    if row.outcome.lead is not None and row.outcome.on_late == "refuse":
        due = rules.lead(row.outcome.lead, local_day(command.starts_at))
        if command.at >= due.due_at:
            params = {"due_on": due.due_on.isoformat()}
            return [Reason("too_late_to_ask", row.cites, params, excusable=ways)]
    if command.at >= command.starts_at:
        return [Reason("not_asked_beforehand", row.cites, excusable=ways)]
    return []


def approved(announced: AbsenceAnnounced, rules: Rules, row: Hit[AbsenceRow] | None) -> LeaveApproved:
    """The absence as it stands, with the moment by which the return is to be reported."""
    return LeaveApproved(
        absence_id=announced.absence_id,
        person_id=announced.person_id,
        post=announced.post,
        leaving=announced.leaving,
        cause=announced.cause,
        starts_at=announced.starts_at,
        ends_at=announced.ends_at,
        mode=announced.mode,
        return_due=_return_due(announced, rules, row),
    )


def _return_due(announced: AbsenceAnnounced, rules: Rules, row: Hit[AbsenceRow] | None) -> Counted | None:
    if row is None or row.outcome.return_due is None:
        return None
    count = count_forward(rules.calendar, announced.ends_at, row.outcome.return_due, closing=rules.closing)
    clauses = tuple(cite.clause for cite in row.cites)
    return counted(count, name=RETURN_REPORT, rule=row.row, clauses=clauses, force=row.force)
