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
    """The earliest day a row sets, else the tenant's own setting; None where neither does."""
    spans = [(hit.row, hit.force, hit.cites, hit.outcome.deadline) for hit in ruling.hits if hit.outcome.deadline]
    if not spans:
        found = rules.setting("publication_deadline")
        first = ruling.first
        if not isinstance(found, dict) or first is None or issued.attribute != "proactive":
            return None
        spans = [(first.row, first.force, first.cites, Span.model_validate(found))]
    counts = [
        counted(
            count_forward(rules.calendar, issued.issued_at, span, closing=rules.closing),
            name=DUE,
            rule=row,
            clauses=tuple(cite.clause for cite in cites),
            force=force,
        )
        for row, force, cites, span in spans
    ]
    return min(counts, key=lambda count: count.due_at)
