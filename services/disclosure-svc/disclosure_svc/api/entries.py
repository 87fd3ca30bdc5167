"""The catalogue from within: entries, reviews, interpretations, publication."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from chancery.events.parts import Code, Counted, Name, PaperRef
from chancery.refusal import not_found
from chancery.web import REFUSED, DeskDep, Form, Opinion, Page, PagingDep, Receipt, YesNo
from disclosure_svc.entry.attach_interpretation import AttachInterpretation, attach_interpretation
from disclosure_svc.entry.meet_need import MeetNeed, meet_need
from disclosure_svc.entry.needs import standing_of
from disclosure_svc.entry.publish import Publish, publish
from disclosure_svc.entry.review_secrecy import ReviewSecrecy, review_secrecy
from disclosure_svc.entry.state import ENTRY, Stage
from disclosure_svc.projections.tables import CATALOGUE

router = APIRouter(prefix="/v1/catalogue-entries", tags=["catalogue 公开目录"])


class ReviewForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"passed": True}]})

    passed: YesNo
    note: Opinion | None = None


class InterpretationForm(Form):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "《区政府工作规则》解读",
                    "paper": {
                        "kind": "interpretation",
                        "name": "解读.txt",
                        "sha256": "0" * 64,
                        "size": 1200,
                        "media_type": "text/plain",
                    },
                }
            ]
        }
    )

    title: Name
    paper: PaperRef


@router.post(
    "/{entry_id}:review-secrecy", operation_id="review_secrecy", summary="保密审查 Review secrecy", responses=REFUSED
)
async def review_entry(entry_id: UUID, form: ReviewForm, desk: DeskDep) -> Receipt:
    command = ReviewSecrecy(desk.person, form.passed, form.note)
    return await desk.tell(ENTRY, review_secrecy, command, stream=entry_id, existing=True)


@router.post(
    "/{entry_id}:attach-interpretation",
    operation_id="attach_interpretation",
    summary="附政策解读 Attach the interpretation",
    responses=REFUSED,
)
async def interpret_entry(entry_id: UUID, form: InterpretationForm, desk: DeskDep) -> Receipt:
    command = AttachInterpretation(desk.person, form.title, form.paper)
    return await desk.tell(ENTRY, attach_interpretation, command, stream=entry_id, existing=True)


class NeedForm(Form):
    """``need`` is the word of the rules; ``reference`` where what was brought can be found."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"need": "release_review", "reference": "审核单第5号"}]})

    need: Code
    reference: Name


@router.post(
    "/{entry_id}:meet-need", operation_id="meet_need", summary="补齐要件 Bring what is needed", responses=REFUSED
)
async def bring_need(entry_id: UUID, form: NeedForm, desk: DeskDep) -> Receipt:
    """Anything the rules want before publication, save the secrecy review and the interpretation."""
    command = MeetNeed(desk.person, form.need, form.reference)
    return await desk.tell(ENTRY, meet_need, command, stream=entry_id, existing=True)


@router.post("/{entry_id}:publish", operation_id="publish_entry", summary="公开发布 Publish", responses=REFUSED)
async def publish_entry(entry_id: UUID, desk: DeskDep) -> Receipt:
    """409: everything that is missing, each with its clauses."""
    return await desk.tell(ENTRY, publish, Publish(desk.person, desk.now()), stream=entry_id, existing=True)


class EntryView(BaseModel):
    """One entry; ``missing`` names what still stands between it and the public."""

    id: UUID
    version: int
    matter_id: UUID
    document_id: UUID
    index_number: str | None
    title: str
    number: str
    kind: str
    issuer: str
    issued_on: date
    attribute: str
    ground: str | None
    needs: list[str]
    channels: list[str]
    text: PaperRef | None
    secrecy_passed: bool | None
    interpretation: str | None
    stage: Stage
    published_on: date | None
    due: Counted | None
    overdue: bool
    missing: list[str]


@router.get("/{entry_id}", operation_id="get_catalogue_entry", summary="目录条目详情 One entry")
async def get_catalogue_entry(entry_id: UUID, desk: DeskDep) -> EntryView:
    seen = await desk.seen(ENTRY, entry_id)
    desk.etag(seen.version)
    entry, prepared = seen.state, seen.state.prepared
    if prepared is None:
        raise not_found("catalogue_entry")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    public = entry.stage is Stage.PUBLISHED
    missing = [] if public else [reason.code for reason in standing_of(entry, prepared, rules).missing]
    return EntryView(
        id=entry_id,
        version=seen.version,
        matter_id=prepared.matter_id,
        document_id=prepared.document_id,
        index_number=entry.index_number,
        title=prepared.title,
        number=prepared.number,
        kind=prepared.kind,
        issuer=prepared.issuer,
        issued_on=prepared.issued_on,
        attribute=prepared.attribute,
        ground=prepared.ground,
        needs=list(prepared.needs),
        channels=list(prepared.channels),
        text=prepared.text,
        secrecy_passed=entry.reviewed.passed if entry.reviewed else None,
        interpretation=entry.interpretation.title if entry.interpretation else None,
        stage=entry.stage,
        published_on=entry.published.published_on if entry.published else None,
        due=prepared.due,
        overdue=entry.overdue,
        missing=missing,
    )


class EntryLine(BaseModel):
    id: UUID
    matter_id: UUID
    document_id: UUID
    index_number: str | None
    title: str
    number: str
    attribute: str
    stage: str
    issued_on: date
    due_on: date | None
    overdue: bool
    published_on: date | None


@router.get("", operation_id="list_catalogue_entries", summary="公开目录 The catalogue")
async def list_catalogue_entries(
    desk: DeskDep,
    paging: PagingDep,
    matter: UUID | None = None,
    document: UUID | None = None,
    attribute: Literal["proactive", "on_request", "withheld"] | None = None,
    stage: Literal["prepared", "published"] | None = None,
    kind: Code | None = None,
    overdue: bool | None = None,
) -> Page[EntryLine]:
    query = select(CATALOGUE)
    for column, wanted in (
        (CATALOGUE.c.matter_id, matter),
        (CATALOGUE.c.document_id, document),
        (CATALOGUE.c.attribute, attribute),
        (CATALOGUE.c.stage, stage),
        (CATALOGUE.c.kind, kind),
        (CATALOGUE.c.overdue, overdue),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    async with desk.query() as connection:
        return await paging.page(connection, query, [CATALOGUE.c.issued_on, CATALOGUE.c.entry_id], _line)


def _line(row: Mapping[str, Any]) -> EntryLine:
    return EntryLine(
        id=row["entry_id"],
        matter_id=row["matter_id"],
        document_id=row["document_id"],
        index_number=row["index_number"],
        title=row["title"],
        number=row["number"],
        attribute=row["attribute"],
        stage=row["stage"],
        issued_on=row["issued_on"],
        due_on=row["due_on"],
        overdue=row["overdue"],
        published_on=row["published_on"],
    )
