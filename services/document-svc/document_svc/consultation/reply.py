"""Answer a consultation (反馈意见、会签): no objection, an opinion, or an objection with its grounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chancery.calendar import local_day
from chancery.events.document import ConsultationReplied, DocumentEvent
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Evidence
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.consultation.asking import asked_of, drafted, ruling_on, speaks_for
from document_svc.consultation.run_out import deemed
from document_svc.document.state import Document

Said = Literal["agrees", "opinion", "objection"]


@dataclass(frozen=True, slots=True)
class Reply:
    """``attrs`` is what the opinion says in fixed words (``result: passed``)."""

    by: PersonId
    at: datetime
    unit: str
    asks: str
    answer: Said
    grounds: str | None = None
    attrs: Mapping[str, str] = field(default_factory=dict[str, str])
    matter: MatterFacts | None = None


def reply(command: Reply, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By whoever speaks for the unit; what is no objection comes on the file as evidence.

    An objection may be taken back by a later answer. An answer past the limit is kept and marked; where silence counts
    as consent, that is told first, if the clock has not told it yet, and the answer changes nothing of it.

    Raises:
        Refused: no draft, signed already, the unit was not asked, has answered, or objects without grounds;
            (forbidden) he does not speak for the unit.
    """
    draft = drafted(document)
    known = asked_of(document, command.unit, command.asks)
    ruling = ruling_on(rules, draft, command.matter, disagreement=False)
    standing = speaks_for(rules, ruling, draft, command.unit, command.by)
    if known.reply is not None and known.objection is None:
        raise Refused(Reason("replied_already", params={"unit": rules.titled(command.unit)}))
    if command.answer != "agrees" and not command.grounds:
        raise Refused(Reason("needs_grounds", tuple(ruling.citations), subject="grounds"))
    told: list[Told[DocumentEvent]] = []
    late = known.due is not None and command.at >= rules.again(known.due).due_at
    if late and known.waits and known.ran_out is None and known.sent.silence == "consent":
        told.append(deemed(known, rules))
    gone = known.ran_out == "deemed" or bool(told)
    evidence = Evidence(
        evidence=command.asks,
        by=command.unit,
        of=command.unit,
        given_on=local_day(command.at),
        attrs=dict(command.attrs),
    )
    replied = ConsultationReplied(
        document_id=document.id,
        matter_id=draft.matter_id,
        unit=command.unit,
        asks=command.asks,
        answer=command.answer,
        grounds=command.grounds,
        evidence=None if command.answer == "objection" else evidence,
        late=late,
        after_deemed=gone,
        replied_by=command.by,
        replied_at=command.at,
    )
    return [*told, Told(replied, (ruling,) if ruling.regulated else (), standing)]
