"""List the year's major decisions, adopt and publish the catalogue, change it for a reason (编制、审定、公布、调整)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.openness import (
    DecisionCatalogueAdopted,
    DecisionCatalogueDaySet,
    DecisionCatalogueOverdue,
    DecisionCataloguePublished,
    DecisionListed,
    DecisionStruck,
    YearEvent,
)
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.rules.tables import PLAN, PUBLICATION
from chancery.thing import Told
from disclosure_svc.days import set_by_hand
from disclosure_svc.decision_year.state import Year
from disclosure_svc.entry.handling import by_the_office

DUE = "decision_catalogue"
ARTEFACT = "annual_decision_catalogue"
"""The word by which rows of plan and publication speak of it."""


@dataclass(frozen=True, slots=True)
class ListDecision:
    by: PersonId
    year: int
    item_id: UUID
    title: str
    unit: str
    planned: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StrikeDecision:
    by: PersonId
    year: int
    item_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class SetCatalogueDay:
    by: PersonId
    year: int
    due_on: date


@dataclass(frozen=True, slots=True)
class AdoptCatalogue:
    by: PersonId
    year: int
    matter_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class PublishCatalogue:
    by: PersonId
    year: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CatalogueRunOut:
    due: Counted


def list_decision(command: ListDecision, year: Year, rules: Rules) -> Sequence[Told[YearEvent]]:
    """By the office. Once the catalogue is adopted, only with the reason.

    Raises:
        Refused: an unknown unit, no reason; (forbidden) not of the office.
    """
    by_the_office(rules, command.by)
    lacking: list[Reason] = []
    if command.unit not in rules.roster.units:
        lacking.append(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    if year.adopted is not None and command.reason is None:
        lacking.append(Reason("change_needs_reason", _cites(rules), subject="reason"))
    if lacking:
        raise Refused(*lacking)
    listed = DecisionListed(
        year=command.year,
        item_id=command.item_id,
        title=command.title,
        unit=command.unit,
        planned=command.planned,
        reason=command.reason,
        listed_by=command.by,
    )
    return [] if year.items.get(command.item_id) == listed else [Told(listed, _plan(rules))]


def strike_decision(command: StrikeDecision, year: Year, rules: Rules) -> Sequence[Told[YearEvent]]:
    """By the office, always with the reason."""
    by_the_office(rules, command.by)
    if command.item_id not in year.items:
        raise not_found("decision_item")
    struck = DecisionStruck(year=command.year, item_id=command.item_id, reason=command.reason, struck_by=command.by)
    return [Told(struck, _plan(rules))]


def set_catalogue_day(command: SetCatalogueDay, year: Year, rules: Rules) -> Sequence[Told[YearEvent]]:
    """By the office: the rules want it yearly and have no day.

    Raises:
        Refused: public already, the day has passed; (forbidden) not of the office.
    """
    by_the_office(rules, command.by)
    lacking: list[Reason] = []
    if year.published is not None:
        lacking.append(Reason("catalogue_public_already"))
    if command.due_on < local_day(rules.at):
        lacking.append(Reason("day_has_passed", subject="due_on"))
    if lacking:
        raise Refused(*lacking)
    due = set_by_hand(DUE, command.due_on, rules.at, rules)
    return [Told(DecisionCatalogueDaySet(year=command.year, due=due, set_by=command.by), _plan(rules))]


def adopt_catalogue(command: AdoptCatalogue, year: Year, rules: Rules) -> Sequence[Told[YearEvent]]:
    """By the office, on the decision named.

    Raises:
        Refused: nothing is listed, adopted already; (forbidden) not of the office.
    """
    by_the_office(rules, command.by)
    lacking: list[Reason] = []
    if year.adopted is not None:
        lacking.append(Reason("catalogue_adopted_already"))
    if not year.items:
        lacking.append(Reason("nothing_listed", _cites(rules)))
    if lacking:
        raise Refused(*lacking)
    adopted = DecisionCatalogueAdopted(
        year=command.year,
        matter_id=command.matter_id,
        items=len(year.items),
        reference=command.reference,
        adopted_by=command.by,
        adopted_on=local_day(rules.at),
    )
    return [Told(adopted, _plan(rules))]


def publish_catalogue(command: PublishCatalogue, year: Year, rules: Rules) -> Sequence[Told[YearEvent]]:
    """By the office, once it is adopted.

    Raises:
        Refused: not adopted, public already; (forbidden) not of the office.
    """
    by_the_office(rules, command.by)
    if year.adopted is None:
        raise Refused(Reason("catalogue_not_adopted", _cites(rules)))
    if year.published is not None:
        raise Refused(Reason("catalogue_public_already"))
    published = DecisionCataloguePublished(
        year=command.year, matter_id=year.adopted.matter_id, published_by=command.by, published_at=command.at
    )
    return [Told(published, _plan(rules))]


def catalogue_run_out(command: CatalogueRunOut, year: Year, rules: Rules) -> Sequence[Told[YearEvent]]:
    """A catalogue that was drawn up or adopted, and not published, is overdue."""
    if year.published is not None or year.overdue or year.due is None or year.of is None:
        return []
    return [Told(DecisionCatalogueOverdue(year=year.of, due=command.due), _plan(rules))]


def _plan(rules: Rules) -> tuple[AnyRuling, ...]:
    plan, duty = rules.ask(PLAN, artefact=ARTEFACT), rules.ask(PUBLICATION, what=ARTEFACT)
    return (*((plan,) if plan.regulated else ()), *((duty,) if duty.regulated else ()))


def _cites(rules: Rules) -> tuple[Citation, ...]:
    return tuple({cite.clause: cite for one in _plan(rules) for cite in one.citations}.values())
