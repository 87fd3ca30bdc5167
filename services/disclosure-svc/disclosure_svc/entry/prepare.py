"""Prepare the catalogue entry of an issued document (备条): what it needs, where it goes, by when."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.calendar import Span, count_forward
from chancery.deadlines import counted
from chancery.events.disclosure import EntryEvent, EntryPrepared, Origin
from chancery.events.document import DocumentIssued
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Publication
from chancery.thing import Told
from disclosure_svc.entry.needs import Facts
from disclosure_svc.entry.state import Entry, Stage

DUE = "publication_due"


@dataclass(frozen=True, slots=True)
class Prepare:
    issued: DocumentIssued


def prepare(command: Prepare, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """A withheld document gets its entry with the ground, and is never published."""
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
    publishing = [hit for hit in ruling.hits if hit.outcome.duty in ("publish", "interpret")]
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
        needs=tuple(dict.fromkeys(word for hit in publishing for word in hit.outcome.needs)),
        channels=tuple(dict.fromkeys(word for hit in publishing for word in hit.outcome.channels)),
        text=issued.text,
        due=_due(issued, rules, ruling),
        origin=_origin(issued),
    )
    return [Told(prepared, (ruling,) if ruling.regulated else ())]


def _origin(issued: DocumentIssued) -> Origin | None:
    founding = issued.founding
    return Origin(minutes_id=founding.minutes_id, decision_no=founding.decision_no) if founding else None


def _due(issued: DocumentIssued, rules: Rules, ruling: Ruling[Publication]) -> Counted | None:
    """The earliest day a row sets, else the tenant's own setting; None where neither does.

    Where a pack is asked beside the own one, the earliest day that must be kept goes before one that is only usual.
    """
    spans = [(hit, hit.outcome.deadline) for hit in ruling.hits if hit.outcome.deadline]
    if all(hit.pack is not None for hit, _ in spans):
        found, own = rules.setting("publication_deadline"), [hit for hit in ruling.hits if hit.pack is None]
        if isinstance(found, dict) and own and issued.attribute == "proactive":
            spans.append((own[0], Span.model_validate(found)))
    musts = [one for one in spans if one[0].force == "must"]
    if ruling.beside and musts:
        spans = musts
    counts = [
        counted(
            count_forward(rules.calendar, issued.issued_at, span, closing=rules.closing),
            name=DUE,
            rule=hit.row,
            clauses=tuple(cite.clause for cite in hit.cites),
            force=hit.force,
        )
        for hit, span in spans
    ]
    return min(counts, key=lambda count: count.due_at, default=None)
