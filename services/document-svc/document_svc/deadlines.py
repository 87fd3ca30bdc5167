"""The clocks of documents, and what is done when one runs out: until the issue, and for each unit asked its answer."""

from collections.abc import Sequence
from typing import Any

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.envelope import Recorded
from chancery.events.document import (
    ConsentDeemed,
    ConsultationExtended,
    ConsultationOverdue,
    ConsultationReplied,
    ConsultationSent,
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
from document_svc.consultation.asking import REPLY_CLOCK
from document_svc.consultation.run_out import SilenceRunOut, reply_key, silence_run_out
from document_svc.document.draft import ISSUE_CLOCK
from document_svc.document.run_out import RunOut, run_out
from document_svc.document.state import DOCUMENT
from document_svc.incoming_deadlines import COME_AGAIN, GONE_ROUND, HANDLED

ORDERED_ISSUE = Clocked(
    name=ISSUE_CLOCK,
    starts={DocumentDrafted: lambda event: event.issue_due},
    ends={DocumentIssued: "met", IssueOverdue: "fired", DocumentWithdrawn: "cancelled"},
    moves=dict.fromkeys((IssueClockSuspended, IssueClockResumed, IssueClockExtended), lambda event: event.now),
)


def _of_the_unit(recorded: Recorded[Any]) -> str:
    return reply_key(recorded.event.unit, recorded.event.asks)


REPLY = Clocked(
    name=REPLY_CLOCK,
    starts={ConsultationSent: lambda event: event.due},
    ends={ConsultationReplied: "met", ConsentDeemed: "fired", ConsultationOverdue: "fired"},
    moves={ConsultationExtended: lambda event: event.now},
    key=_of_the_unit,
)
DEADLINES = deadline_projection(ORDERED_ISSUE, REPLY, HANDLED, GONE_ROUND, COME_AGAIN)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(DOCUMENT, run_out, RunOut(deadline.counted), stream=deadline.thing)]


ISSUE_RUN_OUT = DueAction(ISSUE_CLOCK, _fire)


def _silence(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(DOCUMENT, silence_run_out, SilenceRunOut(deadline.id), stream=deadline.thing)]


SILENCE_RUN_OUT = DueAction(REPLY_CLOCK, _silence)
