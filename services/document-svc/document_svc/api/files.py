"""The bytes of texts, found by their hash."""

import asyncio
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from chancery.refusal import not_found
from chancery.web import REFUSED, DeskDep
from document_svc.api.views import FileKept
from document_svc.files import FileStore
from document_svc.intake.secret_files import refuse_secret_file
from document_svc.settings import FileSettings

router = APIRouter(prefix="/v1/files", tags=["files 文件"])
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes 内容的校验值")]
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@cache
def file_store() -> FileStore:
    """The one store of this process, as the settings say."""
    settings = FileSettings()
    return FileStore(settings.files, settings.files_most_bytes)


FilesDep = Annotated[FileStore, Depends(file_store)]


@router.put(
    "/{sha256}",
    summary="Put a file 存入文件",
    responses=REFUSED,
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
async def put_file(sha256: Hash, request: Request, desk: DeskDep, files: FilesDep) -> FileKept:
    """The bytes as they are; 409 where they have another hash. The same bytes again change nothing.

    What is marked as a state secret is turned away, and nothing of it is kept.
    """
    _ = desk.person
    content = await request.body()

    def looked_at_and_put() -> bool:
        refuse_secret_file(content)
        return files.put(desk.tenant, sha256, content)

    new = await asyncio.to_thread(looked_at_and_put)
    return FileKept(sha256=sha256, size=len(content), new=new)


@router.get("/{sha256}", summary="Get a file 取出文件", response_class=Response, responses={200: {"content": BYTES}})
async def get_file(sha256: Hash, desk: DeskDep, files: FilesDep) -> Response:
    content = await asyncio.to_thread(files.read, desk.tenant, sha256)
    if content is None:
        raise not_found("file")
    headers = {"ETag": f'"{sha256}"', "Content-Disposition": "attachment"}
    return Response(content, media_type="application/octet-stream", headers=headers)
