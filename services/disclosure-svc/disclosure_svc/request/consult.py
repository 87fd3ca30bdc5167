"""Ask a third party or another maker (征求意见); the clock of the answer stands still until the last has spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chancery.events.disclosure import (
    AnswerClockResumed,
    AnswerClockSuspended,
    OpinionAsked,
    OpinionHeard,
    OpinionSilent,
    RequestEvent,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.clocks import resuming, row_of, suspending
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.request.handling import OPINION, in_hand, runs
from disclosure_svc.request.receive import clocked
from disclosure_svc.request.state import Asked, Request, Stage

Role = Literal["third_party", "co_maker"]


@dataclass(frozen=True, slots=True)
class AskOpinion:
    by: PersonId
    opinion_id: UUID
    role: Role
    whom: str


@dataclass(frozen=True, slots=True)
class HearOpinion:
    by: PersonId
    opinion_id: UUID
    agrees: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OpinionsRunOut:
    at: datetime


def ask_opinion(command: AskOpinion, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """Fifteen working days or whatever the rules say; where they are silent the office waits as long as it chooses.

    Raises:
        Refused: asked already, answered, lapsed, being corrected; (forbidden) not of the office.
    """
    in_hand(request, command.by, rules)
    if command.opinion_id in request.opinions:
        raise Refused(Reason("opinion_asked_already"))
    due, under = clocked(OPINION, rules.at, rules, command.role)
    deemed = due is not None and row_of(rules, due).hits[0].outcome.on_due == "deem_consent"
    asked = OpinionAsked(
        request_id=request.id,
        opinion_id=command.opinion_id,
        role=command.role,
        whom=command.whom,
        asked_at=rules.at,
        asked_by=command.by,
        due=due,
        deemed=deemed,
    )
    told: list[Told[RequestEvent]] = [Told(asked, under)]
    if runs(request, rules) and not any(one.open for one in request.opinions.values()):
        moved = suspending(rules, request.due, "opinion", ran_out=False)
        stands = AnswerClockSuspended(request_id=request.id, cause="opinion", was=moved.was, now=moved.now)
        told.append(Told(stands, (moved.under,) if moved.under.regulated else ()))
    return told


def hear_opinion(command: HearOpinion, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """What came is put down, also late, as long as there is no answer.

    Raises:
        Refused: nobody was asked under that id, or he has spoken already; no agreement without its reasons; (forbidden)
            not of the office.
    """
    in_hand(request, command.by, rules)
    asked = request.opinions.get(command.opinion_id)
    if asked is None:
        raise not_found("opinion")
    if asked.agrees is not None and not asked.silent:
        raise Refused(Reason("opinion_heard_already"))
    if not command.agrees and not command.note:
        raise Refused(Reason("needs_reasons_of_opinion", subject="note"))
    heard = OpinionHeard(
        request_id=request.id,
        opinion_id=command.opinion_id,
        agrees=command.agrees,
        note=command.note,
        heard_by=command.by,
    )
    left = [one for one in _open(request) if one.asked.opinion_id != command.opinion_id]
    return [Told(heard), *(_resumed(request, rules) if asked.open and not left else ())]


def opinions_run_out(command: OpinionsRunOut, request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    """Everybody whose day has come and who said nothing: deemed to consent, or left to the authority's own decision."""
    if request.stage in (Stage.ANSWERED, Stage.LAPSED):
        return []
    told: list[Told[RequestEvent]] = []
    left: list[Asked] = []
    for one in _open(request):
        due = one.asked.due
        if due is None or due.due_at > command.at:
            left.append(one)
            continue
        silent = OpinionSilent(
            request_id=request.id, opinion_id=one.asked.opinion_id, consents=one.asked.deemed, due=due
        )
        told.append(Told(silent, (row_of(rules, due),)))
    return [*told, *(_resumed(request, rules) if told and not left else ())]


def _open(request: Request) -> list[Asked]:
    return [one for one in request.opinions.values() if one.open]


def _resumed(request: Request, rules: Rules) -> Sequence[Told[RequestEvent]]:
    if request.due is None or not any(one.last_on is None for one in request.due.stood):
        return []
    moved = resuming(rules, request.due)
    goes_on = AnswerClockResumed(request_id=request.id, was=moved.was, now=moved.now)
    return [Told(goes_on, (moved.under,) if moved.under.regulated else ())]
