"""What the rules answer: which rows, from which clauses, with what force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from chancery.envelope import PackRef
from chancery.refusal import Citation
from chancery.rules.grammar import Selector

R_co = TypeVar("R_co", covariant=True)


class AnyRuling(Protocol):
    """The part of a ruling that an event's meta keeps, whatever the table."""

    @property
    def pack(self) -> PackRef: ...
    @property
    def table(self) -> str: ...
    @property
    def citations(self) -> Sequence[Citation]: ...
    @property
    def rows(self) -> Sequence[str]: ...
    @property
    def beside(self) -> "Sequence[AnyRuling]": ...


@dataclass(frozen=True, slots=True)
class Hit(Generic[R_co]):
    """One row that matched: its id, what it orders, how strongly, the clauses it cites, and who may excuse it.

    ``pack`` names a pack asked beside the government's own; None: the row is of the ruling's own pack.
    """

    row: str
    outcome: R_co
    force: str
    cites: tuple[Citation, ...]
    permit: Selector | None = None
    pack: PackRef | None = None


@dataclass(frozen=True, slots=True)
class Ruling(Generic[R_co]):
    """The answer of one table to one set of facts.

    No hit means the text does not regulate the case, which is an answer: ``regulated`` is then False and the
    pack is still named. Under a ``first`` or ``unique`` table there is at most one hit. Where a pack was asked beside
    the government's own, its hits stand after the own ones, each under its pack's name.
    """

    table: str
    pack: PackRef
    hits: tuple[Hit[R_co], ...]

    @property
    def regulated(self) -> bool:
        return bool(self.hits)

    @property
    def first(self) -> Hit[R_co] | None:
        return self.hits[0] if self.hits else None

    @property
    def citations(self) -> Sequence[Citation]:
        seen: dict[str, Citation] = {}
        for hit in self.hits:
            for cite in hit.cites:
                seen.setdefault(cite.clause, cite)
        return tuple(seen.values())

    @property
    def rows(self) -> Sequence[str]:
        """The rows of the government's own pack."""
        return tuple(hit.row for hit in self.hits if hit.pack is None)

    @property
    def beside(self) -> "Sequence[Ruling[R_co]]":
        """What packs asked beside the own one said, each under its own name."""
        packs = dict.fromkeys(hit.pack for hit in self.hits if hit.pack is not None)
        return tuple(
            Ruling(self.table, pack, tuple(replace(hit, pack=None) for hit in self.hits if hit.pack == pack))
            for pack in packs
        )
