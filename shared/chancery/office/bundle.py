"""A bundle of files as ZIP, written while it is sent: a manifest with the SHA-256 of each, and how to check them.

Nothing is held whole, however large the files are. ``SHA256SUMS`` is what ``sha256sum -c`` reads.
"""

import hashlib
import re
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson

from chancery.calendar import LOCAL
from chancery.office.table import clean
from chancery.refusal import Fault

MEDIA_TYPE: Final = "application/zip"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
PACKED: Final = frozenset({"pdf", "docx", "xlsx", "pptx", "ofd", "zip", "png", "jpg", "jpeg", "wps", "et", "dps"})
"""Endings of what is compressed already."""
FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
PIECE: Final = 256 * 1024


class NotAsAnnounced(Fault):
    """The bytes of a part are not those that were announced; the bundle breaks off, so that nobody keeps it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file. ``says`` goes into the manifest beside path, size and hash; ``sha256`` is what is expected, if known.

    ``size`` is a hint for files that may be larger than 2 GiB.
    """

    path: str
    pieces: AsyncIterable[bytes]
    says: Mapping[str, Any]
    sha256: str | None = None
    size: int = 0


class _Sink:
    """Takes what the archive writes and gives it away; it cannot be sought in, so the archive never looks back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        found = bytes(self._held)
        self._held.clear()
        return found


async def stream(parts: AsyncIterable[Part], head: Mapping[str, Any], made_at: datetime) -> AsyncIterator[bytes]:
    """The archive, piece by piece; ``head`` opens the manifest, which is written last.

    Raises:
        NotAsAnnounced: a part's bytes have another hash than it said.
    """
    sink = _Sink()
    files: list[dict[str, Any]] = []
    here = made_at.astimezone(LOCAL)
    stamp = (here.year, here.month, here.day, here.hour, here.minute, here.second)
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED) as archive:
        async for part in parts:
            digest, size = hashlib.sha256(), 0
            with archive.open(_entry(part.path, stamp), "w", force_zip64=part.size > 2**31 - 1) as out:
                async for piece in part.pieces:
                    digest.update(piece)
                    size += len(piece)
                    out.write(piece)
                    if held := sink.take():
                        yield held
            if part.sha256 is not None and digest.hexdigest() != part.sha256:
                raise NotAsAnnounced(f"{part.path} has the hash {digest.hexdigest()}, not {part.sha256}")
            files.append({"path": part.path, "size": size, "sha256": digest.hexdigest(), **part.says})
            yield sink.take()
        manifest = orjson.dumps({**head, "files": files}, option=orjson.OPT_INDENT_2) + b"\n"
        sums = [(one["sha256"], one["path"]) for one in files] + [(hashlib.sha256(manifest).hexdigest(), MANIFEST)]
        archive.writestr(_entry(MANIFEST, stamp), manifest)
        archive.writestr(_entry(SUMS, stamp), "".join(f"{digest}  {path}\n" for digest, path in sums))
    yield sink.take()


def _entry(path: str, stamp: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(path, stamp)
    packed = path.rpartition(".")[2].lower() in PACKED
    found.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    found.external_attr = 0o644 << 16
    return found


async def one_piece(content: bytes) -> AsyncIterator[bytes]:
    """What was made whole, in pieces."""
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]


def file_name(text: str, longest: int = 60) -> str:
    """A title as a name of a file or folder on any system."""
    said = FORBIDDEN.sub(" ", clean(text))
    return " ".join(said.split())[:longest].strip(" .") or "_"


def wrong_in(path: Path) -> list[str]:
    """What in a bundle is not as its manifest says: one sentence each, none: all is as it was sent."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if MANIFEST not in names:
            return [f"there is no {MANIFEST}"]
        manifest: dict[str, Any] = orjson.loads(archive.read(MANIFEST))
        told = {one["path"]: one for one in manifest["files"]}
        found = [
            f"{name} is not in the manifest" for name in names if name not in told and name not in (MANIFEST, SUMS)
        ]
        for name, one in told.items():
            if name not in names:
                found.append(f"{name} is missing")
                continue
            digest, size = hashlib.sha256(), 0
            with archive.open(name) as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
            if (digest.hexdigest(), size) != (one["sha256"], one["size"]):
                found.append(f"{name} has other bytes than the manifest says")
        return found
