"""Whatever commands come, by whomever, in whatever company: the tables are what a simple model says."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.launch.postgres import ServiceDatabase
from chancery.names import TenantId
from chancery.store.api import Append, Outcome, Verdict
from chancery.store.store import PostgresStore
from chancery.thing import Erase, Patch, Write
from tests.store.notes import all_of, every_event, note, put, rows_of


@dataclass(frozen=True)
class Asked:
    """One command as drawn. ``off`` is how far its expected version is from the true one; ``again`` names an earlier
    command whose id it reuses."""

    tenant: int
    stream: int
    events: int
    off: int
    again: int | None
    row: int
    does: str


asked = st.builds(
    Asked,
    tenant=st.integers(0, 2),
    stream=st.integers(0, 3),
    events=st.integers(1, 3),
    off=st.sampled_from([0, 0, 0, 0, 1, -1]),
    again=st.one_of(st.none(), st.none(), st.integers(0, 9)),
    row=st.integers(0, 2),
    does=st.sampled_from(["put", "put", "patch", "erase"]),
)
histories = st.lists(st.lists(asked, min_size=1, max_size=8), min_size=1, max_size=5)


@dataclass
class World:
    """What the model knows: who owns a stream and its version, what each command was answered, every row."""

    tenants: list[TenantId] = field(default_factory=lambda: [TenantId(f"t{uuid4()}") for _ in range(3)])
    streams: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(4)])
    row_ids: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])
    heads: dict[UUID, tuple[TenantId, int]] = field(default_factory=dict[UUID, tuple[TenantId, int]])
    answers: dict[tuple[TenantId, UUID], tuple[Append, Verdict]] = field(
        default_factory=dict[tuple[TenantId, UUID], tuple[Append, Verdict]]
    )
    rows: dict[tuple[TenantId, UUID], tuple[str, str | None]] = field(
        default_factory=dict[tuple[TenantId, UUID], tuple[str, str | None]]
    )
    sent: list[Append] = field(default_factory=list[Append])

    def version(self, tenant: TenantId, stream: UUID) -> int:
        owner, version = self.heads.get(stream, (tenant, 0))
        return version if owner == tenant else 0

    def command(self, one: Asked) -> Append:
        tenant, stream, row = self.tenants[one.tenant], self.streams[one.stream], self.row_ids[one.row]
        title = f"{one.does} {len(self.sent)}"
        writes: dict[str, Write] = {
            "put": put(row, title),
            "patch": Patch("notes", {"note_id": row}, {"stage": title}),
            "erase": Erase("notes", {"note_id": row}),
        }
        append = note(
            stream,
            max(0, self.version(tenant, stream) + one.off),
            tenant=tenant,
            events=one.events,
            command_id=self.sent[one.again % len(self.sent)].command_id if one.again and self.sent else None,
            writes=[writes[one.does]],
            fingerprint=title.encode(),
        )
        self.sent.append(append)
        return append

    def moment(self) -> "Moment":
        return Moment(dict(self.heads), frozenset(self.answers))

    def take_in(self, append: Append, verdict: Verdict) -> None:
        """Check what was appended or repeated against the model, and bring the model up to date."""
        key = (append.tenant, append.command_id)
        if key in self.answers:
            first, answered = self.answers[key]
            assert verdict == Verdict(
                Outcome.REPEATED, answered.version, answered.position, first.answer, first.fingerprint
            )
            return
        owner, version = self.heads.get(append.stream, (append.tenant, 0))
        assert (owner, version) == (append.tenant, append.expected)
        assert (verdict.outcome, verdict.version) == (Outcome.APPENDED, append.expected + len(append.events))
        self.heads[append.stream] = (append.tenant, verdict.version)
        self.answers[key] = (append, verdict)
        for write in append.writes:
            self._write(append.tenant, write)

    def _write(self, tenant: TenantId, write: Write) -> None:
        if isinstance(write, Erase):
            self.rows.pop((tenant, write.where["note_id"]), None)
        elif isinstance(write, Patch):
            place = (tenant, write.where["note_id"])
            if place in self.rows:
                self.rows[place] = (self.rows[place][0], write.row["stage"])
        else:
            self.rows[tenant, write.row["note_id"]] = (write.row["title"], write.row["stage"])


@dataclass(frozen=True)
class Moment:
    """The streams, and the commands answered, between two commits."""

    heads: dict[UUID, tuple[TenantId, int]]
    answered: frozenset[tuple[TenantId, UUID]]

    def conflicts(self, append: Append, verdict: Verdict) -> bool:
        owner, version = self.heads.get(append.stream, (append.tenant, 0))
        seen = version if owner == append.tenant else 0
        return (
            (append.tenant, append.command_id) not in self.answered
            and (owner != append.tenant or version != append.expected)
            and (verdict.version, verdict.position) == (seen, 0)
        )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories)
async def test_table_rows_and_verdicts_are_those_of_the_model(
    store: PostgresStore, database: ServiceDatabase, history: list[list[Asked]]
) -> None:
    world = World()
    before = await store.last_position()
    for together in history:
        appends = [world.command(one) for one in together]
        verdicts = await all_of(store, appends)
        # Commands sent together have no order of their own. The positions say in which they were taken; what was not
        # appended must have been right at some moment between.
        pairs = list(zip(appends, verdicts, strict=True))
        moments = [world.moment()]
        for append, verdict in sorted(pairs, key=lambda pair: pair[1].position):
            if verdict.outcome is Outcome.APPENDED:
                world.take_in(append, verdict)
                moments.append(world.moment())
        for append, verdict in pairs:
            if verdict.outcome is Outcome.REPEATED:
                world.take_in(append, verdict)
            elif verdict.outcome is Outcome.CONFLICT:
                assert any(moment.conflicts(append, verdict) for moment in moments)

    events = await every_event(store, before)
    assert [e.position for e in events] == list(range(before + 1, before + 1 + len(events)))
    told = [
        (event.leaf, append.tenant, append.command_id)
        for append, _ in sorted(world.answers.values(), key=lambda pair: pair[1].position)
        for event in append.events
    ]
    assert [(e.leaf, e.tenant, e.command_id) for e in events] == told
    for stream in world.streams:
        versions = [e.version for e in events if e.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
    for append, verdict in world.answers.values():
        again = await store.append(append)
        assert (again.outcome, again.position, again.answer) == (Outcome.REPEATED, verdict.position, verdict.answer)
    for tenant in world.tenants:
        assert await rows_of(database, tenant) == {i: row for (t, i), row in world.rows.items() if t == tenant}
