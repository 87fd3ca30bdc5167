"""Ask once what is unclear (补正), take the correction in, or see the request lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chancery.calendar import local_day
from chancery.deadlines import restarted_due
from chancery.events.disclosure import (
    AnswerClockSuspended,
    CorrectionAsked,
    RequestCorrected,
    RequestEvent,
    RequestLapsed,
)
from chancery.events.parts import Counted, utc
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.clocks import row_of, suspending
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.days import set_by_hand
from disclosure_svc.request.handling import CORRECTING, in_hand, runs
from disclosure_svc.request.state import Request, Stage


@dataclass(frozen=True, slots=True)
class AskCorrection:
    """``by_on`` is the sensible day that the office sets for the correction."""

    by: PersonId
    missing: str
    by_on: date


@dataclass(frozen=True, slots=True)
class Correct:
    by: PersonId
    wanted: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionRunOut:
    due: Counted


def ask_correction(command: AskCorrection, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """Once, and within the rules' days; the clock of the answer stands still meanwhile.

    Raises:
        Refused: asked before, too late, the day set has passed, or others are being asked; (forbidden) not the office.
    """
    received = in_hand(request, command.by, rules)
    lacking: list[Reason] = []
    last = received.correction_due
    cites: tuple[Citation, ...] = () if last is None else tuple(row_of(rules, last).citations)
    if request.correction is not None:
        lacking.append(Reason("correction_asked_once", cites))
    if last is not None and rules.at >= rules.again(last).due_at:
        lacking.append(Reason("correction_too_late", cites, {"due_on": last.due_on.isoformat()}))
    if command.by_on < local_day(rules.at):
        lacking.append(Reason("day_has_passed", subject="by_on"))
    if any(one.open for one in request.opinions.values()):
        lacking.append(Reason("opinions_open"))
    if lacking:
        raise Refused(*lacking)
    due = set_by_hand(CORRECTING, command.by_on, rules.at, rules)
    asked = CorrectionAsked(request_id=request.id, missing=command.missing, due=due, asked_by=command.by)
    told: list[Told[RequestEvent]] = [Told(asked, (row_of(rules, last),) if last and cites else ())]
    if request.due is not None and runs(request, rules):
        moved = suspending(rules, request.due, "correction", ran_out=False)
        stands = AnswerClockSuspended(request_id=request.id, cause="correction", was=moved.was, now=moved.now)
        told.append(Told(stands, (moved.under,) if moved.under.regulated else ()))
    return told


def correct(command: Correct, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """What is wanted is said anew, and the answer's time runs from its beginning.

    Raises:
        Refused: nothing was asked, or the moment lies ahead or before the notice; (forbidden) not of the office.
    """
    received = in_hand(request, command.by, rules, correcting=True)
    if request.stage is not Stage.CORRECTING or request.correction is None:
        raise Refused(Reason("no_correction_asked"))
    at = utc(command.corrected_at)
    if at > rules.at or at < request.correction.due.starts_at:
        raise Refused(Reason("received_out_of_order", subject="corrected_at"))
    due = request.due
    if received.answer_due is not None:
        due = restarted_due(rules.again(received.answer_due), rules.calendar, at)
    corrected = RequestCorrected(request_id=request.id, wanted=command.wanted, corrected_at=at, answer_due=due)
    return [Told(corrected, (row_of(rules, due),) if due is not None and due.clauses else ())]


def correction_run_out(command: CorrectionRunOut, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """Nothing came by the day: the request counts as given up."""
    del rules
    if request.stage is not Stage.CORRECTING or request.received is None:
        return []
    return [Told(RequestLapsed(request_id=request.id, matter_id=request.received.matter_id, due=command.due))]
