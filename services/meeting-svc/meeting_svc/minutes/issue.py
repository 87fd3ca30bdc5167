"""Issue signed minutes (印发): from here others act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.meeting import MinutesEvent, MinutesIssued
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.minutes.state import Minutes, Stage
from meeting_svc.minutes.way import signed_by_somebody


@dataclass(frozen=True, slots=True)
class Issue:
    by: PersonId
    at: datetime


def issue(command: Issue, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """The office sends them out. Where the rules say of such minutes by nobody that he signs them, none is waited for.

    Raises:
        Refused: the minutes are not drafted, not signed or issued already; or not the office acts.
    """
    if minutes.draft is None:
        raise Refused(Reason("minutes_not_drafted"))
    if minutes.stage is Stage.ISSUED:
        raise Refused(Reason("minutes_issued_already"))
    drafted = minutes.draft
    office = clerk(rules, drafted.body, command.by)
    if minutes.stage is not Stage.SIGNED and signed_by_somebody(rules, drafted):
        raise Refused(Reason("not_signed"))
    issued = MinutesIssued(
        minutes_id=minutes.id,
        sitting_id=drafted.sitting_id,
        body=drafted.body,
        series=drafted.series,
        number=drafted.number,
        sitting_on=drafted.sitting_on,
        closed_at=drafted.closed_at,
        decisions=minutes.decisions,
        issued_at=command.at,
        issued_on=local_day(command.at),
    )
    return [Told(issued, (office.ruling,), office.standing)]
