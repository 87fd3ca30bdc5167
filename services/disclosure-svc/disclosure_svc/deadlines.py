"""The days of an entry (to be public, to be looked at again) and of a request (corrected, commented on, answered)."""

from collections.abc import Sequence

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.disclosure import (
    AnswerClockResumed,
    AnswerClockSuspended,
    AnswerDaySet,
    AnswerExtended,
    AnswerOverdue,
    CorrectionAsked,
    EntryPrepared,
    OpinionAsked,
    OpinionHeard,
    OpinionSilent,
    PublicationOverdue,
    Published,
    Reassessed,
    ReassessmentOverdue,
    ReassessmentSet,
    RequestAnswered,
    RequestCorrected,
    RequestLapsed,
    RequestReceived,
)
from chancery.events.openness import (
    CaseAnswered,
    CaseClosed,
    CaseOpened,
    CaseOverdue,
    DecisionCatalogueDaySet,
    DecisionCatalogueOverdue,
    DecisionCataloguePublished,
    DraftClosed,
    DraftOpened,
    DutyCovered,
    DutyOpened,
    DutyOverdue,
    DutyPublished,
    DutyWithheld,
)
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from disclosure_svc.decision_year.state import YEAR
from disclosure_svc.decision_year.verbs import DUE as CATALOGUE_DUE
from disclosure_svc.decision_year.verbs import CatalogueRunOut, catalogue_run_out
from disclosure_svc.draft.state import DRAFT
from disclosure_svc.draft.window import DUE as DRAFT_DUE
from disclosure_svc.draft.window import DraftRunOut, draft_run_out
from disclosure_svc.duty.asking import DUE as DUTY_DUE
from disclosure_svc.duty.close import DutyRunOut, duty_run_out
from disclosure_svc.duty.state import DUTY
from disclosure_svc.entry.opening import DUE
from disclosure_svc.entry.reassess import REASSESSMENT, LookRunOut, look_run_out
from disclosure_svc.entry.run_out import RunOut, run_out
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.opinion_case.state import CASE
from disclosure_svc.opinion_case.verbs import DUE as CASE_DUE
from disclosure_svc.opinion_case.verbs import CaseRunOut, case_run_out
from disclosure_svc.request.answer import AnswerRunOut, answer_run_out
from disclosure_svc.request.consult import OpinionsRunOut, opinions_run_out
from disclosure_svc.request.correct import CorrectionRunOut, correction_run_out
from disclosure_svc.request.handling import ANSWER, CORRECTING, OPINION
from disclosure_svc.request.state import REQUEST

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
    Clocked(
        name=ANSWER,
        starts={
            RequestReceived: lambda event: event.answer_due,
            RequestCorrected: lambda event: event.answer_due,
            AnswerDaySet: lambda event: event.due,
        },
        ends={RequestAnswered: "met", AnswerOverdue: "fired", RequestLapsed: "cancelled"},
        moves=dict.fromkeys((AnswerClockSuspended, AnswerClockResumed, AnswerExtended), lambda event: event.now),
    ),
    Clocked(
        name=CORRECTING,
        starts={CorrectionAsked: lambda event: event.due},
        ends={RequestCorrected: "met", RequestLapsed: "fired"},
    ),
    Clocked(
        name=OPINION,
        starts={OpinionAsked: lambda event: event.due},
        ends={OpinionHeard: "met", OpinionSilent: "fired"},
        key=lambda recorded: str(recorded.event.opinion_id),
    ),
    Clocked(
        name=DUTY_DUE,
        starts={DutyOpened: lambda event: event.due},
        ends={DutyPublished: "met", DutyCovered: "met", DutyWithheld: "cancelled", DutyOverdue: "fired"},
    ),
    Clocked(
        name=CASE_DUE,
        starts={CaseOpened: lambda event: event.due},
        ends={CaseAnswered: "met", CaseClosed: "cancelled", CaseOverdue: "fired"},
    ),
    Clocked(
        name=DRAFT_DUE,
        starts={DraftOpened: lambda event: event.due},
        ends={DraftClosed: "fired"},
    ),
    Clocked(
        name=CATALOGUE_DUE,
        starts={DecisionCatalogueDaySet: lambda event: event.due},
        ends={DecisionCataloguePublished: "met", DecisionCatalogueOverdue: "fired"},
    ),
)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ENTRY, run_out, RunOut(deadline.counted), stream=deadline.thing)]


def _look(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ENTRY, look_run_out, LookRunOut(deadline.counted), stream=deadline.thing)]


def _answer(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(REQUEST, answer_run_out, AnswerRunOut(deadline.counted), stream=deadline.thing)]


def _correcting(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(REQUEST, correction_run_out, CorrectionRunOut(deadline.counted), stream=deadline.thing)]


def _opinion(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(REQUEST, opinions_run_out, OpinionsRunOut(deadline.counted.due_at), stream=deadline.thing)]


def _duty(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(DUTY, duty_run_out, DutyRunOut(deadline.counted), stream=deadline.thing)]


def _case(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(CASE, case_run_out, CaseRunOut(deadline.counted), stream=deadline.thing)]


def _draft(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(DRAFT, draft_run_out, DraftRunOut(deadline.counted), stream=deadline.thing)]


def _catalogue(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(YEAR, catalogue_run_out, CatalogueRunOut(deadline.counted), stream=deadline.thing)]


PUBLICATION_DUE = DueAction(DUE, _fire)
REASSESSMENT_DUE = DueAction(REASSESSMENT, _look)
ANSWER_DUE = DueAction(ANSWER, _answer)
CORRECTION_DUE = DueAction(CORRECTING, _correcting)
OPINION_DUE = DueAction(OPINION, _opinion)
DUE_ACTIONS = (
    PUBLICATION_DUE,
    REASSESSMENT_DUE,
    ANSWER_DUE,
    CORRECTION_DUE,
    OPINION_DUE,
    DueAction(DUTY_DUE, _duty),
    DueAction(CASE_DUE, _case),
    DueAction(DRAFT_DUE, _draft),
    DueAction(CATALOGUE_DUE, _catalogue),
)
