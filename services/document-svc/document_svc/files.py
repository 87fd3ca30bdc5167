"""Where the bytes of texts lie: a folder of files named by their hash, one folder a tenant.

A file is whole or not there: bytes go to a temporary name, are flushed, and are renamed once their hash is right.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from chancery.names import TenantId
from chancery.refusal import Reason, Refused


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

    def read(self, tenant: TenantId, sha256: str) -> bytes | None:
        """The bytes; None where nothing is kept under this hash."""
        try:
            return self.path(tenant, sha256).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, tenant: TenantId, sha256: str, content: bytes) -> bool:
        """Keep the bytes; False where they were kept already, which changes nothing.

        Raises:
            Refused: there are more bytes than ``limit`` (``too_large``), or they have another hash.
        """
        if len(content) > self.limit:
            raise Refused(Reason("body_too_large", params={"most": self.limit}), kind="too_large")
        found = hashlib.sha256(content).hexdigest()
        if found != sha256:
            raise Refused(Reason("file_differs", params={"found": found, "wanted": sha256}, subject="sha256"))
        target = self.path(tenant, sha256)
        if target.exists():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.parent / f".{uuid4().hex}"
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return True
