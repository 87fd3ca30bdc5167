"""The run sheet and the notice of a sitting, as data and on paper."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from chancery.events.parts import PaperRef
from chancery.web import DeskDep
from meeting_svc.api.printed import FILE, Kind, paper_file
from meeting_svc.looking import look, sheet_of
from meeting_svc.printed.notice import notice
from meeting_svc.printed.run_sheet import ordered, run_sheet_paper
from meeting_svc.run_sheet import Coming, ItemLine

router = APIRouter(prefix="/v1/sittings", tags=["run sheets 会议进程"])


class RunSheetItem(BaseModel):
    """One item of the order of business, and where it is. ``waits`` are outside until it is called."""

    no: int
    item_id: UUID
    matter_id: UUID
    title: str
    lead_unit: str
    units_involved: list[str]
    state: Literal["to_come", "under_way", "decided", "put_off"]
    added: bool
    presenters: list[str]
    waits: list[str]
    called_in: list[str]
    absent: list[str]
    papers: list[PaperRef]
    on_paper: list[str]
    begins_at: datetime | None
    ends_at: datetime | None
    outcome: str | None
    due_on: date | None


class RunSheetPerson(BaseModel):
    """Somebody expected or present. ``items`` are the numbers of those he comes for; none: the whole sitting."""

    person: str
    name: str
    post: str | None
    seat: Literal["member", "attendee", "invited", "observer", "substitute", "companion"]
    items: list[int]
    waits: bool
    beside: str | None
    came_at: datetime | None
    went_at: datetime | None
    excused: str | None


class OtherPeople(BaseModel):
    """Whom the rules name without anybody being known by name: somebody outside, a vacant post, observers."""

    who: str
    seat: Literal["attendee", "invited", "observer"]
    own_item: bool


class RunSheetView(BaseModel):
    """The run sheet of a sitting (会议进程单), as it stands now."""

    sitting_id: UUID
    version: int
    body: str
    series: str
    number: int
    stage: str
    starts_at: datetime
    place: str
    day_off: bool
    opened_at: datetime | None
    closed_at: datetime | None
    chair: str | None
    items: list[RunSheetItem]
    people: list[RunSheetPerson]
    others: list[OtherPeople]


@router.get("/{sitting_id}/run-sheet", summary="The run sheet 会议进程单")
async def get_run_sheet(sitting_id: UUID, desk: DeskDep, request: Request) -> RunSheetView:
    """Items in order with their state, who waits and who is called in, presenters, papers, times; and who comes."""
    looked = await look(desk, request, sitting_id)
    desk.etag(looked.version)
    sheet = await sheet_of(desk, looked)
    convened, opened, rules = looked.convened, looked.sitting.opened, looked.words.rules

    def post_of(one: Coming) -> str | None:
        held = rules.roster.held_by(one.person, rules.at)
        return held[0].post if held else None

    return RunSheetView(
        sitting_id=sitting_id,
        version=looked.version,
        body=convened.body,
        series=convened.series,
        number=convened.number,
        stage=looked.sitting.stage,
        starts_at=convened.starts_at,
        place=convened.place,
        day_off=convened.day_off,
        opened_at=sheet.opened_at,
        closed_at=sheet.closed_at,
        chair=opened.chair.person if opened else None,
        items=[_item(line) for line in sheet.items],
        people=[
            RunSheetPerson.model_validate(
                {
                    "person": one.person,
                    "name": looked.words.name(one.person),
                    "post": post_of(one),
                    "seat": one.seat,
                    "items": list(one.items),
                    "waits": one.waits,
                    "beside": one.beside,
                    "came_at": one.came_at,
                    "went_at": one.went_at,
                    "excused": one.excused,
                }
            )
            for one in ordered(sheet, looked.words)
        ],
        others=[OtherPeople(who=one.who.written(), seat=one.seat, own_item=one.own_item) for one in sheet.others],
    )


def _item(line: ItemLine) -> RunSheetItem:
    facts, decision = line.item.facts, line.decision
    return RunSheetItem(
        no=line.item.no,
        item_id=line.item.item_id,
        matter_id=line.item.matter_id,
        title=facts.title,
        lead_unit=facts.lead_unit,
        units_involved=list(facts.units_involved),
        state=line.state.value,
        added=line.added,
        presenters=list(line.presenters),
        waits=list(line.waits),
        called_in=list(line.called_in),
        absent=list(line.absent),
        papers=list(line.papers),
        on_paper=list(line.on_paper),
        begins_at=line.begins_at,
        ends_at=line.ends_at,
        outcome=decision.outcome if decision else None,
        due_on=decision.due_on if decision else None,
    )


@router.get(
    "/{sitting_id}/run-sheet.{kind}",
    summary="The run sheet on paper 会议进程单",
    response_class=Response,
    responses=FILE,
)
async def print_run_sheet(sitting_id: UUID, kind: Kind, desk: DeskDep, request: Request) -> Response:
    """As it stands now."""
    looked = await look(desk, request, sitting_id)
    sheet = await sheet_of(desk, looked)
    return await paper_file(request, kind, run_sheet_paper(sheet, looked.sitting, looked.convened, looked.words))


@router.get(
    "/{sitting_id}/notice.{kind}",
    summary="The notice on paper 会议通知",
    response_class=Response,
    responses=FILE,
)
async def print_notice(sitting_id: UUID, kind: Kind, desk: DeskDep, request: Request) -> Response:
    """When, where, who comes and for which items, as the rules of the sitting say."""
    looked = await look(desk, request, sitting_id)
    return await paper_file(request, kind, notice(looked.sitting, looked.convened, looked.words))
