"""Documents that come in: entered, checked, sent back or taken up, circulated, handed over, finished."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, or_, select

from chancery.calendar import local_day
from chancery.events.incoming import (
    HandlingFinished,
    HandlingProposed,
    IncomingAccepted,
    IncomingHandedOver,
    IncomingReceived,
    IncomingReturned,
    IncomingSignedFor,
    IncomingStepTaken,
    IncomingUrged,
    Lacking,
)
from chancery.events.parts import Answer, Claim, Counted, Evidence, Excuse, PaperRef
from chancery.office import docx, pdf
from chancery.office.fonts import folders_of
from chancery.office.paper import Paper
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.predicates import REGISTRY
from chancery.rules.rulebook import Rules
from chancery.rules.tables import VISIBILITY
from chancery.service import stream_of
from chancery.texts.saying import Sayings
from chancery.web import REFUSED, DeskDep, Receipt, WebDesk
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from document_svc.api.files import FilesDep
from document_svc.api.forms import AnswerForm, CallStepForm, ExceptionForm, ExcuseForm, ExtensionForm
from document_svc.api.incoming_forms import (
    CompleteForm,
    FinishForm,
    GiveBackForm,
    HandOverForm,
    MarkForm,
    NoteForm,
    PassOnForm,
    ProposeForm,
    ReceiveForm,
    UrgeForm,
    WrittenForm,
)
from document_svc.api.sources import read_source
from document_svc.api.views import CheckLine
from document_svc.circulation.propose import Propose, propose
from document_svc.circulation.steps import (
    CallForStep,
    ReadIt,
    SignForIt,
    TakeIncomingStep,
    UrgeIncoming,
    call_for_step,
    read_it,
    sign_for_it,
)
from document_svc.circulation.steps import (
    take_incoming_step as take_it,
)
from document_svc.circulation.steps import (
    urge_incoming as urge_it,
)
from document_svc.files import FileStore
from document_svc.handling.verbs import (
    Explain,
    ExtendHandling,
    Finish,
    HandOver,
    explain,
    finish,
    hand_over,
)
from document_svc.handling.verbs import (
    extend_handling as put_off,
)
from document_svc.incoming.checks import looked_at
from document_svc.incoming.judge import (
    AnswerIncoming,
    ClaimForIncoming,
    Complete,
    ExcuseIncoming,
    answer_incoming,
    claim_for_incoming,
    complete,
    excuse_incoming,
)
from document_svc.incoming.notice import notice
from document_svc.incoming.reading import read_by
from document_svc.incoming.receive import (
    AssignIncomingNumber,
    CarryIncomingNumber,
    Entry,
    NoteResubmission,
    Receive,
    Resubmits,
    assign_incoming_number,
    carry_incoming_number,
    note_resubmission,
    receive,
    year_of,
)
from document_svc.incoming.settle import Accept, Close, GiveBack, Hold, PassOn, accept, close, give_back, hold, pass_on
from document_svc.incoming.state import INCOMING, INCOMING_REGISTER, Incoming, Stage
from document_svc.incoming.turns import turns
from document_svc.intake.secrecy import refuse_secrets
from document_svc.projections.incoming_tables import INCOMING as TABLE

router = APIRouter(prefix="/v1/incoming", tags=["incoming 收文"])
PASSED_ON = "passed_on_by_office"
"""Until this, some do not see what leaders wrote, where the rules say so."""


@cache
def sayings() -> Sayings:
    return Sayings(Path(__file__).parents[1] / "reasons.yaml")


@router.post("", status_code=201, summary="Enter a document that came in 收文登记", responses=REFUSED)
async def receive_incoming(form: ReceiveForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """By the office, from its reading or by hand. It gets the next number of the register of its year.

    A document marked as a state secret is turned away, and nothing of it is kept. The very same paper is entered once.
    """
    _ = desk.person
    entry = await _entry(form, desk, files)
    incoming_id = desk.new_id()
    same, like = await _known(desk, entry)
    again = await _resubmits(desk, form.resubmits)
    kept = all(files.size(desk.tenant, one.sha256) == one.size for one in form.papers)
    command = Receive(desk.person, entry, same, like, again, kept)
    matter = again.matter_id if again is not None else entry.matter_id or incoming_id
    told = await desk.handle(INCOMING, receive, command, stream=incoming_id, matter=matter)
    receipt = desk.receipt(told)
    if desk.dry_run:
        return receipt
    year = year_of(entry.received_at)
    register = stream_of(desk.tenant, "incoming_register", f"{entry.register_of}/{year}")
    assign = AssignIncomingNumber(entry.register_of, year, incoming_id, entry.fingerprint)
    await desk.handle(INCOMING_REGISTER, assign_incoming_number, assign, stream=register, matter=matter)
    given = (await desk.state(INCOMING_REGISTER, register)).given[incoming_id]
    await desk.handle(INCOMING, carry_incoming_number, CarryIncomingNumber(given), stream=incoming_id, existing=True)
    if again is not None:
        note = NoteResubmission(incoming_id)
        await desk.handle(INCOMING, note_resubmission, note, stream=again.incoming_id, existing=True)
    return receipt


async def _entry(form: ReceiveForm, desk: WebDesk, files: FileStore) -> Entry:
    """The entry, from the form and from the reading of its source; the form's word goes first.

    Raises:
        Refused: marked as a secret; several documents, and none chosen; neither says who sent it or what it is called.
    """
    refuse_secrets("\n".join(filter(None, (form.title, form.number, form.sender))))
    rules = await desk.rules()
    entry = Entry(
        sender=form.sender or "",
        title=form.title or "",
        direction=form.direction,
        received_at=form.received_at or desk.now(),
        register_of=form.register_of,
        matter_id=form.matter_id,
        sender_unit=form.sender_unit,
        origin=form.origin,
        in_name_of=form.in_name_of,
        kind=form.kind,
        number=form.number,
        to=form.to,
        addressees=form.addressees,
        to_persons=form.to_persons,
        features=form.features,
        lead_unit=form.lead_unit,
        units_involved=form.units_involved,
        subjects=form.subjects,
        major=form.major,
        disagreement=form.disagreement,
        nature=form.nature,
        source=form.about,
        submitted_as=form.submitted_as,
        urgency=form.urgency or "none",
        channel=form.channel,
        attribute=form.attribute,
        ground=form.ground,
        copies=form.copies,
        dated=form.dated,
        wanted_by=form.wanted_by,
        fields=form.fields,
        evidence=form.evidence(desk.now()),
        bases=form.named_bases(),
        papers=form.paper_refs(),
        content=form.content or (form.papers[0].sha256 if form.papers else None),
    )
    if form.source is not None:
        entry = await _read(form, entry, rules, desk, files)
    lacking = [
        Reason("needs_field", params={"field": name}, subject=name)
        for name, said in (("sender", entry.sender), ("title", entry.title))
        if not said
    ]
    if lacking:
        raise Refused(*lacking)
    return entry


async def _read(form: ReceiveForm, entry: Entry, rules: Rules, desk: WebDesk, files: FileStore) -> Entry:
    """The entry completed by what the document says of itself; its bytes are kept."""
    source = form.source
    if source is None:
        return entry
    sheet, content, found = await read_source(source)
    if len(found) > 1 and form.which is None:
        raise Refused(Reason("several_documents", params={"count": len(found)}, subject="which"))
    number = form.which or 1
    if number > len(found):
        raise Refused(Reason("no_such_part_of_source", params={"count": len(found)}, subject="which"))
    read = read_by(found[number - 1], rules)
    sha256 = hashlib.sha256(content).hexdigest()
    if not desk.dry_run:
        await asyncio.to_thread(files.put, desk.tenant, sha256, content)
    paper = PaperRef(
        kind="incoming", name=f"来文.{sheet.form}", sha256=sha256, size=len(content), media_type=_media(sheet.form)
    )
    return replace(
        entry,
        sender=entry.sender or (read.sender or "")[:200],
        sender_unit=entry.sender_unit or read.sender_unit,
        kind=entry.kind or read.kind,
        number=entry.number or read.number,
        title=entry.title or (read.title or "")[:500],
        addressees=entry.addressees or read.addressees,
        to=entry.to or read.to,
        urgency=form.urgency or read.urgency,
        attribute=entry.attribute or read.attribute,  # pyright: ignore[reportArgumentType]  one of its three words
        dated=entry.dated or read.dated,
        fields=entry.fields or read.fields,
        papers=(paper, *entry.papers),
        content=sha256,
    )


def _media(form: str) -> str:
    return {
        "docx": docx.MEDIA_TYPE,
        "pdf": pdf.MEDIA_TYPE,
        "html": "text/html",
    }.get(form, "text/plain")


async def _known(desk: WebDesk, entry: Entry) -> tuple[str | None, tuple[UUID, ...]]:
    """The entry of the very same paper, and those of the same sender and number, or of the same content.

    What was sent back is not counted.
    """
    of = TABLE.c
    alike: list[ColumnElement[bool]] = []
    if entry.number is not None:
        alike.append((of.sender == entry.sender) & (of.number == entry.number))
    if entry.content is not None:
        alike.append(of.content == entry.content)
    if not alike:
        return None, ()
    live = of.stage != Stage.RETURNED.value
    query = select(of.incoming_id, of.fingerprint, of.entry).where(or_(*alike), live).order_by(of.received_at)
    async with desk.query() as connection:
        rows = (await connection.execute(query.limit(50))).all()
    print_ = entry.fingerprint
    same = next((row.entry or "—" for row in rows if print_ is not None and row.fingerprint == print_), None)
    return same, tuple(row.incoming_id for row in rows)


async def _resubmits(desk: WebDesk, incoming_id: UUID | None) -> Resubmits | None:
    if incoming_id is None:
        return None
    first = await desk.state(INCOMING, incoming_id)
    if first.received is None:
        raise not_found("incoming")
    waits = first.stage is Stage.RETURNED and first.again is None
    return Resubmits(incoming_id, first.received.matter_id, waits)


@router.post("/{incoming_id}:answer", summary="Answer a check that needs judgement 审核意见", responses=REFUSED)
async def answer_incoming_question(incoming_id: UUID, form: AnswerForm, desk: DeskDep) -> Receipt:
    """By the office: is it one matter, does the report hold a request."""
    command = AnswerIncoming(desk.person, form.question, form.yes, form.note)
    return await desk.tell(INCOMING, answer_incoming, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:excuse", summary="Excuse what is asked in principle 同意例外", responses=REFUSED)
async def excuse_incoming_requirement(incoming_id: UUID, form: ExcuseForm, desk: DeskDep) -> Receipt:
    """By whom the row names, with the reason; a refusal says what may be excused and by whom."""
    command = ExcuseIncoming(desk.person, form.asked())
    return await desk.tell(INCOMING, excuse_incoming, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:claim-exception", summary="Claim an exception 说明例外情形", responses=REFUSED)
async def claim_incoming_exception(incoming_id: UUID, form: ExceptionForm, desk: DeskDep) -> Receipt:
    command = ClaimForIncoming(desk.person, form.asked())
    return await desk.tell(INCOMING, claim_for_incoming, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:complete", summary="Bring what was lacking 补正", responses=REFUSED)
async def complete_incoming(incoming_id: UUID, form: CompleteForm, desk: DeskDep) -> Receipt:
    """By the sender's unit or the office."""
    brought = tuple(one.brought(local_day(desk.now())) for one in form.brought)
    command = Complete(desk.person, brought, form.fields, form.attribute, form.ground)
    return await desk.tell(INCOMING, complete, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:hold", summary="Hold it for what it lacks 待补正", responses=REFUSED)
async def hold_incoming(incoming_id: UUID, desk: DeskDep) -> Receipt:
    """Instead of sending it back."""
    return await desk.tell(INCOMING, hold, Hold(desk.person, sayings()), stream=incoming_id, existing=True)


@router.post("/{incoming_id}:return", summary="Send it back with everything that is wrong 退文", responses=REFUSED)
async def return_incoming(incoming_id: UUID, form: GiveBackForm, desk: DeskDep) -> Receipt:
    """The notice can be printed from then on; the paper that comes again is entered with ``resubmits``."""
    command = GiveBack(desk.person, sayings(), form.also, form.note, form.again_by)
    return await desk.tell(INCOMING, give_back, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:accept", summary="Take it up 受理", responses=REFUSED)
async def accept_incoming(incoming_id: UUID, desk: DeskDep) -> Receipt:
    """409 names everything that stands in the way. Whoever is to be shown it at once has it from now on."""
    return await desk.tell(INCOMING, accept, Accept(desk.person), stream=incoming_id, existing=True)


@router.post("/{incoming_id}:propose", summary="Propose its handling 拟办", responses=REFUSED)
async def propose_handling(incoming_id: UUID, form: ProposeForm, desk: DeskDep) -> Receipt:
    """By the office; the order of those who read it follows from the rules and the roster."""
    command = Propose(desk.person, form.text, form.lead_unit, form.units_involved, form.readers, form.read_by)
    return await desk.tell(INCOMING, propose, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:take-step", summary="Take a step of its way 审核阅批", responses=REFUSED)
async def take_incoming_step(incoming_id: UUID, form: MarkForm, desk: DeskDep) -> Receipt:
    """Whichever step the caller's post may take now."""
    command = TakeIncomingStep(desk.person, form.mark, form.opinion)
    return await desk.tell(INCOMING, take_it, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:call-step", summary="Call for a step where it is wanted 视情启用环节", responses=REFUSED)
async def call_incoming_step(incoming_id: UUID, form: CallStepForm, desk: DeskDep) -> Receipt:
    command = CallForStep(desk.person, form.step, form.reason)
    return await desk.tell(INCOMING, call_for_step, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:sign-for", summary="Sign for it 签收", responses=REFUSED)
async def sign_for_incoming(incoming_id: UUID, desk: DeskDep) -> Receipt:
    """By whoever has it now: the moment it reached him."""
    return await desk.tell(INCOMING, sign_for_it, SignForIt(desk.person), stream=incoming_id, existing=True)


@router.post("/{incoming_id}:read", summary="Note that it was read 阅", responses=REFUSED)
async def read_incoming(incoming_id: UUID, form: MarkForm, desk: DeskDep) -> Receipt:
    """By whoever it was put before; with an opinion where he writes one (批示)."""
    command = ReadIt(desk.person, form.mark, form.opinion)
    return await desk.tell(INCOMING, read_it, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:urge", summary="Urge whoever has the move 催办", responses=REFUSED)
async def urge_incoming(incoming_id: UUID, form: UrgeForm, desk: DeskDep) -> Receipt:
    return await desk.tell(INCOMING, urge_it, UrgeIncoming(desk.person, form.note), stream=incoming_id, existing=True)


@router.post("/{incoming_id}:hand-over", summary="Hand it over to a unit 交办", responses=REFUSED)
async def hand_over_incoming(incoming_id: UUID, form: HandOverForm, desk: DeskDep) -> Receipt:
    """Its clock begins; where the rules leave the limit to be set, it has to be said."""
    command = HandOver(
        desk.person,
        form.lead_unit,
        form.units_involved,
        form.needs,
        form.source,
        form.due_at,
        form.span(),
        form.note,
    )
    return await desk.tell(INCOMING, hand_over, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:explain", summary="Explain why it takes longer 说明情况", responses=REFUSED)
async def explain_handling(incoming_id: UUID, form: WrittenForm, desk: DeskDep) -> Receipt:
    """By the unit, before its limit."""
    return await desk.tell(INCOMING, explain, Explain(desk.person, form.text), stream=incoming_id, existing=True)


@router.post("/{incoming_id}:extend", summary="Extend its clock 延期", responses=REFUSED)
async def extend_handling(incoming_id: UUID, form: ExtensionForm, desk: DeskDep) -> Receipt:
    """Before it is due, by whom the rules name or, where they name nobody, the office."""
    command = ExtendHandling(desk.person, form.to or form.by or 0, form.reason)
    return await desk.tell(INCOMING, put_off, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:finish", summary="Say what came of it 办结", responses=REFUSED)
async def finish_handling(incoming_id: UUID, form: FinishForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """By the unit it was handed over to."""
    kept = all(files.size(desk.tenant, one.sha256) == one.size for one in form.papers)
    command = Finish(desk.person, form.result, tuple(one.paper() for one in form.papers), kept)
    return await desk.tell(INCOMING, finish, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:pass-on", summary="Pass it on to a body outside 转报", responses=REFUSED)
async def pass_incoming_on(incoming_id: UUID, form: PassOnForm, desk: DeskDep) -> Receipt:
    """409 names everything that has to be there before."""
    brought = tuple(one.brought(local_day(desk.now())) for one in form.brought)
    command = PassOn(desk.person, form.to, brought)
    return await desk.tell(INCOMING, pass_on, command, stream=incoming_id, existing=True)


@router.post("/{incoming_id}:close", summary="Put it away 归档", responses=REFUSED)
async def close_incoming(incoming_id: UUID, form: NoteForm, desk: DeskDep) -> Receipt:
    return await desk.tell(INCOMING, close, Close(desk.person, form.note), stream=incoming_id, existing=True)


# -- looked at ---------------------------------------------------------------------------------


class ReaderView(BaseModel):
    """Somebody it was put before: when, when it reached him, when he read it. ``opinion`` None where not for you."""

    person: str
    name: str
    at_once: bool
    put_at: datetime
    signed_at: datetime | None
    read_at: datetime | None
    mark: str | None
    means: str | None
    opinion: str | None


class TurnView(BaseModel):
    """Whose move it is: a person's or a unit's, what is to be done, and by when."""

    what: str
    box: Literal["to_do", "to_read"]
    person: str | None
    unit: str | None
    name: str
    due: Counted | None


class IncomingView(BaseModel):
    """A document that came in, where it is and whose move it is.

    ``order`` is who reads it one after the other; ``hidden`` says that what leaders wrote is not for you yet.
    """

    id: UUID
    version: int
    entry: str | None
    stage: str
    received: IncomingReceived
    evidence: list[Evidence]
    fields: list[str]
    attribute: str | None
    ground: str | None
    answers: list[Answer]
    excuses: list[Excuse]
    claims: list[Claim]
    checks: list[CheckLine]
    lacking: list[Lacking]
    returned: IncomingReturned | None
    again: UUID | None
    accepted: IncomingAccepted | None
    expected: list[str]
    proposal: HandlingProposed | None
    steps: list[IncomingStepTaken]
    order: list[str]
    direction: str | None
    readers: list[ReaderView]
    signed_for: list[IncomingSignedFor]
    urged: list[IncomingUrged]
    handed: IncomingHandedOver | None
    due: Counted | None
    overdue: bool
    finished: HandlingFinished | None
    turns: list[TurnView]
    hidden: bool


@router.get("/{incoming_id}", summary="One document that came in 来文详情", responses=REFUSED)
async def get_incoming(incoming_id: UUID, desk: DeskDep) -> IncomingView:
    seen = await desk.seen(INCOMING, incoming_id)
    one = seen.state
    if one.received is None:
        raise not_found("incoming")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    desk.etag(seen.version)
    hides = _hidden(one, desk.caller.person, rules)
    before = one.stage in (Stage.RECEIVED, Stage.HELD)
    return IncomingView(
        id=incoming_id,
        version=seen.version,
        entry=one.entry,
        stage=one.stage.value,
        received=one.received,
        evidence=list(one.evidence),
        fields=sorted(one.fields),
        attribute=one.attribute,
        ground=one.ground,
        answers=list(one.answers),
        excuses=list(one.excuses),
        claims=list(one.claims),
        checks=_checks(one, rules, desk.language) if before else [],
        lacking=list(one.returned.lacking if one.returned else one.held.lacking if one.held and before else ()),
        returned=one.returned,
        again=one.again,
        accepted=one.accepted,
        expected=_expected(one),
        proposal=one.proposal,
        steps=[_without(each) if hides else each for each in one.marks],
        order=list(one.circulated.order) if one.circulated else [],
        direction=one.circulated.direction if one.circulated else None,
        readers=_readers(one, rules, hides=hides),
        signed_for=list(one.signed_for.values()),
        urged=list(one.urged),
        handed=one.handed,
        due=one.due,
        overdue=one.overdue,
        finished=one.finished,
        turns=[
            TurnView(
                what=turn.what,
                box=turn.box,
                person=turn.person,
                unit=turn.unit,
                name=rules.titled(turn.person or turn.unit),
                due=turn.due,
            )
            for turn in turns(one, rules)
        ],
        hidden=hides,
    )


def _hidden(one: Incoming, person: str | None, rules: Rules) -> bool:
    """Whether what leaders wrote is not for this person before the office has passed it on."""
    if person is None or one.handed is not None or one.finished is not None:
        return False
    rows = rules.pack.rows(VISIBILITY)
    return any(
        row.outcome.until == PASSED_ON
        and row.outcome.sees == "nothing"
        and rules.is_one_of(person, row.outcome.who) is not None
        for row in rows
    )


def _without(event: IncomingStepTaken) -> IncomingStepTaken:
    return event.model_copy(update={"taken": event.taken.model_copy(update={"opinion": None})})


def _expected(one: Incoming) -> list[str]:
    there = {each.evidence for each in one.evidence}
    return [word for word in (one.accepted.expected if one.accepted else ()) if word not in there]


def _readers(one: Incoming, rules: Rules, *, hides: bool) -> list[ReaderView]:
    return [
        ReaderView(
            person=person,
            name=rules.roster.name(person),
            at_once=reader.put.at_once,
            put_at=reader.put.put_at,
            signed_at=reader.signed_for.signed_at if reader.signed_for else None,
            read_at=reader.read.read_at if reader.read else None,
            mark=reader.read.mark if reader.read else None,
            means=reader.read.means if reader.read else None,
            opinion=reader.read.opinion if reader.read and not hides else None,
        )
        for person, reader in one.readers.items()
    ]


def _checks(one: Incoming, rules: Rules, language: Literal["zh", "en"]) -> list[CheckLine]:
    _, looked = looked_at(rules, one)
    return [
        CheckLine(
            check=each.hit.outcome.check,
            says=getattr(REGISTRY[each.hit.outcome.check], language),
            row=each.hit.row,
            force=each.hit.force,
            on_fail=each.hit.outcome.on_fail,
            stands=each.stands,
            clauses=[cite.clause for cite in each.hit.cites],
        )
        for each in looked
    ]


@router.get(
    "/{incoming_id}/return-notice.{form}",
    operation_id="print_return_notice",
    summary="退文通知 The notice by which it is sent back",
    response_class=Response,
    responses=file_of(docx.MEDIA_TYPE, pdf.MEDIA_TYPE),
)
async def print_return_notice(
    incoming_id: UUID, form: Literal["docx", "pdf"], desk: DeskDep, request: Request
) -> Response:
    """Item by item with the clauses, as DOCX to go on with or as PDF. A character no font has is refused by name."""
    return await the_notice(desk, incoming_id, form, request)


async def the_notice(desk: WebDesk, incoming_id: UUID, form: Literal["docx", "pdf"], request: Request) -> Response:
    seen = await desk.seen(INCOMING, incoming_id)
    rules = await desk.rules(pack=seen.pack, to_read=True)
    running = running_of(request)
    government = running.room.shelf.government(desk.tenant)
    paper = notice(seen.state, government.zh if government else desk.tenant, rules)
    if form == "pdf":
        content = await asyncio.to_thread(pdf.write, paper, folders_of(running.settings.fonts))
        return attachment(content, pdf.MEDIA_TYPE, f"{paper.title}.pdf")
    return attachment(await asyncio.to_thread(_docx, paper), docx.MEDIA_TYPE, f"{paper.title}.docx")


def _docx(paper: Paper) -> bytes:
    return docx.write(paper)
