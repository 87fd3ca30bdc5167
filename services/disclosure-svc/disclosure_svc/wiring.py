"""What disclosure-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from chancery.service import Service
from disclosure_svc.api import entries
from disclosure_svc.deadlines import DEADLINES, PUBLICATION_DUE, REASSESSMENT_DUE
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.index.state import INDEX
from disclosure_svc.projections.catalogue import CATALOGUE
from disclosure_svc.public import pages
from disclosure_svc.reactions.on_document_issued import ON_DOCUMENT_ISSUED
from disclosure_svc.reactions.on_entry_prepared import ON_ENTRY_PREPARED, ON_INDEX_ASSIGNED
from disclosure_svc.reactions.on_validity_changed import ON_VALIDITY_CHANGED

SERVICE = Service(
    name="disclosure",
    title_zh="公开服务",
    title_en="Disclosure",
    port=8105,
    things=(ENTRY, INDEX),
    projections=(CATALOGUE, DEADLINES),
    reactions=(ON_DOCUMENT_ISSUED, ON_ENTRY_PREPARED, ON_INDEX_ASSIGNED, ON_VALIDITY_CHANGED),
    due=(PUBLICATION_DUE, REASSESSMENT_DUE),
    routers=(entries.router, pages.root, pages.router),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
