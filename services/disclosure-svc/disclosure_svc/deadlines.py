"""The days of an entry: by which it is to be public, by which what is withheld is looked at again."""

from collections.abc import Sequence

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.disclosure import (
    EntryPrepared,
    PublicationOverdue,
    Published,
    Reassessed,
    ReassessmentOverdue,
    ReassessmentSet,
)
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from disclosure_svc.entry.opening import DUE
from disclosure_svc.entry.reassess import REASSESSMENT, LookRunOut, look_run_out
from disclosure_svc.entry.run_out import RunOut, run_out
from disclosure_svc.entry.state import ENTRY

DEADLINES = deadline_projection(
    Clocked(
        name=DUE,
        starts={EntryPrepared: lambda event: event.due, Reassessed: lambda event: event.due},
        ends={Published: "met", PublicationOverdue: "fired"},
    ),
    Clocked(
        name=REASSESSMENT,
        starts={ReassessmentSet: lambda event: event.due, Reassessed: lambda event: event.next_due},
        ends={Reassessed: "met", ReassessmentOverdue: "fired"},
    ),
)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ENTRY, run_out, RunOut(deadline.counted), stream=deadline.thing)]


def _look(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ENTRY, look_run_out, LookRunOut(deadline.counted), stream=deadline.thing)]


PUBLICATION_DUE = DueAction(DUE, _fire)
REASSESSMENT_DUE = DueAction(REASSESSMENT, _look)
