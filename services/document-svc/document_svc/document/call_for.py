"""Call for a step of the way to the signature that exists only where it is wanted (视情启用环节)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, DocumentStepCalledFor
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Claim
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.excusing import calling
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.state import Document
from document_svc.document.way import not_to_be_signed, walk_of


@dataclass(frozen=True, slots=True)
class CallFor:
    """``matter`` as it was heard, with the exceptions claimed for it."""

    by: PersonId
    step: str
    reason: str | None = None
    matter: MatterFacts | None = None
    claims: tuple[Claim, ...] = ()


def call_for(command: CallFor, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """From then on the step must be taken.

    Raises:
        Refused: no draft, signed already, no such step waits; (forbidden) not his to call for.
    """
    draft, lacking = not_to_be_signed(document)
    if draft is None or lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, document, draft, command.matter, command.claims)
    called, standing = calling(command.step, command.by, command.reason, walk)
    return [Told(DocumentStepCalledFor(document_id=document.id, called=called), (ruling,), standing)]
