"""Attach a version of the text (附正文), by the hash under which its bytes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, TextAttached
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import drafter
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class AttachText:
    """``kept`` says that the file store holds the bytes of this hash and size."""

    by: PersonId
    paper: PaperRef
    kept: bool


def attach_text(command: AttachText, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """A new edition replaces the last one until the signature; what was signed stays what it was.

    Raises:
        Refused: no draft, signed already, the file is not in the store, or not the lead unit or the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = drafter(rules, document.draft, command.by)
    lacking: list[Reason] = []
    if document.stage is Stage.WITHDRAWN:
        lacking.append(Reason("document_withdrawn"))
    elif document.stage is not Stage.DRAFTED:
        lacking.append(Reason("text_after_signature"))
    if not command.kept:
        lacking.append(Reason("file_missing", subject="sha256"))
    if lacking:
        raise Refused(*lacking)
    attached = TextAttached(
        document_id=document.id, edition=document.edition + 1, paper=command.paper, attached_by=command.by
    )
    return [Told(attached, standing=hand)]
