"""Let the document carry the number its register gave it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, DocumentNumbered, NumberAssigned
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.state import Document


@dataclass(frozen=True, slots=True)
class CarryNumber:
    assigned: NumberAssigned


def carry_number(command: CarryNumber, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Quiet where it carries one already: both the call that numbered it and the reaction that heals may come."""
    del rules
    if document.draft is None or document.number is not None:
        return []
    given = command.assigned
    return [
        Told(
            DocumentNumbered(
                document_id=document.id, number=given.number, code=given.code, year=given.year, seq=given.seq
            )
        )
    ]
