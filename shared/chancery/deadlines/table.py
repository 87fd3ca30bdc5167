"""The deadline table, read and worked on: by tenant, and for the workers over all tenants through narrow functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chancery.deadlines.counting import RunningDeadline
from chancery.events.parts import Counted
from chancery.names import TenantId

COLUMNS = "id, tenant, thing, name, counted::text as counted, matter, cause, started_at, state, fired_at, met_at"
FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Taken:
    """A due deadline lent to one worker: for which due moment, and the how-manieth attempt it is."""

    tenant: TenantId
    id: UUID
    due_at: datetime
    attempts: int


def _id(found: UUID) -> UUID:
    """An id as the standard library has it: the driver's own class is not JSON to everybody."""
    return UUID(int=found.int)


def _deadline(row: Any) -> RunningDeadline:
    return RunningDeadline(
        id=_id(row.id),
        tenant=TenantId(row.tenant),
        thing=_id(row.thing),
        name=row.name,
        counted=Counted.model_validate_json(row.counted),
        matter=_id(row.matter),
        cause=_id(row.cause),
        started_at=row.started_at,
        state=row.state,
        fired_at=row.fired_at,
        met_at=row.met_at,
    )


async def _within(connection: AsyncConnection, tenants: Iterable[str]) -> None:
    """The wall of this transaction: these tenants and no other."""
    await connection.execute(
        text("select set_config('chancery.tenants', cast(cast(:tenants as text[]) as text), true)"),
        {"tenants": sorted(set(tenants))},
    )


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """Deadlines of one service, through the application's role."""

    engine: AsyncEngine

    async def find(self, tenant: TenantId, id_: UUID) -> RunningDeadline | None:
        found = await self.load([(tenant, id_)])
        return found[0] if found else None

    async def load(self, keys: Sequence[tuple[TenantId, UUID]]) -> list[RunningDeadline]:
        """These deadlines as they are now, in no order."""
        if not keys:
            return []
        query = text(
            f"select {COLUMNS} from deadline where (tenant, id) in "
            "(select * from unnest(cast(:tenants as text[]), cast(:ids as uuid[])))"
        )
        async with self.engine.begin() as connection:
            await _within(connection, (tenant for tenant, _ in keys))
            rows = await connection.execute(query, {"tenants": [t for t, _ in keys], "ids": [i for _, i in keys]})
            return [_deadline(row) for row in rows]

    async def of_thing(self, tenant: TenantId, thing: UUID) -> list[RunningDeadline]:
        """Every deadline of a thing, the first to fall due first."""
        query = text(f"select {COLUMNS} from deadline where tenant = :tenant and thing = :thing order by due_at, id")
        async with self.engine.begin() as connection:
            await _within(connection, (tenant,))
            rows = await connection.execute(query, {"tenant": tenant, "thing": thing})
            return [_deadline(row) for row in rows]

    async def page(
        self,
        tenant: TenantId,
        *,
        states: Sequence[str] = ("running",),
        until: datetime | None = None,
        name: str | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int = 50,
    ) -> list[RunningDeadline]:
        """Deadlines of one tenant by due moment; ``after`` is the (due_at, id) of the last one seen."""
        query = text(
            f"""select {COLUMNS} from deadline where tenant = :tenant and state = any(cast(:states as text[]))
              and (cast(:until as timestamptz) is null or due_at <= :until)
              and (cast(:name as text) is null or name = :name)
              and (cast(:after_at as timestamptz) is null or (due_at, id) > (:after_at, cast(:after_id as uuid)))
            order by due_at, id limit :limit"""
        )
        values = {
            "tenant": tenant,
            "states": list(states),
            "until": until,
            "name": name,
            "after_at": after[0] if after else None,
            "after_id": after[1] if after else None,
            "limit": limit,
        }
        async with self.engine.begin() as connection:
            await _within(connection, (tenant,))
            return [_deadline(row) for row in await connection.execute(query, values)]

    async def due_count(self, moment: datetime) -> int:
        """How many deadlines of all tenants are due and not done with."""
        async with self.engine.begin() as connection:
            return int(await connection.scalar(text("select kernel.due_count(:moment)"), {"moment": moment}) or 0)

    async def next_due(self, moment: datetime) -> datetime | None:
        """When the next one of any tenant falls due."""
        async with self.engine.begin() as connection:
            found = await connection.scalar(text("select kernel.next_due(:moment)"), {"moment": moment})
            return cast("datetime | None", found)

    async def take_due(self, moment: datetime, most: int, lease: timedelta) -> list[Taken]:
        """Due deadlines of all tenants, lent to the caller for a while; no other worker gets them meanwhile."""
        query = text("select tenant, id, due_at, attempts from kernel.take_due(:moment, :most, :lease)")
        async with self.engine.begin() as connection:
            rows = await connection.execute(query, {"moment": moment, "most": most, "lease": lease})
            return [Taken(TenantId(row.tenant), _id(row.id), row.due_at, row.attempts) for row in rows]

    async def settle(self, taken: Taken, note: str | None = None) -> None:
        """Done with this due moment; should the deadline move, it can fall due again."""
        async with self.engine.begin() as connection:
            await _within(connection, (taken.tenant,))
            values = {"tenant": taken.tenant, "id": taken.id, "due_at": taken.due_at, "note": note}
            await connection.execute(
                text(
                    """update kernel.deadline_work set settled_for = :due_at, leased_until = null, attempts = 0,
                      last_error = :note where tenant = :tenant and id = :id"""
                ),
                values,
            )
            if note is None:
                ended = "select from deadline d where d.tenant = w.tenant and d.id = w.id and d.state <> 'running'"
                await connection.execute(
                    text(
                        f"delete from kernel.deadline_work w where tenant = :tenant and id = :id and exists ({ended})"
                    ),
                    {"tenant": taken.tenant, "id": taken.id},
                )

    async def put_off(self, taken: Taken, error: str, pause: timedelta) -> None:
        """It could not be done now: nobody takes it before the pause is over."""
        async with self.engine.begin() as connection:
            await _within(connection, (taken.tenant,))
            await connection.execute(
                text(
                    """update kernel.deadline_work set leased_until = clock_timestamp() + :pause, last_error = :error
                    where tenant = :tenant and id = :id"""
                ),
                {"tenant": taken.tenant, "id": taken.id, "pause": pause, "error": error[:2000]},
            )

    async def adopt_calendar(self, version: str, *, again: bool = False) -> int | None:
        """Enter a calendar as known to this service; the number of its entry if none came after it, else None.

        ``again`` enters it once more: an operator goes back to an earlier calendar on purpose.
        """
        async with self.engine.begin() as connection:
            query = text("select kernel.adopt_calendar(:version, :again)")
            return cast("int | None", await connection.scalar(query, {"version": version, "again": again}))

    async def under_other_calendar(
        self, version: str, after: tuple[str, UUID] = ("", FIRST), most: int = 500
    ) -> list[tuple[TenantId, UUID]]:
        """Running deadlines of all tenants counted under another calendar, in the order of their keys."""
        query = text("select tenant, id from kernel.other_calendar(:version, :tenant, :id, :most)")
        async with self.engine.begin() as connection:
            rows = await connection.execute(
                query, {"version": version, "tenant": after[0], "id": after[1], "most": most}
            )
            return [(TenantId(row.tenant), _id(row.id)) for row in rows]

    async def unchanged(self, keys: Sequence[tuple[TenantId, UUID]], version: str) -> None:
        """Note that these come out the same under a calendar, so that nobody counts them again."""
        if not keys:
            return
        query = text(
            """insert into kernel.deadline_work (tenant, id, checked)
            select t.tenant, t.id, :version from unnest(cast(:tenants as text[]), cast(:ids as uuid[])) as t(tenant, id)
            on conflict (tenant, id) do update set checked = excluded.checked"""
        )
        async with self.engine.begin() as connection:
            await _within(connection, (tenant for tenant, _ in keys))
            await connection.execute(
                query, {"tenants": [t for t, _ in keys], "ids": [i for _, i in keys], "version": version}
            )
