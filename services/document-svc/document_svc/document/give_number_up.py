"""Give the number of a document up before it goes out (退号): it is void, and the document may be numbered anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.document import DocumentEvent
from chancery.events.outgoing import DocumentNumberGivenUp
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class GiveNumberUp:
    """``register_id`` is the register of the document's number."""

    by: PersonId
    reason: str
    register_id: UUID


def give_number_up(command: GiveNumberUp, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the office. What went out keeps its number for ever.

    Raises:
        Refused: no draft, no number, or issued already; (forbidden) not the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = registrar(rules, command.by)
    if document.stage is Stage.ISSUED:
        raise Refused(Reason("document_issued_already"))
    number = document.number
    if number is None:
        raise Refused(Reason("needs_number"))
    up = DocumentNumberGivenUp(
        document_id=document.id,
        register_id=command.register_id,
        number=number.number,
        code=number.code,
        year=number.year,
        seq=number.seq,
        reason=command.reason,
        given_up_by=command.by,
    )
    return [Told(up, standing=hand)]
