"""Ids, each a type of its own, and the rights in which people act."""

from enum import StrEnum
from typing import NewType

TenantId = NewType("TenantId", str)
PersonId = NewType("PersonId", str)
PostId = NewType("PostId", str)
UnitId = NewType("UnitId", str)
BodyId = NewType("BodyId", str)


class Capacity(StrEnum):
    """In what right somebody acted."""

    OWN = "own"  # the post is his
    ACTING = "acting"  # he acts for the absent holder
    ENTRUSTED = "entrusted"  # this matter was given to him
    SYSTEM = "system"  # a reaction or a deadline, nobody's hand
