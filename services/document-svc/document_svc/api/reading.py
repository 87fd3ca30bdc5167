"""Read a document that comes in, and keep nothing (来文要素读取)."""

from fastapi import APIRouter

from chancery.web import REFUSED, DeskDep
from document_svc.api.sources import ReadView, SourceForm, read_source, viewed

router = APIRouter(prefix="/v1/documents", tags=["incoming 收文"])


@router.post(":read", summary="Read a document's fields 读取公文要素", responses=REFUSED)
async def read_document(form: SourceForm, desk: DeskDep) -> ReadView:
    """Each field with its place; null is what the text does not say. A document marked as a secret is turned away."""
    _ = desk.person
    sheet, _, found = await read_source(form)
    return ReadView(
        form=sheet.form, pages=sheet.pages, text=sheet.text, documents=[viewed(one, desk.language) for one in found]
    )
