"""What document-svc is told from outside beside the common settings: where texts lie, and how large one may be."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class FileSettings(BaseSettings):
    """``CHANCERY_FILES`` is a folder that all processes of the service share; it is made where it is missing.

    ``CHANCERY_FILES_MOST_BYTES`` is the most one text may have; a request is never larger than
    ``CHANCERY_MOST_BYTES`` either.
    """

    model_config = SettingsConfigDict(env_prefix="CHANCERY_", extra="ignore", frozen=True)

    files: Path = Path("var/files")
    files_most_bytes: int = Field(default=20 * 1_048_576, ge=1024)
