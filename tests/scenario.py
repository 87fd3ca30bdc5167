"""Given events, when a command, then the whole list of events: the example an official would give.

``scenario(AGENDA_ITEM, rules).given(*events).when(submit, command).then(*events)``, or ``.refused(code="article")``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Generic, TypeVar
from uuid import UUID

from chancery.envelope import Standing
from chancery.events.base import Event, encode
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Thing, Told

S = TypeVar("S")
E = TypeVar("E", bound=Event)

THE_THING = UUID("00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[E]):
    """What became of the command: the events told, or the reasons of the refusal."""

    told: Sequence[Told[E]] = ()
    reasons: tuple[Reason, ...] = ()
    kind: str | None = None

    @property
    def events(self) -> list[E]:
        return [told.event for told in self.told]

    def then(self, *events: Event) -> "Outcome[E]":
        """The whole list of events, nothing more and nothing less."""
        assert self.kind is None, f"refused: {_told(self.reasons)}"
        assert [_line(event) for event in self.events] == [_line(event) for event in events]
        return self

    def quiet(self) -> "Outcome[E]":
        """Nothing was left to do, and nothing was said."""
        return self.then()

    def refused(self, *codes: str, **articles: str) -> "Outcome[E]":
        """Exactly these reasons: bare codes, or a code with the article it cites."""
        assert self.kind is not None, f"not refused; told {[_line(event) for event in self.events]}"
        assert sorted(_code(reason) for reason in self.reasons) == sorted((*codes, *articles))
        for code, article in articles.items():
            cited = {cite.article for reason in self.reasons if _code(reason) == code for cite in reason.cites}
            assert article in cited, f"{code} cites {cited or 'nothing'}, not {article}"
        return self

    def forbidden(self, *codes: str, **articles: str) -> "Outcome[E]":
        """Refused, because the post does not allow it."""
        assert self.kind == "forbidden", f"{self.kind}: {_told(self.reasons)}"
        return self.refused(*codes, **articles)

    def under(self, *clauses: str) -> "Outcome[E]":
        """The clauses that the events rest on, all told."""
        cited = {cite.clause for told in self.told for ruling in told.under for cite in ruling.citations}
        assert set(clauses) <= cited, f"cited: {sorted(cited)}"
        return self

    def by(self, standing: Standing) -> "Outcome[E]":
        """Every event carries this standing."""
        assert [told.standing for told in self.told] == [standing] * len(self.told)
        return self


@dataclass(frozen=True, slots=True)
class Scenario(Generic[S, E]):
    thing: Thing[S, E]
    rules: Rules
    history: tuple[E, ...] = field(default=())
    stream: UUID = THE_THING

    def given(self, *events: E) -> "Scenario[S, E]":
        return Scenario(self.thing, self.rules, (*self.history, *events), self.stream)

    @property
    def state(self) -> S:
        return reduce(self.thing.evolve, self.history, self.thing.start(self.stream))

    def when(self, decide: Callable[[Any, S, Rules], Sequence[Told[Any]]], command: object) -> Outcome[E]:
        try:
            told = decide(command, self.state, self.rules)
        except Refused as no:
            return Outcome(reasons=no.reasons, kind=no.kind)
        for one in told:
            assert isinstance(one.event, self.thing.events), f"{self.thing.name} does not tell {type(one.event)}"
        return Outcome(told=told)


def scenario(thing: Thing[S, E], rules: Rules) -> Scenario[S, E]:
    return Scenario(thing, rules)


def _line(event: Event) -> str:
    return f"{event.event_name} {encode(event).decode()}"


def _code(reason: Reason) -> str:
    return reason.code


def _told(reasons: Sequence[Reason]) -> list[str]:
    return [f"{reason.code} {dict(reason.params)} {[cite.clause for cite in reason.cites]}" for reason in reasons]
