"""A pack's sample roster in the form in which attendance-svc loads one."""

from collections.abc import Mapping
from typing import Any, cast

from chancery.rules.pack import Pack


def roster_of(pack: Pack, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The cast of a pack, with people and posts that a scenario adds."""
    people: dict[str, Any] = {}
    seats: list[Any] = []
    portfolios: list[Any] = []
    pairings: list[Any] = []
    for cast_of in (pack.cast, more or {}):
        named = cast("Mapping[str, Mapping[str, Any]]", cast_of.get("persons") or {})
        people |= {person: {"name": words["zh"], "name_en": words.get("en")} for person, words in named.items()}
        seats += [_plain(seat) for seat in cast_of.get("appointments") or ()]
        portfolios += [_plain(given) for given in cast_of.get("portfolios") or ()]
        pairings += [_plain(pair) for pair in cast_of.get("pairings") or ()]
    units = [
        {"unit_id": unit, "kind": term.kind or "unit", "name_zh": term.zh, "name_en": term.en, "parent": term.parent}
        for unit, term in pack.words.get("units", {}).items()
    ]
    return {
        "units": units,
        "persons": people,
        "appointments": seats,
        "portfolios": portfolios,
        "pairings": pairings,
    }


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as JSON writes them."""
    return {key: part.isoformat() if hasattr(part, "isoformat") else part for key, part in value.items()}
