"""Send a unit the extract of issued minutes on one item (纪要摘录)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chancery.events.meeting import ExtractSent, MinutesDrafted, MinutesEvent
from chancery.events.parts import Decision
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.tables import NOTICES
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.minutes.state import Minutes, Stage

ON_ISSUE: Final = "minutes_issued"
"""What a row of notices names where the units concerned get their extracts as minutes are issued."""


@dataclass(frozen=True, slots=True)
class Extract:
    """``no`` is the item's number, ``to`` none: every unit that its decision names."""

    by: PersonId
    at: datetime
    no: int
    to: tuple[str, ...] = ()


def extract(command: Extract, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """By the office, to the units concerned and no others; sent again only where the item was corrected since.

    Raises:
        Refused: not issued, no such item, a unit the decision does not name; (forbidden) not the office.
    """
    drafted = minutes.draft
    if drafted is None or minutes.stage is not Stage.ISSUED:
        raise Refused(Reason("minutes_not_issued"))
    office = clerk(rules, drafted.body, command.by)
    decision = next((one for one in minutes.decisions if one.no == command.no), None)
    if decision is None:
        raise Refused(Reason("no_such_decision", params={"no": command.no}, subject="no"))
    concerned = _concerned(decision)
    strangers = [unit for unit in command.to if unit not in concerned]
    if strangers:
        params = [{"unit": rules.titled(unit), "title": decision.title} for unit in strangers]
        raise Refused(*(Reason("not_concerned", params=one, subject="to") for one in params))
    sent = _sent(minutes, drafted, decision, command.to or tuple(concerned), command.at)
    return [Told(one, (office.ruling,), office.standing) for one in sent]


@dataclass(frozen=True, slots=True)
class ExtractOnIssue:
    at: datetime


def extract_on_issue(command: ExtractOnIssue, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """By the house, every item to every unit that its decision names, where a row of notices says so; else quiet."""
    drafted = minutes.draft
    if drafted is None or minutes.stage is not Stage.ISSUED:
        return []
    notice = rules.ask(NOTICES, on=ON_ISSUE, body=drafted.body)
    if not notice.regulated:
        return []
    return [
        Told(one, (notice,))
        for decision in minutes.decisions
        for one in _sent(minutes, drafted, decision, tuple(_concerned(decision)), command.at)
    ]


def _concerned(decision: Decision) -> dict[str, None]:
    return dict.fromkeys((*((decision.lead,) if decision.lead else ()), *decision.cooperating))


def _sent(
    minutes: Minutes, drafted: MinutesDrafted, decision: Decision, units: Sequence[str], at: datetime
) -> list[ExtractSent]:
    """One to each unit that does not have it as it stands."""
    have = {(one.to, one.decision) for one in minutes.extracts}
    return [
        ExtractSent(minutes_id=minutes.id, sitting_id=drafted.sitting_id, to=unit, decision=decision, sent_at=at)
        for unit in units
        if (unit, decision) not in have
    ]
