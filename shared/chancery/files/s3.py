"""Files in anything that speaks S3, each tenant under a prefix; requests are signed as AWS signs them (version 4)."""

import hashlib
import hmac
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import httpx
from pydantic import SecretStr

from chancery.files.store import PIECE, FilesAway, Kept, drafted, pieces_of
from chancery.names import TenantId

EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests to one region under one key."""

    key: str
    secret: SecretStr
    region: str

    def signed(self, method: str, url: str, body_hash: str, at: datetime, more: Mapping[str, str]) -> dict[str, str]:
        """The headers of a request without a query, ``more`` among them, with the signature over all of them."""
        parts = urlsplit(url)
        day, moment = f"{at:%Y%m%d}", f"{at:%Y%m%dT%H%M%SZ}"
        headers = {"host": parts.netloc, "x-amz-content-sha256": body_hash, "x-amz-date": moment}
        headers |= {name.lower(): " ".join(value.split()) for name, value in more.items()}
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = f"{method}\n{parts.path}\n\n{lines}\n{names}\n{body_hash}"
        scope = f"{day}/{self.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = f"AWS4{self.secret.get_secret_value()}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        said = f"AWS4-HMAC-SHA256 Credential={self.key}/{scope},SignedHeaders={names},Signature={signature}"
        return headers | {"authorization": said}


@dataclass(frozen=True, slots=True)
class S3Files:
    """``url`` names the bucket: ``https://objects.example/chancery``."""

    url: str
    signer: Signer
    limit: int
    http: httpx.AsyncClient

    async def size(self, tenant: TenantId, sha256: str) -> int | None:
        answer = await self._send("HEAD", tenant, sha256)
        return None if answer.status_code == 404 else int(answer.headers["content-length"])

    async def put(self, tenant: TenantId, sha256: str, pieces: AsyncIterable[bytes]) -> Kept:
        async with drafted(pieces, sha256, self.limit) as draft:
            if await self.size(tenant, sha256) is not None:
                return Kept(draft.size, new=False)
            length = {"content-length": str(draft.size)}
            await self._send("PUT", tenant, sha256, sha256, length, pieces_of(draft.path))
            return Kept(draft.size, new=True)

    async def read(self, tenant: TenantId, sha256: str) -> AsyncIterator[bytes]:
        url = self._url(tenant, sha256)
        headers = self.signer.signed("GET", url, EMPTY, datetime.now(UTC), {})
        try:
            async with self.http.stream("GET", url, headers=headers) as answer:
                if answer.status_code == 404:
                    return
                answer.raise_for_status()
                async for piece in answer.aiter_bytes(PIECE):
                    yield piece
        except httpx.HTTPError as error:
            raise FilesAway(repr(error)) from error

    async def _send(
        self,
        method: str,
        tenant: TenantId,
        sha256: str,
        body_hash: str = EMPTY,
        more: Mapping[str, str] | None = None,
        content: AsyncIterable[bytes] | None = None,
    ) -> httpx.Response:
        """One request, answered with success or, asked for what is not there, 404."""
        url = self._url(tenant, sha256)
        headers = self.signer.signed(method, url, body_hash, datetime.now(UTC), more or {})
        try:
            answer = await self.http.request(method, url, headers=headers, content=content)
            if answer.status_code != 404 or content is not None:
                answer.raise_for_status()
        except httpx.HTTPError as error:
            raise FilesAway(repr(error)) from error
        return answer

    def _url(self, tenant: TenantId, sha256: str) -> str:
        return f"{self.url.rstrip('/')}/{quote(tenant, safe='-_.~')}/{sha256}"
