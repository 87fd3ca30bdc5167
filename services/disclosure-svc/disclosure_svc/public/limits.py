"""How much one reader may send: so many comments in so many minutes, by where they come from and by draft."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

MOST_KNOWN: Final = 10_000
"""Places remembered at once: the one heard of longest ago is forgotten first."""


@dataclass(slots=True)
class Limit:
    """``most`` within ``window``, for each key apart. Kept in memory: a restart forgives."""

    most: int
    window: timedelta
    _seen: "OrderedDict[str, deque[datetime]]" = field(default_factory=OrderedDict[str, deque[datetime]])

    def takes(self, key: str, now: datetime) -> bool:
        """Whether one more is within the limit; if so it is counted."""
        seen = self._seen.pop(key, deque[datetime]())
        while seen and seen[0] <= now - self.window:
            seen.popleft()
        within = len(seen) < self.most
        if within:
            seen.append(now)
        self._seen[key] = seen
        while len(self._seen) > MOST_KNOWN:
            self._seen.popitem(last=False)
        return within
