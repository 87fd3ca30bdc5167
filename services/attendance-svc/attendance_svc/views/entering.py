"""Who looks at the pages: a token of the office's identity provider, in a cookie of this browser or as a password.

Calendar programs cannot send bearer tokens; they send a name and a password, and the token is the password.
"""

import base64
import binascii
from typing import Final

from fastapi import Request

from chancery.desk import uuid7
from chancery.refusal import Refused
from chancery.web import WebDesk
from chancery.web.running import Running, running_of

COOKIE: Final = "chancery_attendance"
HOME: Final = "/attendance"


async def desk_of_token(running: Running, token: str) -> WebDesk | None:
    """A desk for reading, for whoever holds a valid token of a government; None for anybody else."""
    try:
        caller = await running.doorkeeper.caller(token)
    except Refused:
        return None
    if not caller.tenant:
        return None
    return WebDesk(kernel=running.kernel, caller=caller, command_id=uuid7(), status=200, language="zh")


async def desk_at(request: Request) -> WebDesk | None:
    token = request.cookies.get(COOKIE)
    return await desk_of_token(running_of(request), token) if token else None


async def desk_by_password(request: Request) -> WebDesk | None:
    """The desk of a calendar program (HTTP Basic: any name, the token as the password), or of the cookie."""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return await desk_at(request)
    try:
        _, _, password = base64.b64decode(said, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return await desk_of_token(running_of(request), password.strip())
