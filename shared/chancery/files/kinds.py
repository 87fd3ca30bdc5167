"""What kinds of file an office hands in, told apart by their first bytes and never by their name alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 16
"""How many first bytes are looked at."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE: Final = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """``media_type`` as it is given out, the endings a file of it has, and the first bytes; none: plain text."""

    media_type: str
    endings: tuple[str, ...]
    begins: tuple[bytes, ...]


KINDS: Final = (
    Kind("application/pdf", ("pdf",), (b"%PDF-",)),
    Kind("application/ofd", ("ofd",), (ZIP,)),
    Kind(f"{OFFICE}.wordprocessingml.document", ("docx",), (ZIP,)),
    Kind(f"{OFFICE}.spreadsheetml.sheet", ("xlsx",), (ZIP,)),
    Kind(f"{OFFICE}.presentationml.presentation", ("pptx",), (ZIP,)),
    Kind("application/msword", ("doc",), (OLE,)),
    Kind("application/vnd.ms-excel", ("xls",), (OLE,)),
    Kind("application/vnd.ms-powerpoint", ("ppt",), (OLE,)),
    Kind("application/vnd.ms-works", ("wps", "et", "dps"), (OLE, ZIP)),
    Kind("image/png", ("png",), (b"\x89PNG\r\n\x1a\n",)),
    Kind("image/jpeg", ("jpg", "jpeg"), (b"\xff\xd8\xff",)),
    Kind("text/plain", ("txt",), ()),
)
BY_MEDIA_TYPE: Final[Mapping[str, Kind]] = {kind.media_type: kind for kind in KINDS}


def kind_of(name: str, media_type: str, begins: bytes) -> Kind | None:
    """The kind a file is of, or None where what it is called, what it is said to be and its bytes do not agree."""
    kind = BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower())
    if kind is None or name.rpartition(".")[2].lower() not in kind.endings:
        return None
    if kind.begins:
        return kind if begins.startswith(kind.begins) else None
    return kind if b"\x00" not in begins else None
