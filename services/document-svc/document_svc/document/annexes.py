"""Put annexes to a draft, and take them off (附件), by the hash under which their bytes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent
from chancery.events.outgoing import AnnexAttached, AnnexRemoved
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import drafter
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class AttachAnnex:
    """``no`` is the next one, or one that is there already and is replaced; ``kept``: the store holds its bytes."""

    by: PersonId
    no: int
    paper: PaperRef
    kept: bool


@dataclass(frozen=True, slots=True)
class RemoveAnnex:
    by: PersonId
    no: int


def attach_annex(command: AttachAnnex, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Until the signature, as the text.

    Raises:
        Refused: no draft, signed already, a number is left out, the file is not in the store; (forbidden) neither the
            lead unit nor the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = drafter(rules, document.draft, command.by)
    lacking = _past(document)
    if command.no > len(document.annexes) + 1:
        lacking.append(Reason("annex_left_out", params={"next": len(document.annexes) + 1}, subject="no"))
    if not command.kept:
        lacking.append(Reason("file_missing", subject="sha256"))
    if lacking:
        raise Refused(*lacking)
    attached = AnnexAttached(document_id=document.id, no=command.no, paper=command.paper, attached_by=command.by)
    return [Told(attached, standing=hand)]


def remove_annex(command: RemoveAnnex, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Until the signature; those after it move up.

    Raises:
        Refused: no draft, signed already, or there is no such annex; (forbidden) neither the lead unit nor the office
            acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = drafter(rules, document.draft, command.by)
    lacking = _past(document)
    if command.no > len(document.annexes):
        lacking.append(Reason("no_such_annex", params={"count": len(document.annexes)}, subject="no"))
    if lacking:
        raise Refused(*lacking)
    return [Told(AnnexRemoved(document_id=document.id, no=command.no, removed_by=command.by), standing=hand)]


def _past(document: Document) -> list[Reason]:
    if document.stage is Stage.WITHDRAWN:
        return [Reason("document_withdrawn")]
    return [] if document.stage is Stage.DRAFTED else [Reason("text_after_signature")]
