"""Publish the entry with its document (公开发布), once nothing is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.disclosure import EntryEvent, EntryPrepared, Published
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Publication
from chancery.thing import Told
from disclosure_svc.entry.handling import in_hand, of_office
from disclosure_svc.entry.prepare import asked
from disclosure_svc.entry.state import Entry


@dataclass(frozen=True, slots=True)
class Publish:
    by: PersonId
    at: datetime


def publish(command: Publish, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """Everything that is missing is named at once, each with its clauses.

    Raises:
        Refused: withheld or on request only, reviews or the interpretation missing, no index number yet;
            (forbidden) not of the office.
    """
    prepared = in_hand(entry)
    if not of_office(rules, command.by):
        raise Refused(Reason("not_of_the_office"), kind="forbidden")
    ruling = asked(
        rules,
        attribute=prepared.attribute,
        ground=prepared.ground,
        kind=prepared.kind,
        features=prepared.features,
        decided_by=prepared.decided_by,
    )
    reasons = missing(entry, prepared, ruling)
    if reasons:
        raise Refused(*reasons)
    told = Published(
        entry_id=entry.id,
        matter_id=prepared.matter_id,
        document_id=prepared.document_id,
        index_number=entry.index_number or "",
        title=prepared.title,
        number=prepared.number,
        channels=prepared.channels,
        published_at=command.at,
        published_on=local_day(command.at),
        origin=prepared.origin,
    )
    return [Told(told, (ruling,) if ruling.regulated else ())]


def missing(entry: Entry, prepared: EntryPrepared, ruling: Ruling[Publication]) -> list[Reason]:
    """What stands between the entry and the public, each with the clauses that ask for it."""
    if prepared.attribute != "proactive":
        return [Reason("not_for_publication", tuple(ruling.citations), {"attribute": prepared.attribute})]
    reasons: list[Reason] = []
    for need in prepared.needs:
        cites = _cites(ruling, need)
        if need == "secrecy_review" and (entry.reviewed is None or not entry.reviewed.passed):
            reasons.append(Reason("needs_secrecy_review", cites))
        elif need == "interpretation" and entry.interpretation is None:
            reasons.append(Reason("needs_interpretation", cites))
    if entry.index_number is None:
        reasons.append(Reason("needs_index_number"))
    return reasons


def _cites(ruling: Ruling[Publication], need: str) -> tuple[Citation, ...]:
    return tuple({cite.clause: cite for hit in ruling.hits if need in hit.outcome.needs for cite in hit.cites}.values())
