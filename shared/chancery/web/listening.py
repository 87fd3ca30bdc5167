"""What a service hears and what it does about it: a consumer per projection, for reactions, for the roster."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from chancery.bus import Hearing, roster_projection
from chancery.desk import HouseDesk
from chancery.envelope import Recorded, StoredEvent
from chancery.events.base import Event
from chancery.refusal import Refused
from chancery.service import Reaction, Service
from chancery.store.errors import OutdatedProcess, StoreUnavailable

log = structlog.get_logger(__name__)

ROSTER: Final = "roster"
REACTIONS: Final = "reactions"


@dataclass(slots=True)
class Mark:
    """A number that grows whenever this process has heard something new of the roster."""

    value: int = 0

    def heard(self, _: Sequence[StoredEvent]) -> None:
        self.value += 1


def hearings_of(service: Service, house: HouseDesk, mark: Mark) -> list[Hearing]:
    """Everything a service listens to."""
    found = [
        Hearing(
            name=projection.name,
            source=source,
            hears=projection.hears,
            writes=projection.project,
            version=projection.version,
        )
        for source, projections in service.heard.items()
        for projection in projections
    ]
    if service.keeps_roster and service.name != "attendance":
        kept = roster_projection()
        found.append(
            Hearing(
                name=ROSTER,
                source="attendance",
                hears=kept.hears,
                writes=kept.project,
                version=kept.version,
                after=mark.heard,
            )
        )
    for source in sorted({reaction.source for reaction in service.reactions}):
        reactions = [reaction for reaction in service.reactions if reaction.source == source]
        hears = frozenset(reaction.hears.event_name for reaction in reactions)
        found.append(Hearing(name=REACTIONS, source=source, hears=hears, act=acting(house, reactions)))
    return found


def acting(house: HouseDesk, reactions: Sequence[Reaction]) -> Callable[[Recorded[Event]], Awaitable[None]]:
    """Carry out what the reactions to an event order; the same orders on every repeat."""

    async def act(recorded: Recorded[Event]) -> None:
        for reaction in reactions:
            if isinstance(recorded.event, reaction.hears):
                await _patiently(house, reaction, recorded)

    return act


async def _patiently(house: HouseDesk, reaction: Reaction, recorded: Recorded[Any]) -> None:
    """A database that is away is waited for: the event is not to blame and is not parked."""
    pause = 0.1
    while True:
        try:
            await _react(house, reaction, recorded)
        except (StoreUnavailable, OutdatedProcess) as error:
            log.warning("reaction_waits", reaction=reaction.name, error=repr(error))
        except Refused as no:
            if no.kind == "away":
                raise  # the rules of the case are gone: the event is parked until they are back
            if no.kind != "busy":
                log.info("no_rules_for_reaction", reaction=reaction.name, reasons=[r.code for r in no.reasons])
                return
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5.0)


async def _react(house: HouseDesk, reaction: Reaction, recorded: Recorded[Any]) -> None:
    rules = await house.rules(recorded.tenant)
    for order in reaction.react(recorded, rules):
        await house.carry_out(
            order,
            reaction.name,
            tenant=recorded.tenant,
            cause=recorded.meta.id,
            matter=recorded.meta.correlation,
            trace=recorded.meta.trace,
        )
