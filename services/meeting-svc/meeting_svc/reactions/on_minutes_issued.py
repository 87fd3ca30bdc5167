"""Minutes were issued: where the rules say so, each unit concerned gets the extract of its item (纪要摘录)."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MinutesIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.minutes.extract import ExtractOnIssue, extract_on_issue
from meeting_svc.minutes.state import MINUTES


def react(recorded: Recorded[MinutesIssued], rules: Rules) -> Sequence[Order]:
    del rules
    issued = recorded.event
    return [Order(MINUTES, extract_on_issue, ExtractOnIssue(issued.issued_at), stream=issued.minutes_id)]


ON_MINUTES_ISSUED = Reaction("send_extracts", "meeting", MinutesIssued, react)
