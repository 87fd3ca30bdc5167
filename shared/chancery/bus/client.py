# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""The client library, with a short way for a reader of thousands: what was asked for is handed on with headers unread.

The library splits the dozen headers of each message into text before anybody asks for them, and passes it through a
queue and a task: half of what a reader of whole streams costs, for headers that repeat what the body says.
"""

from collections.abc import Callable

from nats.aio.client import Client
from nats.aio.subscription import Subscription

Take = Callable[[bytes], None]


class ShortWay(Client):
    """A client some of whose subscriptions get the bodies of their messages at once, in the order in which they come.

    Only messages that can be acknowledged go that way, which are those of a stream; what the server has to say beside
    them (no more, not any more, still there) is told to the subscription itself, as always.
    """

    def __init__(self) -> None:
        super().__init__()
        self._takes: dict[int, Take] = {}

    def straight(self, subscription: Subscription, take: Take) -> None:
        """Hand the bodies of a subscription's messages to ``take`` from now on."""
        self._takes[_number(subscription)] = take

    def no_longer(self, subscription: Subscription) -> None:
        self._takes.pop(_number(subscription), None)

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        """What the library's parser calls for each message. If it ever calls something else, all goes the long way."""
        take = self._takes.get(sid)
        if take is None or not reply:
            await super()._process_msg(sid, subject, reply, data, headers)
            return
        self.stats["in_msgs"] += 1
        self.stats["in_bytes"] += len(data)
        take(data)


def _number(subscription: Subscription) -> int:
    return subscription._id  # pyright: ignore[reportPrivateUsage]  the library tells it nowhere else
