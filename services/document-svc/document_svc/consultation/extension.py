"""More time for an answer: asked by the unit before its limit, agreed to or not by the host (申请延期、同意延期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chancery.events.document import (
    ConsultationExtended,
    ConsultationExtensionAsked,
    ConsultationExtensionDeclined,
    DocumentEvent,
)
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import extending, row_of
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.consultation.asking import asked_of, drafted, of_unit
from document_svc.consultation.state import Consultation
from document_svc.document.hands import drafter
from document_svc.document.state import Document


@dataclass(frozen=True, slots=True)
class AskExtension:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    unit: str
    asks: str
    to: date | int
    reason: str


@dataclass(frozen=True, slots=True)
class AgreeExtension:
    by: PersonId
    unit: str
    asks: str


@dataclass(frozen=True, slots=True)
class DeclineExtension:
    by: PersonId
    unit: str
    asks: str
    reason: str


def ask_extension(command: AskExtension, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the unit asked, as long as its clock runs.

    Raises:
        Refused: it was not asked, has answered, no clock runs, the rules know no extension, the limit has passed, it
            would not be later; (forbidden) another unit's.
    """
    draft = drafted(document)
    known = asked_of(document, command.unit, command.asks)
    standing = of_unit(rules, command.unit, command.by)
    moved = extending(rules, _runs(known, rules), command.to, ran_out=_over(known), extensions=known.extensions)
    asked = ConsultationExtensionAsked(
        document_id=document.id,
        matter_id=draft.matter_id,
        unit=command.unit,
        asks=command.asks,
        more=command.to if isinstance(command.to, int) else None,
        to=None if isinstance(command.to, int) else command.to,
        reason=command.reason,
        asked_by=command.by,
    )
    return [Told(asked, (moved.under,), standing)]


def agree_extension(command: AgreeExtension, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the host, before the limit: silence past it has counted already.

    Raises:
        Refused: nothing was asked, or the limit has passed; (forbidden) not the host acts.
    """
    draft = drafted(document)
    known = asked_of(document, command.unit, command.asks)
    standing = drafter(rules, draft, command.by)
    asked = _asked(known, rules)
    to = asked.to or asked.more or 0
    moved = extending(rules, _runs(known, rules), to, ran_out=_over(known), extensions=known.extensions)
    extended = ConsultationExtended(
        document_id=document.id,
        matter_id=draft.matter_id,
        unit=command.unit,
        asks=command.asks,
        agreed_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(extended, (moved.under,), standing)]


def decline_extension(command: DeclineExtension, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the host; the limit stands.

    Raises:
        Refused: nothing was asked; (forbidden) not the host acts.
    """
    draft = drafted(document)
    known = asked_of(document, command.unit, command.asks)
    standing = drafter(rules, draft, command.by)
    _asked(known, rules)
    declined = ConsultationExtensionDeclined(
        document_id=document.id,
        matter_id=draft.matter_id,
        unit=command.unit,
        asks=command.asks,
        reason=command.reason,
        declined_by=command.by,
    )
    return [Told(declined, (row_of(rules, known.due),) if known.due is not None else (), standing)]


def _asked(known: Consultation, rules: Rules) -> ConsultationExtensionAsked:
    if known.asked_for_more is None:
        raise Refused(Reason("no_extension_asked", params={"unit": rules.titled(known.sent.unit)}))
    return known.asked_for_more


def _runs(known: Consultation, rules: Rules) -> Counted:
    """The clock of a unit that has not answered, under a row that knows an extension by the host's agreement."""
    if not known.waits or known.due is None:
        raise Refused(Reason("no_clock_runs"))
    row = row_of(rules, known.due)
    extension = row.first.outcome.extension if row.first is not None else None
    if extension is None or extension.agreed_with != "host":
        raise Refused(Reason("no_extension_here", tuple(row.citations)))
    return known.due


def _over(known: Consultation) -> bool:
    return known.ran_out is not None
