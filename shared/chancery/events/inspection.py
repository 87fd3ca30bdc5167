"""Inspections (督查检查): who looks at what, where and when; what was found, told to whom, and looked at again."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event
from chancery.events.parts import Claim, Code, Counted, Evidence, Key, Name


class InspectionPlanned(Event, name="supervision.inspection_planned", version=1):
    """An inspection of one unit was planned (督查方案). ``form`` is inspection or assessment.

    ``flagged`` are limits of the rules that it does not keep and that only say so; ``major`` that a task it looks at
    rests on a major decision; ``arranged_at`` when the last of its tasks was assigned.
    """

    inspection_id: UUID
    unit: Key
    subject: Name
    form: Annotated[str, Field(pattern="^(inspection|assessment)$")]
    inspector: Key
    partners: tuple[Key | Name, ...] = ()
    first_on: date
    last_on: date
    plan: str
    criteria: tuple[Code, ...] = ()
    tasks: tuple[UUID, ...] = ()
    major: bool = False
    arranged_at: AwareDatetime | None = None
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    flagged: tuple[Code, ...] = ()
    planned_by: Key
    planned_at: AwareDatetime


class InspectionCancelled(Event, name="supervision.inspection_cancelled", version=1):
    """A planned inspection does not take place (取消督查)."""

    inspection_id: UUID
    unit: Key
    reason: str
    cancelled_by: Key
    cancelled_at: AwareDatetime


class InspectionConcluded(Event, name="supervision.inspection_concluded", version=1):
    """What was found, and what follows (督查结论), told to the unit, which may ask for review until ``review_due``."""

    inspection_id: UUID
    unit: Key
    conclusion: str
    to_put_right: str | None = None
    told_to: tuple[Key, ...] = ()
    review_due: Counted | None = None
    concluded_by: Key
    concluded_at: AwareDatetime


class InspectionAcknowledged(Event, name="supervision.inspection_acknowledged", version=1):
    """The unit took note of the conclusion and answered (反馈签收)."""

    inspection_id: UUID
    unit: Key
    reply: str
    acknowledged_by: Key
    acknowledged_at: AwareDatetime


class InspectionReviewAsked(Event, name="supervision.inspection_review_asked", version=1):
    """The unit asked that the conclusion be looked at again (申请复核). ``due`` is by when it has to be decided."""

    inspection_id: UUID
    unit: Key
    reason: str
    due: Counted | None = None
    asked_by: Key
    asked_at: AwareDatetime


class InspectionReviewed(Event, name="supervision.inspection_reviewed", version=1):
    """The conclusion was looked at again by others than its authors (复核决定)."""

    inspection_id: UUID
    unit: Key
    upheld: bool
    decision: str
    reviewed_by: Key
    reviewed_at: AwareDatetime


InspectionEvent = (
    InspectionPlanned
    | InspectionCancelled
    | InspectionConcluded
    | InspectionAcknowledged
    | InspectionReviewAsked
    | InspectionReviewed
)
