"""An event as a reaction hears it."""

from typing import TypeVar

from chancery.envelope import Meta, Recorded, Standing
from chancery.events.base import Event
from chancery.names import PersonId, TenantId
from tests.hongkou import an_id, at

E = TypeVar("E", bound=Event)


def recorded(event: E, *, number: int = 900, tenant: str = "hongkou") -> Recorded[E]:
    """The same event has the same id however often it is heard."""
    meta = Meta(id=an_id(number), actor=Standing(PersonId("yan")), correlation=an_id(1))
    moment = at("2022-02-15")
    return Recorded(event.event_name.partition(".")[0], TenantId(tenant), an_id(2), 1, 1, event, meta, moment, moment)
