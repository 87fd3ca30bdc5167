"""What a sitting can make of an item. One vocabulary for all bodies; a pack that limits a body says so in its row."""

from enum import StrEnum


class Outcome(StrEnum):
    ADOPTED = "adopted"  # 通过
    ADOPTED_IN_PRINCIPLE = "adopted_in_principle"  # 原则通过
    ADOPTED_AMENDED = "adopted_amended"  # 修改后通过
    DEFERRED = "deferred"  # 缓议
    NOT_ADOPTED = "not_adopted"  # 不通过
    HEARD = "heard"  # 听取
    REFERRED_UP = "referred_up"  # 提请上级审定


DEFERRED = Outcome.DEFERRED.value
ADOPTED = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_IN_PRINCIPLE, Outcome.ADOPTED_AMENDED})
"""Outcomes by which something was decided in favour; only they order a document."""
WITHOUT_DECISION = frozenset({Outcome.DEFERRED, Outcome.HEARD, Outcome.REFERRED_UP})
"""What a body that takes no decisions may still record."""
