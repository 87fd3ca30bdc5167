# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""JetStream: one stream per service whose sequence is the position, and atomic batches fenced by the last sequence."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from uuid import uuid4

import orjson
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from chancery.bus.client import ShortWay
from chancery.envelope import StoredEvent, subject, to_cloudevent
from chancery.refusal import Fault

log = structlog.get_logger(__name__)

LARGEST_BATCH: Final = 500
WRONG_LAST_SEQUENCE: Final = 10071
EXPECTED: Final = "Nats-Expected-Last-Sequence"


class BusAway(Fault):
    """The bus did not answer; it is asked again."""


class Fenced(Fault):
    """The stream's last sequence is not the expected one: somebody else published, or it is another stream."""


def still_wanted() -> None:
    """End here if this task was cancelled.

    Waiting with a timeout can lose a cancellation that comes in the very moment in which the wait is over (asyncio of
    Python 3.11, and the client library waits that way); so every round looks for itself.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def stream_name(service: str) -> str:
    return service.upper()


async def connect(
    url: str,
    name: str,
    *,
    user: str | None = None,
    password: str | None = None,
    credentials: Path | None = None,
) -> Client:
    """A connection that never gives up; what goes wrong is logged by name. ``url`` may name several of a cluster."""

    async def error(problem: Exception) -> None:
        log.warning("bus_error", client=name, error=repr(problem))

    async def away() -> None:
        if not client.is_closed:  # closed by ourselves it is not away
            log.warning("bus_away", client=name)

    async def back() -> None:
        log.info("bus_back", client=name)

    client = ShortWay()
    options: dict[str, Any] = {}
    if user is not None:
        options |= {"user": user, "password": password}
    if credentials is not None:
        options["user_credentials"] = str(credentials)
    await client.connect(
        [one.strip() for one in url.split(",")],
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,  # pyright: ignore[reportArgumentType]  it is slept for, and need not be whole
        inbox_prefix=f"_INBOX.{name}",  # so that a service may be kept from hearing another's answers
        ping_interval=5,
        max_outstanding_pings=3,
        error_cb=error,
        disconnected_cb=away,
        reconnected_cb=back,
        **options,
    )
    return client


@dataclass(frozen=True, slots=True)
class End:
    """How a stream ends: the last sequence, and the leaf hash of the message that holds it.

    None: the stream is empty; "": the message carries none, so it is not one of ours.
    """

    last: int
    leaf: str | None


@dataclass(slots=True)
class Bus:
    """One service's way to the bus."""

    client: Client
    replicas: int = 1

    @property
    def js(self) -> JetStreamContext:
        return self.client.jetstream(timeout=5)

    async def make_stream(self, service: str) -> None:
        """Make the service's stream where it is not there. Nothing in it may be deleted or purged."""
        config = StreamConfig(
            name=stream_name(service),
            subjects=[f"evt.*.{service}.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=self.replicas,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
            duplicate_window=1,
        )
        raw = config.as_dict() | {"allow_atomic": True}
        answer = await self._request(f"$JS.API.STREAM.CREATE.{config.name}", orjson.dumps(raw))
        problem = answer.get("error")
        if problem is not None and problem.get("err_code") != 10058:
            raise BusAway(f"the stream {config.name} cannot be made: {problem.get('description')}")

    async def end(self, service: str) -> End:
        """How the service's stream ends.

        Raises:
            NotFoundError: there is no such stream.
            BusAway: the bus does not answer.
        """
        try:
            info = await self.js.stream_info(stream_name(service))
            last = info.state.last_seq
            if not last or not info.state.messages:
                return End(last, None)
            message = await self.js.get_msg(stream_name(service), seq=last)
        except NotFoundError:
            raise
        except (NatsError, TimeoutError, OSError) as error:
            raise BusAway(repr(error)) from error
        return End(last, _leaf(cast("Mapping[str, str] | None", message.headers)) or "")

    async def end_of(self, service: str) -> int:
        """The last sequence of the service's stream.

        Raises:
            NotFoundError: there is no such stream.
            BusAway: the bus does not answer.
        """
        try:
            info = await self.js.stream_info(stream_name(service))
        except NotFoundError:
            raise
        except (NatsError, TimeoutError, OSError) as error:
            raise BusAway(repr(error)) from error
        return info.state.last_seq

    async def leaf_at(self, service: str, sequence: int) -> str | None:
        try:
            message = await self.js.get_msg(stream_name(service), seq=sequence)
        except NotFoundError:
            return None
        except (NatsError, TimeoutError, OSError) as error:
            raise BusAway(repr(error)) from error
        return _leaf(cast("Mapping[str, str] | None", message.headers))

    async def publish(self, batch: Sequence["Message"], after: int) -> int:
        """Publish messages as the next ones after a sequence, all or none; returns the new last sequence.

        Raises:
            Fenced: the stream does not end at ``after``.
            BusAway: no clear answer; whether they were stored is not known.
        """
        fence = {EXPECTED: str(after)}
        if len(batch) == 1:
            topic, body, headers = batch[0]
            answer = await self._request(topic, body, headers | fence)
        else:
            answer = await self._publish_whole(batch, fence)
        problem = answer.get("error")
        if problem is not None:
            if problem.get("err_code") == WRONG_LAST_SEQUENCE:
                raise Fenced(str(problem.get("description")))
            raise BusAway(f"{problem.get('err_code')}: {problem.get('description')}")
        return int(answer["seq"])

    async def _publish_whole(self, batch: Sequence["Message"], fence: dict[str, str]) -> dict[str, Any]:
        """An atomic batch: the server keeps what it is given aside until the last message, then takes all or none."""
        name = uuid4().hex
        for number, (topic, body, headers) in enumerate(batch, 1):
            extra = headers | {"Nats-Batch-Id": name, "Nats-Batch-Sequence": str(number)}
            if number == len(batch):
                return await self._request(topic, body, extra | {"Nats-Batch-Commit": "1"})
            try:
                await self.client.publish(topic, body, headers=extra | fence if number == 1 else extra)
            except (NatsError, OSError) as error:
                raise BusAway(repr(error)) from error
        raise BusAway("an empty batch")

    async def _request(self, topic: str, body: bytes, headers: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = await self.client.request(topic, body, timeout=5, headers=headers)
        except (NatsError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            raise BusAway(repr(error)) from error
        found: dict[str, Any] = orjson.loads(answer.data) if answer.data else {}
        return found


def _leaf(headers: Mapping[str, str] | None) -> str | None:
    return headers.get("Chancery-Leaf") if headers else None


Message = tuple[str, bytes, dict[str, str]]
"""Subject, body and headers."""


def message_of(event: StoredEvent) -> Message:
    """One event as it goes to the bus: CloudEvents structured, with the attributes beside it."""
    meta: dict[str, Any] = orjson.loads(event.meta)
    headers: dict[str, str] = {
        "ce-specversion": "1.0",
        "ce-id": meta["id"],
        "ce-type": event.type,
        "ce-source": f"/{event.service}",
        "ce-subject": str(event.stream),
        "Chancery-Leaf": event.leaf.hex(),
    }
    if meta.get("trace") is not None:
        headers["traceparent"] = meta["trace"]
    return subject(event.tenant, event.service, event.type), to_cloudevent(event), headers
