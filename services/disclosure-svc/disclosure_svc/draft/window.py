"""Lay a draft open for comment, see the time run out, publish what became of the comments (公开征求意见)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.openness import DraftClosed, DraftEvent, DraftOpened, DraftReported
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import PUBLICATION, Publication
from chancery.thing import Told
from disclosure_svc.days import set_by_hand
from disclosure_svc.draft.state import Draft, Stage
from disclosure_svc.entry.handling import of_office

DUE: Final = "draft_comment"
THE_DRAFT: Final = "decision_draft"
ITS_BASIS: Final = "decision_basis"
THE_REPORT: Final = "comment_report"
"""Words of ``what`` by which rows of publication say what such a publication counts as (``gives``)."""


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """``closes_on`` where the rules have no number, or for longer than theirs; for less only with ``reason``."""

    by: PersonId
    at: datetime
    matter_id: UUID
    title: str
    unit: str
    text: str
    basis: str | None = None
    kind: str | None = None
    features: tuple[str, ...] = ()
    contact: str | None = None
    closes_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DraftRunOut:
    due: Counted


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """``counts`` is what became of the comments, ``unanswered`` how many wait."""

    by: PersonId
    at: datetime
    summary: str
    counts: Mapping[str, int]
    unanswered: int


def open_draft(command: OpenDraft, draft: Draft, rules: Rules) -> Sequence[Told[DraftEvent]]:
    """By the unit that drafts, or the office.

    Raises:
        Refused: open already, of an unknown unit, kind or feature; no day where the rules have no number, a day that
            has passed, or one before the rules' own without a reason (never where they must be kept); (forbidden)
            another unit.
    """
    if draft.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("draft_open_already"))
    if command.unit not in rules.roster.units:
        raise Refused(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    _of_the_unit(command.by, command.unit, rules)
    due, under = _until(command, rules)
    drafts, words = _gives(THE_DRAFT, command.kind, command.features, rules)
    rulings: list[AnyRuling] = [*under, *drafts]
    if command.basis is not None:
        bases, more = _gives(ITS_BASIS, command.kind, command.features, rules)
        rulings += bases
        words += more
    opened = DraftOpened(
        window_id=draft.id,
        matter_id=command.matter_id,
        title=command.title,
        kind=command.kind,
        features=command.features,
        unit=command.unit,
        text=command.text,
        basis=command.basis,
        contact=command.contact,
        gives=tuple(dict.fromkeys(words)),
        due=due,
        shorter_because=command.reason,
        opened_by=command.by,
        opened_at=command.at,
    )
    return [Told(opened, tuple(rulings))]


def draft_run_out(command: DraftRunOut, draft: Draft, rules: Rules) -> Sequence[Told[DraftEvent]]:
    """The last day is over; from now on nothing more is taken."""
    del rules
    if draft.stage is not Stage.OPEN or draft.opened is None:
        return []
    return [Told(DraftClosed(window_id=draft.id, matter_id=draft.opened.matter_id, due=command.due))]


def report_draft(command: ReportDraft, draft: Draft, rules: Rules) -> Sequence[Told[DraftEvent]]:
    """Once the time is over and it was said of every comment what became of it.

    Raises:
        Refused: still open, reported already, comments without an answer; (forbidden) another unit.
    """
    opened = seen(draft)
    _of_the_unit(command.by, opened.unit, rules)
    lacking: list[Reason] = []
    if draft.stage is Stage.OPEN:
        lacking.append(Reason("draft_still_open", params={"due_on": opened.due.due_on.isoformat()}))
    if draft.stage is Stage.REPORTED:
        lacking.append(Reason("draft_reported_already"))
    if command.unanswered:
        lacking.append(Reason("comments_unanswered", params={"count": command.unanswered}))
    if lacking:
        raise Refused(*lacking)
    rulings, words = _gives(THE_REPORT, opened.kind, opened.features, rules)
    counts = {
        name: command.counts.get(name, 0) for name in ("adopted", "adopted_in_part", "not_adopted", "no_proposal")
    }
    reported = DraftReported(
        window_id=draft.id,
        matter_id=opened.matter_id,
        summary=command.summary,
        comments=sum(counts.values()),
        adopted=counts["adopted"],
        adopted_in_part=counts["adopted_in_part"],
        not_adopted=counts["not_adopted"],
        no_proposal=counts["no_proposal"],
        gives=tuple(words),
        reported_by=command.by,
        reported_at=command.at,
    )
    return [Told(reported, tuple(rulings))]


def seen(draft: Draft) -> DraftOpened:
    if draft.opened is None:
        raise not_found("draft_window")
    return draft.opened


def _until(command: OpenDraft, rules: Rules) -> tuple[Counted, Sequence[AnyRuling]]:
    kind, features = rules.known("kinds", command.kind), rules.known_of("features", command.features)
    ruling, count = rules.clock(DUE, command.at, kind=kind, features=features)
    if command.closes_on is not None and command.closes_on < local_day(command.at):
        raise Refused(Reason("day_has_passed", subject="closes_on"))
    if count is None:
        if command.closes_on is None:
            raise Refused(Reason("needs_closing_day", subject="closes_on"))
        return set_by_hand(DUE, command.closes_on, command.at, rules), ()
    usual = rules.counted(DUE, ruling, count)
    if command.closes_on is None or command.closes_on == usual.due_on:
        return usual, (ruling,)
    if command.closes_on < usual.due_on:
        cites = tuple(ruling.citations)
        params = {"due_on": usual.due_on.isoformat()}
        if usual.force == "must":
            raise Refused(Reason("draft_too_short", cites, params, subject="closes_on"))
        if command.reason is None:
            raise Refused(Reason("shorter_needs_reason", cites, params, subject="reason"))
    return set_by_hand(DUE, command.closes_on, command.at, rules), (ruling,)


def _gives(
    what: str, kind: str | None, features: tuple[str, ...], rules: Rules
) -> tuple[list[Ruling[Publication]], list[str]]:
    """What such a publication counts as, and the rows that say so."""
    known = rules.known("kinds", kind)
    ruling = rules.ask(PUBLICATION, what=what, kind=known, features=rules.known_of("features", features))
    hits = tuple(hit for hit in ruling.hits if hit.outcome.gives)
    words = list(dict.fromkeys(word for hit in hits for word in hit.outcome.gives))
    return ([Ruling(ruling.table, ruling.pack, hits)] if hits else []), words


def _of_the_unit(person: str, unit: str, rules: Rules) -> None:
    if not rules.works_in(person, unit) and not of_office(rules, person):
        params = {"unit": rules.titled(unit)}
        raise Refused(Reason("not_of_office_or_lead", params=params), kind="forbidden")
