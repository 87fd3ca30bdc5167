"""Where files lie, as it is told from outside: ``CHANCERY_FILES*``. ``deploy/chancery.env`` explains each."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class FilesSettings(BaseSettings):
    """``files_store`` is *folder*, *bus* (the object store of NATS) or *s3*; ``files`` is the folder.

    ``files_most_bytes`` is the most one file may have. ``files_s3_url`` names the bucket.
    """

    model_config = SettingsConfigDict(env_prefix="CHANCERY_", extra="ignore", frozen=True)

    files_store: Literal["folder", "bus", "s3"] = "folder"
    files: Path = Path("var/files")
    files_most_bytes: int = Field(default=20 * 1_048_576, ge=1024)
    files_s3_url: str = ""
    files_s3_region: str = "us-east-1"
    files_s3_key: str = ""
    files_s3_secret: SecretStr = SecretStr("")
