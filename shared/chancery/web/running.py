"""A service that runs: its store, clock, rules, and the work that goes on beside the requests."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

from chancery.desk import Caller, Kernel
from chancery.refusal import Reason, Refused

if TYPE_CHECKING:
    from chancery.web.auth import Authenticator


@dataclass(slots=True)
class Running:
    """What a running service's routes reach."""

    kernel: Kernel
    doorkeeper: "Authenticator"

    async def caller(self, request: Request) -> Caller:
        """Who asks.

        Raises:
            Refused: there is no valid token (``unknown``).
        """
        header = request.headers.get("authorization")
        if header is None:
            raise Refused(Reason("needs_token"), kind="unknown")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused(Reason("bad_token"), kind="unknown")
        return await self.doorkeeper.caller(token.strip())


def running_of(request: Request) -> Running:
    return cast("Running", request.app.state.running)
