"""Enter a document that came in (收文登记); the register of the year gives it its number."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.incoming import (
    BasisNamed,
    IncomingEvent,
    IncomingNumberAssigned,
    IncomingNumbered,
    IncomingReceived,
    IncomingResubmitted,
    Urgency,
)
from chancery.events.parts import Evidence, PaperRef, utc
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.rules.tables import LOOPS
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.incoming.facts import strange_units, strange_words
from document_svc.incoming.state import Incoming, IncomingRegister, Stage
from document_svc.incoming.turns import settled

COMES_IN: Final = "incoming_paper"
ENTERED: Final = "registered"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered; see ``IncomingReceived`` for each field."""

    sender: str
    title: str
    direction: Literal["upward", "downward", "level"]
    received_at: datetime
    register_of: str = "general"
    matter_id: UUID | None = None
    sender_unit: str | None = None
    origin: str | None = None
    in_name_of: str | None = None
    kind: str | None = None
    number: str | None = None
    to: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    to_persons: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    lead_unit: str | None = None
    units_involved: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    major: bool | None = None
    disagreement: bool | None = None
    nature: str | None = None
    source: str | None = None
    submitted_as: str | None = None
    urgency: Urgency = "none"
    channel: str | None = None
    attribute: Literal["proactive", "on_request", "withheld"] | None = None
    ground: str | None = None
    copies: int = 1
    dated: date | None = None
    wanted_by: datetime | None = None
    fields: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    bases: tuple[BasisNamed, ...] = ()
    papers: tuple[PaperRef, ...] = ()
    content: str | None = None

    @property
    def fingerprint(self) -> str | None:
        """Sender, number and content as one hash; None where one of them is not known."""
        if self.number is None or self.content is None:
            return None
        return fingerprint_of(self.sender, self.number, self.content)


def fingerprint_of(sender: str, number: str, content: str) -> str:
    said = "\n".join(("".join(sender.split()), "".join(number.split()), content))
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Resubmits:
    """What was sent back and comes again: its entry, its matter, and whether it still waits for that."""

    incoming_id: UUID
    matter_id: UUID
    waits: bool


@dataclass(frozen=True, slots=True)
class Receive:
    """``same`` is the number of an entry with the same fingerprint, ``like`` those that are alike.

    ``kept`` says that the store has the bytes of every paper named.
    """

    by: PersonId
    entry: Entry
    same: str | None = None
    like: tuple[UUID, ...] = ()
    resubmits: Resubmits | None = None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class AssignIncomingNumber:
    register_of: str
    year: int
    incoming_id: UUID
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class CarryIncomingNumber:
    assigned: IncomingNumberAssigned


@dataclass(frozen=True, slots=True)
class NoteResubmission:
    again: UUID


def receive(command: Receive, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, whoever is named on the paper; what is wrong with it does not keep it out of the register.

    Raises:
        Refused: entered already, the very same paper has an entry, a word is not the pack's, it lies in the future, the
            one it says it replaces was not sent back; (forbidden) not the office acts.
    """
    entry = command.entry
    standing = registrar(rules, command.by)
    lacking: list[Reason] = []
    if one.stage is not Stage.NOT_SEEN:
        lacking.append(Reason("incoming_received_already"))
    if command.same is not None:
        lacking.append(Reason("incoming_entered_before", params={"entry": command.same}, subject="number"))
    lacking += _strange(rules, entry)
    if entry.received_at > rules.at:
        lacking.append(Reason("received_in_the_future", subject="received_at"))
    if not command.kept:
        lacking.append(Reason("file_missing", subject="papers"))
    again = command.resubmits
    if again is not None and not again.waits:
        lacking.append(Reason("nothing_to_resubmit", subject="resubmits"))
    if lacking:
        raise Refused(*lacking)
    told = IncomingReceived(
        incoming_id=one.id,
        matter_id=again.matter_id if again is not None else entry.matter_id or one.id,
        register_of=entry.register_of,
        sender=entry.sender,
        sender_unit=entry.sender_unit,
        origin=entry.origin,
        in_name_of=entry.in_name_of,
        direction=entry.direction,
        kind=entry.kind,
        number=entry.number,
        title=entry.title,
        to=entry.to,
        addressees=entry.addressees,
        to_persons=entry.to_persons,
        features=entry.features,
        lead_unit=entry.lead_unit,
        units_involved=entry.units_involved,
        subjects=entry.subjects,
        major=entry.major,
        disagreement=entry.disagreement,
        nature=entry.nature,
        source=entry.source,
        submitted_as=entry.submitted_as,
        urgency=entry.urgency,
        channel=entry.channel,
        attribute=entry.attribute,
        ground=entry.ground,
        copies=entry.copies,
        dated=entry.dated,
        wanted_by=utc(entry.wanted_by) if entry.wanted_by is not None else None,
        fields=entry.fields,
        evidence=entry.evidence,
        bases=entry.bases,
        papers=entry.papers,
        content=entry.content,
        like=command.like,
        resubmits=again.incoming_id if again is not None else None,
        received_by=command.by,
        received_at=utc(entry.received_at),
    )
    loop = rules.ask(LOOPS, source=rules.known("task_sources", COMES_IN))
    first = loop.first.outcome.by.get(ENTERED) if loop.first is not None else None
    if first is not None:
        standing = rules.is_one_of(command.by, [first]) or standing
    under: tuple[AnyRuling, ...] = (loop,) if loop.regulated else ()
    return settled([Told(told, under, standing)], one, rules, command.by)


def _strange(rules: Rules, entry: Entry) -> list[Reason]:
    def some(word: str | None) -> tuple[str, ...]:
        return () if word is None else (word,)

    found = strange_words(
        rules,
        {
            "kind": ("kinds", some(entry.kind)),
            "in_name_of": ("issuers", some(entry.in_name_of)),
            "origin": ("origins", some(entry.origin)),
            "to": ("addressees", entry.to),
            "features": ("features", entry.features),
            "evidence": ("evidence", tuple(one.evidence for one in entry.evidence)),
        },
    )
    found += strange_units(rules, (entry.sender_unit, entry.lead_unit, *entry.units_involved))
    found += [
        Reason("unknown_person", params={"person": person}, subject="to_persons")
        for person in entry.to_persons
        if person not in rules.roster.persons
    ]
    return found


def assign_incoming_number(
    command: AssignIncomingNumber, register: IncomingRegister, rules: Rules
) -> Sequence[Told[IncomingNumberAssigned]]:
    """The next number: no gap, no reuse, one an entry; says so where the very same paper has one already."""
    del rules
    if command.incoming_id in register.given:
        return []
    seq = register.last + 1
    same = register.fingerprints.get(command.fingerprint) if command.fingerprint is not None else None
    assigned = IncomingNumberAssigned(
        register_of=command.register_of,
        year=command.year,
        seq=seq,
        number=f"{command.year}-{seq:04d}",
        incoming_id=command.incoming_id,
        fingerprint=command.fingerprint,
        same_as=same,
    )
    return [Told(assigned)]


def carry_incoming_number(command: CarryIncomingNumber, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """Quiet where it carries one: the call that entered it and the reaction that heals may both come."""
    del rules
    if one.received is None or one.entry is not None:
        return []
    given = command.assigned
    numbered = IncomingNumbered(
        incoming_id=one.id, number=given.number, year=given.year, seq=given.seq, same_as=given.same_as
    )
    return [Told(numbered)]


def note_resubmission(command: NoteResubmission, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """What was sent back has come again: its clock is met, and it is nobody's turn any more."""
    if one.stage is not Stage.RETURNED or one.again is not None:
        return []
    return settled([Told(IncomingResubmitted(incoming_id=one.id, again=command.again))], one, rules, None)


def year_of(received_at: datetime) -> int:
    """The year whose register it is entered in: that in which it came, by local time."""
    return local_day(received_at).year
