"""Prepare the catalogue entry of an issued document (备条): what it needs, where it goes, by when."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryPrepared, Origin
from chancery.events.document import DocumentIssued
from chancery.events.openness import AttributeRefused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Publication
from chancery.thing import Told
from disclosure_svc.entry.needs import Facts
from disclosure_svc.entry.opening import day_of, words_of
from disclosure_svc.entry.reassess import look_again
from disclosure_svc.entry.state import Entry, EntryTold, Stage

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Prepare:
    issued: DocumentIssued


def prepare(command: Prepare, entry: Entry, rules: Rules) -> Sequence[Told[EntryTold]]:
    """A withheld document gets its entry with the ground, and is never published.

    Withheld on no ground that the rules list, it is noted as such: the office has to name one, or open it.
    """
    if entry.stage is not Stage.NOT_SEEN:
        return []
    issued = command.issued
    decided_by = issued.founding.body if issued.founding else None
    facts = Facts(
        attribute=issued.attribute,
        ground=issued.ground,
        kind=issued.kind,
        issuer=issued.in_name_of,
        features=issued.features,
        decided_by=decided_by,
    )
    ruling = facts.asked(rules)
    needs, channels = words_of(ruling)
    prepared = EntryPrepared(
        entry_id=entry.id,
        matter_id=issued.matter_id,
        document_id=issued.document_id,
        title=issued.title,
        number=issued.number,
        kind=issued.kind,
        issuer=issued.in_name_of,
        lead_unit=issued.lead_unit,
        features=issued.features,
        decided_by=decided_by,
        issued_on=issued.issued_on,
        attribute=issued.attribute,
        ground=issued.ground,
        needs=needs,
        channels=channels,
        text=issued.text,
        due=day_of(ruling, issued.issued_at, issued.attribute, rules),
        origin=_origin(issued),
    )
    told: list[Told[EntryTold]] = [Told(prepared, (ruling,) if ruling.regulated else ())]
    if issued.attribute == WITHHELD and (grounds := _grounds(ruling)) and issued.ground not in grounds:
        refused = AttributeRefused(
            entry_id=entry.id, matter_id=issued.matter_id, attribute=issued.attribute, ground=issued.ground
        )
        told.append(Told(refused, (ruling,)))
    look = look_again(entry.id, issued.attribute, issued.issued_at, rules)
    return [*told, look] if look else told


def _grounds(ruling: Ruling[Publication]) -> frozenset[str]:
    """The grounds on which the rows let something stay closed; empty where they list none."""
    return frozenset(word for hit in ruling.hits if hit.outcome.duty == "withhold" for word in hit.outcome.grounds)


def _origin(issued: DocumentIssued) -> Origin | None:
    founding = issued.founding
    return Origin(minutes_id=founding.minutes_id, decision_no=founding.decision_no) if founding else None
