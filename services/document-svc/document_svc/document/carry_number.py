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
    """Quiet where it carries one already, or gave this one up: both the call that numbered it and the reaction that
    heals may come.
    """
    del rules
    given = command.assigned
    if document.draft is None or document.number is not None:
        return []
    if any((up.code, up.year, up.seq) == (given.code, given.year, given.seq) for up in document.given_up):
        return []
    numbered = DocumentNumbered(
        document_id=document.id, number=given.number, code=given.code, year=given.year, seq=given.seq
    )
    return [Told(numbered)]
