"""The package of an issued document: made, put to the archive, fetched again."""

import asyncio
import hashlib
import io
import zipfile
from tempfile import SpooledTemporaryFile
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from chancery.events.parts import PaperRef
from chancery.office import bundle
from chancery.office.fonts import folders_of
from chancery.refusal import Reason, Refused, not_found
from chancery.web import REFUSED, DeskDep, Receipt, WebDesk
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from document_svc.api.files import FilesDep
from document_svc.api.printed import paper_of
from document_svc.document.archive import Archive
from document_svc.document.archive import archive as put_away
from document_svc.document.hands import drafter
from document_svc.document.state import DOCUMENT, Stage
from document_svc.files import FileStore
from document_svc.package import Package

router = APIRouter(prefix="/v1/documents", tags=["archive 公文归档"])
IN_MEMORY = 4 * 1_048_576


@router.post("/{document_id}:archive", summary="Put it to the archive 归档", responses=REFUSED)
async def archive_document(document_id: UUID, desk: DeskDep, files: FilesDep, request: Request) -> Receipt:
    """By the office, once it is issued; the event keeps the package's hash. Again where something was added since."""
    package = await _package(desk, files, request, document_id)
    missing = package.missing() if package.document.stage is Stage.ISSUED else ()
    if missing or package.archived_last:
        nothing = PaperRef(kind="archive", name="-", sha256="0" * 64, size=0, media_type=bundle.MEDIA_TYPE)
        command = Archive(desk.person, nothing, "0" * 64, 1, missing, nothing_since=package.archived_last)
    else:
        command = await _made(desk, files, package)
    return await desk.tell(DOCUMENT, put_away, command, stream=document_id, existing=True)


@router.get(
    "/{document_id}/archive.zip",
    operation_id="get_document_archive",
    summary="The package of a document, as ZIP 归档包",
    response_class=StreamingResponse,
    responses=file_of(bundle.MEDIA_TYPE),
)
async def get_document_archive(document_id: UUID, desk: DeskDep, files: FilesDep, request: Request) -> Response:
    """Text, annexes, the paper with its red head and the record of its handling, with a manifest of hashes.

    For the lead unit and the office. What was put to the archive comes as it was put.
    """
    package = await _package(desk, files, request, document_id)
    draft, archived = package.document.draft, package.document.archived
    if draft is None:
        raise not_found("document")
    drafter(await desk.rules(to_read=True), draft, desk.person)
    if package.document.stage is not Stage.ISSUED:
        raise Refused(Reason("document_not_issued"))
    if archived is not None:
        kept = await asyncio.to_thread(files.read, desk.tenant, archived.package.sha256)
        if kept is not None:
            return attachment(kept, bundle.MEDIA_TYPE, archived.package.name)
    content = io.BytesIO()
    async for piece in package.stream():
        content.write(piece)
    return attachment(content.getvalue(), bundle.MEDIA_TYPE, f"{package.name}.zip")


async def _package(desk: WebDesk, files: FileStore, request: Request, document_id: UUID) -> Package:
    seen = await desk.seen(DOCUMENT, document_id)
    stored = await desk.kernel.store.load(desk.tenant, document_id)
    try:
        paper = await paper_of(desk, files, request, document_id, None) if seen.state.text is not None else None
    except Refused:
        paper = None
    running = running_of(request)
    government = running.room.shelf.government(desk.tenant)
    return Package(
        tenant=desk.tenant,
        document=seen.state,
        events=stored.events,
        files=files,
        paper=paper,
        fonts=folders_of(running.settings.fonts),
        government=government.zh if government else desk.tenant,
    )


async def _made(desk: WebDesk, files: FileStore, package: Package) -> Archive:
    """The package written once, counted and hashed; one that the store takes is kept there."""
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=IN_MEMORY) as held:
        async for piece in package.stream():
            digest.update(piece)
            size += len(piece)
            held.write(piece)
        sha256 = digest.hexdigest()
        held.seek(0)
        with zipfile.ZipFile(held) as archive:
            manifest = hashlib.sha256(archive.read(bundle.MANIFEST)).hexdigest()
            count = len(archive.namelist())
        if size <= files.limit and not desk.dry_run:
            held.seek(0)
            await asyncio.to_thread(files.put, desk.tenant, sha256, held.read())
    name = f"{package.name}.zip"
    paper = PaperRef(kind="archive", name=name, sha256=sha256, size=size, media_type=bundle.MEDIA_TYPE)
    return Archive(desk.person, paper, manifest, count)
