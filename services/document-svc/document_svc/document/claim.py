"""Claim an exception that the rules allow for a document, with the reason why it holds (说明例外情形)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, DocumentExceptionClaimed
from chancery.events.parts import Claim
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import EVERY_TABLE, Claiming, claiming
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import drafter
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class ClaimException:
    """``heard`` are the exceptions claimed for the matter."""

    by: PersonId
    asked: Claiming
    heard: tuple[Claim, ...] = ()


def claim(command: ClaimException, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the lead unit or the office, until the document is issued.

    Raises:
        Refused: no draft, issued or given up, no row names the exception, or it was claimed before; (forbidden)
            another's document.
    """
    draft = document.draft
    if draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = drafter(rules, draft, command.by)
    if document.stage is Stage.ISSUED:
        raise Refused(Reason("document_issued_already"))
    if document.stage is Stage.WITHDRAWN:
        raise Refused(Reason("document_withdrawn"))
    given = (*document.claims, *command.heard)
    claimed, under = claiming(command.asked, command.by, rules, given, EVERY_TABLE)
    return [Told(DocumentExceptionClaimed(document_id=document.id, claim=claimed), under, hand)]
