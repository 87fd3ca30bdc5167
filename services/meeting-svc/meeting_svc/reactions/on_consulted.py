"""A unit answered about a draft, or its silence counted as consent: that is on the matter's file from now on."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.document import ConsentDeemed, ConsultationReplied
from chancery.events.parts import Evidence
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.matter.note_evidence import NoteEvidence, note_evidence
from meeting_svc.matter.state import MATTER


def replied(recorded: Recorded[ConsultationReplied], rules: Rules) -> Sequence[Order]:
    """What a late answer after a deemed consent says changes nothing: the consent is on file already."""
    del rules
    told = recorded.event
    if told.evidence is None or told.after_deemed:
        return []
    return _filed(recorded, told.evidence, told.replied_by)


def deemed(recorded: Recorded[ConsentDeemed], rules: Rules) -> Sequence[Order]:
    del rules
    return _filed(recorded, recorded.event.evidence, recorded.event.unit)


def _filed(
    recorded: Recorded[ConsultationReplied] | Recorded[ConsentDeemed], evidence: Evidence, by: str
) -> Sequence[Order]:
    """Found again by the event that told it: each unit's answer is one of its own."""
    told = recorded.event
    filed = evidence.model_copy(update={"reference": evidence.reference or str(recorded.meta.id)})
    return [
        Order(
            MATTER,
            note_evidence,
            NoteEvidence(filed, by),
            stream=told.matter_id,
            key=f"{told.asks}/{told.unit}",
            matter=told.matter_id,
        )
    ]


ON_CONSULTED = Reaction("file_consultation_reply", "document", ConsultationReplied, replied)
ON_CONSENT_DEEMED = Reaction("file_deemed_consent", "document", ConsentDeemed, deemed)
