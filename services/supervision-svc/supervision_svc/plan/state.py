"""What a decision about a plan has to remember: how often it was put on record."""

from dataclasses import dataclass, replace
from uuid import UUID

from chancery.events.planning import PlanFiled
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Plan:
    id: UUID
    edition: int = 0
    last: PlanFiled | None = None


def evolve(plan: Plan, event: PlanFiled) -> Plan:
    return replace(plan, edition=event.edition, last=event)


PLAN_THING: Thing[Plan, PlanFiled] = Thing("plan", Plan, evolve, (PlanFiled,))
