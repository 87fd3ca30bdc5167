"""Stay away longer than planned (续假): asked for while away, before the planned end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.absence.announce import away_together, mode_of, out_of_place, return_due
from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.way import Going, asked, goes_outside, way_of
from attendance_svc.keepers import keeps
from chancery.events.attendance import AbsenceAnnounced, AbsenceExtended, AbsenceStepTaken, ExtensionAsked
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules, Taking
from chancery.rules.ruling import Hit
from chancery.rules.tables import Absence as AbsenceRow
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Extend:
    by: PersonId
    at: datetime
    ends_at: datetime
    reason: str


def extend(command: Extend, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """The rules are asked of the whole, longer absence; where a report is enough it is longer at once.

    Raises:
        Refused: it does not stand, its end has passed, one is asked for already, not later than now planned, over
            another absence, while another is away; (forbidden) for somebody else.
    """
    announced, before = absence.announced, absence.ends_at
    if announced is None or before is None:
        raise not_found("absence")
    if command.by != announced.person_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_absence"), kind="forbidden")
    if absence.stage is not Stage.STANDS:
        raise Refused(Reason("absence_does_not_stand", params={"stage": absence.stage.value}))
    if absence.extension is not None:
        raise Refused(Reason("extension_asked_already"))
    if command.at >= before:
        raise Refused(Reason("extension_too_late", params={"ended_at": before.isoformat()}))
    going = Going(
        leaving=announced.leaving,
        cause=announced.cause,
        starts_at=announced.starts_at,
        ends_at=command.ends_at,
        urgent=announced.urgent,
        organised_by_unit=announced.organised_by_unit,
    )
    ruling, _ = asked(rules, announced.person_id, going)
    row = ruling.first
    reasons = [*out_of_place(rules, announced.person_id, before, command.ends_at, itself=announced.absence_id)]
    reasons += away_together(rules, announced.person_id, before, command.ends_at, row)
    if reasons:
        raise Refused(*reasons)
    wanted = ExtensionAsked(
        absence_id=announced.absence_id,
        person_id=announced.person_id,
        ends_at=command.ends_at,
        reason=command.reason,
        mode=mode_of(row),
        row=row.row if row is not None else None,
    )
    under = (ruling,) if ruling.regulated else ()
    told: list[Told[AbsenceEvent]] = [Told(wanted, under)]
    way = way_of(rules, announced, (), row)
    if way is None:
        return [*told, Told(extended(wanted, rules, row), under)]
    standing = rules.own_standing(announced.person_id)
    taken = [
        rules.step_done(Taking(one.alternative, one.index, one.step.do, standing))
        for one in way.state.open
        if one.step.by is None and not goes_outside(one.step)
    ]
    told += [
        Told(AbsenceStepTaken(absence_id=announced.absence_id, taken=step, extension=True), under, standing)
        for step in taken
    ]
    after = way_of(rules, announced, taken, row)
    if after is not None and after.state.complete:
        told.append(Told(extended(wanted, rules, row), under))
    return told


def extended(wanted: ExtensionAsked, rules: Rules, row: Hit[AbsenceRow] | None) -> AbsenceExtended:
    """The longer absence, with the moment by which the return is to be reported."""
    return AbsenceExtended(
        absence_id=wanted.absence_id,
        person_id=wanted.person_id,
        ends_at=wanted.ends_at,
        return_due=return_due(wanted.ends_at, rules, row),
    )


def still_in_time(absence: Absence, announced: AbsenceAnnounced, at: datetime) -> None:
    """Let an extension go on only while the earlier end has not passed.

    Raises:
        Refused: it has; whoever stayed longer reports his return.
    """
    end = absence.ends_at or announced.ends_at
    if at >= end:
        raise Refused(Reason("extension_too_late", params={"ended_at": end.isoformat()}))
