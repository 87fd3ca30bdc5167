"""The day by which an entry is to be public, and what is done when it passes."""

from collections.abc import Sequence

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.disclosure import EntryPrepared, PublicationOverdue, Published
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from disclosure_svc.entry.prepare import DUE
from disclosure_svc.entry.run_out import RunOut, run_out
from disclosure_svc.entry.state import ENTRY

DEADLINES = deadline_projection(
    Clocked(
        name=DUE,
        starts={EntryPrepared: lambda event: event.due},
        ends={Published: "met", PublicationOverdue: "fired"},
    )
)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ENTRY, run_out, RunOut(deadline.counted), stream=deadline.thing)]


PUBLICATION_DUE = DueAction(DUE, _fire)
