"""The agenda board, and how often bodies meet."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import func, select

from chancery.events.parts import Code
from chancery.refusal import Reason
from chancery.rules.gates import joined
from chancery.rules.rulebook import Rules
from chancery.rules.tables import Cadence
from chancery.rules.wording import Said
from chancery.texts.saying import Sayings
from chancery.web import DeskDep, WebDesk
from meeting_svc.agenda_item.checklist import open_questions
from meeting_svc.agenda_item.state import AGENDA_ITEM, AgendaItem, Stage
from meeting_svc.agenda_item.way import agenda_ruling, proposer_of, walk_of
from meeting_svc.api.missing import MissingLine, missing_line
from meeting_svc.facts import case_of, facts_of
from meeting_svc.matter.state import MATTER, Matter
from meeting_svc.projections.tables import DOCKET, SITTINGS
from meeting_svc.rhythm import Pace, rhythm_of
from meeting_svc.seeing import kept_from
from meeting_svc.sitting.state import Stage as SittingStage

router = APIRouter(prefix="/v1", tags=["agenda board 议题看板"])
Column = Literal["pool", "in_review", "gate_missing", "next_session", "deferred"]
COLUMNS: Final[tuple[Column, ...]] = ("pool", "in_review", "gate_missing", "next_session", "deferred")
LIVE: Final = (Stage.SUBMITTED, Stage.ACCEPTED, Stage.SCHEDULED, Stage.HELD_OVER)
GATES: Final = ("submission", "agenda", "meeting", "decision")
"""Stages whose gates stand before a decision."""
MOST: Final = 300


class Card(BaseModel):
    """One item on the board. ``waits_for`` are those whose turn it is, ``missing`` what stands before a decision.

    ``shown`` is what the rules look for as well without holding the item up.
    """

    id: UUID
    matter_id: UUID
    title: str
    body: str
    for_unit: str
    stage: str
    sitting_on: date | None
    sitting_id: UUID | None
    waits_for: list[str]
    missing: list[MissingLine]
    shown: list[MissingLine]


class Board(BaseModel):
    """The agenda board (议题看板). ``more`` says that there are more items than are shown."""

    pool: list[Card]
    in_review: list[Card]
    gate_missing: list[Card]
    next_session: list[Card]
    deferred: list[Card]
    more: bool


@router.get("/agenda-board", operation_id="get_agenda_board", summary="The agenda board 议题看板")
async def get_agenda_board(desk: DeskDep, request: Request, body: Code | None = None) -> Board:
    """Every live item in one column: put off, ready for a sitting, held up by what is missing, under review, new."""
    query = select(DOCKET).where(DOCKET.c.stage.in_([stage.value for stage in LIVE]))
    if body is not None:
        query = query.where(DOCKET.c.body == body)
    hidden = await kept_from(desk)
    if hidden:
        query = query.where(DOCKET.c.matter_id.not_in(hidden))
    async with desk.query() as connection:
        order = (DOCKET.c.submitted_at, DOCKET.c.item_id)
        rows = (await connection.execute(query.order_by(*order).limit(MOST + 1))).mappings().all()
    sayings: Sayings = request.app.state.problems.sayings
    cards: dict[Column, list[Card]] = {column: [] for column in COLUMNS}
    for row in rows[:MOST]:
        column, card = await _card(desk, sayings, dict(row))
        cards[column].append(card)
    return Board(**cards, more=len(rows) > MOST)


async def _card(desk: WebDesk, sayings: Sayings, row: Mapping[str, Any]) -> tuple[Column, Card]:
    seen = await desk.seen(AGENDA_ITEM, row["item_id"])
    matter = await desk.state(MATTER, row["matter_id"])
    rules = await desk.rules(pack=seen.pack, to_read=True)
    item = seen.state
    missing = missing_of(rules, item, matter)
    card = Card(
        id=item.id,
        matter_id=matter.id,
        title=row["title"],
        body=row["body"],
        for_unit=row["for_unit"],
        stage=item.stage,
        sitting_on=item.sitting_on,
        sitting_id=item.sitting_id,
        waits_for=waits_for(rules, item),
        missing=[missing_line(one, sayings) for one in missing],
        shown=[missing_line(one, sayings) for one in lacking_of(rules, item, matter, shown=True)],
    )
    return column_of(item, missing), card


def column_of(item: AgendaItem, missing: list[Reason]) -> Column:
    """Where an item stands on the board."""
    if item.stage is Stage.HELD_OVER:
        return "deferred"
    if missing:
        return "gate_missing"
    if item.accepted:
        return "next_session"
    return "in_review" if item.steps or item.answers else "pool"


def missing_of(rules: Rules, item: AgendaItem, matter: Matter) -> list[Reason]:
    """What holds the item up: what the gates want, and questions of the checklist that were answered with no."""
    found = lacking_of(rules, item, matter)
    if item.accepted or item.submitted is None:
        return found
    failed = open_questions(rules, agenda_ruling(rules, item.submitted), item)
    return found + [one for one in failed if one.subject in item.answered]


def lacking_of(rules: Rules, item: AgendaItem, matter: Matter, *, shown: bool = False) -> list[Reason]:
    """What the gates up to the decision want of the item and is not on its matter's file, by the rules of its case.

    ``shown``: of those that hold nothing up instead.
    """
    submitted = item.submitted
    if submitted is None or matter.facts is None:
        return []
    proposer = proposer_of(rules, submitted.submitted_by, submitted.for_unit)
    asked = facts_of(rules, matter.facts, proposer) | {"body": submitted.body}
    case = case_of(matter.facts, raiser=submitted.submitted_by, body=submitted.body)
    found: list[Reason] = []
    for stage in GATES:
        _, unmet = rules.unmet_gates(
            stage, asked, matter.evidence, case, excuses=matter.excuses, claims=matter.claims, shown=shown
        )
        found = joined(found, unmet)
    return found


def waits_for(rules: Rules, item: AgendaItem) -> list[str]:
    if item.submitted is None or item.accepted:
        return []
    _, walk = walk_of(rules, item, item.submitted)
    return sorted({str(one.person) for step in walk.state.open for one in step.left}) if walk else []


class RhythmLine(BaseModel):
    """How often a body met, beside what its rules want; ``pace`` is in_rhythm, drifted or too_early to tell."""

    body: str
    says: Said
    cadence: Cadence
    clauses: list[str]
    since: date
    held: int
    last_on: date | None
    next_by: date | None
    called_on: date | None
    pace: Pace


@router.get("/rhythm", operation_id="get_rhythm", summary="How often bodies meet 会议频次")
async def get_rhythm(desk: DeskDep) -> list[RhythmLine]:
    """Of every body whose rules want a rhythm. It notices; what follows is people's to say."""
    rules = await desk.rules()
    sat = select(SITTINGS.c.body, SITTINGS.c.held_on).where(
        SITTINGS.c.stage.in_([SittingStage.OPEN.value, SittingStage.CLOSED.value])
    )
    called = (
        select(SITTINGS.c.body, func.min(SITTINGS.c.held_on).label("on"))
        .where(SITTINGS.c.stage == SittingStage.CONVENED.value)
        .group_by(SITTINGS.c.body)
    )
    async with desk.query() as connection:
        held = (await connection.execute(sat)).all()
        coming = {str(body): on for body, on in (await connection.execute(called)).all()}
    lines: list[RhythmLine] = []
    for body in sorted(rules.pack.vocabulary("bodies")):
        found = rhythm_of(rules, body, [on for name, on in held if name == body])
        if found is None:
            continue
        lines.append(
            RhythmLine(
                body=body,
                says=Said(zh=rules.titled(body, "zh"), en=rules.titled(body, "en")),
                cadence=found.cadence,
                clauses=[cite.clause for cite in rules.body_ruling(body).citations],
                since=found.since,
                held=found.held,
                last_on=found.last_on,
                next_by=found.next_by,
                called_on=coming.get(body),
                pace=found.pace,
            )
        )
    return lines
