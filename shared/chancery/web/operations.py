"""What every service answers beside its own: health, figures, the feed, how far it is, deadlines and their counts."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from chancery.bus import Hearing
from chancery.bus.dead_letters import DEAD_LETTERS, DeadLetter, letters_stream, tell
from chancery.deadlines import RunningDeadline, explain_due
from chancery.desk import Caller
from chancery.envelope import to_cloudevent
from chancery.events.operations import DeadLetterRedriven, DeadLetterSkipped
from chancery.events.parts import Counted
from chancery.names import TenantId
from chancery.refusal import Reason, Refused, not_found
from chancery.web.answers import REFUSED, Receipt
from chancery.web.desk import DeskDep, WebDesk
from chancery.web.form import Form
from chancery.web.running import Running, running_of

LISTENERS = frozenset(("feed", "auditor", "operator"))
OPERATORS = ("operator", "auditor", "system", "audit")

health = APIRouter(tags=["health 状态"])
operations = APIRouter(prefix="/v1", tags=["operations 运维"])


async def caller_of(request: Request) -> Caller:
    caller = await running_of(request).caller(request)
    request.scope["chancery.tenant"] = caller.tenant
    return caller


CallerDep = Annotated[Caller, Depends(caller_of)]
RunningDep = Annotated[Running, Depends(running_of)]


def requires(caller: Caller, *roles: str) -> None:
    if caller.roles.isdisjoint(roles):
        raise Refused(Reason("needs_role", params={"roles": ", ".join(roles)}), kind="forbidden")


class Health(BaseModel):
    """The process answers."""

    service: str
    alive: Literal[True] = True


@health.get("/healthz", summary="Alive 存活")
async def healthz(running: RunningDep) -> Health:
    """Whether the process answers at all 进程存活."""
    return Health(service=running.service.name)


class Readiness(BaseModel):
    """Whether all that the service needs is there; ``parts`` says what is not."""

    ready: bool
    parts: dict[str, str]


@health.get("/readyz", summary="Ready 就绪", responses={503: {"model": Readiness, "description": "Not ready 未就绪"}})
async def readyz(running: RunningDep, response: Response) -> Readiness:
    """Whether the service can do its work: database, bus, issuer's keys, clock, work beside the requests 就绪."""
    parts = await running.parts()
    ready = all(state == "ok" for state in parts.values())
    if not ready:
        response.status_code = 503
    return Readiness(ready=ready, parts=parts)


@health.get("/metrics", response_class=Response, include_in_schema=False)
async def metrics(running: RunningDep) -> Response:
    """Figures for Prometheus."""
    await running.refresh_figures()
    return Response(running.figures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


class Feed(BaseModel):
    """Events in order of position. ``last`` is the table's last position when they were read; go on from ``next``."""

    events: list[dict[str, Any]]
    last: int
    next: int


@operations.get("/events", response_model=Feed, summary="Events after a position 事件流")
async def read_events(
    running: RunningDep,
    caller: CallerDep,
    after: Annotated[int, Query(ge=0, le=2**62, description="the position to go on from 起始位置（不含）")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    wait: Annotated[float, Query(ge=0, le=30, description="seconds to wait for the next 等待秒数")] = 0,
) -> Response:
    """Events after a position as CloudEvents, for systems without NATS; long poll with ``wait`` 事件流.

    A system that a government runs reads that government's events; the house's own feed (a token without a tenant)
    reads all. A person reads them with the role feed, auditor or operator.
    """
    if caller.person is not None or not caller.tenant:
        requires(caller, *LISTENERS)
    tenant: TenantId | None = caller.tenant or None
    loop = asyncio.get_running_loop()
    end = loop.time() + wait
    seen = after
    while True:
        last = await running.store.last_position()
        running.tail.heard(last)
        page = await running.store.read(after, limit, tenant)
        left = end - loop.time()
        if page.events or left <= 0:
            break
        seen = max(seen, last)
        await running.tail.beyond(seen, left)
    following = page.events[-1].position if len(page.events) == limit else max(after, last)
    if page.events:
        following = max(following, page.events[-1].position)
    told = b",".join(to_cloudevent(event) for event in page.events)
    body = b'{"events":[%b],"last":%d,"next":%d}' % (told, max(last, following), following)
    return Response(body, media_type="application/json")


class ConsumerState(BaseModel):
    """How far one listener is in another service's events."""

    name: str
    source: str
    position: int
    lag: int
    parked: int = 0


class Work(BaseModel):
    """One kind of work beside the requests. ``error`` is what stopped it last."""

    name: str
    state: str
    restarts: int
    error: str | None


class Status(BaseModel):
    """How far everything is. Positions count events; ``due`` the deadlines due and not yet fired.

    ``rules_problems`` are what the packs in the folder lack since the last reload; older ones serve then.
    """

    service: str
    clock: datetime | None
    position: int
    relayed: int
    consumers: list[ConsumerState]
    due: int
    dead_letters: int
    packs: list[str]
    rules_problems: list[str] = Field(default_factory=list)
    calendar: str
    work: list[Work]


@operations.get("/operations/status", summary="How far everything is 运行状况")
async def operations_status(running: RunningDep, caller: CallerDep) -> Status:
    """How far everything is: positions, listeners, deadlines due, dead letters, clock, packs 运行状况."""
    requires(caller, *OPERATORS)
    return Status.model_validate(await running.status())


class Reloaded(BaseModel):
    """The rules were read again: the packs that serve from now on."""

    packs: list[str]


@operations.post("/operations/rules:reload", summary="Read the rule packs again 重新加载规则包", responses=REFUSED)
async def reload_rules(running: RunningDep, caller: CallerDep) -> Reloaded:
    """Read packs and governments again, in this process; SIGHUP does the same 重新加载规则包.

    409: they do not load; every problem is told with file and line, and the packs that served before go on serving.
    Cases keep the version they began under; deadlines are counted anew where a closing time or a setting changed.
    """
    requires(caller, "operator", "system")
    problems = await running.reload_rules()
    if problems:
        raise Refused(*(Reason("pack_does_not_load", params={"problem": str(one)}) for one in problems))
    return Reloaded(packs=sorted(running.room.shelf.packs))


class DayLine(BaseModel):
    """One day of the count. ``number`` is the how-manieth it is, None where it does not count; ``says`` says why."""

    on: date
    kind: str
    notice: str
    known: bool
    number: int | None
    says: str


class Deadline(BaseModel):
    """A deadline. ``late`` is true where it fell due before it was met."""

    id: UUID
    name: str
    thing: UUID
    matter: UUID
    state: str
    due_at: datetime
    due_on: date
    provisional: bool
    late: bool
    fired_at: datetime | None
    met_at: datetime | None


class ExplainedDeadline(Deadline):
    """A deadline with how it was counted, day by day, the days passed over and why.

    ``agrees`` is False where the calendar of today gives another day than the one stored.
    """

    counted: Counted
    head: list[str]
    days: list[DayLine]
    foot: list[str]
    agrees: bool


def _deadline(found: RunningDeadline) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "thing": found.thing,
        "matter": found.matter,
        "state": found.state,
        "due_at": found.counted.due_at,
        "due_on": found.counted.due_on,
        "provisional": found.counted.provisional,
        "late": found.late,
        "fired_at": found.fired_at,
        "met_at": found.met_at,
    }


@operations.get("/deadlines/{deadline_id}", summary="A deadline, day by day 期限说明")
async def get_deadline(deadline_id: UUID, running: RunningDep, desk: DeskDep) -> ExplainedDeadline:
    """One deadline and its count, day by day 期限及逐日说明."""
    found = await running.deadlines.find(desk.tenant, deadline_id)
    if found is None:
        raise not_found("deadline")
    account = explain_due(found.counted, running.room.calendars())
    language = desk.language
    days = [
        DayLine(
            on=line.on,
            kind=line.kind,
            notice=line.notice,
            known=line.known,
            number=line.number,
            says=line.says_zh if language == "zh" else line.says_en,
        )
        for line in account.lines
    ]
    return ExplainedDeadline(
        **_deadline(found),
        counted=found.counted,
        head=account.head[language],
        days=days,
        foot=account.foot[language],
        agrees=account.agrees,
    )


class Deadlines(BaseModel):
    items: list[Deadline]
    next: str | None = None


@operations.get("/deadlines", summary="Deadlines 期限清单")
async def list_deadlines(
    running: RunningDep,
    desk: DeskDep,
    thing: Annotated[UUID | None, Query(description="all deadlines of one thing 某事项的全部期限")] = None,
    name: Annotated[str | None, Query(max_length=64)] = None,
    state: Annotated[Literal["running", "fired", "met", "cancelled"], Query()] = "running",
    until: Annotated[AwareDatetime | None, Query(description="due at the latest 最迟到期时刻")] = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Deadlines:
    """Deadlines by the moment they fall due 期限清单."""
    if thing is not None:
        found = await running.deadlines.of_thing(desk.tenant, thing)
        return Deadlines(items=[Deadline(**_deadline(one)) for one in found])
    after = _after(cursor)
    found = await running.deadlines.page(
        desk.tenant, states=(state,), until=until, name=name, after=after, limit=limit + 1
    )
    last = found[limit - 1] if len(found) > limit else None
    following = f"{last.counted.due_at.isoformat()}~{last.id}" if last else None
    return Deadlines(items=[Deadline(**_deadline(one)) for one in found[:limit]], next=following)


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    at, _, id_ = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("without an offset")
        return moment, UUID(id_)
    except (ValueError, OverflowError) as error:
        raise Refused(Reason("bad_cursor", subject="cursor"), kind="malformed") from error


class DeadLetterView(BaseModel):
    """One parked event. ``first``: it could not be taken in; otherwise it waits behind one that could not."""

    consumer: str
    source: str
    position: int
    stream: UUID
    type: str
    cause: str
    first: bool
    parked_at: datetime


class DeadLettersView(BaseModel):
    items: list[DeadLetterView]
    next: str | None = None


@operations.get("/operations/dead-letters", summary="Dead letters 死信")
async def list_dead_letters(
    running: RunningDep,
    desk: DeskDep,
    cursor: Annotated[str | None, Query(max_length=300, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeadLettersView:
    """Events that could not be taken in, and those that wait behind them 死信."""
    desk.requires(*OPERATORS)
    found = await running.dead_letters.page(desk.tenant, _after_letter(cursor), limit + 1)
    items = [DeadLetterView.model_validate(one, from_attributes=True) for one in found[:limit]]
    last = items[-1] if len(found) > limit else None
    return DeadLettersView(items=items, next=f"{last.consumer}~{last.source}~{last.position}" if last else None)


def _after_letter(cursor: str | None) -> tuple[str, str, int]:
    if cursor is None:
        return ("", "", 0)
    parts = cursor.split("~")
    if len(parts) != 3 or not parts[2].isascii() or not parts[2].isdigit() or len(parts[2]) > 18:
        raise Refused(Reason("bad_cursor", subject="cursor"), kind="malformed")
    return (parts[0], parts[1], int(parts[2]))


Part = Annotated[str, Path(max_length=200)]
Place = Annotated[int, Path(ge=1, le=2**62)]


class RedriveForm(Form):
    """Nothing has to be said to try again."""


class SkipForm(Form):
    """Why the event is passed over for good."""

    reason: Annotated[str, Field(min_length=3, max_length=2000)]


async def _parked(
    running: Running, desk: WebDesk, consumer: str, source: str, position: int
) -> tuple[DeadLetter, Hearing]:
    desk.requires("operator")
    hearing = running.dead_letters.hearing(consumer, source)
    found = await running.dead_letters.find(desk.tenant, consumer, source, position) if hearing else None
    if found is None or hearing is None:
        raise Refused(Reason("no_dead_letter"), kind="missing")
    return found, hearing


@operations.post(
    "/operations/dead-letters/{consumer}/{source}/{position}:redrive", summary="Try again 重投", responses=REFUSED
)
async def redrive_dead_letter(
    consumer: Part, source: Part, position: Place, _: RedriveForm, running: RunningDep, desk: DeskDep
) -> Receipt:
    """Try this event and the later ones of its stream again, in order 重投.

    409: it still cannot be taken in; it stays parked with what stopped it.
    """
    found, hearing = await _parked(running, desk, consumer, source, position)
    if desk.dry_run:
        raise Refused(Reason("no_dry_run"))
    done = await running.dead_letters.redrive(desk.tenant, hearing, found.stream)
    if not done.positions:
        raise Refused(Reason("dead_letter_stays", params={"cause": done.stopped_by or ""}))
    told = DeadLetterRedriven(consumer=consumer, source=source, held_stream=found.stream, positions=done.positions)
    stream = letters_stream(desk.tenant, consumer, source, found.stream)
    return await desk.tell(DEAD_LETTERS, tell, told, stream=stream)


@operations.post(
    "/operations/dead-letters/{consumer}/{source}/{position}:skip", summary="Pass over 跳过", responses=REFUSED
)
async def skip_dead_letter(
    consumer: Part, source: Part, position: Place, form: SkipForm, running: RunningDep, desk: DeskDep
) -> Receipt:
    """Pass over this event for good, and say why; the later ones of its stream can then be redriven 跳过."""
    found, hearing = await _parked(running, desk, consumer, source, position)
    told = DeadLetterSkipped(
        consumer=consumer, source=source, held_stream=found.stream, position=position, reason=form.reason
    )
    stream = letters_stream(desk.tenant, consumer, source, found.stream)
    handled = await desk.handle(DEAD_LETTERS, tell, told, stream=stream)
    if not desk.dry_run:
        await running.dead_letters.skip(desk.tenant, hearing, position)
    return desk.receipt(handled)
