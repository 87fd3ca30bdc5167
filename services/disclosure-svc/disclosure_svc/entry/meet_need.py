"""Bring something else that the rules want before publication (补齐公开要件)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryEvent, NeedMet
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import in_hand, of_office_or_lead
from disclosure_svc.entry.needs import INTERPRETATION, SECRECY_REVIEW, standing_of
from disclosure_svc.entry.state import Entry


@dataclass(frozen=True, slots=True)
class MeetNeed:
    """``reference`` is the number or title under which what was brought can be found."""

    by: PersonId
    need: str
    reference: str


def meet_need(command: MeetNeed, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """The secrecy review and the interpretation have verbs of their own.

    Raises:
        Refused: nothing asks for it, or another verb brings it; (forbidden) of neither the office nor the lead unit.
    """
    prepared = in_hand(entry)
    of_office_or_lead(rules, command.by, prepared)
    if command.need in entry.met:
        return []
    asked = {reason.code for reason in standing_of(entry, prepared, rules).missing}
    if command.need in (SECRECY_REVIEW, INTERPRETATION) or f"needs_{command.need}" not in asked:
        raise Refused(Reason("not_needed", params={"need": rules.titled(command.need)}, subject="need"))
    met = NeedMet(entry_id=entry.id, need=command.need, reference=command.reference, met_by=command.by)
    return [Told(met)]
