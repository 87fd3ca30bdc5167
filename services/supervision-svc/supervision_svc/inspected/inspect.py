"""Plan an inspection, conclude it, and what follows: told, answered, looked at again (方案、结论、反馈、复核)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.inspection import (
    InspectionAcknowledged,
    InspectionCancelled,
    InspectionConcluded,
    InspectionEvent,
    InspectionPlanned,
    InspectionReviewAsked,
    InspectionReviewed,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from supervision_svc.inspected.limits import Planned, broken
from supervision_svc.inspected.state import Inspected, Inspection

REVIEW_ASKED_BY = "inspection_review_request"
REVIEW_ANSWERED_BY = "inspection_review_answer"
"""Clocks with a meaning here: until when a unit may ask for review, and by when that is decided."""


@dataclass(frozen=True, slots=True)
class Plan:
    by: PersonId
    at: datetime
    inspection_id: UUID
    tasks: tuple[UUID, ...]
    planned: Planned


@dataclass(frozen=True, slots=True)
class Conclude:
    by: PersonId
    at: datetime
    inspection_id: UUID
    conclusion: str
    to_put_right: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """One word of one side: a reason, a reply, a decision. ``upheld`` is that of a review."""

    by: PersonId
    at: datetime
    inspection_id: UUID
    text: str
    upheld: bool = False


def plan(command: Plan, there: Inspected, rules: Rules) -> Sequence[Told[InspectionEvent]]:
    """By somebody of the unit that inspects. Every limit it does not keep is named at once.

    Raises:
        Refused: units that are not known, days in the wrong order, or limits; (forbidden) somebody of another unit.
    """
    planned = command.planned
    units = rules.roster.units
    wrong = [
        Reason("unit_not_known", params={"unit": unit}, subject=subject)
        for subject, unit in (("unit", planned.unit), ("inspector", planned.inspector))
        if unit not in units
    ]
    if planned.last_on < planned.first_on:
        wrong.append(Reason("days_in_wrong_order", subject="last_on"))
    if wrong:
        raise Refused(*wrong)
    if not rules.works_in(command.by, planned.inspector):
        unit = rules.titled(planned.inspector)
        raise Refused(Reason("not_of_the_inspector", params={"unit": unit}), kind="forbidden")
    ruling, reasons, flagged = broken(planned, there, rules)
    if reasons:
        raise Refused(*reasons)
    event = InspectionPlanned(
        inspection_id=command.inspection_id,
        unit=planned.unit,
        subject=planned.subject,
        form=planned.form,
        inspector=planned.inspector,
        partners=planned.partners,
        first_on=planned.first_on,
        last_on=planned.last_on,
        plan=planned.plan,
        criteria=planned.criteria,
        tasks=command.tasks,
        major=planned.major,
        arranged_at=planned.arranged_at,
        claims=planned.claims,
        evidence=planned.evidence,
        flagged=tuple(flagged),
        planned_by=command.by,
        planned_at=command.at,
    )
    return [Told(event, (ruling,) if ruling.regulated else (), rules.own_standing(command.by, planned.inspector))]


def cancel(command: Say, there: Inspected, rules: Rules) -> Sequence[Told[InspectionEvent]]:
    """By the unit that inspects, before it is concluded."""
    one = _open(command, there, rules)
    event = InspectionCancelled(
        inspection_id=command.inspection_id,
        unit=one.planned.unit,
        reason=command.text,
        cancelled_by=command.by,
        cancelled_at=command.at,
    )
    return [Told(event, (), rules.own_standing(command.by, one.planned.inspector))]


def conclude(command: Conclude, there: Inspected, rules: Rules) -> Sequence[Told[InspectionEvent]]:
    """By the unit that inspects, on or after its first day; the unit inspected and its heads are told.

    Raises:
        Refused: not there, cancelled or concluded already, or before it began; (forbidden) somebody else.
    """
    one = _open(command, there, rules)
    if local_day(command.at) < one.planned.first_on:
        raise Refused(Reason("inspection_not_begun", params={"first_on": one.planned.first_on.isoformat()}))
    ruling, count = rules.clock(REVIEW_ASKED_BY, command.at)
    due = rules.counted(REVIEW_ASKED_BY, ruling, count) if count is not None else None
    heads = sorted({str(seat.person) for seat in rules.roster.employed_in(one.planned.unit, rules.at)})
    event = InspectionConcluded(
        inspection_id=command.inspection_id,
        unit=one.planned.unit,
        conclusion=command.conclusion,
        to_put_right=command.to_put_right,
        told_to=tuple(heads),
        review_due=due,
        concluded_by=command.by,
        concluded_at=command.at,
    )
    under: tuple[AnyRuling, ...] = (ruling,) if due is not None else ()
    return [Told(event, under, rules.own_standing(command.by, one.planned.inspector))]


def acknowledge(command: Say, there: Inspected, rules: Rules) -> Sequence[Told[InspectionEvent]]:
    """By the unit that was inspected, once a conclusion was drawn.

    Raises:
        Refused: no conclusion yet, or acknowledged already; (forbidden) somebody of another unit.
    """
    one = _of_the_unit(command, there, rules)
    if one.acknowledged:
        raise Refused(Reason("acknowledged_already"))
    event = InspectionAcknowledged(
        inspection_id=command.inspection_id,
        unit=one.planned.unit,
        reply=command.text,
        acknowledged_by=command.by,
        acknowledged_at=command.at,
    )
    return [Told(event, (), rules.own_standing(command.by, one.planned.unit))]


def ask_review(command: Say, there: Inspected, rules: Rules) -> Sequence[Told[InspectionEvent]]:
    """By the unit that was inspected, within the time where the rules set one, once.

    Raises:
        Refused: no conclusion yet, asked already, or too late; (forbidden) somebody of another unit.
    """
    one = _of_the_unit(command, there, rules)
    if one.review_asked is not None:
        raise Refused(Reason("review_asked_already"))
    until = one.concluded.review_due if one.concluded is not None else None
    if until is not None and command.at >= rules.again(until).due_at:
        ruling, _ = rules.clock(REVIEW_ASKED_BY, command.at)
        raise Refused(Reason("too_late_for_review", tuple(ruling.citations), {"due_on": until.due_on.isoformat()}))
    ruling, count = rules.clock(REVIEW_ANSWERED_BY, command.at)
    event = InspectionReviewAsked(
        inspection_id=command.inspection_id,
        unit=one.planned.unit,
        reason=command.text,
        due=rules.counted(REVIEW_ANSWERED_BY, ruling, count) if count is not None else None,
        asked_by=command.by,
        asked_at=command.at,
    )
    under: tuple[AnyRuling, ...] = (ruling,) if count is not None else ()
    return [Told(event, under, rules.own_standing(command.by, one.planned.unit))]


def review(command: Say, there: Inspected, rules: Rules) -> Sequence[Told[InspectionEvent]]:
    """By somebody of the unit that inspects who had no part in the conclusion.

    Raises:
        Refused: nothing was asked for, or decided already; (forbidden) its author, or somebody else.
    """
    one = _of_the_inspector(command, there, rules)
    if one.review_asked is None:
        raise Refused(Reason("no_review_asked"))
    if one.reviewed is not None:
        raise Refused(Reason("reviewed_already"))
    if one.concluded is not None and command.by in (one.concluded.concluded_by, one.planned.planned_by):
        raise Refused(Reason("not_by_its_author"), kind="forbidden")
    event = InspectionReviewed(
        inspection_id=command.inspection_id,
        unit=one.planned.unit,
        upheld=command.upheld,
        decision=command.text,
        reviewed_by=command.by,
        reviewed_at=command.at,
    )
    return [Told(event, (), rules.own_standing(command.by, one.planned.inspector))]


def _found(command: Any, there: Inspected) -> Inspection:
    one = there.all.get(command.inspection_id)
    if one is None:
        raise not_found("inspection")
    return one


def _of_the_inspector(command: Any, there: Inspected, rules: Rules) -> Inspection:
    one = _found(command, there)
    if not rules.works_in(command.by, one.planned.inspector):
        unit = rules.titled(one.planned.inspector)
        raise Refused(Reason("not_of_the_inspector", params={"unit": unit}), kind="forbidden")
    return one


def _open(command: Any, there: Inspected, rules: Rules) -> Inspection:
    one = _of_the_inspector(command, there, rules)
    if one.cancelled or one.concluded is not None:
        raise Refused(Reason("inspection_over"))
    return one


def _of_the_unit(command: Say, there: Inspected, rules: Rules) -> Inspection:
    one = _found(command, there)
    if not rules.works_in(command.by, one.planned.unit):
        unit = rules.titled(one.planned.unit)
        raise Refused(Reason("not_of_the_inspected", params={"unit": unit}), kind="forbidden")
    if one.concluded is None:
        raise Refused(Reason("no_conclusion_yet"))
    return one
