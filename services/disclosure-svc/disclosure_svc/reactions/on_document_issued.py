"""A document was issued: its catalogue entry is prepared."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.document import DocumentIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from disclosure_svc.entry.prepare import Prepare, prepare
from disclosure_svc.entry.state import ENTRY


def react(recorded: Recorded[DocumentIssued], rules: Rules) -> Sequence[Order]:
    """Same document, same entry: a redelivered message prepares nothing twice."""
    del rules
    issued = recorded.event
    entry = derived(issued.document_id, "entry")
    return [Order(ENTRY, prepare, Prepare(issued), stream=entry, matter=issued.matter_id)]


ON_DOCUMENT_ISSUED = Reaction("prepare_entry", "document", DocumentIssued, react)
