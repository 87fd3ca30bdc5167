"""A local issuer for `make run`, tests and rehearsals. Production refuses it.

Its key lies in the data folder, readable by its owner only; beside it the JWKS file that services trust.
"""

import contextlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER: Final = "urn:chancery:local-issuer"
AUDIENCE: Final = "chancery"
LIFETIME: Final = 12 * 3600


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """Mints tokens that are real in everything but who stands behind them."""

    key: ECKey
    jwks: Path
    issuer: str = ISSUER
    audience: str = AUDIENCE

    @classmethod
    def at(cls, folder: Path) -> "LocalIssuer":
        """The issuer whose key lies in the folder; made at the first call."""
        folder.mkdir(parents=True, exist_ok=True)
        private, public = folder / "issuer.key.json", folder / "jwks.json"
        if not private.exists():
            made = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256", "kid": uuid4().hex})
            _write(private, json.dumps(made.as_dict(private=True)), once=True)
        key = ECKey.import_key(json.loads(private.read_text(encoding="utf-8")))
        _write(public, json.dumps(KeySet([key]).as_dict(private=False)), mode=0o644)
        return cls(key, public)

    def mint(
        self,
        tenant: str,
        *,
        person: str | None = None,
        client: str | None = None,
        roles: tuple[str, ...] = (),
        ttl: int = LIFETIME,
    ) -> str:
        """A token for a person, or for a system of its own (``client``)."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": person or client or "house",
            "tenant": tenant,
            "roles": list(roles),
            "iat": now,
            "nbf": now,
            "exp": now + ttl,
            "jti": uuid4().hex,
        }
        if person is not None:
            claims["person"] = person
        if person is None or client is not None:
            claims["client_id"] = client or "house"
        return jwt.encode({"alg": "ES256", "kid": self.key.kid, "typ": "at+jwt"}, claims, self.key)


def _write(file: Path, text: str, mode: int = 0o600, once: bool = False) -> None:
    """Whole or not at all, and with its rights from the first byte on; ``once``: who comes second changes nothing."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    if once:
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    else:
        draft.replace(file)
