"""A case of public opinion, an emergency or a message was taken in: it is followed up, and its answer is reported."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.openness import CaseAnswered, CaseOpened
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES
from chancery.service import Order, Reaction, derived
from supervision_svc.task.enter import Enter, Said, enter
from supervision_svc.task.report import Report, report
from supervision_svc.task.state import TASK


def opened(recorded: Recorded[CaseOpened], rules: Rules) -> Sequence[Order]:
    """Where the rules make a task of what such a case is about; with its channel, so that the clock is the same."""
    case = recorded.event
    if rules.known("task_sources", case.about) is None or not rules.ask(TASK_SOURCES, source=case.about).regulated:
        return []
    said = Said(
        source=case.about,
        title=case.title,
        text=case.text,
        received_at=case.opened_at,
        lead=case.unit,
        reference=str(case.case_id),
        channel=case.channel,
        simple=case.simple,
        outside_id=f"disclosure:{case.case_id}",
    )
    command = Enter(PersonId(case.opened_by), case.opened_at, case.matter_id, said)
    return [Order(TASK, enter, command, stream=derived(case.case_id, "task"), matter=case.matter_id)]


def answered(recorded: Recorded[CaseAnswered], rules: Rules) -> Sequence[Order]:
    """The answer is the report of its task; whoever watches over it closes it."""
    del rules
    told = recorded.event
    command = Report(PersonId(told.answered_by), told.answered_at, told.text[:2_000], done=True)
    return [Order(TASK, report, command, stream=derived(told.case_id, "task"), matter=told.matter_id)]


ON_CASE_OPENED = Reaction("enter_case", "disclosure", CaseOpened, opened)
ON_CASE_ANSWERED = Reaction("report_answer", "disclosure", CaseAnswered, answered)
