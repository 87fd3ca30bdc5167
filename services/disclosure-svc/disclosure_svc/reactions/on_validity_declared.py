"""A document's validity changed: the entry of the document that did it carries the link back."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.disclosure import ValidityDeclared
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from disclosure_svc.entry.change_validity import Link, Relation, link
from disclosure_svc.entry.state import ENTRY


def react(recorded: Recorded[ValidityDeclared], rules: Rules) -> Sequence[Order]:
    """The document named before, if it is another, no longer does it."""
    del rules
    changed = recorded.event
    orders: list[Order] = []
    if changed.was_by is not None and changed.was_by != changed.by_entry:
        orders.append(Order(ENTRY, link, Link(changed.entry_id, "none"), stream=changed.was_by))
    if changed.by_entry is not None:
        relation: Relation = "supersedes" if changed.validity == "superseded" else "repeals"
        orders.append(Order(ENTRY, link, Link(changed.entry_id, relation), stream=changed.by_entry))
    return orders


ON_VALIDITY_DECLARED = Reaction("link_back", "disclosure", ValidityDeclared, react)
