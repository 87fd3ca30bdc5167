"""Give a draft up before its signature (停办)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, DocumentWithdrawn
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import drafter
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class Withdraw:
    by: PersonId
    reason: str


def withdraw(command: Withdraw, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By whoever drafts it; what is signed is issued or stays. Its clock stops.

    Raises:
        Refused: no draft, or past drafting; (forbidden) neither the lead unit nor the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = drafter(rules, document.draft, command.by)
    if document.stage is Stage.WITHDRAWN:
        raise Refused(Reason("document_withdrawn"))
    if document.stage is not Stage.DRAFTED:
        raise Refused(Reason("document_signed_already"))
    withdrawn = DocumentWithdrawn(document_id=document.id, matter_id=document.draft.matter_id, reason=command.reason)
    return [Told(withdrawn, standing=hand)]


@dataclass(frozen=True, slots=True)
class GiveUp:
    """``reason`` says which record took away what the draft rested on."""

    reason: str


def give_up(command: GiveUp, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the house: what ordered the draft is no more. Quiet where there is no draft, or it is past drafting."""
    del rules
    if document.draft is None or document.stage is not Stage.DRAFTED:
        return []
    matter = document.draft.matter_id
    return [Told(DocumentWithdrawn(document_id=document.id, matter_id=matter, reason=command.reason))]
