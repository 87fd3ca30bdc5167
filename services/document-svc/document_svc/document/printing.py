"""The printing list of an issued document, and who signed for its copies (印发分送、签收)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.envelope import Standing
from chancery.events.document import DocumentEvent
from chancery.events.outgoing import Addressee, CopiesReceived, PrintingListSet
from chancery.events.parts import Proof
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import of_unit_or_office, registrar
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class SetPrintingList:
    by: PersonId
    entries: tuple[Addressee, ...]
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Receive:
    """``name`` is an addressee as the list has it; ``proof`` what shows it, where it is outside."""

    by: PersonId
    at: datetime
    name: str
    copies: int
    proof: Proof | None = None


def set_printing_list(command: SetPrintingList, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the office, once the document is signed, so that it can be printed; set anew, the last one counts.

    Raises:
        Refused: no draft, not signed, given up, an addressee twice, an unknown unit, or one left out that signed for
            copies; (forbidden) not the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = registrar(rules, command.by)
    lacking: list[Reason] = []
    if document.stage is Stage.WITHDRAWN:
        lacking.append(Reason("document_withdrawn"))
    elif document.signed_on is None:
        lacking.append(Reason("needs_signature"))
    names = [one.name for one in command.entries]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    lacking += [Reason("addressee_twice", params={"name": name}, subject="entries") for name in twice]
    lacking += [
        Reason("unknown_unit", params={"unit": one.unit}, subject="entries")
        for one in command.entries
        if one.unit is not None and one.unit not in rules.roster.units
    ]
    gone = dict.fromkeys(one.name for one in document.received if one.name not in names)
    lacking += [Reason("addressee_signed_for", params={"name": name}, subject="entries") for name in gone]
    if lacking:
        raise Refused(*lacking)
    total = sum(one.copies for one in command.entries) + command.kept
    listed = PrintingListSet(
        document_id=document.id, entries=command.entries, kept=command.kept, total=total, set_by=command.by
    )
    return [] if listed == document.printing else [Told(listed, standing=hand)]


def receive(command: Receive, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By somebody of the unit; for one outside the office enters it, with what shows it. Once each.

    Raises:
        Refused: not issued, no list, no such addressee, signed for already, more copies than it gets, or nothing
            shows it; (forbidden) another unit's.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    listed = document.printing
    entry = next((one for one in listed.entries if one.name == command.name), None) if listed else None
    standing = _hand(rules, entry, command.by)
    lacking: list[Reason] = []
    if document.stage is not Stage.ISSUED:
        lacking.append(Reason("document_not_issued"))
    if listed is None:
        lacking.append(Reason("needs_printing_list"))
    elif entry is None:
        lacking.append(Reason("no_such_addressee", params={"name": command.name}, subject="name"))
    else:
        if command.copies > entry.copies:
            lacking.append(Reason("more_copies_than_sent", params={"copies": entry.copies}, subject="copies"))
        if entry.unit is None and command.proof is None:
            lacking.append(Reason("receipt_needs_proof", subject="proof"))
    if any(one.name == command.name for one in document.received):
        lacking.append(Reason("received_already", params={"name": command.name}, subject="name"))
    if lacking:
        raise Refused(*lacking)
    received = CopiesReceived(
        document_id=document.id,
        name=command.name,
        unit=entry.unit if entry else None,
        copies=command.copies,
        received_at=command.at,
        entered_by=command.by,
        proof=command.proof,
    )
    return [Told(received, standing=standing)]


def _hand(rules: Rules, entry: Addressee | None, person: PersonId) -> Standing:
    if entry is None or entry.unit is None:
        return registrar(rules, person)
    return of_unit_or_office(rules, entry.unit, person)
