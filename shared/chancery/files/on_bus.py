# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# nats-py leaves some of its own types open.
"""Files in the object store of NATS, one bucket a tenant: no disk to share between machines."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import ObjectStoreConfig, StorageType
from nats.js.errors import BucketNotFoundError, NotFoundError, ObjectNotFoundError
from nats.js.object_store import ObjectStore

from chancery.files.store import FilesAway, Kept, drafted, pieces_of
from chancery.names import TenantId

ABSENT = (NotFoundError, BucketNotFoundError, ObjectNotFoundError)


@dataclass(frozen=True, slots=True)
class BusFiles:
    """A bucket is made at the first file of its tenant."""

    client: Client
    limit: int
    replicas: int = 1

    async def size(self, tenant: TenantId, sha256: str) -> int | None:
        try:
            bucket = await self._bucket(tenant)
            info = await bucket.get_info(sha256) if bucket is not None else None
        except ABSENT:
            return None
        except (NatsError, TimeoutError) as error:
            raise FilesAway(repr(error)) from error
        return info.size if info is not None else None

    async def put(self, tenant: TenantId, sha256: str, pieces: AsyncIterable[bytes]) -> Kept:
        async with drafted(pieces, sha256, self.limit) as draft:
            if await self.size(tenant, sha256) is not None:
                return Kept(draft.size, new=False)
            file = await asyncio.to_thread(draft.path.open, "rb")
            try:
                bucket = await self._bucket(tenant, make=True)
                assert bucket is not None  # made a line ago
                await bucket.put(sha256, file)
            except (NatsError, TimeoutError) as error:
                raise FilesAway(repr(error)) from error
            finally:
                file.close()
            return Kept(draft.size, new=True)

    async def read(self, tenant: TenantId, sha256: str) -> AsyncIterator[bytes]:
        """By way of a local file, so that what is wrong with it is known before the first byte leaves."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            file = await asyncio.to_thread(path.open, "wb")
            try:
                bucket = await self._bucket(tenant)
                if bucket is None:
                    return
                await bucket.get(sha256, writeinto=file)
            except ABSENT:
                return
            except (NatsError, TimeoutError) as error:
                raise FilesAway(repr(error)) from error
            finally:
                file.close()
            async for piece in pieces_of(path):
                yield piece

    async def _bucket(self, tenant: TenantId, *, make: bool = False) -> ObjectStore | None:
        js, name = self.client.jetstream(timeout=5), bucket_of(tenant)
        try:
            return await js.object_store(name)
        except ABSENT:
            if not make:
                return None
        wanted = ObjectStoreConfig(bucket=name, storage=StorageType.FILE, replicas=self.replicas)
        return await js.create_object_store(name, config=wanted)


def bucket_of(tenant: str) -> str:
    """A tenant may have characters that a bucket may not: then it is named by the hash of its name."""
    plain = all(one.isascii() and (one.isalnum() or one == "-") for one in tenant)
    return f"files_{tenant if plain else hashlib.sha256(tenant.encode()).hexdigest()[:32]}"
