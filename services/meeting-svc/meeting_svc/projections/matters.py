"""Which matters are there, and what is on their file? (案卷)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import EvidenceFiled, MatterOpened
from chancery.thing import Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case MatterOpened() as event:
            facts = event.facts
            row = {
                "matter_id": event.matter_id,
                "title": facts.title,
                "kind": facts.kind,
                "lead_unit": facts.lead_unit,
                "facts": facts.model_dump(mode="json"),
                "opened_by": event.opened_by,
                "opened_at": event.opened_at,
            }
            return [Upsert("matters", ("matter_id",), row)]
        case EvidenceFiled() as event:
            evidence = event.evidence
            row = {
                "matter_id": event.matter_id,
                "no": recorded.version,
                "evidence": evidence.evidence,
                "given_by": evidence.by,
                "given_on": evidence.given_on,
                "filed_by": event.filed_by,
                "whole": evidence.model_dump(mode="json"),
            }
            return [Upsert("evidence_on_file", ("matter_id", "no"), row)]
        case _:
            return []


MATTERS = Projection(
    "matters",
    1,
    ("matters", "evidence_on_file"),
    frozenset({MatterOpened.event_name, EvidenceFiled.event_name}),
    project,
)
