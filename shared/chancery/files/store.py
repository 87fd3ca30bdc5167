"""What a store of files takes and gives, and the one way in which bytes are counted and hashed on their way."""

import asyncio
import contextlib
import hashlib
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from chancery.names import TenantId
from chancery.refusal import Fault, Reason, Refused

PIECE: Final = 256 * 1024
"""Bytes handed on at once: no file is ever held whole."""


class FilesAway(Fault):
    """The store of files did not answer; it is asked again later."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was put: how many bytes, and whether they were new."""

    size: int
    new: bool


class Files(Protocol):
    """A store of files of many tenants, each apart from the others."""

    @property
    def limit(self) -> int:
        """The most bytes one file may have."""
        ...

    async def size(self, tenant: TenantId, sha256: str) -> int | None:
        """How many bytes are kept under this hash; None where nothing is."""
        ...

    async def put(self, tenant: TenantId, sha256: str, pieces: AsyncIterable[bytes]) -> Kept:
        """Keep the bytes; whole or not at all. The same bytes again change nothing.

        Raises:
            Refused: there are more bytes than ``limit`` (``too_large``), or they have another hash.
        """
        ...

    def read(self, tenant: TenantId, sha256: str) -> AsyncIterator[bytes]:
        """The bytes, piece by piece; nothing at all where none are kept."""
        ...


@dataclass(slots=True)
class Draft:
    """Bytes on their way, in a file that nobody sees yet."""

    path: Path
    size: int


@contextlib.asynccontextmanager
async def drafted(
    pieces: AsyncIterable[bytes], sha256: str, limit: int, folder: Path | None = None
) -> AsyncGenerator[Draft]:
    """The bytes written down, counted and proved; the draft is gone afterwards unless it was moved.

    Raises:
        Refused: too many bytes, or other ones than were announced.
    """
    number, name = await asyncio.to_thread(tempfile.mkstemp, ".draft", ".", folder)
    path = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            size = await _write(file, pieces, sha256, limit)
            await asyncio.to_thread(_flush, file)
        yield Draft(path, size)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _write(file: IO[bytes], pieces: AsyncIterable[bytes], sha256: str, limit: int) -> int:
    size, digest, held = 0, hashlib.sha256(), bytearray()
    async for piece in pieces:
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        held += piece
        if len(held) >= PIECE:
            await asyncio.to_thread(_take, file, digest.update, bytes(held))
            held.clear()
    await asyncio.to_thread(_take, file, digest.update, bytes(held))
    found = digest.hexdigest()
    if found != sha256:
        raise Refused(Reason("file_differs", params={"found": found, "wanted": sha256}, subject="sha256"))
    return size


def _take(file: IO[bytes], count: Callable[[bytes], None], piece: bytes) -> None:
    count(piece)
    file.write(piece)


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def too_large(limit: int) -> Refused:
    return Refused(Reason("file_too_large", params={"most": limit}), kind="too_large")


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """A local file piece by piece; nothing where it is not there."""
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError:
        return
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        file.close()


async def whole(files: Files, tenant: TenantId, sha256: str) -> bytes | None:
    """All bytes at once, for what is small; None where nothing is kept."""
    if await files.size(tenant, sha256) is None:
        return None
    return b"".join([piece async for piece in files.read(tenant, sha256)])
