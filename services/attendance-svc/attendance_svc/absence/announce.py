"""Announce an absence (提出外出): the pack says whether it is approved, reported, filed, or not regulated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.way import Going, asked, goes_outside, row_of, way_of
from attendance_svc.bringing import missing, on_file
from attendance_svc.keepers import keeps
from chancery.calendar import count_forward, local_day
from chancery.deadlines import counted
from chancery.envelope import Standing
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepTaken, Brought, LeaveApproved
from chancery.events.parts import Counted, Excuse, StepDone
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import Claiming, claiming
from chancery.rules.rulebook import Rules, Taking
from chancery.rules.ruling import AnyRuling, Hit
from chancery.rules.setting_aside import LEAD, excusable, excused, proved
from chancery.rules.tables import ABSENCES
from chancery.rules.tables import Absence as AbsenceRow
from chancery.rules.walk import Walk
from chancery.thing import Told

RETURN_REPORT = "return_report"


@dataclass(frozen=True, slots=True)
class Announce:
    """``by`` is the one who goes, or the office that writes it down for him. ``urgent``: no time to ask before.

    ``organised_by_unit``: a trip that his unit organises for several; he leads it. ``form`` oral: he said it, and the
    office wrote it down. ``brings`` is what the rules ask for, in the pack's words.
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
    form: Literal["written", "oral"] = "written"
    brings: tuple[Brought, ...] = ()


def announce(command: Announce, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Take it in. Where a report is enough, the announcement is the report and the absence stands at once.

    Raises:
        Refused: announced already, no post held, the wrong way round in time, over another absence, too late under
            the rules, not in writing, without what it must bring, while another is away, every one at once;
            (forbidden) for somebody else.
    """
    if absence.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("announced_already"))
    announced, under = judged(command, absence, rules)
    return [Told(announced, under), *on_its_way(announced, under, command.person_id, rules)]


def judged(command: Announce, absence: Absence, rules: Rules) -> tuple[AbsenceAnnounced, tuple[AnyRuling, ...]]:
    """The particulars as the rules take them, and the rulings they rest on.

    Raises:
        Refused: everything that stands in the way, at once; (forbidden) for somebody else.
    """
    if command.by != command.person_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_absence"), kind="forbidden")
    claims = [claiming(one, command.by, rules, (), (ABSENCES.name,)) for one in command.exceptions]
    excepted = proved([claim for claim, _ in claims], on_file(command.brings, rules))
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
    reasons = [
        *out_of_place(rules, command.person_id, command.starts_at, command.ends_at, itself=str(absence.id)),
        *_late(command, rules, row, _excuses(command, absence)),
        *_not_brought(command, rules, row, _excuses(command, absence)),
        *away_together(rules, command.person_id, command.starts_at, command.ends_at, row),
    ]
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
        mode=mode_of(row),
        row=row.row if row is not None else None,
        urgent=command.urgent,
        organised_by_unit=command.organised_by_unit,
        claims=tuple(claim for claim, _ in claims),
        form=command.form,
        brings=command.brings,
    )
    under: tuple[AnyRuling, ...] = (ruling,) if ruling.regulated else ()
    return announced, (*under, *(naming for _, rulings in claims for naming in rulings))


def on_its_way(
    announced: AbsenceAnnounced, under: tuple[AnyRuling, ...], person: str, rules: Rules
) -> Sequence[Told[AbsenceEvent]]:
    """What follows at once: the reports that the announcement itself makes, and that it stands where that is enough."""
    row = row_of(rules, announced).first
    way = way_of(rules, announced, (), row)
    if way is None:
        return [Told(approved(announced, rules, row), under)]
    standing = rules.own_standing(person)
    taken = _told_by_itself(rules, way, standing)
    told: list[Told[AbsenceEvent]] = [
        Told(AbsenceStepTaken(absence_id=announced.absence_id, taken=step), under, standing) for step in taken
    ]
    after = way_of(rules, announced, taken, row)
    if after is not None and after.state.complete:
        told.append(Told(approved(announced, rules, row), under))
    return told


def _told_by_itself(rules: Rules, way: Walk, standing: Standing) -> list[StepDone]:
    """Steps that putting it forward does: reports within this house. What goes outside wants its proof."""
    return [
        rules.step_done(Taking(one.alternative, one.index, one.step.do, standing))
        for one in way.state.open
        if one.step.by is None and not goes_outside(one.step)
    ]


def out_of_place(
    rules: Rules, person: str, starts_at: datetime, ends_at: datetime, itself: str | None = None
) -> Sequence[Reason]:
    """The wrong way round in time, or over another absence of the same person; an absence is not over ``itself``."""
    if ends_at <= starts_at:
        return [Reason("ends_before_it_starts", subject="ends_at")]
    return [
        Reason("over_another_absence", params={"from": local_day(other.starts_at).isoformat()})
        for other in rules.roster.absences_of(person, starts_at, ends_at)
        if other.id != itself
    ]


def away_together(
    rules: Rules, person: str, starts_at: datetime, ends_at: datetime, row: Hit[AbsenceRow] | None
) -> Sequence[Reason]:
    """Those who must not be away while he is: what they asked for counts, not only what stands."""
    if row is None or row.force not in ("must", "in_principle"):
        return []
    others = {p for who in row.outcome.not_while_away for p in rules.who(who, acting="never").people()} - {person}
    return [
        Reason(
            "away_at_the_same_time",
            row.cites,
            {"who": rules.roster.name(other.person), "from": local_day(other.starts_at).isoformat()},
        )
        for one in sorted(others)
        for other in rules.roster.absences_of(one, starts_at, ends_at)
    ]


def _not_brought(
    command: Announce, rules: Rules, row: Hit[AbsenceRow] | None, excuses: Sequence[Excuse]
) -> Sequence[Reason]:
    """What the rules ask for beside the particulars: writing, and what is brought along."""
    if row is None:
        return []
    reasons: list[Reason] = []
    if row.force == "must" and row.outcome.form == "written" and command.form == "oral":
        reasons.append(Reason("must_be_in_writing", row.cites, subject="form"))
    return [*reasons, *missing(rules, ABSENCES.name, row, command.brings, command.reason, excuses)]


def mode_of(row: Hit[AbsenceRow] | None) -> str:
    """approve, report or file; where there is no row, that the rules say nothing."""
    return row.outcome.mode if row is not None else "not_regulated"


def _excuses(command: Announce, absence: Absence) -> tuple[Excuse, ...]:
    """Those that were given for just this absence: the person and the day."""
    starts_on = local_day(command.starts_at)
    return tuple(
        one.excuse for one in absence.excused if one.person_id == command.person_id and one.starts_on == starts_on
    )


def _late(command: Announce, rules: Rules, row: Hit[AbsenceRow] | None, excuses: Sequence[Excuse]) -> Sequence[Reason]:
    """What the rules ask for beforehand is asked for beforehand; how early, where they say it.

    Urgency excuses both where the row speaks of urgent cases, and so does whoever may. Where it does not, that
    somebody calls his case urgent changes nothing.
    """
    if row is None or row.force not in ("must", "in_principle"):
        return []
    if command.urgent and of_urgent_cases(rules, row.row):
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


def of_urgent_cases(rules: Rules, row: str) -> bool:
    """Whether a row is written for cases in which there was no time to ask before."""
    cells = (cell for one in rules.pack.rows(ABSENCES) if one.id == row for cell in one.when)
    return any(cell.fact == "urgent" and cell.written is True for cell in cells)


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
        return_due=return_due(announced.ends_at, rules, row),
    )


def return_due(ends_at: datetime, rules: Rules, row: Hit[AbsenceRow] | None) -> Counted | None:
    """When the return is to be reported, counted from the planned end; None where the rules are silent."""
    if row is None or row.outcome.return_due is None:
        return None
    count = count_forward(rules.calendar, ends_at, row.outcome.return_due, closing=rules.closing)
    clauses = tuple(cite.clause for cite in row.cites)
    return counted(count, name=RETURN_REPORT, rule=row.row, clauses=clauses, force=row.force)
