"""Evidence that the house has from its own record and gives itself; nobody files it by hand."""

from typing import Final

MEETING_DECISION: Final = "meeting_decision"
"""A sitting decided in favour."""
GIVEN_BY_THE_HOUSE: Final = frozenset({MEETING_DECISION, "secrecy_review", "interpretation"})
"""The decision of a sitting, the review before publication, what was attached to an entry to explain it."""
