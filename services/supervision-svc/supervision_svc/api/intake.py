"""Thousands at once: hotline calls and messages as another system hands them over, each entered once (批量登记)."""

import asyncio
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chancery.desk import uuid7
from chancery.refusal import Refused
from chancery.web import REFUSED, DeskDep, Form, WebDesk
from supervision_svc.api.life import OutsideId, SourceForm, from_outside, said_of
from supervision_svc.task.enter import Enter, enter
from supervision_svc.task.state import TASK

router = APIRouter(prefix="/v1/intake", tags=["tasks 督办"])
MOST = 1_000
AT_ONCE = 16
"""How many of a batch are on their way to the store at one time; commits of several share one write to the disk."""


class IntakeItem(SourceForm):
    """One of a batch. ``outside_id`` is what the other system calls it."""

    outside_id: OutsideId


class IntakeForm(Form):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "outside_id": "12345-20260408-0001",
                            "source": "message",
                            "channel": "hotline_12345_online",
                            "title": "路灯不亮",
                            "text": "市民反映路灯不亮。",
                            "lead": "construction_bureau",
                        }
                    ]
                }
            ]
        }
    )

    items: Annotated[tuple[IntakeItem, ...], Field(min_length=1, max_length=MOST)]


class IntakeReason(BaseModel):
    code: str
    subject: str | None
    clauses: list[str]


class IntakeResult(BaseModel):
    """What became of one: entered now, there already, or refused for these reasons."""

    outside_id: str
    id: UUID
    outcome: Literal["entered", "there_already", "refused"]
    reasons: list[IntakeReason] = []


class IntakeAnswer(BaseModel):
    """Every item in the order in which it came, and how many there are of each outcome."""

    entered: int
    there_already: int
    refused: int
    items: list[IntakeResult]


@router.post("", operation_id="take_in_tasks", summary="批量登记 Take in a batch", responses=REFUSED)
async def take_in_tasks(form: IntakeForm, desk: DeskDep) -> IntakeAnswer:
    """Each is entered by itself and once: a batch handed in again, whole or in part, enters nothing twice.

    One that is refused keeps none of the others back; the answer names it with its reasons.
    """
    person, gate = desk.person, asyncio.Semaphore(AT_ONCE)

    async def one(item: IntakeItem) -> IntakeResult:
        task = from_outside(desk, item.outside_id)
        own: WebDesk = replace(desk, command_id=uuid7(), fingerprint=b"", commands=0, drawn=[], if_match=None)
        command = Enter(person, desk.now(), task, said_of(item, desk, item.outside_id))
        try:
            async with gate:
                await own.handle(TASK, enter, command, stream=task, matter=task)
        except Refused as no:
            return refused(item.outside_id, task, no)
        return IntakeResult(outside_id=item.outside_id, id=task, outcome="entered")

    desk.now()
    found = await asyncio.gather(*(one(item) for item in form.items))
    outcomes = [result.outcome for result in found]
    return IntakeAnswer(
        entered=outcomes.count("entered"),
        there_already=outcomes.count("there_already"),
        refused=outcomes.count("refused"),
        items=found,
    )


def refused(outside_id: str, task: UUID, no: Refused) -> IntakeResult:
    """A refusal of one of many. What is no fault of its own (``busy`` and the like) is let rise."""
    if any(reason.code == "task_opened_already" for reason in no.reasons):
        return IntakeResult(outside_id=outside_id, id=task, outcome="there_already")
    if no.kind not in ("refused", "forbidden", "malformed"):
        raise no
    reasons = [
        IntakeReason(code=reason.code, subject=reason.subject, clauses=[cite.clause for cite in reason.cites])
        for reason in no.reasons
    ]
    return IntakeResult(outside_id=outside_id, id=task, outcome="refused", reasons=reasons)
