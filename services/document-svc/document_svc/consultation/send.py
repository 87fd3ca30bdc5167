"""Send a draft to units for their word (征求意见、送会签); a clock begins for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chancery.calendar import Span
from chancery.events.document import ConsultationSent, DocumentDrafted, DocumentEvent
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Clock, Consultation
from chancery.thing import Told
from document_svc.consultation.asking import REPLY_CLOCK, drafted, host_signs, ruling_on
from document_svc.document.facts import facts_of
from document_svc.document.hands import drafter
from document_svc.document.state import Document


@dataclass(frozen=True, slots=True)
class SendConsultation:
    """``asks`` is the evidence wanted, in the pack's word; ``limit`` what the host sets, None for the rules' own."""

    by: PersonId
    at: datetime
    units: tuple[str, ...]
    asks: str
    limit: Span | None = None
    matter: MatterFacts | None = None


def send_consultation(command: SendConsultation, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """One event a unit. A unit that has answered is asked again once there is another edition of the text.

    Raises:
        Refused: no draft, signed already, no text, an unknown unit or word, the host itself, a unit that was asked
            already, a limit the rules leave the host no say in; (forbidden) not the host's to send.
    """
    draft = drafted(document)
    clock, due = _clock(command, draft, rules)
    lacking = [*_lacking(command, document, draft, rules), *_limit(command, clock)]
    if lacking:
        raise Refused(*lacking)
    standing = drafter(rules, draft, command.by)
    ruling = ruling_on(rules, draft, command.matter, disagreement=False)
    standing = host_signs(rules, ruling, draft, command.by) or standing
    silence = _silence(command, ruling, clock)
    told: list[Told[DocumentEvent]] = []
    for unit in dict.fromkeys(command.units):
        sent = ConsultationSent(
            document_id=document.id,
            matter_id=draft.matter_id,
            unit=unit,
            asks=command.asks,
            edition=document.edition,
            row=ruling.first.row if ruling.first is not None else None,
            silence=silence,
            limit_set=command.limit is not None,
            due=due,
            sent_by=command.by,
            sent_at=command.at,
        )
        told.append(Told(sent, tuple(one for one in (ruling, clock) if one.regulated), standing))
    return told


def _clock(command: SendConsultation, draft: DocumentDrafted, rules: Rules) -> tuple[Ruling[Clock], Counted | None]:
    asked = facts_of(rules, draft, command.matter)
    ruling, count = rules.clock(REPLY_CLOCK, command.at, limit=command.limit, **asked)
    return ruling, rules.counted(REPLY_CLOCK, ruling, count) if count is not None else None


def _lacking(command: SendConsultation, document: Document, draft: DocumentDrafted, rules: Rules) -> list[Reason]:
    found = [] if document.text is not None else [Reason("needs_text")]
    if not rules.files(command.asks):
        params = {"word": command.asks, "pack": rules.pack.head.id}
        found.append(Reason("unknown_word", params=params, subject="asks"))
    for unit in dict.fromkeys(command.units):
        if unit not in rules.roster.units:
            found.append(Reason("unknown_unit", params={"unit": unit}, subject="units"))
        elif unit == draft.lead_unit:
            found.append(Reason("host_asks_itself", params={"unit": rules.titled(unit)}, subject="units"))
        known = document.consultations.get((unit, command.asks))
        if known is not None and (known.waits or known.sent.edition == document.edition):
            found.append(Reason("consulted_already", params={"unit": rules.titled(unit)}, subject="units"))
    return found


def _limit(command: SendConsultation, clock: Ruling[Clock]) -> list[Reason]:
    if command.limit is None or (clock.first is not None and clock.first.outcome.set_by_host == "overrides"):
        return []
    return [Reason("limit_not_for_the_host", tuple(clock.citations), subject="limit")]


def _silence(
    command: SendConsultation, ruling: Ruling[Consultation], clock: Ruling[Clock]
) -> Literal["consent", "nothing"]:
    """Consent only where the row says so, of this evidence, and a clock ends in it."""
    hit, runs = ruling.first, clock.first
    counts = hit is not None and hit.outcome.deemed_consent and command.asks not in hit.outcome.never_deemed
    return "consent" if counts and runs is not None and runs.outcome.on_due == "deem_consent" else "nothing"
