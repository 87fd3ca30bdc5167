"""What attendance-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from attendance_svc.absence.state import ABSENCE
from attendance_svc.acting.state import ACTING
from attendance_svc.api import absences, engagements, entrustments, roster, roster_files, views
from attendance_svc.calendar_link.state import CALENDAR_LINK
from attendance_svc.deadlines import DEADLINES, DUE
from attendance_svc.engagement.state import ENGAGEMENT
from attendance_svc.entrustment.state import ENTRUSTMENT
from attendance_svc.group.state import GROUP
from attendance_svc.person.state import PERSON
from attendance_svc.projections.absences import ABSENCES
from attendance_svc.projections.calendar_links import CALENDAR_LINKS
from attendance_svc.projections.engagements import ENGAGEMENTS
from attendance_svc.projections.gaps import GAPS
from attendance_svc.projections.mandates import MANDATES
from attendance_svc.reactions.on_absence_extended import ON_ABSENCE_EXTENDED
from attendance_svc.reactions.on_entrustment_ended import ON_ENTRUSTMENT_ENDED
from attendance_svc.reactions.on_return_reported import ON_RETURN_REPORTED
from attendance_svc.research_day.state import RESEARCH_DAY
from attendance_svc.seat.state import SEAT
from attendance_svc.time_away.state import TIME_AWAY
from attendance_svc.unit.state import UNIT
from attendance_svc.views import pages
from chancery.service import Service

SERVICE = Service(
    name="attendance",
    title_zh="在岗服务",
    title_en="Attendance",
    port=8101,
    things=(
        PERSON,
        SEAT,
        UNIT,
        GROUP,
        ENTRUSTMENT,
        TIME_AWAY,
        ABSENCE,
        ACTING,
        ENGAGEMENT,
        RESEARCH_DAY,
        CALENDAR_LINK,
    ),
    projections=(ABSENCES, MANDATES, GAPS, ENGAGEMENTS, CALENDAR_LINKS, DEADLINES),
    reactions=(ON_RETURN_REPORTED, ON_ABSENCE_EXTENDED, ON_ENTRUSTMENT_ENDED),
    due=DUE,
    routers=(
        roster.router,
        roster_files.router,
        absences.router,
        entrustments.entrustments,
        entrustments.actings,
        engagements.engagements,
        engagements.research,
        views.router,
        pages.router,
    ),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
