"""Documents from draft to issue."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.envelope import PackRef
from chancery.events.document import NumberAssigned
from chancery.events.outgoing import DocumentNumberGivenUp
from chancery.events.parts import Code, Key
from chancery.refusal import not_found
from chancery.rules.predicates import REGISTRY
from chancery.service import stream_of
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from document_svc.api.files import FilesDep
from document_svc.api.forms import (
    AnswerForm,
    AttributeForm,
    CallStepForm,
    DraftForm,
    ExceptionForm,
    ExcuseForm,
    ExtensionForm,
    NumberingForm,
    OpinionForm,
    SuspensionForm,
    TextForm,
    WithdrawForm,
)
from document_svc.api.heard import HeardMatter, heard_of
from document_svc.api.views import CheckLine, DocumentLine, DocumentView, Sheet, UnitAsked
from document_svc.api.volume import measure_of, volume_of
from document_svc.document.answer import AnswerQuestion, answer
from document_svc.document.attach_text import AttachText
from document_svc.document.attach_text import attach_text as put_text
from document_svc.document.call_for import CallFor, call_for
from document_svc.document.carry_number import CarryNumber, carry_number
from document_svc.document.checks import CaseFile, case_file, checked
from document_svc.document.claim import ClaimException, claim
from document_svc.document.clock import Extend, Resume, Suspend, extend, resume, suspend
from document_svc.document.draft import Draft, draft
from document_svc.document.excuse import ExcuseRequirement, excuse
from document_svc.document.give_number_up import GiveNumberUp, give_number_up
from document_svc.document.issue import Issue, issue
from document_svc.document.numbering import may_be_numbered
from document_svc.document.propose_attribute import ProposeAttribute
from document_svc.document.propose_attribute import propose_attribute as say_attribute
from document_svc.document.sign import Sign, sign
from document_svc.document.state import DOCUMENT, Document, Stage
from document_svc.document.take_step import TakeStep, take_step
from document_svc.document.volume import Compared, Measure
from document_svc.document.withdraw import Withdraw, withdraw
from document_svc.projections.tables import DOCUMENTS
from document_svc.register.assign import AssignNumber, assign
from document_svc.register.cancel import CancelGivenUp, cancel_given_up
from document_svc.register.number_form import number_form
from document_svc.register.state import REGISTER

router = APIRouter(prefix="/v1/documents", tags=["documents 公文"])


@router.post("", status_code=201, summary="Open a draft by hand 拟稿", responses=REFUSED)
async def draft_document(form: DraftForm, desk: DeskDep) -> Receipt:
    """For a document that no meeting decided; minutes open the drafts they order by themselves."""
    heard = await heard_of(desk, form.matter_id)
    command = Draft(by=desk.person, at=desk.now(), matter=heard.facts, **form.model_dump())
    return await desk.tell(DOCUMENT, draft, command, stream=desk.new_id(), matter=form.matter_id)


@router.post("/{document_id}:attach-text", summary="Attach a version of the text 附正文", responses=REFUSED)
async def attach_text(document_id: UUID, form: TextForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """The bytes are put with ``put_file`` first."""
    kept = files.size(desk.tenant, form.sha256) == form.size
    command = AttachText(by=desk.person, paper=form.paper(), kept=kept)
    return await desk.tell(DOCUMENT, put_text, command, stream=document_id, existing=True)


@router.post("/{document_id}:propose-attribute", summary="Propose how it is disclosed 公开属性", responses=REFUSED)
async def propose_attribute(document_id: UUID, form: AttributeForm, desk: DeskDep) -> Receipt:
    command = ProposeAttribute(by=desk.person, attribute=form.attribute, ground=form.ground)
    return await desk.tell(DOCUMENT, say_attribute, command, stream=document_id, existing=True)


@router.post("/{document_id}:take-step", summary="Review, countersign or sign off 审核会签", responses=REFUSED)
async def take_document_step(document_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    """Whichever step the caller's post may take now. The last one is ``sign``."""
    heard = await _heard(desk, document_id)
    lies = await _case_file(desk, document_id, heard)
    command = TakeStep(by=desk.person, matter=heard.facts, opinion=form.opinion, on_file=lies)
    return await desk.tell(DOCUMENT, take_step, command, stream=document_id, existing=True)


@router.post("/{document_id}:call-step", summary="Call for a step where it is wanted 视情启用环节", responses=REFUSED)
async def call_document_step(document_id: UUID, form: CallStepForm, desk: DeskDep) -> Receipt:
    """From then on it must be taken. By whom the step names, or whoever takes an open step now."""
    heard = await _heard(desk, document_id)
    command = CallFor(by=desk.person, step=form.step, reason=form.reason, matter=heard.facts, claims=heard.claims)
    return await desk.tell(DOCUMENT, call_for, command, stream=document_id, existing=True)


@router.post("/{document_id}:answer", summary="Answer a check that needs judgement 审核意见", responses=REFUSED)
async def answer_document_question(document_id: UUID, form: AnswerForm, desk: DeskDep) -> Receipt:
    """By the office. What the house cannot see by itself is answered before the signature."""
    heard = await _heard(desk, document_id)
    command = AnswerQuestion(by=desk.person, question=form.question, yes=form.yes, note=form.note, matter=heard.facts)
    return await desk.tell(DOCUMENT, answer, command, stream=document_id, existing=True)


@router.post("/{document_id}:excuse", summary="Excuse what is asked in principle 同意例外", responses=REFUSED)
async def excuse_document_requirement(document_id: UUID, form: ExcuseForm, desk: DeskDep) -> Receipt:
    """Only by whom the row names, with the reason; what must be is never excused. A refusal says what may be."""
    heard = await _heard(desk, document_id)
    lies = await _case_file(desk, document_id, heard)
    command = ExcuseRequirement(by=desk.person, asked=form.asked(), on_file=lies)
    return await desk.tell(DOCUMENT, excuse, command, stream=document_id, existing=True)


@router.post("/{document_id}:claim-exception", summary="Claim an exception 说明例外情形", responses=REFUSED)
async def claim_document_exception(document_id: UUID, form: ExceptionForm, desk: DeskDep) -> Receipt:
    """Rows that name the exception ask nothing of the document any more, once they have what they need for it."""
    heard = await _heard(desk, document_id)
    command = ClaimException(by=desk.person, asked=form.asked(), heard=heard.claims)
    return await desk.tell(DOCUMENT, claim, command, stream=document_id, existing=True)


@router.post("/{document_id}:suspend-clock", summary="Suspend the clock until its issue 中止", responses=REFUSED)
async def suspend_document_clock(document_id: UUID, form: SuspensionForm, desk: DeskDep) -> Receipt:
    """By the office; from today on no day counts until it is resumed."""
    return await desk.tell(DOCUMENT, suspend, Suspend(desk.person, form.cause), stream=document_id, existing=True)


@router.post("/{document_id}:resume-clock", summary="Resume the clock until its issue 恢复", responses=REFUSED)
async def resume_document_clock(document_id: UUID, desk: DeskDep) -> Receipt:
    """By the office; today counts again."""
    return await desk.tell(DOCUMENT, resume, Resume(desk.person), stream=document_id, existing=True)


@router.post("/{document_id}:extend-clock", summary="Extend the clock until its issue 延期", responses=REFUSED)
async def extend_document_clock(document_id: UUID, form: ExtensionForm, desk: DeskDep) -> Receipt:
    """Before it is due, by whom the rules name or, where they name nobody, the office; the old day is kept."""
    command = Extend(desk.person, form.to or form.by or 0, form.reason)
    return await desk.tell(DOCUMENT, extend, command, stream=document_id, existing=True)


@router.post("/{document_id}:sign", summary="Sign the document 签发", responses=REFUSED)
async def sign_document(document_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    """By the signer of the line that rules it, who acts for him, or a substitute the rules allow."""
    heard = await _heard(desk, document_id)
    command = Sign(
        by=desk.person,
        at=desk.now(),
        matter=heard.facts,
        heard=heard.evidence,
        opinion=form.opinion,
        excuses=heard.excuses,
        claims=heard.claims,
    )
    return await desk.tell(DOCUMENT, sign, command, stream=document_id, existing=True)


@router.post("/{document_id}:withdraw", summary="Give the draft up 停办", responses=REFUSED)
async def withdraw_document(document_id: UUID, form: WithdrawForm, desk: DeskDep) -> Receipt:
    """Before the signature; its clock stops."""
    command = Withdraw(by=desk.person, reason=form.reason)
    return await desk.tell(DOCUMENT, withdraw, command, stream=document_id, existing=True)


@router.post("/{document_id}:number", summary="Give the document its number 编号", responses=REFUSED)
async def number_document(document_id: UUID, desk: DeskDep, form: NumberingForm | None = None) -> Receipt:
    """The next number of the issuer's register of this year, or one that was set aside in it.

    Looked at first, since no number is given back; a call that broke off in between is finished by its repeat, and
    by the house itself.
    """
    seen = await desk.seen(DOCUMENT, document_id)
    rules = await desk.rules(pack=seen.pack)
    draft = may_be_numbered(seen.state, desk.person, rules)
    written = number_form(rules, draft.in_name_of, draft.kind)
    carried = seen.state.number
    year = carried.year if carried else local_day(desk.now()).year
    register = stream_of(desk.tenant, "document_register", written.register_key(year))
    take = AssignNumber(written, year, document_id, form.reserved if form else None)
    taken = await desk.handle(REGISTER, assign, take, stream=register, matter=seen.correlation, pack=seen.pack)
    if desk.dry_run:
        return desk.receipt(taken)
    told = [one.event for one in taken.told if isinstance(one.event, NumberAssigned)]
    given = told[0] if told else (await desk.state(REGISTER, register)).given.get(document_id)
    if given is None:  # the number this very call gave was given up since
        return desk.receipt(taken)
    return await desk.tell(DOCUMENT, carry_number, CarryNumber(given), stream=document_id, existing=True)


@router.post("/{document_id}:give-number-up", summary="Give its number up before it goes out 退号", responses=REFUSED)
async def give_document_number_up(document_id: UUID, form: WithdrawForm, desk: DeskDep) -> Receipt:
    """The number is void, with the reason, and nobody gets it again; the document may be numbered anew."""
    seen = await desk.seen(DOCUMENT, document_id)
    if seen.state.draft is None:
        raise not_found("document")
    rules = await desk.rules(pack=seen.pack)
    written = number_form(rules, seen.state.draft.in_name_of, seen.state.draft.kind)
    year = seen.state.number.year if seen.state.number else local_day(desk.now()).year
    register = stream_of(desk.tenant, "document_register", written.register_key(year))
    command = GiveNumberUp(desk.person, form.reason, register)
    handled = await desk.handle(DOCUMENT, give_number_up, command, stream=document_id, existing=True)
    for one in handled.told:
        if isinstance(one.event, DocumentNumberGivenUp) and not desk.dry_run:
            void = CancelGivenUp(one.event)
            await desk.handle(REGISTER, cancel_given_up, void, stream=register, matter=seen.correlation)
    return desk.receipt(handled)


@router.post("/{document_id}:issue", summary="Issue the document 印发", responses=REFUSED)
async def issue_document(document_id: UUID, desk: DeskDep, files: FilesDep) -> Receipt:
    """409 names everything that is lacking: signature, number, text, attribute, and each unmet gate.

    ``get_document_volume`` tells before what it makes of the figures.
    """
    seen = await desk.seen(DOCUMENT, document_id)
    measure, volume = Measure(), list[Compared]()
    if seen.state.draft is not None:
        measure = await measure_of(desk, files, seen.state)
        volume = await volume_of(desk, await desk.rules(pack=seen.pack), seen.state.draft, measure)
    heard = await _heard(desk, document_id)
    command = Issue(
        by=desk.person,
        at=desk.now(),
        matter=heard.facts,
        heard=heard.evidence,
        excuses=heard.excuses,
        claims=heard.claims,
        measure=measure,
        volume=tuple(volume),
    )
    return await desk.tell(DOCUMENT, issue, command, stream=document_id, existing=True)


async def _heard(desk: WebDesk, document_id: UUID) -> HeardMatter:
    document = await desk.state(DOCUMENT, document_id)
    return HeardMatter() if document.draft is None else await heard_of(desk, document.draft.matter_id)


async def _case_file(desk: WebDesk, document_id: UUID, heard: HeardMatter) -> CaseFile:
    document = await desk.state(DOCUMENT, document_id)
    return case_file(document, heard.facts, heard.evidence, heard.excuses, heard.claims)


@router.get("/{document_id}", summary="One document 公文详情")
async def get_document(document_id: UUID, desk: DeskDep) -> DocumentView:
    seen = await desk.seen(DOCUMENT, document_id)
    desk.etag(seen.version)
    document = seen.state
    if document.draft is None:
        raise not_found("document")
    return DocumentView(
        id=document_id,
        version=seen.version,
        stage=document.stage,
        draft=document.draft,
        edition=document.edition,
        text=document.text,
        attribute=document.attribute,
        ground=document.ground,
        evidence=list(document.evidence),
        steps=list(document.steps),
        signed_on=document.signed_on,
        number=document.number.number if document.number else None,
        overdue=document.overdue,
        due=document.due,
        called=list(document.called),
        excuses=list(document.excuses),
        annexes=list(document.annexes),
        given_up=list(document.given_up),
        printing=document.printing,
        received=list(document.received),
        archived=document.archived,
        claims=list(document.claims),
        answers=list(document.answers),
        checks=await _checks(desk, seen.state, seen.pack),
        consultations=[
            UnitAsked(
                sent=one.sent,
                due=one.due,
                reply=one.reply,
                ran_out=one.ran_out,
                more_time_asked=one.asked_for_more is not None,
            )
            for one in document.consultations.values()
        ],
        disagreement=_sheet(document),
    )


def _sheet(document: Document) -> Sheet | None:
    sheet = document.disagreement
    if sheet is None:
        return None
    return Sheet(
        opened=sheet.opened,
        parts=list(sheet.parts),
        steps=list(sheet.steps),
        up_to=list(sheet.up_to),
        settled=sheet.settled,
    )


async def _checks(desk: WebDesk, document: Document, pack: PackRef | None) -> list[CheckLine]:
    """How every check of the document stands, at its signature."""
    if document.draft is None:
        return []
    rules = await desk.rules(pack=pack, to_read=True)
    heard = await heard_of(desk, document.draft.matter_id)
    lies = case_file(document, heard.facts, heard.evidence, heard.excuses, heard.claims)
    _, found = checked(rules, document, document.draft, lies, "signature")
    return [
        CheckLine(
            check=one.hit.outcome.check,
            says=getattr(REGISTRY[one.hit.outcome.check], desk.language),
            row=one.hit.row,
            force=one.hit.force,
            on_fail=one.hit.outcome.on_fail,
            stands="excused" if one.excused else one.verdict.value,
            clauses=[cite.clause for cite in one.hit.cites],
        )
        for one in found
    ]


@router.get("", summary="Documents in hand and issued 发文登记")
async def list_documents(
    desk: DeskDep,
    paging: PagingDep,
    title: Annotated[str | None, Query(max_length=200)] = None,
    stage: Stage | None = None,
    kind: Code | None = None,
    unit: Key | None = None,
    matter: UUID | None = None,
    number: Annotated[str | None, Query(max_length=200)] = None,
    overdue: bool | None = None,
    issued_from: Day | None = None,
    issued_to: Day | None = None,
) -> Page[DocumentLine]:
    """In order of drafting. ``title`` finds a part of it; ``unit`` is the lead unit."""
    query = select(DOCUMENTS)
    if title:
        query = query.where(DOCUMENTS.c.title.contains(title, autoescape=True))
    for column, wanted in (
        (DOCUMENTS.c.stage, stage),
        (DOCUMENTS.c.kind, kind),
        (DOCUMENTS.c.lead_unit, unit),
        (DOCUMENTS.c.matter_id, matter),
        (DOCUMENTS.c.number, number),
        (DOCUMENTS.c.overdue, overdue),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if issued_from is not None:
        query = query.where(DOCUMENTS.c.issued_on >= issued_from)
    if issued_to is not None:
        query = query.where(DOCUMENTS.c.issued_on <= issued_to)
    async with desk.query() as connection:
        return await paging.page(connection, query, [DOCUMENTS.c.drafted_at, DOCUMENTS.c.document_id], _line)


def _line(row: Mapping[str, Any]) -> DocumentLine:
    return DocumentLine(
        id=row["document_id"],
        matter_id=row["matter_id"],
        title=row["title"],
        kind=row["kind"],
        in_name_of=row["in_name_of"],
        lead_unit=row["lead_unit"],
        stage=row["stage"],
        attribute=row["attribute"],
        number=row["number"],
        drafted_at=row["drafted_at"],
        due_on=row["due_on"],
        overdue=row["overdue"],
        issued_on=row["issued_on"],
    )
