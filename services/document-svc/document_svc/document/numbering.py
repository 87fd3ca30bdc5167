"""Whether a document may get its number: asked before the register gives one, since none is given back."""

from chancery.events.document import DocumentDrafted
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from document_svc.document.hands import registrar
from document_svc.document.state import Document, Stage


def may_be_numbered(document: Document, person: str, rules: Rules) -> DocumentDrafted:
    """The draft of a signed document; one that carries its number already keeps it.

    Raises:
        Refused: no draft, or not signed; (forbidden) not the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    registrar(rules, person)
    if document.number is None and document.stage is not Stage.SIGNED:
        raise Refused(Reason("needs_signature"))
    return document.draft
