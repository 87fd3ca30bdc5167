"""Files in a folder named by their hash, one folder a tenant: what every process of one machine may share."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from chancery.files.store import Kept, drafted, pieces_of
from chancery.names import TenantId


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Bytes go to a name nobody sees, are flushed, and are renamed once their hash is right."""

    folder: Path
    limit: int

    def path(self, tenant: TenantId, sha256: str) -> Path:
        """Two letters of the hash make a folder, so that no folder grows too long."""
        return self.folder / tenant / sha256[:2] / sha256

    async def size(self, tenant: TenantId, sha256: str) -> int | None:
        try:
            return (await asyncio.to_thread(self.path(tenant, sha256).stat)).st_size
        except FileNotFoundError:
            return None

    async def put(self, tenant: TenantId, sha256: str, pieces: AsyncIterable[bytes]) -> Kept:
        target = self.path(tenant, sha256)
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        async with drafted(pieces, sha256, self.limit, target.parent) as draft:
            if await asyncio.to_thread(target.exists):
                return Kept(draft.size, new=False)
            await asyncio.to_thread(draft.path.replace, target)
            return Kept(draft.size, new=True)

    def read(self, tenant: TenantId, sha256: str) -> AsyncIterator[bytes]:
        return pieces_of(self.path(tenant, sha256))
