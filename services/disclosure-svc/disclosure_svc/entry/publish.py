"""Publish the entry with its document (公开发布), once nothing is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.disclosure import EntryEvent, Published
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import by_the_office, in_hand
from disclosure_svc.entry.needs import standing_of
from disclosure_svc.entry.state import Entry


@dataclass(frozen=True, slots=True)
class Publish:
    by: PersonId
    at: datetime


def publish(command: Publish, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """Everything that is missing is named at once, each with its clauses.

    Raises:
        Refused: withheld or on request only, reviews or the interpretation missing, no index number yet;
            (forbidden) not of the office.
    """
    prepared = in_hand(entry)
    by_the_office(rules, command.by)
    standing = standing_of(entry, prepared, rules)
    if standing.missing or entry.index_number is None:
        raise Refused(*standing.missing)
    published = Published(
        entry_id=entry.id,
        matter_id=prepared.matter_id,
        document_id=prepared.document_id,
        index_number=entry.index_number,
        title=prepared.title,
        number=prepared.number,
        channels=prepared.channels,
        published_at=command.at,
        published_on=local_day(command.at),
        origin=prepared.origin,
        kind=prepared.kind,
        unit=prepared.lead_unit,
    )
    return [Told(published, standing.rulings)]
