"""What meeting-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from chancery.service import Service
from chancery.web.filing import UPLOADS, files_router
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.api import (
    agenda_items,
    board,
    calendars,
    case_files,
    decisions,
    figures,
    leaves,
    matters,
    meeting_requests,
    minutes,
    printed,
    run_sheets,
    sitting_series,
    sittings,
)
from meeting_svc.deadlines import DEADLINES, MINUTES_RUN_OUT
from meeting_svc.leave.state import LEAVE
from meeting_svc.matter.state import MATTER
from meeting_svc.meeting_year.state import MEETING_YEAR
from meeting_svc.minutes.state import MINUTES
from meeting_svc.projections.decisions import DECISIONS
from meeting_svc.projections.docket import DOCKET
from meeting_svc.projections.matters import MATTERS
from meeting_svc.projections.meeting_requests import MEETING_REQUESTS
from meeting_svc.projections.minutes_due import MINUTES_DUE
from meeting_svc.projections.sittings import SITTINGS
from meeting_svc.reactions.on_agenda_split import ON_AGENDA_SPLIT
from meeting_svc.reactions.on_consulted import ON_CONSENT_DEEMED, ON_CONSULTED
from meeting_svc.reactions.on_decision_filed import ON_DECISION_FILED, ON_ISSUED_DECISION_FILED
from meeting_svc.reactions.on_decision_recorded import ON_DECISION_RECORDED
from meeting_svc.reactions.on_draft_window import ON_DRAFT_OPENED, ON_DRAFT_REPORTED
from meeting_svc.reactions.on_item_added import ON_ITEM_ADDED
from meeting_svc.reactions.on_item_put_off import ON_ITEM_PUT_OFF
from meeting_svc.reactions.on_leave_granted import ON_LEAVE_GRANTED
from meeting_svc.reactions.on_meeting_not_held import ON_MEETING_CANCELLED, ON_MEETING_NOT_APPROVED
from meeting_svc.reactions.on_minutes_issued import ON_MINUTES_ISSUED
from meeting_svc.reactions.on_sitting_called_off import ON_SITTING_CALLED_OFF
from meeting_svc.reactions.on_sitting_convened import ON_SITTING_CONVENED
from meeting_svc.request.state import REQUEST
from meeting_svc.series.state import SERIES
from meeting_svc.sitting.state import SITTING
from meeting_svc.views import pages

SERVICE = Service(
    name="meeting",
    title_zh="会议服务",
    title_en="Meetings",
    port=8102,
    things=(MATTER, AGENDA_ITEM, SERIES, SITTING, LEAVE, REQUEST, MEETING_YEAR, MINUTES),
    projections=(MATTERS, DOCKET, SITTINGS, DECISIONS, MINUTES_DUE, MEETING_REQUESTS, DEADLINES),
    reactions=(
        ON_SITTING_CONVENED,
        ON_ITEM_ADDED,
        ON_ITEM_PUT_OFF,
        ON_LEAVE_GRANTED,
        ON_DECISION_RECORDED,
        ON_DECISION_FILED,
        ON_DRAFT_OPENED,
        ON_DRAFT_REPORTED,
        ON_CONSULTED,
        ON_CONSENT_DEEMED,
        ON_ISSUED_DECISION_FILED,
        ON_SITTING_CALLED_OFF,
        ON_AGENDA_SPLIT,
        ON_MEETING_CANCELLED,
        ON_MINUTES_ISSUED,
        ON_MEETING_NOT_APPROVED,
    ),
    due=(MINUTES_RUN_OUT,),
    routers=(
        matters.router,
        agenda_items.router,
        sitting_series.router,
        sittings.router,
        leaves.router,
        meeting_requests.router,
        minutes.router,
        printed.router,
        run_sheets.router,
        case_files.router,
        calendars.router,
        board.router,
        figures.router,
        decisions.router,
        files_router(),
        pages.router,
    ),
    uploads=(UPLOADS,),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
