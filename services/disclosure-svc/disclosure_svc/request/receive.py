"""Take a request in (登记): when it counts as received depends on the way it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.disclosure import (
    AnswerDaySet,
    ApplicantKind,
    Channel,
    RequestEvent,
    RequestNumbered,
    RequestReceived,
)
from chancery.events.parts import Counted, utc
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from disclosure_svc.days import set_by_hand
from disclosure_svc.entry.handling import by_the_office
from disclosure_svc.request.handling import ANSWER, CORRECTION, in_hand
from disclosure_svc.request.state import Request, Stage

STARTS: Final[Mapping[Channel, Literal["handed_in", "signed_for", "confirmed"]]] = {
    "in_person": "handed_in",
    "oral": "handed_in",
    "registered_mail": "signed_for",
    "ordinary_mail": "confirmed",
    "fax": "confirmed",
    "online": "confirmed",
}
"""When a request counts as received: as it is handed in (or written down by the office), as it is signed for, or as the
office and whoever asks have confirmed it (政府信息公开条例 31)."""


@dataclass(frozen=True, slots=True)
class Receive:
    """``reached_at`` is when it came; ``confirmed_at`` when both sides confirmed it, where the channel wants that."""

    by: PersonId
    matter_id: UUID
    applicant: str
    applicant_kind: ApplicantKind
    contact: str
    wanted: str
    channel: Channel
    reached_at: datetime
    confirmed_at: datetime | None = None
    form_wanted: str | None = None


@dataclass(frozen=True, slots=True)
class CarryNumber:
    number: str


@dataclass(frozen=True, slots=True)
class SetAnswerDay:
    by: PersonId
    due_on: date


def receive(command: Receive, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """By the office. Where no rule has a number, no clock runs until the office sets a day.

    Raises:
        Refused: taken in already, in the future, not confirmed where the channel wants that, or confirmed before it
            came; (forbidden) not of the office.
    """
    by_the_office(rules, command.by)
    if request.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("request_received_already"))
    start = command.reached_at
    if STARTS[command.channel] == "confirmed":
        if command.confirmed_at is None:
            raise Refused(Reason("needs_confirmation", subject="confirmed_at"))
        start = command.confirmed_at
    if start < command.reached_at or start > rules.at:
        raise Refused(Reason("received_out_of_order", subject="reached_at"))
    start = utc(start)
    correction, under = clocked(CORRECTION, start, rules)
    answer, more = clocked(ANSWER, start, rules)
    told = RequestReceived(
        request_id=request.id,
        matter_id=command.matter_id,
        applicant=command.applicant,
        applicant_kind=command.applicant_kind,
        contact=command.contact,
        wanted=command.wanted,
        form_wanted=command.form_wanted,
        channel=command.channel,
        reached_at=utc(command.reached_at),
        starts_at=start,
        received_by=command.by,
        correction_due=correction,
        answer_due=answer,
    )
    return [Told(told, (*under, *more))]


def clocked(
    name: str, starts_at: datetime, rules: Rules, role: str | None = None
) -> tuple[Counted | None, tuple[AnyRuling, ...]]:
    """The clock of a name and the rows it rests on; nothing where the rules are silent."""
    ruling, count = rules.clock(name, starts_at, role=role)
    if count is None:
        return None, ()
    return rules.counted(name, ruling, count), (ruling,)


def carry_number(command: CarryNumber, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """A number is never changed once it is given."""
    del rules
    if request.stage is Stage.NOT_SEEN or request.number is not None:
        return []
    return [Told(RequestNumbered(request_id=request.id, number=command.number))]


def set_answer_day(command: SetAnswerDay, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """By the office, where the rules have no number; a day it set before is replaced.

    Raises:
        Refused: the rules set the day, or it has passed; (forbidden) not of the office.
    """
    in_hand(request, command.by, rules)
    if request.due is not None and request.due.set_to is None:
        raise Refused(Reason("the_rules_set_the_day", params={"due_on": request.due.due_on.isoformat()}))
    if command.due_on < local_day(rules.at):
        raise Refused(Reason("day_has_passed", subject="due_on"))
    due = set_by_hand(ANSWER, command.due_on, rules.at, rules)
    return [Told(AnswerDaySet(request_id=request.id, due=due, set_by=command.by))]
