"""Keys of addresses that answer without a token: drawn once, shown once, kept as a hash (订阅地址的密钥)."""

import hashlib
import hmac
import secrets

BYTES = 32


def drawn_key() -> tuple[str, str]:
    """A new key for an address, and what is kept of it (SHA-256)."""
    key = secrets.token_urlsafe(BYTES)
    return key, kept_of(key)


def kept_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def fits(key: str, kept: str) -> bool:
    """Whether a key is the one of which this was kept; how long it takes tells nothing of it."""
    return hmac.compare_digest(kept_of(key), kept)
