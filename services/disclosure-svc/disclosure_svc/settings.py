"""What disclosure-svc is told from outside beside the common settings: where the public finds it."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SiteSettings(BaseSettings):
    """``CHANCERY_PUBLIC_SITE`` is the address under which readers reach this service (``https://open.example.gov.cn``).

    Feeds, the catalogue as data and the site map name pages by it; without it, by the address a reader asked.
    """

    model_config = SettingsConfigDict(env_prefix="CHANCERY_", extra="ignore", frozen=True)

    public_site: str | None = Field(default=None, pattern=r"^https?://[^/?#]+$")
