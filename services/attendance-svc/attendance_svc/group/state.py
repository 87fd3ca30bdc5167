"""How a group was made up, from when on."""

from dataclasses import dataclass, replace
from uuid import UUID

from chancery.events.attendance import GroupFormed
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Group:
    id: UUID
    formed: tuple[GroupFormed, ...] = ()


def evolve(group: Group, event: GroupFormed) -> Group:
    return replace(group, formed=(*group.formed, event))


GROUP: Thing[Group, GroupFormed] = Thing("group", Group, evolve, (GroupFormed,))
