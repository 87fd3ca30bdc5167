"""Send a unit the extract of issued minutes on one item (纪要摘录)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.meeting import ExtractSent, MinutesEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.minutes.state import Minutes, Stage


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
    concerned = dict.fromkeys((*((decision.lead,) if decision.lead else ()), *decision.cooperating))
    strangers = [unit for unit in command.to if unit not in concerned]
    if strangers:
        params = [{"unit": rules.titled(unit), "title": decision.title} for unit in strangers]
        raise Refused(*(Reason("not_concerned", params=one, subject="to") for one in params))
    have = {(one.to, one.decision) for one in minutes.extracts}
    return [
        Told(
            ExtractSent(
                minutes_id=minutes.id,
                sitting_id=drafted.sitting_id,
                to=unit,
                decision=decision,
                sent_at=command.at,
            ),
            (office.ruling,),
            office.standing,
        )
        for unit in (command.to or concerned)
        if (unit, decision) not in have
    ]
