"""Number registers: one issuer's code in one year."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from chancery.refusal import not_found
from chancery.service import stream_of
from chancery.web import REFUSED, DeskDep, Page, PagingDep, Receipt
from document_svc.api.forms import CancelNumberForm, RegisterForm, ReserveForm
from document_svc.api.views import GivenNumber, RegisterLine, RegisterView
from document_svc.projections.tables import NUMBERS_GIVEN, REGISTERS
from document_svc.register.cancel import CancelNumber, cancel
from document_svc.register.number_form import number_form
from document_svc.register.open_register import OpenRegister, open_register
from document_svc.register.reserve import ReserveNumber, reserve
from document_svc.register.state import REGISTER

router = APIRouter(prefix="/v1/document-registers", tags=["registers 文号簿"])


@router.post("", status_code=201, summary="Begin a year at a later number 启用文号簿", responses=REFUSED)
async def open_document_register(form: RegisterForm, desk: DeskDep) -> Receipt:
    """For a year in which numbers were used before the system came; a register nobody opened begins at 1."""
    of_pack = number_form(await desk.rules(), form.in_name_of, form.kind)
    stream = stream_of(desk.tenant, "document_register", of_pack.register_key(form.year))
    command = OpenRegister(by=desk.person, form=of_pack, year=form.year, next_seq=form.next_seq)
    return await desk.tell(REGISTER, open_register, command, stream=stream)


@router.post(":reserve", status_code=201, summary="Set the next number aside 预留文号", responses=REFUSED)
async def reserve_document_number(form: ReserveForm, desk: DeskDep) -> Receipt:
    """By the office, with the reason. It is given with ``number_document`` and ``reserved``, or cancelled."""
    of_pack = number_form(await desk.rules(), form.in_name_of, form.kind)
    stream = stream_of(desk.tenant, "document_register", of_pack.register_key(form.year))
    command = ReserveNumber(by=desk.person, form=of_pack, year=form.year, reason=form.reason)
    return await desk.tell(REGISTER, reserve, command, stream=stream)


@router.post("/{register_id}:cancel-number", summary="Call a number set aside void 文号作废", responses=REFUSED)
async def cancel_document_number(register_id: UUID, form: CancelNumberForm, desk: DeskDep) -> Receipt:
    """By the office, with the reason; nobody gets it again. A document's own number is given up by the document."""
    command = CancelNumber(by=desk.person, seq=form.seq, reason=form.reason)
    return await desk.tell(REGISTER, cancel, command, stream=register_id, existing=True)


@router.get("/{register_id}", summary="One register and the numbers it gave 文号簿")
async def get_document_register(register_id: UUID, desk: DeskDep) -> RegisterView:
    async with desk.query() as connection:
        found = await connection.execute(select(REGISTERS).where(REGISTERS.c.register_id == register_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise not_found("document_register")
        numbers = await connection.execute(
            select(NUMBERS_GIVEN).where(NUMBERS_GIVEN.c.register_id == register_id).order_by(NUMBERS_GIVEN.c.seq)
        )
        given = [
            GivenNumber(
                seq=one["seq"],
                number=one["number"],
                stands=one["stands"],
                reason=one["reason"],
                document_id=one["document_id"],
                given_at=one["given_at"],
            )
            for one in numbers.mappings()
        ]
    desk.etag(row["version"])
    return RegisterView(
        id=register_id,
        version=row["version"],
        series=row["series"],
        code=row["code"],
        year=row["year"],
        next_seq=row["next_seq"],
        given=given,
    )


@router.get("", summary="Number registers 文号簿列表")
async def list_document_registers(
    desk: DeskDep, paging: PagingDep, year: Annotated[int | None, Query(ge=1949, le=2999)] = None
) -> Page[RegisterLine]:
    query = select(REGISTERS)
    if year is not None:
        query = query.where(REGISTERS.c.year == year)
    order = [REGISTERS.c.year, REGISTERS.c.code, REGISTERS.c.register_id]
    async with desk.query() as connection:
        return await paging.page(connection, query, order, _line)


def _line(row: Mapping[str, Any]) -> RegisterLine:
    return RegisterLine(
        id=row["register_id"],
        series=row["series"],
        code=row["code"],
        year=row["year"],
        next_seq=row["next_seq"],
    )
