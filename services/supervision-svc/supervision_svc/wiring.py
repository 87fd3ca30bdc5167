"""What supervision-svc is: its things, what it hears, what it does about it, and what it answers."""

from pathlib import Path

from chancery.service import Service
from supervision_svc.api import inspections, intake, leaders, ledger, life, more, plans, tasks
from supervision_svc.deadlines import DEADLINES, TASK_DUE, TASK_NOTICE_DUE, TASK_REPORT_DUE
from supervision_svc.handover.hand_over import HANDOVER
from supervision_svc.information.tell import INFORMATION
from supervision_svc.inspected.state import INSPECTED
from supervision_svc.pages import site
from supervision_svc.plan.state import PLAN_THING
from supervision_svc.projections.inspections import INSPECTIONS
from supervision_svc.projections.ledger import LEDGER
from supervision_svc.projections.plans import INFORMATION as TOLD
from supervision_svc.projections.plans import PLANS
from supervision_svc.reactions.on_case_opened import ON_CASE_ANSWERED, ON_CASE_OPENED
from supervision_svc.reactions.on_document_issued import ON_DOCUMENT_ISSUED
from supervision_svc.reactions.on_minutes_corrected import ON_MINUTES_CORRECTED
from supervision_svc.reactions.on_minutes_issued import ON_MINUTES_ISSUED
from supervision_svc.reactions.on_plan_filed import ON_PLAN_FILED
from supervision_svc.reactions.on_published import ON_PUBLISHED
from supervision_svc.reactions.on_work_handed_over import ON_WORK_HANDED_OVER
from supervision_svc.task.state import TASK

SERVICE = Service(
    name="supervision",
    title_zh="督办服务",
    title_en="Supervision",
    port=8104,
    things=(TASK, INSPECTED, PLAN_THING, INFORMATION, HANDOVER),
    projections=(LEDGER, INSPECTIONS, PLANS, TOLD, DEADLINES),
    reactions=(
        ON_MINUTES_ISSUED,
        ON_MINUTES_CORRECTED,
        ON_DOCUMENT_ISSUED,
        ON_PUBLISHED,
        ON_CASE_OPENED,
        ON_CASE_ANSWERED,
        ON_PLAN_FILED,
        ON_WORK_HANDED_OVER,
    ),
    due=(TASK_DUE, TASK_REPORT_DUE, TASK_NOTICE_DUE),
    routers=(
        tasks.router,
        life.router,
        more.router,
        intake.router,
        inspections.router,
        plans.router,
        leaders.router,
        site.router,
        ledger.router,
    ),
    reasons=Path(__file__).with_name("reasons.yaml"),
)
