"""Say for which leader an office deputy works, or until when he did (对口联系)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import AssistantPaired
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Pair:
    by: PersonId | None
    paired: AssistantPaired


def pair(command: Pair, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """Of one pairing what is said last holds; several leaders may have the same assistant. Known already: not told.

    Raises:
        Refused: a leader nobody registered, himself, or the wrong way round in time, every one at once.
    """
    if person.known is None:
        raise not_found("person")
    keeper(rules, command.by)
    paired = command.paired
    reasons: list[Reason] = []
    if paired.principal_id not in rules.roster.persons:
        reasons.append(Reason("unknown_person", params={"person": paired.principal_id}, subject="principal"))
    if paired.principal_id == paired.assistant_id:
        reasons.append(Reason("pairs_himself", subject="principal"))
    if paired.until is not None and paired.until < paired.starts_on:
        reasons.append(Reason("ends_before_it_starts", subject="until"))
    if reasons:
        raise Refused(*reasons)
    latest = [
        one for one in person.pairings if (one.principal_id, one.starts_on) == (paired.principal_id, paired.starts_on)
    ]
    return [] if latest and latest[-1] == paired else [Told(paired)]
