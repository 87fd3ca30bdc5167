"""Run scenarios on a running house, one tenant each, and give a readable account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from chancery.rehearsal.asking import unlike
from chancery.rehearsal.house import NotSettled, RunningHouse, UnknownOperation
from chancery.rehearsal.matching import UnknownReference, differences, filled
from chancery.rehearsal.scenario import AskExpectation, EventsExpectation, Expectation, Loaded, Step

LOCAL = ZoneInfo("Asia/Shanghai")
READER = ("auditor", "operator", "feed")


class SettableClock(Protocol):
    """The clock all processes share in a rehearsal."""

    async def set(self, moment: datetime) -> object: ...


Ask = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""Asks a pack's table: pack id, table, facts -> {regulated, rows, clauses, outcome}."""


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one step: a sentence, the clauses it rested on, and what differed from the expectation."""

    number: int
    said: str
    at: datetime
    clauses: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    says: str | None = None

    @property
    def told(self) -> str:
        """What the file says of the step, else what was done."""
        return self.says or self.said


@dataclass(slots=True)
class Account:
    """What came of one scenario."""

    loaded: Loaded
    tenant: str
    lines: list[Line] = field(default_factory=list[Line])

    @property
    def passed(self) -> bool:
        return all(not line.wrong for line in self.lines)


@dataclass(slots=True)
class Runner:
    """Drives the house through scenarios. ``load_cast`` fills the tenant's roster before the first step."""

    house: RunningHouse
    clock: SettableClock
    load_cast: Callable[[str, Loaded], Any]
    ask: Ask | None = None
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tell: Callable[[Line], None] = lambda _: None

    async def run(self, loaded: Loaded, tenant: str | None = None) -> Account:
        """One scenario in a tenant of its own; stops at the first step that went wrong, for the rest stands on it.

        ``given`` is what every scenario may refer to as if it had been saved; ``tell`` hears of each step at once.
        """
        scenario = loaded.scenario
        tenant = tenant or f"try-{scenario.pack}-{uuid4().hex[:8]}"
        account = Account(loaded, tenant)
        now = scenario.clock
        if any(step.do is not None for step in scenario.steps):
            await self.clock.set(now)
            await self.load_cast(tenant, loaded)
            await self.house.settle(now)
        saved: dict[str, Any] = dict(self.given)
        for number, step in enumerate(scenario.steps, 1):
            if step.at is not None:
                now = step.at
                await self.clock.set(now)
                await self.house.settle(now)
            try:
                line = await self._take(number, step, scenario.pack, tenant, saved, now)
            except (UnknownOperation, UnknownReference, NotSettled, httpx.HTTPError) as error:
                line = Line(number, step.do or step.ask or "events", now, wrong=(str(error) or repr(error),))
            line = replace(line, says=step.says)
            account.lines.append(line)
            self.tell(line)
            if line.wrong:
                break
        return account

    async def _take(
        self, number: int, step: Step, pack: str, tenant: str, saved: dict[str, Any], now: datetime
    ) -> Line:
        if step.do is not None:
            return await self._do(number, step, tenant, saved, now)
        if step.events is not None:
            return await self._events(number, step.events, tenant, saved, now)
        if step.ask is not None and step.ruling is not None:
            return self._ask(number, step.ask, step, step.ruling, pack, saved, now)
        return Line(number, step.says or f"the clock moves to {now.astimezone(LOCAL):%Y-%m-%d %H:%M}", now)

    async def _do(self, number: int, step: Step, tenant: str, saved: dict[str, Any], now: datetime) -> Line:
        name = cast("str", step.do)
        given = cast("dict[str, Any]", filled(step.with_, saved))
        roles = () if step.as_ else READER
        answer = await self.house.call(name, given, tenant=tenant, person=step.as_, roles=roles)
        body = _json(answer)
        wrong = check(step.expect, answer.status_code, body, saved)
        if step.save is not None:
            saved[step.save] = body
        if not name.partition(".")[2].startswith(("get_", "list_")):
            await self.house.settle(now)
        who = step.as_ or "the house"
        return Line(number, f"{who}: {name} → {answer.status_code}{_told(body)}", now, _clauses(body), tuple(wrong))

    async def _events(
        self, number: int, wanted: EventsExpectation, tenant: str, saved: Mapping[str, Any], now: datetime
    ) -> Line:
        service = wanted.type.partition(".")[0]
        holding = filled(wanted.holding, saved)
        found: list[dict[str, Any]] = []
        after = 0
        while True:
            answer = await self.house.call(
                f"{service}.read_events", {"after": after, "limit": 500}, tenant=tenant, person=None, roles=READER
            )
            page = cast("list[dict[str, Any]]", answer.raise_for_status().json()["events"])
            found += [e for e in page if e["type"] == wanted.type and e["tenant"] == tenant]
            if not page:
                break
            after = page[-1]["position"]
        fitting = [e for e in found if not differences(holding, e["data"])]
        wrong: list[str] = []
        if len(fitting) != wanted.count:
            near = "; ".join(line for e in found[:3] for line in differences(holding, e["data"]))
            wrong.append(f"{wanted.type}: expected {wanted.count}, found {len(fitting)} of {len(found)}. {near}")
        cited = tuple(clause for e in fitting for clause in str(e.get("clauses", "")).split())
        wrong += [f"{wanted.type} does not cite {clause}" for clause in wanted.clauses or () if clause not in cited]
        return Line(number, f"{len(fitting)} × {wanted.type}", now, tuple(dict.fromkeys(cited)), tuple(wrong))

    def _ask(
        self,
        number: int,
        table: str,
        step: Step,
        wanted: AskExpectation,
        pack: str,
        saved: Mapping[str, Any],
        now: datetime,
    ) -> Line:
        if self.ask is None:
            return Line(number, f"ask {table}", now, wrong=("this runner has no rules to ask",))
        wrong: list[str] = []
        cited: dict[str, None] = {}
        for facts in step.cases:
            found = self.ask(pack, table, filled(facts, saved))
            told = ", ".join(f"{name}={facts[name]}" for name in step.each)
            wrong += [f"{table} {told}".rstrip() + f": {line}" for line in unlike(wanted, found)]
            cited |= dict.fromkeys(cast("list[str]", found["clauses"]))
        return Line(number, f"ask {table}", now, tuple(cited), tuple(wrong))


def check(wanted: Expectation, status: int, body: Any, saved: Mapping[str, Any]) -> list[str]:
    """What an answer lacks of the expectation, each a line."""
    wrong: list[str] = []
    if wanted.status is None and wanted.refused_by is None and wanted.reasons is None and status >= 400:
        wrong.append(f"answered {status}: {_reason(body)}")
    if wanted.status is not None and status != wanted.status:
        wrong.append(f"expected status {wanted.status}, found {status}: {_reason(body)}")
    cited = _clauses(body)
    wrong += [
        f"{clause} is not cited (cited: {', '.join(cited) or 'none'})"
        for clause in wanted.clauses or ()
        if clause not in cited
    ]
    if wanted.refused_by is not None:
        if status != 409:
            wrong.append(f"expected a refusal (409), found {status}: {_reason(body)}")
        if set(cited) != set(wanted.refused_by):
            wrong.append(f"expected refusal by {sorted(wanted.refused_by)}, found {sorted(cited)}")
    if wanted.reasons is not None:
        found = sorted(str(reason.get("code")) for reason in _parts(body, "reasons"))
        if sorted(wanted.reasons) != found:
            wrong.append(f"expected reasons {sorted(wanted.reasons)}, found {found}")
    if wanted.body is not None:
        wrong += differences(filled(wanted.body, saved), body)
    return wrong


def _fields(body: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _parts(body: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list in an answer; anything else in it is left out."""
    listed = _fields(body).get(name)
    parts = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [_fields(part) for part in parts if isinstance(part, dict)]


def _clauses(body: Any) -> tuple[str, ...]:
    """Clause ids cited by a receipt or a problem, each once."""
    return tuple(dict.fromkeys(str(part.get("id")) for part in _parts(body, "clauses")))


def _reason(body: Any) -> str:
    told = _fields(body)
    if not told:
        return str(body)[:300]
    reasons = "; ".join(str(reason.get("says", reason)) for reason in _parts(body, "reasons"))
    return reasons or str(told.get("detail") or told.get("title") or told)[:300]


def _told(body: Any) -> str:
    names = [str(event.get("type")) for event in _parts(body, "events")]
    return f" ({', '.join(names)})" if names else ""


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text
