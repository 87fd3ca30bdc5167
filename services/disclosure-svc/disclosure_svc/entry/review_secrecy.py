"""Look at the entry before it is published (保密审查)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryEvent, SecrecyReviewed
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import in_hand, of_office_or_lead
from disclosure_svc.entry.state import Entry


@dataclass(frozen=True, slots=True)
class ReviewSecrecy:
    by: PersonId
    passed: bool
    note: str | None = None


def review_secrecy(command: ReviewSecrecy, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """A review that does not pass is a fact as well; a later one may pass."""
    prepared = in_hand(entry)
    of_office_or_lead(rules, command.by, prepared)
    told = SecrecyReviewed(entry_id=entry.id, passed=command.passed, reviewer=command.by, note=command.note)
    return [Told(told)]
