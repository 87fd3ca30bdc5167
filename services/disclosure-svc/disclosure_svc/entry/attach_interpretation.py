"""Attach the plain explanation that goes out with the document (政策解读)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryEvent, InterpretationAttached
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import in_hand, of_office_or_lead
from disclosure_svc.entry.state import Entry


@dataclass(frozen=True, slots=True)
class AttachInterpretation:
    by: PersonId
    title: str
    paper: PaperRef


def attach_interpretation(command: AttachInterpretation, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    prepared = in_hand(entry)
    of_office_or_lead(rules, command.by, prepared)
    told = InterpretationAttached(entry_id=entry.id, title=command.title, paper=command.paper, attached_by=command.by)
    return [Told(told)]
