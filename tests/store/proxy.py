"""A wire between a client and its database that can lose the answers."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """Passes everything on, until ``lossy``: then what the database says is dropped. ``cut`` ends all talks."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._talks: set[StreamWriter] = set()
        self.lossy = False
        self.lost = asyncio.Event()

    async def talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        from_there, to_there = await asyncio.open_connection(*self._place)
        self._talks |= {writer, to_there}
        await asyncio.gather(self._pass(reader, to_there, back=False), self._pass(from_there, writer, back=True))

    async def _pass(self, reader: StreamReader, writer: StreamWriter, *, back: bool) -> None:
        with suppress(OSError):
            while part := await reader.read(65536):
                if back and self.lossy:
                    self.lost.set()
                    continue
                writer.write(part)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        self.lossy = False
        for writer in self._talks:
            writer.close()
        self._talks.clear()


@asynccontextmanager
async def wire_to(url: str) -> AsyncGenerator[tuple[str, Wire]]:
    """The address of a wire to ``url``'s database, and the wire."""
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(wire.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    place = parts.netloc.rpartition("@")[0]
    try:
        yield urlunsplit(parts._replace(netloc=f"{place}@127.0.0.1:{port}")), wire
    finally:
        wire.cut()
        server.close()
