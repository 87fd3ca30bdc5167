"""What was heard of a matter, as a decision is handed it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from chancery.events.meeting import MatterFacts
from chancery.events.parts import Claim, Evidence, Excuse
from chancery.web import WebDesk
from document_svc.projections.tables import HEARD_EVIDENCE, HEARD_EXCUSES, HEARD_MATTERS


@dataclass(frozen=True, slots=True)
class HeardMatter:
    """``facts`` is None where the matter's file has not reached us; the rest in order of filing."""

    facts: MatterFacts | None = None
    evidence: tuple[Evidence, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()


async def heard_of(desk: WebDesk, matter_id: UUID) -> HeardMatter:
    async with desk.query() as connection:
        facts = await connection.scalar(select(HEARD_MATTERS.c.facts).where(HEARD_MATTERS.c.matter_id == matter_id))
        found = await connection.scalars(
            select(HEARD_EVIDENCE.c.whole).where(HEARD_EVIDENCE.c.matter_id == matter_id).order_by(HEARD_EVIDENCE.c.no)
        )
        evidence = tuple(Evidence.model_validate(one) for one in found)
        table = HEARD_EXCUSES
        rows = await connection.execute(
            select(table.c.said, table.c.whole).where(table.c.matter_id == matter_id).order_by(table.c.no)
        )
        said = [(row.said, row.whole) for row in rows]
    return HeardMatter(
        MatterFacts.model_validate(facts) if facts is not None else None,
        evidence,
        tuple(Excuse.model_validate(whole) for what, whole in said if what == "excuse"),
        tuple(Claim.model_validate(whole) for what, whole in said if what == "claim"),
    )
