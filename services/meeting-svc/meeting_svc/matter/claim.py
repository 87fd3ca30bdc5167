"""Claim an exception that the rules allow, with the reason why it holds (说明例外情形)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import ExceptionClaimed, MatterEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import EVERY_TABLE, Claiming, claiming
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import organises_something
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class ClaimException:
    by: PersonId
    asked: Claiming


def claim(command: ClaimException, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By the lead unit, whoever opened the file, or the office. It counts at each row that names it, once that has
    what it needs: the reason written down here, or evidence on the file.

    Raises:
        Refused: the matter has no file, no row names the exception, or it was claimed before; (forbidden) another's
            matter.
    """
    facts = matter.facts
    if facts is None:
        raise Refused(Reason("matter_not_open"))
    own = rules.works_in(command.by, facts.lead_unit)
    if not own and command.by != matter.opened_by and not organises_something(rules, command.by):
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(facts.lead_unit)}), kind="forbidden")
    claimed, under = claiming(command.asked, command.by, rules, matter.claims, EVERY_TABLE)
    standing = rules.own_standing(command.by, facts.lead_unit if own else None)
    return [Told(ExceptionClaimed(matter_id=matter.id, claim=claimed), under, standing)]
