"""Who asks: OIDC bearer tokens, checked against the issuer's published keys."""

import hashlib
import json
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import httpx
import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chancery.desk import Caller
from chancery.names import PersonId, TenantId
from chancery.refusal import Fault, Reason, Refused

log = structlog.get_logger(__name__)

ALGORITHMS: Final = ["RS256", "ES256", "EdDSA", "Ed25519"]
"""Signatures by a private key only: a shared secret is no identity, and ``none`` is nobody."""
KINDS: Final = frozenset(("jwt", "at+jwt", "application/at+jwt", ""))
TENANT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
PERSON: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
LEEWAY: Final = 30
"""Seconds by which two honest clocks may differ."""
BELIEVED: Final = 600
"""Seconds after which a verified token is verified again, so that a withdrawn key does not live on."""
LONGEST: Final = 8192
KEPT: Final = 50_000

ADMINISTRATORS: Final = frozenset(("system", "security", "audit"))
"""Three administrators who cannot do each other's work (三员)."""
HOUSE_ROLES: Final = ADMINISTRATORS | {"operator", "auditor", "feed"}
"""Roles that need no tenant. None of them lets anybody act in the business of a government."""


class IssuerAway(Fault):
    """The issuer's keys cannot be read, and none are known yet."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens count.

    ``keys`` is an https address or a file with the issuer's JWKS. ``patience`` is the least number of seconds between
    two readings of it; a token with an unknown key id asks for a reading. ``*_claim`` say where a token names the
    tenant, the person and the roles.
    """

    issuer: str
    audience: str
    keys: str
    tenant_claim: str = "tenant"
    person_claim: str = "person"
    roles_claim: str = "roles"
    patience: float = 30.0


Fetch = Callable[[], Awaitable[str]]


def unknown(code: str = "bad_token") -> Refused:
    return Refused(Reason(code), kind="unknown")


@dataclass(slots=True)
class Authenticator:
    """Turns a token into a caller. A token once verified is known by its hash, for ten minutes at most."""

    trust: Trust
    _keys: KeySet | None = None
    _read_at: float = float("-inf")
    _known: "OrderedDict[bytes, tuple[float, Caller]]" = field(default_factory=OrderedDict[bytes, tuple[float, Caller]])

    async def caller(self, token: str) -> Caller:
        """Who holds this token.

        Raises:
            Refused: it is forged, for somebody else, not valid now, or says nothing we can use (``unknown``).
            IssuerAway: the issuer's keys were never read.
        """
        if len(token) > LONGEST or not token.isascii():
            raise unknown()
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None:
            if known[0] > time.time():
                return known[1]
            del self._known[digest]
        claims = await self._claims(token)
        caller = self._caller(claims)
        self._known[digest] = (min(float(claims["exp"]) + LEEWAY, time.time() + BELIEVED), caller)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return caller

    async def ready(self) -> bool:
        """Whether the issuer's keys are known."""
        try:
            await self._keys_for(None)
        except IssuerAway:
            return False
        return True

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            head = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError, TypeError) as error:
            raise unknown() from error
        if head.get("alg") not in ALGORITHMS or str(head.get("typ") or "").lower() not in KINDS or "crit" in head:
            raise unknown()
        keys = await self._keys_for(head.get("kid"))
        try:
            payload = jws.deserialize_compact(token.encode(), keys, algorithms=ALGORITHMS).payload
            claims: Any = json.loads(payload)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise unknown() from error
        if not isinstance(claims, dict):
            raise unknown()
        found = cast("dict[str, Any]", claims)
        self._check(found)
        return found

    def _check(self, claims: dict[str, Any]) -> None:
        now = time.time()
        audience: Any = claims.get("aud")
        audiences = cast("list[Any]", audience) if isinstance(audience, list) else [audience]
        expires, begins = claims.get("exp"), claims.get("nbf", 0)
        if claims.get("iss") != self.trust.issuer or self.trust.audience not in audiences:
            raise unknown()
        if not _is_moment(expires) or not _is_moment(begins):
            raise unknown()
        if cast("float", expires) + LEEWAY <= now:
            raise unknown("token_expired")
        if cast("float", begins) - LEEWAY > now:
            raise unknown("token_not_yet_valid")

    def _caller(self, claims: dict[str, Any]) -> Caller:
        trust = self.trust
        tenant: Any = claims.get(trust.tenant_claim) or ""
        person: Any = claims.get(trust.person_claim)
        client: Any = claims.get("client_id") or claims.get("azp")
        listed: Any = claims.get(trust.roles_claim) or []
        if isinstance(listed, str):
            listed = listed.split()
        if not isinstance(listed, list) or not all(isinstance(role, str) for role in cast("list[Any]", listed)):
            raise unknown()
        roles = frozenset(cast("list[str]", listed))
        if tenant and not (isinstance(tenant, str) and TENANT.fullmatch(tenant)):
            raise unknown()
        if not tenant and not roles & HOUSE_ROLES:
            raise unknown()
        if len(roles & ADMINISTRATORS) > 1:
            raise unknown("administrators_apart")
        if person is not None and (
            not isinstance(person, str) or not PERSON.fullmatch(person) or person.startswith("client.")
        ):
            raise unknown()
        if person is None and not (isinstance(client, str) and PERSON.fullmatch(client)):
            raise unknown()
        return Caller(
            tenant=TenantId(tenant),
            person=PersonId(person) if person is not None else None,
            client=client if isinstance(client, str) else None,
            roles=roles,
            token_id=str(claims.get("jti", ""))[:64],
        )

    async def _keys_for(self, kid: object) -> KeySet:
        """The issuer's keys; read anew for an unknown key id, but not more often than ``patience`` allows."""
        held = self._keys
        if held is not None and (kid is None or any(key.kid == kid for key in held.keys)):
            return held
        now = time.monotonic()
        if now - self._read_at >= self.trust.patience:
            self._read_at = now
            try:
                held = self._keys = _public(await _text(self.trust.keys))
            except (OSError, httpx.HTTPError, ValueError, JoseError) as error:
                log.warning("issuer_keys_not_read", error=repr(error))
        if held is None:
            raise IssuerAway("the issuer's keys cannot be read")
        return held


def _public(text: str) -> KeySet:
    """Signing keys only; a shared secret in the set is passed over, whatever the issuer meant by it."""
    keys = json.loads(text)["keys"]
    return KeySet.import_key_set(
        {"keys": [key for key in keys if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]}
    )


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**40


async def _text(where: str) -> str:
    if "://" not in where:
        return Path(where).read_text(encoding="utf-8")  # noqa: ASYNC240  a small local file, read once in a while
    if not where.startswith("https://"):
        raise ValueError("the issuer's keys are read over https or from a file")
    async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
        return (await client.get(where)).raise_for_status().text
