"""Where the bytes of texts lie: a folder of files named by their hash, one folder a tenant.

A file is whole or not there: bytes go to a temporary name, are flushed, and are renamed once their hash is right.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from chancery.names import TenantId
from chancery.refusal import Reason, Refused


class TooLarge(Exception):
    """More bytes came than the store takes; nothing was kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class FileStore:
    """``limit`` is the most bytes one file may have."""

    folder: Path
    limit: int

    def path(self, tenant: TenantId, sha256: str) -> Path:
        """Two letters of the hash make a folder, so that no folder grows too long."""
        return self.folder / tenant / sha256[:2] / sha256

    def size(self, tenant: TenantId, sha256: str) -> int | None:
        """How many bytes are kept under this hash; None where nothing is."""
        try:
            return self.path(tenant, sha256).stat().st_size
        except FileNotFoundError:
            return None

    async def put(self, tenant: TenantId, sha256: str, chunks: AsyncIterable[bytes]) -> int:
        """Keep the bytes and return how many they are; the same bytes again change nothing.

        Raises:
            TooLarge: more bytes came than ``limit``.
            Refused: the bytes have another hash.
        """
        target = self.path(tenant, sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.parent / f".{uuid4().hex}"
        digest, size = hashlib.sha256(), 0
        try:
            with draft.open("wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self.limit:
                        raise TooLarge(self.limit)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            found = digest.hexdigest()
            if found != sha256:
                raise Refused(Reason("file_differs", params={"found": found, "wanted": sha256}, subject="sha256"))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return size
