"""Annexes, the printing list and its receipts."""

from uuid import UUID

from fastapi import APIRouter

from chancery.events.outgoing import Addressee
from chancery.web import REFUSED, DeskDep, Receipt
from document_svc.api.files import FilesDep
from document_svc.api.forms import AnnexForm, AnnexOffForm, PrintingForm, ReceivedForm
from document_svc.document.annexes import AttachAnnex, RemoveAnnex
from document_svc.document.annexes import attach_annex as put_annex
from document_svc.document.annexes import remove_annex as take_annex_off
from document_svc.document.printing import Receive, SetPrintingList, receive
from document_svc.document.printing import set_printing_list as put_list
from document_svc.document.state import DOCUMENT

router = APIRouter(prefix="/v1/documents", tags=["documents 公文"])


@router.post("/{document_id}:attach-annex", summary="Attach or replace an annex 附件", responses=REFUSED)
async def attach_annex(document_id: UUID, form: AnnexForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """Until the signature. The bytes are put with ``put_file`` first."""
    kept = files.size(desk.tenant, form.sha256) == form.size
    command = AttachAnnex(by=desk.person, no=form.no, paper=form.paper(), kept=kept)
    return await desk.tell(DOCUMENT, put_annex, command, stream=document_id, existing=True)


@router.post("/{document_id}:remove-annex", summary="Take an annex off 撤下附件", responses=REFUSED)
async def remove_annex(document_id: UUID, form: AnnexOffForm, desk: DeskDep) -> Receipt:
    """Until the signature; those after it move up."""
    command = RemoveAnnex(by=desk.person, no=form.no)
    return await desk.tell(DOCUMENT, take_annex_off, command, stream=document_id, existing=True)


@router.post("/{document_id}:set-printing-list", summary="Set who gets how many copies 印数与分送", responses=REFUSED)
async def set_printing_list(document_id: UUID, form: PrintingForm, desk: DeskDep) -> Receipt:
    """By the office, once it is signed; the addressees are printed on the paper as they stand here."""
    entries = tuple(Addressee.model_validate(one.model_dump()) for one in form.entries)
    command = SetPrintingList(by=desk.person, entries=entries, kept=form.kept)
    return await desk.tell(DOCUMENT, put_list, command, stream=document_id, existing=True)


@router.post("/{document_id}:receive-copies", summary="Sign for the copies 签收", responses=REFUSED)
async def receive_document_copies(document_id: UUID, form: ReceivedForm, desk: DeskDep) -> Receipt:
    """By somebody of the unit; for an addressee outside the office enters it, with what shows it."""
    command = Receive(by=desk.person, at=desk.now(), name=form.name, copies=form.copies, proof=form.proof)
    return await desk.tell(DOCUMENT, receive, command, stream=document_id, existing=True)
