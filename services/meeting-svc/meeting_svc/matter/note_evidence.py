"""Put on a matter's file what another service gave for it (材料自动归卷): published, commented on, replied."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import EvidenceFiled, MatterEvent
from chancery.events.parts import Evidence
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class NoteEvidence:
    """``filed_by`` is whoever's act it was."""

    evidence: Evidence
    filed_by: str


def note_evidence(command: NoteEvidence, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """Once for each reference; quiet where the matter has no file here or the pack has no word for it."""
    evidence = command.evidence
    known = any(one.evidence == evidence.evidence and one.reference == evidence.reference for one in matter.evidence)
    if matter.facts is None or known or not rules.files(evidence.evidence):
        return []
    return [Told(EvidenceFiled(matter_id=matter.id, evidence=evidence, filed_by=command.filed_by))]
