"""What is common to acts on a request: the office acts, on one that is still open."""

from chancery.events.disclosure import RequestReceived
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from disclosure_svc.days import BY_HAND
from disclosure_svc.entry.handling import by_the_office
from disclosure_svc.request.state import Request, Stage

ANSWER = "request_answer"
CORRECTION = "request_correction"
CORRECTING = "request_correcting"
OPINION = "disclosure_opinion"


def of_the_office(request: Request, by: str, rules: Rules) -> RequestReceived:
    """The request as received, whatever became of it.

    Raises:
        Refused: there is none; (forbidden) not of the office.
    """
    if request.received is None:
        raise not_found("disclosure_request")
    by_the_office(rules, by)
    return request.received


def in_hand(request: Request, by: str, rules: Rules, *, correcting: bool = False) -> RequestReceived:
    """The request, still without an answer; ``correcting`` says that one which is being corrected will do.

    Raises:
        Refused: there is none, it is answered or lapsed, a correction is awaited; (forbidden) not of the office.
    """
    received = of_the_office(request, by, rules)
    if request.stage is Stage.ANSWERED:
        raise Refused(Reason("request_answered_already"))
    if request.stage is Stage.LAPSED:
        raise Refused(Reason("request_lapsed"))
    if request.stage is Stage.CORRECTING and not correcting:
        raise Refused(Reason("correction_awaited"))
    return received


def runs(request: Request, rules: Rules) -> bool:
    """Whether the clock of the answer runs and can stand still: a day that the office set itself it sets anew."""
    due = request.due
    return due is not None and due.rule != BY_HAND and not request.overdue and rules.at < due.due_at
