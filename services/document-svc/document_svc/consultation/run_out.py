"""A unit was silent past its limit: that is consent, where the rules say so, or it is only late (逾期未反馈)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.deadlines import deadline_id
from chancery.events.document import ConsentDeemed, ConsultationOverdue, DocumentEvent
from chancery.events.parts import Evidence
from chancery.rules.excusing import row_named
from chancery.rules.grounds import clock_of
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.rules.tables import CONSULTATION
from chancery.thing import Told
from document_svc.consultation.asking import REPLY_CLOCK
from document_svc.consultation.state import Consultation
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class SilenceRunOut:
    """``deadline`` is that of one unit."""

    deadline: UUID


def reply_key(unit: str, asks: str) -> str:
    """What tells the clocks of several units apart."""
    return f"{unit}/{asks}"


def silence_run_out(command: SilenceRunOut, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Once; not where it was answered, given more time, or signed or given up meanwhile."""
    if document.draft is None or document.stage is not Stage.DRAFTED:
        return []
    for (unit, asks), known in document.consultations.items():
        if deadline_id(document.id, REPLY_CLOCK, reply_key(unit, asks)) != command.deadline:
            continue
        if not known.waits or known.ran_out is not None or known.due is None:
            return []
        due = rules.again(known.due)
        if rules.at < due.due_at:
            return []
        if known.sent.silence == "consent":
            return [deemed(known, rules)]
        sent = known.sent
        overdue = ConsultationOverdue(document_id=document.id, matter_id=sent.matter_id, unit=unit, asks=asks, due=due)
        return [Told(overdue, (clock_of(rules, due),))]
    return []


def deemed(known: Consultation, rules: Rules) -> Told[DocumentEvent]:
    """Consent by silence: evidence marked as deemed, of the day on which the limit ended."""
    if known.due is None:
        raise ValueError("no clock ran")
    sent, due = known.sent, rules.again(known.due)
    evidence = Evidence(evidence=sent.asks, by=sent.unit, of=sent.unit, given_on=due.due_on, deemed=True)
    told = ConsentDeemed(
        document_id=sent.document_id,
        matter_id=sent.matter_id,
        unit=sent.unit,
        asks=sent.asks,
        due=due,
        evidence=evidence,
    )
    under: list[AnyRuling] = [clock_of(rules, due)]
    if sent.row is not None:
        under.append(row_named(rules, CONSULTATION.name, sent.row))
    return Told(told, tuple(under))
