"""Collections that are never changed but followed by the next: what did not change is shared. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, Protocol, Self, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MANY: Final = 256
"""How many changes lie over the part that is shared before both become one."""
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Grown(Mapping[K, V]):
    """A mapping of which every change gives the next one, at a price that does not grow with its size.

    Most of it is shared between the many that follow one another; iterated in the order in which keys came first.
    """

    __slots__ = ("_base", "_gone", "_over")

    def __init__(self, base: Mapping[K, V] | None = None) -> None:
        self._base: dict[K, V] = dict(base) if base else {}
        self._over: dict[K, V] = {}
        self._gone: frozenset[K] = frozenset()

    def put(self, key: K, value: V) -> "Grown[K, V]":
        """With one more, or another value."""
        return self._next({**self._over, key: value}, self._gone - {key} if key in self._gone else self._gone)

    def without(self, key: K) -> "Grown[K, V]":
        """With one less; a key that is not there is no error."""
        if key not in self:
            return self
        over = {one: value for one, value in self._over.items() if one != key}
        return self._next(over, self._gone | {key} if key in self._base else self._gone)

    def _next(self, over: dict[K, V], gone: frozenset[K]) -> "Grown[K, V]":
        found: Grown[K, V] = Grown()
        if len(over) + len(gone) > MANY:
            left = {key: value for key, value in self._base.items() if key not in gone} if gone else self._base
            found._base = left | over
            return found
        found._base, found._over, found._gone = self._base, over, gone
        return found

    def __getitem__(self, key: K) -> V:
        if key in self._over:
            return self._over[key]
        if key in self._gone:
            raise KeyError(key)
        return self._base[key]

    def __contains__(self, key: object) -> bool:
        return key in self._over or (key in self._base and key not in self._gone)

    def __iter__(self) -> Iterator[K]:
        for key in self._base:
            if key not in self._gone:
                yield key
        for key in self._over:
            if key not in self._base:
                yield key

    def __len__(self) -> int:
        return len(self._base) - len(self._gone) + sum(1 for key in self._over if key not in self._base)

    def __repr__(self) -> str:
        return f"Grown({dict(self)!r})"


class Lasting(Protocol):
    """Something that lasts from a moment until another; ``over`` None: with no end in sight."""

    @property
    def since(self) -> datetime: ...
    @property
    def over(self) -> datetime | None: ...


T = TypeVar("T", bound=Lasting)


@dataclass(frozen=True, slots=True)
class Times(Generic[T]):
    """What lasts from when to when, found by the moment: what was over long before is not looked at.

    ``latest`` is, for each place, the latest end up to there; what has no end stands apart (``open``).
    """

    ones: tuple[T, ...] = ()
    starts: tuple[datetime, ...] = ()
    latest: tuple[datetime, ...] = ()
    open: tuple[T, ...] = ()

    def put(self, one: T, instead: T | None = None) -> Self:
        """With one more; ``instead`` is what it replaces. What is told is nearly always the latest."""
        before = self
        if instead is not None and self.ones and self.ones[-1] is instead:
            before = type(self)(self.ones[:-1], self.starts[:-1], self.latest[:-1], self.open)
        elif instead is not None:
            return type(self)._of([*self._left(instead), one])
        over, since = one.over, one.since
        if over is None or (before.starts and before.starts[-1] > since):
            return type(self)._of([*before.ones, *before.open, one])
        latest = max(before.latest[-1], over) if before.latest else over
        return type(self)((*before.ones, one), (*before.starts, since), (*before.latest, latest), before.open)

    def without(self, one: T) -> Self:
        return type(self)._of(self._left(one))

    def _left(self, out: T | None) -> list[T]:
        return [one for one in (*self.ones, *self.open) if one is not out]

    @classmethod
    def _of(cls, every: list[T]) -> Self:
        ended = sorted((one for one in every if one.over is not None), key=lambda one: one.since)
        latest: list[datetime] = []
        for one in ended:
            over = one.over or NEVER
            latest.append(max(latest[-1], over) if latest else over)
        still = tuple(sorted((one for one in every if one.over is None), key=lambda one: one.since))
        return cls(tuple(ended), tuple(one.since for one in ended), tuple(latest), still)

    def at(self, moment: datetime) -> Iterator[T]:
        """What lasts at a moment: its beginning counts, its end no more."""
        for one in self.open:
            if one.since <= moment:
                yield one
        yield from self._before(bisect_right(self.starts, moment), moment)

    def meeting(self, starts: datetime, ends: datetime) -> Iterator[T]:
        """What has a moment in common with a time."""
        for one in self.open:
            if one.since < ends:
                yield one
        yield from self._before(bisect_left(self.starts, ends), starts)

    def _before(self, place: int, moment: datetime) -> Iterator[T]:
        while place:
            place -= 1
            if self.latest[place] <= moment:
                return
            one = self.ones[place]
            if one.over is None or one.over > moment:
                yield one
