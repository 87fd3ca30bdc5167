"""Take a published entry back (撤回): its index number stays, with the reason, where it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.disclosure import EntryEvent, EntryWithdrawn
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import by_the_office, not_withdrawn
from disclosure_svc.entry.state import Entry, Stage


@dataclass(frozen=True, slots=True)
class Withdraw:
    """``reason`` is shown to the public in place of the document."""

    by: PersonId
    reason: str
    at: datetime


def withdraw(command: Withdraw, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """By the office. Nothing is deleted: what was published stays on record within.

    Raises:
        Refused: not public, or withdrawn already; (forbidden) not of the office.
    """
    prepared = not_withdrawn(entry)
    by_the_office(rules, command.by)
    if entry.stage is not Stage.PUBLISHED or entry.index_number is None:
        raise Refused(Reason("not_public_yet"))
    told = EntryWithdrawn(
        entry_id=entry.id,
        matter_id=prepared.matter_id,
        document_id=prepared.document_id,
        index_number=entry.index_number,
        reason=command.reason,
        withdrawn_by=command.by,
        withdrawn_at=command.at,
        withdrawn_on=local_day(command.at),
    )
    return [Told(told)]
