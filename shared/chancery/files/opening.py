"""Open the store of files that the settings name."""

from typing import TYPE_CHECKING

from chancery.files.folder import FolderFiles
from chancery.files.settings import FilesSettings
from chancery.files.store import Files
from chancery.refusal import Fault

if TYPE_CHECKING:
    from nats.aio.client import Client


class NoStore(Fault):
    """The settings name a store that cannot be reached like this; the sentence says what to set."""


def open_files(settings: FilesSettings, client: "Client | None", replicas: int = 1) -> Files:
    """The store the settings name.

    Raises:
        NoStore: a setting of it is missing.
    """
    match settings.files_store:
        case "folder":
            return FolderFiles(settings.files, settings.files_most_bytes)
        case "bus":
            if client is None:
                raise NoStore("CHANCERY_FILES_STORE is bus: set CHANCERY_NATS_URL.")
            from chancery.files.on_bus import BusFiles

            return BusFiles(client, settings.files_most_bytes, replicas)
        case "s3":
            if not (settings.files_s3_url and settings.files_s3_key and settings.files_s3_secret.get_secret_value()):
                raise NoStore(
                    "CHANCERY_FILES_STORE is s3: set CHANCERY_FILES_S3_URL, CHANCERY_FILES_S3_KEY and "
                    "CHANCERY_FILES_S3_SECRET."
                )
            import httpx

            from chancery.files.s3 import S3Files, Signer

            signer = Signer(settings.files_s3_key, settings.files_s3_secret, settings.files_s3_region)
            http = httpx.AsyncClient(timeout=httpx.Timeout(30), follow_redirects=False)
            return S3Files(settings.files_s3_url, signer, settings.files_most_bytes, http)
