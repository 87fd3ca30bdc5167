"""How events travel: the relay publishes them, consumers hear them, and what cannot be heard is parked."""

from chancery.bus.consumer import Consumer, Hearing, HttpFeed
from chancery.bus.relay import Relay, RelayState
from chancery.bus.rosters import RosterBook, roster_projection
from chancery.bus.streams import Bus, connect

__all__ = [
    "Bus",
    "Consumer",
    "Hearing",
    "HttpFeed",
    "Relay",
    "RelayState",
    "RosterBook",
    "connect",
    "roster_projection",
]
