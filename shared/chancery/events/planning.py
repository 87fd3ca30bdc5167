"""Recurring work (年度重点工作、阶段目标、述职、接访), government information, and work handed over."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import Code, Key, Name

Period = Annotated[str, Field(pattern=r"^\d{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$")]
"""A year, a half-year, a quarter or a month: 2026, 2026-H1, 2026-Q2, 2026-04."""


class PlanEntry(Part):
    """One line of a plan: ``fields`` are those that the row wants, by the pack's words.

    ``item`` names the line of the year's plan that it belongs to; ``missing`` are wanted fields that it lacks,
    ``beyond`` says that it is due after the period ends.
    """

    no: Annotated[int, Field(ge=1)]
    title: Name
    fields: dict[Code, str] = Field(default_factory=dict[str, str])
    item: Name | None = None
    lead: Key | None = None
    cooperating: tuple[Key, ...] = ()
    responsible: tuple[Key, ...] = ()
    due_on: date | None = None
    missing: tuple[Code, ...] = ()
    beyond: bool = False


class PlanFiled(Event, name="supervision.plan_filed", version=1):
    """A recurring piece of work was put on record for one period (报送), or put on record anew.

    ``holder`` is the unit or person whose it is, None: the government's. ``draft`` as long as a line lacks what the
    row wants. ``as_tasks`` is the source under which lines that lack nothing become tasks.
    """

    plan_id: UUID
    artefact: Code
    period: Period
    holder: Key | None = None
    entries: tuple[PlanEntry, ...]
    draft: bool
    edition: Annotated[int, Field(ge=1)]
    as_tasks: Code | None = None
    filed_by: Key
    filed_at: AwareDatetime


class InformationSubmitted(Event, name="supervision.information_submitted", version=1):
    """A unit told the government something worth knowing (政务信息). ``kind`` is a word of its own choice."""

    information_id: UUID
    unit: Key
    kind: Code
    title: Name
    text: str
    submitted_by: Key
    submitted_at: AwareDatetime


class InformationUsed(Event, name="supervision.information_used", version=1):
    """What was told was used (采用): where."""

    information_id: UUID
    unit: Key
    where: Name
    used_by: Key
    used_at: AwareDatetime


class InformationAnswered(Event, name="supervision.information_answered", version=1):
    """Whoever told it hears what became of it (信息反馈)."""

    information_id: UUID
    unit: Key
    text: str
    answered_by: Key
    answered_at: AwareDatetime


class WorkHandedOver(Event, name="supervision.work_handed_over", version=1):
    """Somebody's open tasks go over to another (工作交接): all of them, or those named."""

    handover_id: UUID
    giver: Key
    receiver: Key
    tasks: tuple[UUID, ...]
    note: str
    handed_by: Key
    handed_at: AwareDatetime


InformationEvent = InformationSubmitted | InformationUsed | InformationAnswered
