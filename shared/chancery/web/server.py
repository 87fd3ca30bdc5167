"""The server's side of a connection: head and body of an answer leave in one write."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Joined:
    """A transport that waits for the body before it sends the head, so that both are one write and one packet.

    A head whose body is not there yet leaves by itself as soon as the loop turns.
    """

    __slots__ = ("_begin", "_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None
        self._begin: asyncio.Handle | None = None

    def write(self, data: bytes) -> None:
        held = self._held
        if held is not None:
            self._held = None
            if self._begin is not None:
                self._begin.cancel()
            self._transport.write(held + data)
        elif data.startswith(b"HTTP/1.1 "):
            self._held = data
            self._begin = self._loop.call_soon(self._leave)
        else:
            self._transport.write(data)

    def close(self) -> None:
        self._leave()
        self._transport.close()

    def _leave(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._transport.write(held)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol on a joined transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(Joined(transport, self.loop))  # pyright: ignore[reportArgumentType]  all that is used
