"""Say what readers find an entry by (著录): summary, key words, theme, whom it serves, from when it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chancery.events.disclosure import EntryDescribed, EntryEvent
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import by_the_office, not_withdrawn, of_office_or_lead
from disclosure_svc.entry.state import Entry, Stage


@dataclass(frozen=True, slots=True)
class Describe:
    by: PersonId
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    theme: str | None = None
    audience: str | None = None
    effective_on: date | None = None


def describe(command: Describe, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """By the office or the lead unit; once it is public, by the office. The same description again changes nothing.

    Raises:
        Refused: no entry, or withdrawn; (forbidden) somebody else.
    """
    prepared = not_withdrawn(entry)
    if entry.stage is Stage.PUBLISHED:
        by_the_office(rules, command.by)
    of_office_or_lead(rules, command.by, prepared)
    told = EntryDescribed(
        entry_id=entry.id,
        summary=command.summary,
        keywords=command.keywords,
        theme=command.theme,
        audience=command.audience,
        effective_on=command.effective_on,
        described_by=command.by,
    )
    if entry.described is not None and entry.described.model_copy(update={"described_by": command.by}) == told:
        return []
    return [Told(told)]
