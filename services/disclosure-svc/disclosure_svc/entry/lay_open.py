"""Lay the document's words open with its entry (附正文), so that they can be read without any program."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryEvent, TextLaidOpen
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import in_hand, of_office_or_lead
from disclosure_svc.entry.state import Entry

PLAIN = "text/plain"


@dataclass(frozen=True, slots=True)
class LayOpen:
    by: PersonId
    text: str


def lay_open(command: LayOpen, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """Where the issued text is plain text, only its very bytes are taken; of any other file, a copy for reading.

    What is not for the public is not laid open: its words would lie where pages are made.

    Raises:
        Refused: no entry, withheld, published or withdrawn already, or not the issued text; (forbidden) of neither the
            office nor the lead unit.
    """
    prepared = in_hand(entry)
    of_office_or_lead(rules, command.by, prepared)
    if prepared.attribute != "proactive":
        raise Refused(Reason("not_for_publication", params={"attribute": prepared.attribute}))
    content = command.text.encode()
    found = hashlib.sha256(content).hexdigest()
    issued = prepared.text
    exact = issued is not None and issued.sha256 == found
    if issued is not None and issued.media_type.startswith(PLAIN) and not exact:
        raise Refused(Reason("text_differs", params={"found": found, "wanted": issued.sha256}, subject="text"))
    if entry.text is not None and entry.text.sha256 == found:
        return []
    told = TextLaidOpen(
        entry_id=entry.id, text=command.text, sha256=found, size=len(content), exact=exact, laid_by=command.by
    )
    return [Told(told)]
