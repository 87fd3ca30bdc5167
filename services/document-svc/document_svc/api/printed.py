"""Documents on paper: red-head PDF and DOCX, and what the look at their layout found."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from chancery.office import docx, pdf
from chancery.office.fonts import folders_of, type_in
from chancery.office.layout_check import Looked, look_at_docx, look_at_pdf
from chancery.office.paper import Paper
from chancery.refusal import Reason, Refused, not_found
from chancery.web import DeskDep, WebDesk
from chancery.web.answers import REFUSED
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from document_svc.api.files import FilesDep
from document_svc.document.state import DOCUMENT
from document_svc.files import FileStore
from document_svc.intake.readers import read
from document_svc.printed.red_head import Form, Printed, red_head

router = APIRouter(prefix="/v1/documents", tags=["papers 公文印制"])
Kind = Literal["pdf", "docx"]
FILE = file_of(pdf.MEDIA_TYPE, docx.MEDIA_TYPE)
FormQuery = Annotated[Form | None, Query(description="As the kind is printed, where none is named 版式")]


class DeviationView(BaseModel):
    """One thing that is otherwise than laid down."""

    what: str
    says: str
    wanted: str
    found: str
    page: int | None


class LookedAt(BaseModel):
    """What was read back from one file. Millimetres from the edges to the outermost characters; ``pitch`` in points."""

    form: str
    pages: int
    wide: float
    high: float
    left: float | None
    right: float | None
    top: float | None
    bottom: float | None
    lines: int | None
    across: int | None
    pitch: float | None
    fonts: dict[str, bool]
    deviations: list[DeviationView]


class PaperCheck(BaseModel):
    """The layout looked at again, in both files (版式自检)."""

    pdf: LookedAt
    docx: LookedAt


@router.get(
    "/{document_id}/paper.{kind}",
    summary="The document with its red head 红头文件",
    response_class=Response,
    responses=FILE,
)
async def print_document(
    document_id: UUID, kind: Kind, desk: DeskDep, files: FilesDep, request: Request, form: FormQuery = None
) -> Response:
    """As it stands now; a draft says that it is one. A character without a glyph is named and nothing is printed."""
    paper = await paper_of(desk, files, request, document_id, form)
    if kind == "docx":
        return attachment(await asyncio.to_thread(docx.write, paper), docx.MEDIA_TYPE, f"{paper.title}.docx")
    folders = folders_of(running_of(request).settings.fonts)
    return attachment(await asyncio.to_thread(pdf.write, paper, folders), pdf.MEDIA_TYPE, f"{paper.title}.pdf")


@router.get("/{document_id}/paper-check", summary="Look at the layout again 版式自检", responses=REFUSED)
async def check_paper(
    document_id: UUID, desk: DeskDep, files: FilesDep, request: Request, form: FormQuery = None
) -> PaperCheck:
    """Both files are made and read back: size, margins, lines, characters, faces within, whether all text is there."""
    paper = await paper_of(desk, files, request, document_id, form)
    folders = folders_of(running_of(request).settings.fonts)

    def both() -> tuple[Looked, Looked]:
        seen = look_at_pdf(pdf.write(paper, folders), paper, type_in(folders).stands_in)
        return seen, look_at_docx(docx.write(paper), paper)

    of_pdf, of_docx = await asyncio.to_thread(both)
    return PaperCheck(pdf=_view(of_pdf, desk), docx=_view(of_docx, desk))


async def paper_of(desk: WebDesk, files: FileStore, request: Request, document_id: UUID, form: Form | None) -> Paper:
    """The paper from what is stored.

    Raises:
        Refused: there is no such document, no text, or no text that can be read.
    """
    seen = await desk.seen(DOCUMENT, document_id)
    document, draft = seen.state, seen.state.draft
    if draft is None:
        raise not_found("document")
    if document.text is None:
        raise Refused(Reason("needs_text"))
    content = await asyncio.to_thread(files.read, desk.tenant, document.text.sha256)
    if content is None:
        raise not_found("file")
    try:
        sheet = await asyncio.to_thread(read, content)
    except Refused as unreadable:
        raise Refused(*unreadable.reasons) from unreadable
    rules = await desk.rules(pack=seen.pack, to_read=True)
    government = running_of(request).room.shelf.government(desk.tenant)
    name = government.zh if government else desk.tenant
    return red_head(Printed(document, draft, rules, name, sheet.text, form))


def _view(looked: Looked, desk: WebDesk) -> LookedAt:
    return LookedAt(
        form=looked.form,
        pages=looked.pages,
        wide=looked.wide,
        high=looked.high,
        left=looked.left,
        right=looked.right,
        top=looked.top,
        bottom=looked.bottom,
        lines=looked.lines,
        across=looked.across,
        pitch=looked.pitch,
        fonts=dict(looked.fonts),
        deviations=[
            DeviationView(
                what=one.what,
                says=getattr(one, desk.language),
                wanted=one.wanted,
                found=one.found,
                page=one.page,
            )
            for one in looked.deviations
        ],
    )
