"""The packs this house has loaded, with their scenarios and how far they are proved; read by pages and API."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chancery.refusal import not_found
from chancery.rehearsal.scenario import Loaded
from chancery.rules.against import Finding, findings
from chancery.rules.coverage import Coverage, PackCovered, cover, together
from chancery.rules.pack import Pack
from chancery.rules.proving import scenarios_of
from chancery.rules.rulebook import RuleShelf
from chancery.rules.show import PackPage, show
from chancery.web.running import Running


@dataclass(slots=True)
class Library:
    """What stands on one shelf. A reload of the rules makes another; what was worked out for one is kept."""

    shelf: RuleShelf
    folder: Path
    _covered: dict[str, PackCovered] = field(default_factory=dict[str, PackCovered])
    _shown: dict[str, PackPage] = field(default_factory=dict[str, PackPage])

    @property
    def packs(self) -> Sequence[Pack]:
        return sorted(self.shelf.packs.values(), key=lambda pack: (pack.head.id, pack.head.version))

    def pack(self, named: str) -> Pack:
        """A pack by ``id@version``, or by its id, which means the latest version.

        Raises:
            Refused: there is none (``missing``).
        """
        found = self.shelf.packs.get(named) or self.shelf.named(named)
        if found is None:
            raise not_found("pack")
        return found

    async def covered(self, pack: Pack) -> PackCovered:
        """How far a pack is carried; worked out beside the loop, once."""
        name = _name(pack)
        if name not in self._covered:
            self._covered[name] = await asyncio.to_thread(lambda: cover(pack, self.scenarios(pack)))
        return self._covered[name]

    async def coverage(self) -> Coverage:
        """Every pack together."""
        return together([await self.covered(pack) for pack in self.packs])

    async def page(self, pack: Pack) -> PackPage:
        """A pack clause by clause; worked out beside the loop, once."""
        name = _name(pack)
        if name not in self._shown:
            self._shown[name] = await asyncio.to_thread(lambda: show(pack, self.scenarios(pack)))
        return self._shown[name]

    async def findings(self, pack: Pack, on: date) -> list[Finding]:
        """What a lawyer should look at: the pack held against the higher law of a day and its own sample roster."""
        laws = [one for one in self.packs if one.head.tier == "national" and one is not pack]
        return await asyncio.to_thread(findings, pack, laws, on)

    def scenarios(self, pack: Pack) -> tuple[Loaded, ...]:
        """The scenarios beside a pack; those that do not load are left out, since lint tells of them."""
        rows = (row for rows in pack.tables.values() for row in rows)
        folder = next((row.file.partition("/")[0] for row in rows), pack.head.id)
        return scenarios_of(self.folder / folder)[0]


def library_of(running: Running) -> Library:
    """The library of a running service; a new one where the rules were loaded anew."""
    shelf = running.room.shelf
    if not _KEPT or _KEPT[0].shelf is not shelf:
        _KEPT[:] = [Library(shelf, running.settings.packs)]
    return _KEPT[0]


def _name(pack: Pack) -> str:
    return f"{pack.head.id}@{pack.head.version}"


_KEPT: list[Library] = []
