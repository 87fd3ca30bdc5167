"""The clock that runs until an ordered document is issued, and what is done when it runs out."""

from collections.abc import Sequence

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.document import (
    DocumentDrafted,
    DocumentIssued,
    DocumentWithdrawn,
    IssueClockExtended,
    IssueClockResumed,
    IssueClockSuspended,
    IssueOverdue,
)
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from document_svc.document.draft import ISSUE_CLOCK
from document_svc.document.run_out import RunOut, run_out
from document_svc.document.state import DOCUMENT

ORDERED_ISSUE = Clocked(
    name=ISSUE_CLOCK,
    starts={DocumentDrafted: lambda event: event.issue_due},
    ends={DocumentIssued: "met", IssueOverdue: "fired", DocumentWithdrawn: "cancelled"},
    moves=dict.fromkeys((IssueClockSuspended, IssueClockResumed, IssueClockExtended), lambda event: event.now),
)
DEADLINES = deadline_projection(ORDERED_ISSUE)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(DOCUMENT, run_out, RunOut(deadline.counted), stream=deadline.thing)]


ISSUE_RUN_OUT = DueAction(ISSUE_CLOCK, _fire)
