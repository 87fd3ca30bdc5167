"""What a service is told from outside: ``CHANCERY_*``. A missing or unsafe one stops the start with a sentence."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chancery.refusal import Fault

HERE = Path(__file__).resolve().parent


class SettingsRefused(Fault):
    """The service does not start like this. Every sentence says what to set."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Settings(BaseSettings):
    """One service's settings.

    ``mode`` is *production*, or *house* for everything that runs from one checkout: ``make run``, tests, rehearsals.
    ``keys`` is the issuer's JWKS, an https address or a file. ``clock`` is the system's, or one simulated moment that
    all processes share over the bus.
    """

    model_config = SettingsConfigDict(env_prefix="CHANCERY_", extra="ignore", frozen=True)

    mode: Literal["production", "house"] = "production"

    database_url: SecretStr = SecretStr("")
    relay_database_url: SecretStr = SecretStr("")
    nats_url: str = ""
    nats_credentials: Path | None = None
    nats_user: str | None = None
    nats_password: SecretStr | None = None
    nats_replicas: int = Field(default=1, ge=1, le=5)

    issuer: str = ""
    audience: str = "chancery"
    keys: str = ""
    tenant_claim: str = "tenant"
    person_claim: str = "person"
    roles_claim: str = "roles"
    keys_patience: float = 30.0

    packs: Path = HERE / "packs"
    governments: Path = HERE / "packs" / "governments.yaml"
    holidays: Path | None = None
    clock: Literal["system", "simulated"] = "system"

    host: str = "127.0.0.1"
    port: int | None = None
    most_bytes: int = Field(default=1_048_576, ge=1024)
    patience: float = Field(default=10.0, gt=0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_file: Path | None = None
    otlp_endpoint: str | None = None
    feeds: dict[str, str] = Field(default_factory=dict)
    """Where another service's ``/v1/events`` is read while the bus is away: ``{"meeting": "http://…"}``."""
    feed_token: SecretStr | None = None
    """A token of the house (no tenant, role feed) with which those are read."""

    def check(self) -> "Settings":
        """These settings, if a service may start with them.

        Raises:
            SettingsRefused: something is missing, or not safe in production.
        """
        sentences = [
            f"Set CHANCERY_{name.upper()}: {what}."
            for name, what in (
                ("database_url", "the address of the service's database under its application role"),
                ("relay_database_url", "the address of the same database under its relay role"),
                ("nats_url", "the address of the NATS server or cluster"),
                ("issuer", "the `iss` of the tokens to trust"),
                ("keys", "the issuer's JWKS, an https address or a file"),
            )
            if not _given(getattr(self, name))
        ]
        if self.mode == "production":
            sentences += self._unsafe()
        if sentences:
            raise SettingsRefused(sentences)
        return self

    def _unsafe(self) -> list[str]:
        found: list[str] = []
        if self.issuer == "urn:chancery:local-issuer":
            found.append(
                "CHANCERY_ISSUER names the local issuer, whose key anybody with the checkout holds. Name yours."
            )
        if self.clock == "simulated":
            found.append("CHANCERY_CLOCK is simulated: in production time passes by itself. Set it to system.")
        user = urlsplit(self.database_url.get_secret_value()).username
        if user in ("postgres", "root"):
            found.append(
                f"CHANCERY_DATABASE_URL enters as {user}, whom no row-level security stops. Use the role …_app."
            )
        if self.keys.startswith("http://"):
            found.append("CHANCERY_KEYS is read without TLS. Use an https address or a file.")
        return found


def _given(value: object) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
