# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""A service's stream, read from a position on: nothing is acknowledged, the reader's own position is what counts."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Final

import orjson
import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chancery.bus.client import ShortWay
from chancery.bus.streams import Bus, BusAway, stream_name
from chancery.refusal import Fault

log = structlog.get_logger(__name__)

HEARTBEAT: Final = 1.0
EXPIRES: Final = 30.0
SECOND: Final = 1_000_000_000


class Gap(Fault):
    """What came is not what comes next: the stream is opened anew from the position."""


@dataclass(slots=True)
class Reader:
    """Messages of one stream in order. ``largest`` is the most that ``next`` gives at once.

    While what came is worked on, the next are already on their way: there is always a request open at the server for at
    least as many again. The consumer at the server lives in memory and is made anew wherever anything is unclear.
    """

    bus: Bus
    source: str
    largest: int = 500
    _name: str = ""
    _asked: int = 0
    _came: list[bytes] = field(default_factory=list[bytes])
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _broken: str | None = None
    _subscription: Subscription | None = None
    _alive: float = 0.0
    _connects: int = 0

    @property
    def is_open(self) -> bool:
        return self._subscription is not None

    async def open(self, after: int) -> None:
        """Begin after a position.

        Raises:
            BusAway: the bus or the stream is not there.
        """
        await self.close()
        client = self.bus.client
        if not client.is_connected:
            raise BusAway("not connected")
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=60,
            mem_storage=True,
            num_replicas=1,
        )
        self._came.clear()
        self._asked, self._broken = 0, None
        self._alive = asyncio.get_running_loop().time()
        self._connects = client.stats["reconnects"]
        try:
            made = await self.bus.js.add_consumer(stream_name(self.source), config)
            self._name = made.name or ""
            self._subscription = await client.subscribe(
                client.new_inbox(), cb=self._heard, pending_msgs_limit=0, pending_bytes_limit=0
            )
            if isinstance(client, ShortWay):
                client.straight(self._subscription, self._take)
            await self._ask()
        except (NatsError, TimeoutError, OSError) as error:
            await self.close()
            raise BusAway(repr(error)) from error

    async def fill(self, beside: "asyncio.Task[None]") -> None:
        """Wait until as much came as ``next`` gives at most, or until what is done beside it is done."""
        if len(self._came) >= self.largest or beside.done():
            return
        beside.add_done_callback(lambda _: self._wake.set())
        while len(self._came) < self.largest and not beside.done():
            self._wake.clear()
            await self._wake.wait()

    async def next(self, patience: float) -> list[bytes]:
        """What came, at most ``largest``; nothing if nothing came while patience lasted.

        Raises:
            BusAway: the connection is lost.
            Gap: the server's consumer is gone or silent; open anew.
        """
        if not self._came:
            self._check()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._wake.wait()
            self._check()
        if len(self._came) <= self.largest:
            came, self._came = self._came, []
            self._wake.clear()
        else:
            came = self._came[: self.largest]
            del self._came[: self.largest]
        if came:
            self._alive = asyncio.get_running_loop().time()
        if self._asked <= self.largest:
            await self._ask()
        return came

    async def close(self) -> None:
        subscription, self._subscription = self._subscription, None
        name, self._name = self._name, ""
        if subscription is None:
            return
        if isinstance(self.bus.client, ShortWay):
            self.bus.client.no_longer(subscription)
        if not self.bus.client.is_connected:
            return
        with contextlib.suppress(NatsError, TimeoutError, OSError):
            await subscription.unsubscribe()
            await self.bus.client.publish(f"$JS.API.CONSUMER.DELETE.{stream_name(self.source)}.{name}")

    async def _ask(self) -> None:
        subscription = self._subscription
        if subscription is None:
            return
        ask = {"batch": self.largest, "expires": int(EXPIRES * SECOND), "idle_heartbeat": int(HEARTBEAT * SECOND)}
        topic = f"$JS.API.CONSUMER.MSG.NEXT.{stream_name(self.source)}.{self._name}"
        self._asked += self.largest
        try:
            await self.bus.client.publish(topic, orjson.dumps(ask), reply=subscription.subject)
        except (NatsError, OSError) as error:
            raise BusAway(repr(error)) from error

    def _take(self, body: bytes) -> None:
        self._asked -= 1
        self._came.append(body)
        self._wake.set()

    async def _heard(self, message: Msg) -> None:
        self._alive = asyncio.get_running_loop().time()
        if message.reply:
            self._take(message.data)
            return
        headers = message.headers or {}
        status = headers.get("Status", "")
        if status == "100":
            return
        if status in ("404", "408"):
            left = headers.get("Nats-Pending-Messages", "")
            self._asked = max(0, self._asked - int(left)) if left.isdigit() else 0
        else:
            self._broken = f"{status} {headers.get('Description', '')}".strip()
        self._wake.set()

    def _check(self) -> None:
        client = self.bus.client
        if not client.is_connected:
            raise BusAway("not connected")
        if self._broken is not None and not self._came:
            raise Gap(self._broken)
        if self._connects != client.stats["reconnects"]:
            raise Gap("the connection was made anew")
        if not self._came and asyncio.get_running_loop().time() - self._alive > 3 * HEARTBEAT:
            raise Gap("the server is silent")
