"""Say that a published document no longer holds, or holds after all (有效性), with links both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.disclosure import EntryEvent, EntryLinked, ValidityDeclared
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import by_the_office, not_withdrawn
from disclosure_svc.entry.state import Entry, Stage

Validity = Literal["in_force", "superseded", "repealed"]
Relation = Literal["supersedes", "repeals", "none"]


@dataclass(frozen=True, slots=True)
class ChangeValidity:
    """``by_entry`` is the entry of the document that did it; ``by_public`` whether that one is public."""

    by: PersonId
    validity: Validity
    from_on: date
    reason: str
    by_entry: UUID | None = None
    by_public: bool = False


def change_validity(command: ChangeValidity, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """By the office, on the day it begins or later. What supersedes has an entry; what repeals may have one.

    Raises:
        Refused: not public, nothing changes, the day lies ahead, or the other document is missing, the same one, or
            not public; (forbidden) not of the office.
    """
    prepared = not_withdrawn(entry)
    by_the_office(rules, command.by)
    was = entry.validity
    lacking: list[Reason] = []
    if entry.stage is not Stage.PUBLISHED:
        lacking.append(Reason("not_public_yet"))
    if command.validity == (was.validity if was else "in_force") and command.by_entry == (
        was.by_entry if was else None
    ):
        lacking.append(Reason("validity_as_before", subject="validity"))
    if command.from_on > local_day(rules.at):
        lacking.append(Reason("validity_day_ahead", subject="from_on"))
    if (command.validity == "superseded") > (command.by_entry is not None):
        lacking.append(Reason("superseded_by_nothing", subject="by_entry"))
    if command.by_entry is not None and (
        command.validity == "in_force" or command.by_entry == entry.id or not command.by_public
    ):
        lacking.append(Reason("not_the_other_document", subject="by_entry"))
    if lacking:
        raise Refused(*lacking)
    told = ValidityDeclared(
        entry_id=entry.id,
        matter_id=prepared.matter_id,
        validity=command.validity,
        from_on=command.from_on,
        reason=command.reason,
        by_entry=command.by_entry,
        was_by=was.by_entry if was else None,
        changed_by=command.by,
    )
    return [Told(told)]


@dataclass(frozen=True, slots=True)
class Link:
    other: UUID
    relation: Relation


def link(command: Link, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """The way back: the newer entry carries what its document did to the older."""
    del rules
    if entry.stage is Stage.NOT_SEEN or entry.links.get(command.other, "none") == command.relation:
        return []
    return [Told(EntryLinked(entry_id=entry.id, other=command.other, relation=command.relation))]
