"""Rulings with all packs loaded: one table, an agenda item with every feature, loading; many packs and governments."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import chancery
from chancery.bench.context import Context, settle
from chancery.bench.report import Result, middle, percentile
from chancery.calendar import bundled
from chancery.roster import Roster
from chancery.rules.governments import Government
from chancery.rules.grammar import Predicate
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack, Row
from chancery.rules.rulebook import Rules, RuleShelf
from chancery.rules.tables import AGENDA, COMPETENCE, GATES, TABLES, Table

PACKS: Final = Path(chancery.__file__).parent / "packs"
AT: Final = datetime(2026, 4, 8, 1, 0, tzinfo=UTC)
ONE: Final = 100.0
"""Microseconds for one table, at the median."""
ITEM: Final = 1000.0
"""Microseconds for an agenda item with every feature set."""
LOADING: Final = 1.0
"""Seconds for loading and checking every pack."""
COPIES: Final = 20
"""How often every pack stands on the crowded shelf, under another id each time."""
CROWD: Final = 3_000
"""Governments on the crowded shelf: all of the county level."""
GROWTH: Final = 1.25
"""How much dearer an item may become on the crowded shelf; its cost does not grow with packs or governments."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one table of one pack: that which one of its rows is written for."""

    pack: Pack
    table: Table[Any]
    row: str
    facts: Mapping[str, Any]


async def run(ctx: Context) -> list[Result]:
    """Questions are made from the packs' own rows, so that every row of every pack is asked for."""
    loading = sorted(_seconds(lambda: load_folder(PACKS)) for _ in range(3 if ctx.quick else 7))
    packs = load_folder(PACKS)
    questions = [asked for pack in packs.values() for asked in _questions(pack)]
    items = [(Rules(pack, bundled(), Roster.of(()), AT), _everything(pack)) for pack in packs.values()]
    settle()
    turns = 20 if ctx.quick else 200
    alone, crowded = _growth(packs, turns * 5)
    one = [_micro(lambda a=asked: a.pack.ask(a.table, a.facts)) for _ in range(turns) for asked in questions]
    item = [_micro(lambda r=rules, f=facts: _judge(r, f)) for _ in range(turns * 5) for rules, facts in items]
    gc.unfreeze()
    within = crowded / alone
    return [
        Result(f"{len(packs)} packs, rows asked for 规则行", len(questions), "rows"),
        Result("one ruling, median 一次裁定", middle(one), "µs", middle(one) / ONE, 1.0, None, ceiling=True),
        Result("one ruling, 99 of 100 一次裁定 99%", percentile(one, 0.99), "µs"),
        Result(
            "agenda item, every feature 全要素议题", middle(item), "µs", middle(item) / ITEM, 1.0, None, ceiling=True
        ),
        Result("item, one pack on the shelf 仅一包", alone, "µs"),
        Result(
            f"item, {len(packs) * COPIES} packs and {CROWD} governments 全国规模",
            crowded,
            "µs",
            within / GROWTH,
            1.0,
            None,
            ceiling=True,
        ),
        Result(
            "load and check all packs 加载全部",
            middle(loading),
            "s",
            middle(loading) / LOADING,
            1.0,
            None,
            ceiling=True,
        ),
    ]


def _growth(packs: Mapping[str, Pack], turns: int) -> tuple[float, float]:
    """The median of an item with every feature: its pack alone on the shelf, and on one with everybody's."""
    pack = max(packs.values(), key=lambda one: len(one.tables.get(GATES.name, ())))
    facts = _everything(pack)
    crowd = {f"{name}-{copy}": _as(one, copy) for copy in range(COPIES) for name, one in packs.items()}
    own = {f"{pack.head.id}@{pack.head.version}": pack}
    small = RuleShelf(own, (_adopting("here", pack),))
    large = RuleShelf(own | crowd, (*(_adopting(f"there{n}", pack) for n in range(CROWD)), _adopting("here", pack)))
    nobody = Roster.of(())

    def asked(shelf: RuleShelf) -> float:
        return _micro(lambda: _judge(shelf.rules("here", nobody, AT), facts))

    pairs = [(asked(small), asked(large)) for _ in range(turns)]
    return middle([one for one, _ in pairs]), middle([other for _, other in pairs])


def _as(pack: Pack, copy: int) -> Pack:
    return replace(pack, head=pack.head.model_copy(update={"id": f"{pack.head.id}-{copy}"}))


def _adopting(tenant: str, pack: Pack) -> Government:
    adopted = [{"pack": f"{pack.head.id}@{pack.head.version}", "from": date(2000, 1, 1)}]
    return Government.model_validate({"id": tenant, "zh": tenant, "en": tenant, "adopted": adopted})


def _questions(pack: Pack) -> Iterator[Asked]:
    for name, rows in pack.tables.items():
        table = TABLES[name]
        for row in rows:
            yield Asked(pack, table, row.id, _facts(pack, table, row))


def _facts(pack: Pack, table: Table[Any], row: Row[Any]) -> dict[str, Any]:
    """Facts for which all cells of a row hold, as far as each cell alone can say."""
    facts: dict[str, Any] = {}
    for cell in row.when:
        value = _value(pack, table, cell)
        if isinstance(value, list):
            facts[cell.fact] = [*facts.get(cell.fact, ()), *value]
        elif value is not None:
            facts[cell.fact] = value
    return facts


def _value(pack: Pack, table: Table[Any], cell: Predicate) -> Any:
    match cell.how:
        case "is":
            return cell.written
        case "between":
            return cell.low if cell.low is not None else cell.high
        case "any_of":
            return min(cell.words)
        case "not":
            words = table.facts[cell.fact].words
            return min(set(pack.vocabulary(words)) - cell.words, default=None) if words is not None else "another"
        case "has_none":
            return []
        case _:
            return sorted(cell.words)


def _everything(pack: Pack) -> dict[str, Any]:
    """An agenda item with every feature of the pack, of the kind that most of its gates speak of."""
    gates = pack.tables.get(GATES.name, ())
    spoken = [word for row in gates for cell in row.when if cell.fact == "kind" for word in sorted(cell.words)]
    bodies = sorted(pack.vocabulary("bodies"))
    facts: dict[str, Any] = {
        "body": bodies[0] if bodies else None,
        "kind": max(spoken, key=spoken.count, default=None),
        "features": sorted(pack.words.get("features", ())),
        "proposer": min(pack.words.get("proposers", ()), default=None),
        "major": True,
        "disagreement": True,
        "departments": 5,
        "money": 1e8,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _judge(rules: Rules, facts: Mapping[str, Any]) -> None:
    """What becomes of an agenda item when it is submitted: its body, its way, and all that is missing."""
    matter = {name: value for name, value in facts.items() if name != "body"}
    rules.ask(COMPETENCE, **matter)
    rules.ask(AGENDA, **facts)
    rules.unmet_gates("submission", facts, ())
    rules.unmet_gates("agenda", facts, ())


def _micro(ask: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    ask()
    return (time.perf_counter_ns() - began) / 1000


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
