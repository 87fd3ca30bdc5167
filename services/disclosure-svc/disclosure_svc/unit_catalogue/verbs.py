"""Issue a unit's catalogue anew, and notice what was published beside it (编制更新、目录缺项)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.openness import (
    CatalogueLine,
    PublishedOutsideCatalogue,
    UnitCatalogueEvent,
    UnitCatalogueIssued,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.rules.tables import NOTICES, PUBLICATION
from chancery.thing import Told
from disclosure_svc.entry.handling import of_office
from disclosure_svc.unit_catalogue.state import UnitCatalogue

LIST = "proactive_disclosure_catalogue"
OUTSIDE = "published_outside_catalogue"
"""The words by which rows of publication and notices speak of it."""


@dataclass(frozen=True, slots=True)
class IssueUnitCatalogue:
    by: PersonId
    unit: str
    lines: tuple[CatalogueLine, ...]


@dataclass(frozen=True, slots=True)
class NotePublished:
    entry_id: UUID
    unit: str
    kind: str
    title: str


def issue_unit_catalogue(
    command: IssueUnitCatalogue, catalogue: UnitCatalogue, rules: Rules
) -> Sequence[Told[UnitCatalogueEvent]]:
    """By the unit or the office, whole; the editions before stay as they were.

    Raises:
        Refused: an unknown unit, a kind the rules do not have; (forbidden) another unit.
    """
    lacking: list[Reason] = []
    if command.unit not in rules.roster.units:
        lacking.append(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    unknown = [line.kind for line in command.lines if rules.known("kinds", line.kind) is None]
    if unknown:
        lacking.append(Reason("unknown_kind", params={"kinds": "、".join(unknown)}, subject="lines"))
    if lacking:
        raise Refused(*lacking)
    if not rules.works_in(command.by, command.unit) and not of_office(rules, command.by):
        params = {"unit": rules.titled(command.unit)}
        raise Refused(Reason("not_of_office_or_lead", params=params), kind="forbidden")
    before = catalogue.issued
    if before is not None and before.lines == command.lines:
        return []
    issued = UnitCatalogueIssued(
        unit=command.unit,
        edition=before.edition + 1 if before else 1,
        lines=command.lines,
        issued_by=command.by,
        issued_on=local_day(rules.at),
    )
    duty = rules.ask(PUBLICATION, what=LIST)
    return [Told(issued, (duty,) if duty.regulated else ())]


def note_published(
    command: NotePublished, catalogue: UnitCatalogue, rules: Rules
) -> Sequence[Told[UnitCatalogueEvent]]:
    """Only where the unit has a catalogue, which has no line of that kind; told to whom the rows name."""
    issued = catalogue.issued
    if issued is None or command.entry_id in catalogue.outside:
        return []
    if any(line.kind == command.kind for line in issued.lines):
        return []
    notices = rules.ask(NOTICES, on=OUTSIDE)
    case = Case(lead_unit=command.unit, units_involved=(command.unit,))
    told = [
        person for hit in notices.hits for who in hit.outcome.to for person in sorted(rules.who(who, case).people())
    ]
    outside = PublishedOutsideCatalogue(
        unit=command.unit,
        entry_id=command.entry_id,
        kind=command.kind,
        title=command.title,
        edition=issued.edition,
        told=tuple(dict.fromkeys(told)),
    )
    under: tuple[AnyRuling, ...] = (notices,) if notices.regulated else ()
    return [Told(outside, under)]
