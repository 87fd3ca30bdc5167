"""Evidence on the matter's file that the document has not taken in yet: it counts from now on."""

from collections.abc import Iterable
from uuid import UUID

from chancery.events.document import DocumentEvent, EvidenceHeard
from chancery.events.parts import Evidence
from chancery.thing import Told


def newly_heard(document_id: UUID, held: Iterable[Evidence], heard: Iterable[Evidence]) -> list[Told[DocumentEvent]]:
    known = list(held)
    return [Told(EvidenceHeard(document_id=document_id, evidence=one)) for one in heard if one not in known]
