"""Put a body's decision on the matter's file (决定归卷): the house says itself what a sitting decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chancery.events.meeting import EvidenceFiled, MatterEvent
from chancery.events.parts import Evidence
from chancery.rules.house import MEETING_DECISION
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import Basis
from chancery.thing import Told
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class NoteDecision:
    """``body`` decided on a day; ``outcome`` is how. ``under`` is what lets it found an action, if a row says so."""

    sitting_id: UUID
    body: str
    on: date
    outcome: str
    under: Ruling[Basis] | None = None


def note_decision(command: NoteDecision, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """Once for each sitting; quiet where the pack has no word for it or the matter has no file."""
    reference = str(command.sitting_id)
    known = any(one.evidence == MEETING_DECISION and one.reference == reference for one in matter.evidence)
    if matter.facts is None or known or not rules.files(MEETING_DECISION):
        return []
    body = rules.body(command.body)
    evidence = Evidence(
        evidence=MEETING_DECISION,
        by=body.organiser.name if body is not None else None,
        of=command.body,
        given_on=command.on,
        attrs={"outcome": command.outcome},
        reference=reference,
    )
    told = EvidenceFiled(matter_id=matter.id, evidence=evidence, filed_by=evidence.by or command.body)
    under: list[AnyRuling] = [command.under] if command.under is not None and command.under.regulated else []
    under += [rules.body_ruling(command.body)] if body is not None else []
    return [Told(told, tuple(under))]
