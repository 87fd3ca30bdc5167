"""What disclosure-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from chancery.service import Service
from disclosure_svc.api import answers, catalogues, drafts, duties, entries, requests
from disclosure_svc.deadlines import DEADLINES, DUE_ACTIONS
from disclosure_svc.decision_year.state import YEAR
from disclosure_svc.draft.state import COMMENT, DRAFT
from disclosure_svc.duty.state import DUTY
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.index.state import INDEX
from disclosure_svc.opinion_case.state import CASE
from disclosure_svc.projections.answers import CASES, RELEASES
from disclosure_svc.projections.catalogue import CATALOGUE
from disclosure_svc.projections.catalogues import UNITS, YEARS
from disclosure_svc.projections.drafts import DRAFTS
from disclosure_svc.projections.duties import DUTIES
from disclosure_svc.projections.requests import REQUESTS
from disclosure_svc.public import open as open_pages
from disclosure_svc.public import pages
from disclosure_svc.reactions.on_document_issued import ON_DOCUMENT_ISSUED
from disclosure_svc.reactions.on_entry_prepared import ON_ENTRY_PREPARED, ON_INDEX_ASSIGNED
from disclosure_svc.reactions.on_minutes_issued import ON_MINUTES_CORRECTED, ON_MINUTES_ISSUED
from disclosure_svc.reactions.on_published import ON_PUBLISHED, ON_PUBLISHED_BY_UNIT
from disclosure_svc.reactions.on_released import ON_RELEASED
from disclosure_svc.reactions.on_request_received import ON_REQUEST_NUMBER, ON_REQUEST_RECEIVED
from disclosure_svc.reactions.on_task_closed import ON_TASK_CLOSED, ON_TASK_OPENED
from disclosure_svc.reactions.on_validity_declared import ON_VALIDITY_DECLARED
from disclosure_svc.release.state import RELEASE
from disclosure_svc.request.state import REQUEST
from disclosure_svc.request_register.state import REGISTER
from disclosure_svc.unit_catalogue.state import UNIT_CATALOGUE

SERVICE = Service(
    name="disclosure",
    title_zh="公开服务",
    title_en="Disclosure",
    port=8105,
    things=(ENTRY, INDEX, REQUEST, REGISTER, DUTY, RELEASE, CASE, DRAFT, COMMENT, YEAR, UNIT_CATALOGUE),
    projections=(CATALOGUE, REQUESTS, DUTIES, CASES, RELEASES, DRAFTS, YEARS, UNITS, DEADLINES),
    reactions=(
        ON_DOCUMENT_ISSUED,
        ON_ENTRY_PREPARED,
        ON_INDEX_ASSIGNED,
        ON_VALIDITY_DECLARED,
        ON_REQUEST_RECEIVED,
        ON_REQUEST_NUMBER,
        ON_MINUTES_ISSUED,
        ON_MINUTES_CORRECTED,
        ON_TASK_OPENED,
        ON_TASK_CLOSED,
        ON_PUBLISHED,
        ON_PUBLISHED_BY_UNIT,
        ON_RELEASED,
    ),
    due=DUE_ACTIONS,
    routers=(
        entries.router,
        requests.router,
        duties.router,
        answers.cases,
        answers.releases,
        drafts.router,
        catalogues.years,
        catalogues.units,
        open_pages.router,
        pages.root,
        pages.router,
    ),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
