"""What a service is told from outside: ``CHANCERY_*``. A missing or unsafe one stops the start with a sentence.

``deploy/chancery.env`` explains each one and gives an example.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from chancery.refusal import Fault

HERE: Final = Path(__file__).resolve().parent
PREFIX: Final = "CHANCERY_"
SAMPLES: Final = HERE / "packs" / "governments.yaml"
SECRETS_FOLDER: Final = "CHANCERY_SECRETS"
ELSEWHERE: Final = frozenset(
    {
        SECRETS_FOLDER,
        "CHANCERY_OWNER_URL",
        "CHANCERY_FILES",
        "CHANCERY_FILES_MOST_BYTES",
        "CHANCERY_FILES_STORE",
        "CHANCERY_FILES_S3_URL",
        "CHANCERY_FILES_S3_REGION",
        "CHANCERY_FILES_S3_KEY",
        "CHANCERY_FILES_S3_SECRET",
        "CHANCERY_PG_BIN",
        "CHANCERY_NATS_BIN",
        "CHANCERY_PG_ADMIN_URL",
    }
)
"""Names that others than ``Settings`` read: migrations, the store of files, the launcher."""


class SettingsRefused(Fault):
    """The service does not start like this. Every sentence says what to set."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Settings(BaseSettings):
    """One service's settings.

    ``mode`` is *production*, or *house* for everything that runs from one checkout: ``make run``, tests, rehearsals.
    ``keys`` is the issuer's JWKS, an https address or a file. ``clock`` is the system's, or one simulated moment that
    all processes share over the bus. Besides the environment, files of the folder ``CHANCERY_SECRETS`` are read, one
    a setting: ``chancery_database_url``.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

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
    governments: Path = SAMPLES
    holidays: Path | None = None
    fonts: str = ""
    """Folders with the office's own type for documents, parted as ``PATH`` is; Noto stands in for what is missing."""
    clock: Literal["system", "simulated"] = "system"

    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=65535)
    most_bytes: int = Field(default=1_048_576, ge=1024)
    patience: float = Field(default=10.0, gt=0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_file: Path | None = None
    otlp_endpoint: str | None = None
    feeds: dict[str, str] = Field(default_factory=dict)
    """Where another service's ``/v1/events`` is read while the bus is away: ``{"meeting": "http://…"}``."""
    feed_token: SecretStr | None = None
    """A token of the house (no tenant, role feed) with which those are read."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  no file is read unasked
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  ours names its own folder
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is said in code, then the environment, then the folder of secrets."""
        folder = os.environ.get(SECRETS_FOLDER)
        kept = (SecretsSettingsSource(settings_cls, secrets_dir=folder),) if folder else ()
        return init_settings, env_settings, *kept

    @classmethod
    def read(cls) -> Self:
        """The settings of this process, if a service may start with them.

        Raises:
            SettingsRefused: one is missing, malformed, misspelt, or not safe in production.
        """
        folder = os.environ.get(SECRETS_FOLDER)
        if folder and not Path(folder).is_dir():
            raise SettingsRefused([f"{SECRETS_FOLDER} names {folder}, which is not a folder."])
        try:
            found = cls()
        except ValidationError as error:
            raise SettingsRefused(
                [f"Set {_name(problem['loc'])} otherwise: {problem['msg']}." for problem in error.errors()]
            ) from None
        except ValueError as error:
            raise SettingsRefused([f"{error}."]) from None
        return found.check(os.environ)

    def check(self, environment: Mapping[str, str] | None = None) -> Self:
        """These settings, if a service may start with them. ``environment`` is looked through for misspelt names.

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
        sentences += self._absent()
        if self.mode == "production":
            sentences += self._unsafe(environment or {})
            sentences += _misspelt(environment or {}, set(type(self).model_fields))
        if sentences:
            raise SettingsRefused(sentences)
        return self

    def _absent(self) -> list[str]:
        """Settings that name a file or folder which is not there."""
        named = {
            "packs": self.packs,
            "governments": self.governments,
            "holidays": self.holidays,
            "nats_credentials": self.nats_credentials,
            "keys": Path(self.keys) if self.keys and "://" not in self.keys else None,
        }
        folders = [("fonts", Path(folder)) for folder in self.fonts.split(os.pathsep) if folder]
        return [
            f"CHANCERY_{name.upper()} names {place}, which does not exist."
            for name, place in (*named.items(), *folders)
            if place is not None and not place.exists()
        ]

    def _unsafe(self, environment: Mapping[str, str]) -> list[str]:
        found: list[str] = []
        if self.issuer == "urn:chancery:local-issuer":
            found.append(
                "CHANCERY_ISSUER names the local issuer, whose key anybody with the checkout holds. Name yours."
            )
        if self.clock == "simulated":
            found.append("CHANCERY_CLOCK is simulated: in production time passes by itself. Set it to system.")
        if self.keys.startswith("http://"):
            found.append("CHANCERY_KEYS is read without TLS. Use an https address or a file.")
        if self.governments == SAMPLES:
            found.append("CHANCERY_GOVERNMENTS is not set: the samples would be served. Name the file of yours.")
        for name in ("database_url", "relay_database_url"):
            url = getattr(self, name).get_secret_value()
            found += _unsafe_database(f"CHANCERY_{name.upper()}", url, environment) if url else []
        if self.database_url == self.relay_database_url and _given(self.database_url):
            found.append(
                "CHANCERY_RELAY_DATABASE_URL enters as the application does. The relay reads every government's "
                "events under a role of its own: use the role …_relay."
            )
        admitted = self.nats_credentials or (self.nats_user and self.nats_password)
        if self.nats_url and not admitted and not urlsplit(self.nats_url.split(",")[0]).username:
            found.append(
                "CHANCERY_NATS_URL lets anybody in. Set CHANCERY_NATS_CREDENTIALS, or CHANCERY_NATS_USER and "
                "CHANCERY_NATS_PASSWORD."
            )
        return found


def _unsafe_database(name: str, url: str, environment: Mapping[str, str]) -> list[str]:
    parts = urlsplit(url)
    if parts.username in ("postgres", "root"):
        return [f"{name} enters as {parts.username}, whom no row-level security stops. Use the role …_app or …_relay."]
    by_other_means = "PGPASSWORD" in environment or "PGPASSFILE" in environment or "sslcert" in parse_qs(parts.query)
    if not parts.password and not by_other_means:
        return [f"{name} has no password. Put one in, or set PGPASSFILE, or name a client certificate (sslcert)."]
    return []


def _misspelt(environment: Mapping[str, str], fields: set[str]) -> list[str]:
    known = {f"{PREFIX}{field.upper()}" for field in fields} | ELSEWHERE
    found: list[str] = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            found.append(f"{name} is no setting." + (f" {near[0]} is." if near else ""))
    return found


def _name(place: tuple[int | str, ...]) -> str:
    return PREFIX + str(place[0]).upper() if place else "the settings"


def _given(value: object) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
