"""What is common to acts on an entry: it is there, and not published yet."""

from chancery.events.disclosure import EntryPrepared
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from disclosure_svc.entry.state import Entry, Stage


def in_hand(entry: Entry) -> EntryPrepared:
    """The entry as prepared.

    Raises:
        Refused: there is none, or it is published already.
    """
    if entry.prepared is None:
        raise not_found("catalogue_entry")
    if entry.stage is Stage.PUBLISHED:
        raise Refused(Reason("published_already"))
    if entry.stage is Stage.WITHDRAWN:
        raise Refused(Reason("entry_withdrawn"))
    return entry.prepared


def not_withdrawn(entry: Entry) -> EntryPrepared:
    """The entry as prepared, public or not.

    Raises:
        Refused: there is none, or it was withdrawn.
    """
    if entry.prepared is None:
        raise not_found("catalogue_entry")
    if entry.stage is Stage.WITHDRAWN:
        raise Refused(Reason("entry_withdrawn"))
    return entry.prepared


def by_the_office(rules: Rules, person: str) -> None:
    """What touches the public is done by the office.

    Raises:
        Refused: (forbidden) somebody else.
    """
    if not of_office(rules, person):
        raise Refused(Reason("not_of_the_office"), kind="forbidden")


def of_office_or_lead(rules: Rules, person: str, prepared: EntryPrepared) -> None:
    """Only the office, or the unit the document came from, handles its entry.

    Raises:
        Refused: (forbidden) somebody else.
    """
    if rules.works_in(person, prepared.lead_unit) or of_office(rules, person):
        return
    unit = rules.titled(prepared.lead_unit)
    raise Refused(Reason("not_of_office_or_lead", params={"unit": unit}), kind="forbidden")


def of_office(rules: Rules, person: str) -> bool:
    """Whether somebody belongs to a unit that organises a body of this government."""
    bodies = (rules.body(word) for word in rules.pack.vocabulary("bodies"))
    return any(body is not None and rules.is_one_of(person, [body.organiser]) for body in bodies)
