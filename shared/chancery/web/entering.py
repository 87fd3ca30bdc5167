"""Who looks at a service's pages: a token of the office's identity provider, in a cookie or as a password.

Calendar programs cannot send bearer tokens; they send a name and a password, and the token is the password.
"""

import base64
import binascii
from dataclasses import dataclass

from fastapi import Request, Response

from chancery.desk import uuid7
from chancery.refusal import Refused
from chancery.web.desk import WebDesk
from chancery.web.running import Running, running_of

LONGEST = 8_000
"""Characters of a token."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The door of one service's pages; each has a cookie of its own."""

    cookie: str

    async def desk_of_token(self, running: Running, token: str) -> WebDesk | None:
        """A desk for reading, for whoever holds a valid token of a government; None for anybody else."""
        try:
            caller = await running.doorkeeper.caller(token)
        except Refused:
            return None
        if not caller.tenant:
            return None
        return WebDesk(kernel=running.kernel, caller=caller, command_id=uuid7(), status=200, language="zh")

    async def desk_at(self, request: Request) -> WebDesk | None:
        """The desk of whoever is signed in here."""
        token = request.cookies.get(self.cookie)
        return await self.desk_of_token(running_of(request), token) if token else None

    async def desk_by_password(self, request: Request) -> WebDesk | None:
        """The desk of a calendar program (HTTP Basic: any name, the token as the password), or of the cookie."""
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return await self.desk_at(request)
        try:
            _, _, password = base64.b64decode(said, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return await self.desk_of_token(running_of(request), password.strip())

    def let_in(self, answer: Response, request: Request, token: str) -> None:
        """Keep the token in this browser, for this site alone; scripts cannot read it."""
        secure = request.url.scheme == "https"
        answer.set_cookie(self.cookie, token, httponly=True, samesite="strict", secure=secure, path="/")

    def let_out(self, answer: Response) -> None:
        answer.delete_cookie(self.cookie, path="/")


def who_are_you() -> Response:
    """What a calendar program is answered that brought no password."""
    return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="chancery", charset="UTF-8"'})
