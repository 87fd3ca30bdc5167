"""Say how the document is to be disclosed (公开属性), with the reason where it is not to be published."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import AttributeProposed, DocumentEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import drafter
from document_svc.document.state import Document, Stage

PROACTIVE = "proactive"


@dataclass(frozen=True, slots=True)
class ProposeAttribute:
    """``attribute`` is proactive, on_request or withheld; ``ground`` the reason in words."""

    by: PersonId
    attribute: str
    ground: str | None = None


def propose_attribute(command: ProposeAttribute, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """May be proposed anew until the document is issued.

    Raises:
        Refused: no draft, issued already, no reason given, or not the lead unit or the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = drafter(rules, document.draft, command.by)
    lacking: list[Reason] = []
    if document.stage is Stage.WITHDRAWN:
        lacking.append(Reason("document_withdrawn"))
    if document.stage is Stage.ISSUED:
        lacking.append(Reason("document_issued_already"))
    if command.attribute != PROACTIVE and not (command.ground or "").strip():
        lacking.append(Reason("needs_ground", subject="ground"))
    if lacking:
        raise Refused(*lacking)
    proposed = AttributeProposed(
        document_id=document.id, attribute=command.attribute, ground=command.ground, proposed_by=command.by
    )
    return [Told(proposed, standing=hand)]
