"""Files that a route gives: what kind, under which name, and that nobody in between keeps them."""

from typing import Any
from urllib.parse import quote

from fastapi.responses import Response

from chancery.web.answers import REFUSED


def file_of(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """What a route answers that gives a file of one of these kinds, for ``responses=``."""
    return {**REFUSED, 200: {"content": {kind.split(";", maxsplit=1)[0]: {} for kind in kinds}}}


def attachment(content: bytes, kind: str, name: str) -> Response:
    """A file to be saved under its Chinese name (RFC 6266)."""
    return Response(content, media_type=kind, headers=said_as(name))


def said_as(name: str) -> dict[str, str]:
    """The headers of a file that is to be saved under a name."""
    said = f"attachment; filename*=UTF-8''{quote(name)}"
    return {"Content-Disposition": said, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
