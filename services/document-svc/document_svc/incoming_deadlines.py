"""The clocks of documents that came in: handled, gone round, come again; and what is done when one runs out."""

from collections.abc import Sequence
from typing import Final

from chancery.deadlines import Clocked, RunningDeadline
from chancery.events.incoming import (
    CirculationEnded,
    CirculationOverdue,
    HandlingExplained,
    HandlingExtended,
    HandlingFinished,
    HandlingOverdue,
    HandlingProposed,
    IncomingHandedOver,
    IncomingPassedOn,
    IncomingResubmitted,
    IncomingReturned,
    ResubmissionOverdue,
)
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from document_svc.circulation.propose import GOES_ROUND
from document_svc.circulation.steps import CirculationRunOut, circulation_run_out
from document_svc.handling.verbs import HANDLING, HandlingRunOut, handling_run_out
from document_svc.incoming.settle import AGAIN, AgainRunOut, again_run_out
from document_svc.incoming.state import INCOMING

HANDLED: Final = Clocked(
    name=HANDLING,
    starts={IncomingHandedOver: lambda event: event.due},
    ends={HandlingFinished: "met", HandlingOverdue: "fired"},
    moves={HandlingExplained: lambda event: event.now, HandlingExtended: lambda event: event.now},
)
GONE_ROUND: Final = Clocked(
    name=GOES_ROUND,
    starts={HandlingProposed: lambda event: event.read_by},
    ends={CirculationEnded: "met", CirculationOverdue: "fired", IncomingPassedOn: "cancelled"},
)
COME_AGAIN: Final = Clocked(
    name=AGAIN,
    starts={IncomingReturned: lambda event: event.again_due},
    ends={IncomingResubmitted: "met", ResubmissionOverdue: "fired"},
)


def _handling(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(INCOMING, handling_run_out, HandlingRunOut(deadline.id), stream=deadline.thing)]


def _circulation(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(INCOMING, circulation_run_out, CirculationRunOut(deadline.id), stream=deadline.thing)]


def _again(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(INCOMING, again_run_out, AgainRunOut(deadline.id), stream=deadline.thing)]


HANDLING_RUN_OUT: Final = DueAction(HANDLING, _handling)
CIRCULATION_RUN_OUT: Final = DueAction(GOES_ROUND, _circulation)
AGAIN_RUN_OUT: Final = DueAction(AGAIN, _again)
