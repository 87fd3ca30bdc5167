"""The day set for publication passed: a fact at its moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryEvent, PublicationOverdue
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.state import Entry, Stage


@dataclass(frozen=True, slots=True)
class RunOut:
    due: Counted


def run_out(command: RunOut, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    del rules
    if entry.stage is not Stage.PREPARED or entry.overdue or entry.prepared is None:
        return []
    return [Told(PublicationOverdue(entry_id=entry.id, matter_id=entry.prepared.matter_id, due=command.due))]
