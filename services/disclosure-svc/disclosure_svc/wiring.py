"""What disclosure-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from chancery.service import Service
from disclosure_svc.api import entries, requests
from disclosure_svc.deadlines import DEADLINES, DUE_ACTIONS
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.index.state import INDEX
from disclosure_svc.projections.catalogue import CATALOGUE
from disclosure_svc.projections.requests import REQUESTS
from disclosure_svc.public import pages
from disclosure_svc.reactions.on_document_issued import ON_DOCUMENT_ISSUED
from disclosure_svc.reactions.on_entry_prepared import ON_ENTRY_PREPARED, ON_INDEX_ASSIGNED
from disclosure_svc.reactions.on_request_received import ON_REQUEST_NUMBER, ON_REQUEST_RECEIVED
from disclosure_svc.reactions.on_validity_declared import ON_VALIDITY_DECLARED
from disclosure_svc.request.state import REQUEST
from disclosure_svc.request_register.state import REGISTER

SERVICE = Service(
    name="disclosure",
    title_zh="公开服务",
    title_en="Disclosure",
    port=8105,
    things=(ENTRY, INDEX, REQUEST, REGISTER),
    projections=(CATALOGUE, REQUESTS, DEADLINES),
    reactions=(
        ON_DOCUMENT_ISSUED,
        ON_ENTRY_PREPARED,
        ON_INDEX_ASSIGNED,
        ON_VALIDITY_DECLARED,
        ON_REQUEST_RECEIVED,
        ON_REQUEST_NUMBER,
    ),
    due=DUE_ACTIONS,
    routers=(entries.router, requests.router, pages.root, pages.router),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
