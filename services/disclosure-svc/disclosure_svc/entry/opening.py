"""What a document needs that goes public: what has to be there, where it goes, by when (公开要求)."""

from datetime import datetime

from chancery.calendar import Span, count_forward
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Publication

DUE = "publication_due"


def words_of(ruling: Ruling[Publication]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The needs and the channels of the rows that publish or explain, each once, in the rows' order."""
    rows = [hit.outcome for hit in ruling.hits if hit.outcome.duty in ("publish", "interpret")]
    needs = dict.fromkeys(word for row in rows for word in row.needs)
    return tuple(needs), tuple(dict.fromkeys(word for row in rows for word in row.channels))


def day_of(ruling: Ruling[Publication], since: datetime, attribute: str, rules: Rules) -> Counted | None:
    """The earliest day a row sets, else the tenant's own setting; None where neither does.

    Where a pack is asked beside the own one, the earliest day that must be kept goes before one that is only usual.
    """
    spans = [(hit, hit.outcome.deadline) for hit in ruling.hits if hit.outcome.deadline]
    if all(hit.pack is not None for hit, _ in spans):
        found, own = rules.setting("publication_deadline"), [hit for hit in ruling.hits if hit.pack is None]
        if isinstance(found, dict) and own and attribute == "proactive":
            spans.append((own[0], Span.model_validate(found)))
    musts = [one for one in spans if one[0].force == "must"]
    if ruling.beside and musts:
        spans = musts
    counts = [
        counted(
            count_forward(rules.calendar, since, span, closing=rules.closing),
            name=DUE,
            rule=hit.row,
            clauses=tuple(cite.clause for cite in hit.cites),
            force=hit.force,
        )
        for hit, span in spans
    ]
    return min(counts, key=lambda count: count.due_at, default=None)
