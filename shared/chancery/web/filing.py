"""Files put and fetched by their hash: the same two routes for every service that keeps papers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from chancery.files import Files
from chancery.files.store import drafted, too_large
from chancery.refusal import Reason, Refused, not_found
from chancery.web.answers import REFUSED
from chancery.web.desk import DeskDep

UPLOADS: Final = "/v1/files/"
SLOWEST: Final = 300.0
"""Seconds within which a file has to be there."""
Hash = Annotated[str, InPath(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes 内容的校验值")]
BYTES: Final[dict[str, Any]] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def files_of(desk: DeskDep) -> Files:
    """The store of files that the settings name."""
    return desk.files


FilesDep = Annotated[Files, Depends(files_of)]


class FileKept(BaseModel):
    """A file that is kept now; ``new``: it was not before."""

    sha256: str
    size: int
    new: bool


async def put_file(sha256: Hash, request: Request, desk: DeskDep) -> FileKept:
    """The bytes as they are; 409 where they have another hash. The same bytes again change nothing."""
    _, files = desk.person, desk.files
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > files.limit:
        raise too_large(files.limit)
    try:
        async with asyncio.timeout(SLOWEST):
            if desk.dry_run:
                async with drafted(_pieces(request), sha256, files.limit) as draft:
                    return FileKept(sha256=sha256, size=draft.size, new=await files.size(desk.tenant, sha256) is None)
            kept = await files.put(desk.tenant, sha256, _pieces(request))
    except TimeoutError as error:
        raise Refused(Reason("body_too_slow", params={"seconds": SLOWEST}), kind="too_slow") from error
    except ClientDisconnect as error:
        raise Refused(Reason("body_not_whole"), kind="unreadable") from error
    return FileKept(sha256=sha256, size=kept.size, new=kept.new)


async def get_file(sha256: Hash, desk: DeskDep) -> Response:
    """The bytes as they were put, of one's own government."""
    files = desk.files
    size = await files.size(desk.tenant, sha256)
    if size is None:
        raise not_found("file")
    headers = {"ETag": f'"{sha256}"', "Content-Disposition": "attachment", "Content-Length": str(size)}
    return StreamingResponse(files.read(desk.tenant, sha256), media_type="application/octet-stream", headers=headers)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        yield piece


def files_router() -> APIRouter:
    """The two routes; a service that has them names ``UPLOADS`` among its ``uploads``."""
    router = APIRouter(prefix=UPLOADS.rstrip("/"), tags=["files 文件"])
    body = {"requestBody": {"required": True, "content": BYTES}}
    router.put("/{sha256}", summary="Put a file 存入文件", responses=REFUSED, openapi_extra=body)(put_file)
    router.get(
        "/{sha256}",
        summary="Get a file 取出文件",
        response_class=StreamingResponse,
        responses={200: {"content": BYTES}},
    )(get_file)
    return router
