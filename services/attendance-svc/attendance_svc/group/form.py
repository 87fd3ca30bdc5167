"""Form a group, or say who belongs to it from a day on (明确群组)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.group.state import Group
from attendance_svc.keepers import keeper
from chancery.events.attendance import GroupFormed
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class FormGroup:
    by: PersonId | None
    formed: tuple[GroupFormed, ...]


def form_group(command: FormGroup, group: Group, rules: Rules) -> Sequence[Told[GroupFormed]]:
    """The membership replaces the earlier one from its day on; the earlier stays answerable. Known already: not told.

    Raises:
        Refused: members nobody registered, or a name that the rules have given to a group or post, every one at once.
    """
    keeper(rules, command.by)
    reasons = [reason for one in command.formed for reason in unfit(one, rules)]
    if reasons:
        raise Refused(*reasons)
    return [Told(one) for one in command.formed if not any(_same(one, held) for held in group.formed)]


def unfit(formed: GroupFormed, rules: Rules) -> Sequence[Reason]:
    """Everything wrong with a group."""
    taken = any(rules.pack.term(vocabulary, formed.group_id) is not None for vocabulary in ("groups", "posts"))
    reasons = [Reason("group_of_the_rules", params={"group": formed.group_id}, subject="group_id")] if taken else []
    return reasons + [
        Reason("unknown_person", params={"person": person}, subject="members")
        for person in formed.members
        if person not in rules.roster.persons
    ]


def _same(one: GroupFormed, held: GroupFormed) -> bool:
    """The same name and people from the same day, in whatever order."""
    whole = (one.name_zh, one.name_en, one.starts_on, set(one.members))
    return whole == (held.name_zh, held.name_en, held.starts_on, set(held.members))
