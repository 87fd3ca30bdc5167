"""The catalogue from within: entries, reviews, interpretations, publication."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chancery.events.parts import Code, Counted, Name, PaperRef
from chancery.refusal import not_found
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Page, PagingDep, Receipt, YesNo
from disclosure_svc.entry.attach_interpretation import AttachInterpretation, attach_interpretation
from disclosure_svc.entry.change_validity import ChangeValidity, Validity, change_validity
from disclosure_svc.entry.describe import Describe, describe
from disclosure_svc.entry.lay_open import LayOpen, lay_open
from disclosure_svc.entry.meet_need import MeetNeed, meet_need
from disclosure_svc.entry.needs import standing_of
from disclosure_svc.entry.publish import Publish, publish
from disclosure_svc.entry.reassess import Reassess, SetReassessment, reassess, set_reassessment
from disclosure_svc.entry.review_secrecy import ReviewSecrecy, review_secrecy
from disclosure_svc.entry.state import ENTRY, Entry, Stage
from disclosure_svc.entry.withdraw import Withdraw, withdraw
from disclosure_svc.projections.tables import CATALOGUE

router = APIRouter(prefix="/v1/catalogue-entries", tags=["catalogue 公开目录"])
NO_NUL = "^[^\\x00]*$"


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


class DescriptionForm(Form):
    """Whole, each time: what is left out is not described."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"summary": "区政府怎样开会、办文、公开。", "keywords": ["工作规则"], "effective_on": "2022-01-21"}
            ]
        }
    )

    summary: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    keywords: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    theme: Name | None = None
    audience: Name | None = None
    effective_on: Day | None = None


@router.post("/{entry_id}:describe", operation_id="describe_entry", summary="著录要素 Describe", responses=REFUSED)
async def describe_entry(entry_id: UUID, form: DescriptionForm, desk: DeskDep) -> Receipt:
    command = Describe(desk.person, form.summary, form.keywords, form.theme, form.audience, form.effective_on)
    return await desk.tell(ENTRY, describe, command, stream=entry_id, existing=True)


class TextForm(Form):
    text: Annotated[str, Field(min_length=1, max_length=200_000, pattern=NO_NUL)]


@router.post(
    "/{entry_id}:lay-open", operation_id="lay_open_text", summary="附正文 Lay the text open", responses=REFUSED
)
async def lay_open_text(entry_id: UUID, form: TextForm, desk: DeskDep) -> Receipt:
    """Where the issued text is plain text, only its very bytes are taken (UTF-8)."""
    return await desk.tell(ENTRY, lay_open, LayOpen(desk.person, form.text), stream=entry_id, existing=True)


class ValidityForm(Form):
    """``by_entry`` is the entry of the document that supersedes or repeals this one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"validity": "repealed", "from_on": "2022-01-21", "reason": "另有新规定"}]}
    )

    validity: Validity
    from_on: Day
    reason: Opinion
    by_entry: UUID | None = None


@router.post(
    "/{entry_id}:change-validity", operation_id="change_validity", summary="改有效性 Change validity", responses=REFUSED
)
async def change_entry_validity(entry_id: UUID, form: ValidityForm, desk: DeskDep) -> Receipt:
    """By the office; the entry of the other document carries the link back."""
    other = None if form.by_entry is None else await desk.state(ENTRY, form.by_entry)
    public = other is not None and other.stage is Stage.PUBLISHED
    command = ChangeValidity(desk.person, form.validity, form.from_on, form.reason, form.by_entry, public)
    return await desk.tell(ENTRY, change_validity, command, stream=entry_id, existing=True)


class WithdrawalForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "内容有误，更正后重新公开"}]})

    reason: Opinion


@router.post("/{entry_id}:withdraw", operation_id="withdraw_entry", summary="撤回 Withdraw", responses=REFUSED)
async def withdraw_entry(entry_id: UUID, form: WithdrawalForm, desk: DeskDep) -> Receipt:
    """Its number and the reason stay public."""
    command = Withdraw(desk.person, form.reason, desk.now())
    return await desk.tell(ENTRY, withdraw, command, stream=entry_id, existing=True)


class ReassessmentDayForm(Form):
    due_on: Day


@router.post(
    "/{entry_id}:set-reassessment",
    operation_id="set_reassessment",
    summary="定评估日期 Set the day to look again",
    responses=REFUSED,
)
async def set_reassessment_day(entry_id: UUID, form: ReassessmentDayForm, desk: DeskDep) -> Receipt:
    command = SetReassessment(desk.person, form.due_on)
    return await desk.tell(ENTRY, set_reassessment, command, stream=entry_id, existing=True)


class ReassessmentForm(Form):
    """``ground`` is on what it stays closed; without one it is opened."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "敏感期已过", "ground": None}]})

    note: Opinion
    ground: Code | None = None
    next_on: Day | None = None


@router.post("/{entry_id}:reassess", operation_id="reassess_entry", summary="定期评估 Look again", responses=REFUSED)
async def reassess_entry(entry_id: UUID, form: ReassessmentForm, desk: DeskDep) -> Receipt:
    command = Reassess(desk.person, form.note, form.ground, form.next_on)
    return await desk.tell(ENTRY, reassess, command, stream=entry_id, existing=True)


class EntryView(BaseModel):
    """One entry; ``missing`` names what still stands between it and the public.

    ``laid_open`` is the hash of the text that lies with it; ``look_again`` the day for what is withheld, None where no
    rule has a period and the office set none.
    """

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
    summary: str | None
    keywords: list[str]
    theme: str | None
    audience: str | None
    effective_on: date | None
    laid_open: str | None
    exact: bool | None
    validity: Validity
    validity_from: date | None
    validity_reason: str | None
    validity_by: UUID | None
    links: dict[UUID, str]
    withdrawn_on: date | None
    withdrawn_because: str | None
    look_again: Counted | None
    look_overdue: bool


@router.get("/{entry_id}", operation_id="get_catalogue_entry", summary="目录条目详情 One entry")
async def get_catalogue_entry(entry_id: UUID, desk: DeskDep) -> EntryView:
    seen = await desk.seen(ENTRY, entry_id)
    desk.etag(seen.version)
    entry, prepared = seen.state, seen.state.prepared
    if prepared is None:
        raise not_found("catalogue_entry")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    done = entry.stage is not Stage.PREPARED
    missing = [] if done else [reason.code for reason in standing_of(entry, prepared, rules).missing]
    if entry.ground_wanted:
        missing.append("ground_wanted")
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
        **_told(entry),
    )


def _told(entry: Entry) -> dict[str, Any]:
    """What was said of the entry beside its way to the public."""
    described, validity = entry.described, entry.validity
    return {
        "summary": described and described.summary,
        "keywords": list(described.keywords) if described else [],
        "theme": described and described.theme,
        "audience": described and described.audience,
        "effective_on": described and described.effective_on,
        "laid_open": entry.text and entry.text.sha256,
        "exact": entry.text and entry.text.exact,
        "validity": validity.validity if validity else "in_force",
        "validity_from": validity and validity.from_on,
        "validity_reason": validity and validity.reason,
        "validity_by": validity and validity.by_entry,
        "links": {other: relation for other, relation in entry.links.items() if relation != "none"},
        "withdrawn_on": entry.withdrawn and entry.withdrawn.withdrawn_on,
        "withdrawn_because": entry.withdrawn and entry.withdrawn.reason,
        "look_again": entry.look_again,
        "look_overdue": entry.look_overdue,
    }


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
    validity: str
    look_again_on: date | None


@router.get("", operation_id="list_catalogue_entries", summary="公开目录 The catalogue")
async def list_catalogue_entries(
    desk: DeskDep,
    paging: PagingDep,
    matter: UUID | None = None,
    document: UUID | None = None,
    attribute: Literal["proactive", "on_request", "withheld"] | None = None,
    stage: Literal["prepared", "published", "withdrawn"] | None = None,
    kind: Code | None = None,
    overdue: bool | None = None,
    validity: Validity | None = None,
    look_overdue: bool | None = None,
) -> Page[EntryLine]:
    query = select(CATALOGUE)
    for column, wanted in (
        (CATALOGUE.c.matter_id, matter),
        (CATALOGUE.c.document_id, document),
        (CATALOGUE.c.attribute, attribute),
        (CATALOGUE.c.stage, stage),
        (CATALOGUE.c.kind, kind),
        (CATALOGUE.c.overdue, overdue),
        (CATALOGUE.c.validity, validity),
        (CATALOGUE.c.look_overdue, look_overdue),
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
        validity=row["validity"],
        look_again_on=row["look_again_on"],
    )
