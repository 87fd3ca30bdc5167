"""What document-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from chancery.service import Service
from document_svc.api import (
    archive,
    bulletins,
    consultations,
    documents,
    files,
    incoming,
    incoming_register,
    outgoing,
    outgoing_register,
    printed,
    reading,
    registers,
    seals,
    volume,
)
from document_svc.bulletin.state import BULLETIN
from document_svc.deadlines import DEADLINES, ISSUE_RUN_OUT, SILENCE_RUN_OUT
from document_svc.document.state import DOCUMENT
from document_svc.incoming.state import INCOMING as INCOMING_DOCUMENT
from document_svc.incoming.state import INCOMING_REGISTER
from document_svc.incoming_deadlines import AGAIN_RUN_OUT, CIRCULATION_RUN_OUT, HANDLING_RUN_OUT
from document_svc.projections.bulletins import BULLETINS
from document_svc.projections.consultations import CONSULTATIONS
from document_svc.projections.documents import DOCUMENTS
from document_svc.projections.heard_excuses import HEARD_EXCUSES
from document_svc.projections.heard_matters import HEARD_MATTERS
from document_svc.projections.incoming import INCOMING, TODOS
from document_svc.projections.registers import REGISTERS
from document_svc.projections.seals import SEAL_USES
from document_svc.reactions.on_incoming import ON_INCOMING_AGAIN, ON_INCOMING_NUMBER, ON_INCOMING_RECEIVED
from document_svc.reactions.on_minutes_corrected import ON_MINUTES_CORRECTED
from document_svc.reactions.on_minutes_issued import ON_MINUTES_ISSUED
from document_svc.reactions.on_number_assigned import ON_NUMBER_ASSIGNED
from document_svc.reactions.on_number_given_up import ON_NUMBER_GIVEN_UP
from document_svc.register.state import REGISTER
from document_svc.seal.state import SEAL_USE
from document_svc.views import outgoing_page, pages

SERVICE = Service(
    name="document",
    title_zh="公文服务",
    title_en="Documents",
    port=8103,
    things=(DOCUMENT, REGISTER, SEAL_USE, BULLETIN, INCOMING_DOCUMENT, INCOMING_REGISTER),
    projections=(DOCUMENTS, CONSULTATIONS, REGISTERS, DEADLINES, SEAL_USES, BULLETINS, INCOMING, TODOS),
    heard={"meeting": (HEARD_MATTERS, HEARD_EXCUSES)},
    reactions=(
        ON_MINUTES_ISSUED,
        ON_MINUTES_CORRECTED,
        ON_NUMBER_ASSIGNED,
        ON_NUMBER_GIVEN_UP,
        ON_INCOMING_RECEIVED,
        ON_INCOMING_NUMBER,
        ON_INCOMING_AGAIN,
    ),
    due=(ISSUE_RUN_OUT, SILENCE_RUN_OUT, HANDLING_RUN_OUT, CIRCULATION_RUN_OUT, AGAIN_RUN_OUT),
    routers=(
        reading.router,
        incoming_register.router,
        incoming.router,
        documents.router,
        outgoing.router,
        outgoing_register.router,
        printed.router,
        archive.router,
        volume.router,
        bulletins.router,
        seals.router,
        consultations.router,
        registers.router,
        files.router,
        pages.router,
        outgoing_page.router,
    ),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
