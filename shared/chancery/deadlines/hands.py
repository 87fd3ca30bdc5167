"""How a worker's deadlines reach the house's own desk."""

from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from chancery.deadlines.counting import RunningDeadline
from chancery.deadlines.worker import Fire, Give
from chancery.order import Order
from chancery.service import DueAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chancery.desk import HouseDesk

log = structlog.get_logger(__name__)


def hands(house: "HouseDesk", actions: "Iterable[DueAction]") -> tuple[Fire, Give]:
    """What a ``DeadlineWorker`` needs: ``fire`` by the service's actions, ``give`` for a deadline counted anew.

    A firing counts as done at the due moment, under the rules of that moment, however late a worker came to it; when
    it was recorded stands beside it. One that was due already when it began fires at its beginning. A deadline whose
    name has no action is only counted and shown.
    """
    by_name = {action.name: action for action in actions}

    async def fire(deadline: RunningDeadline, cause: UUID) -> None:
        action = by_name.get(deadline.name)
        if action is None:
            log.info("deadline_has_no_action", deadline=str(deadline.id), name=deadline.name)
            return
        at = max(deadline.counted.due_at, deadline.started_at)
        rules = await house.rules(deadline.tenant, at)
        for order in action.fire(deadline, rules):
            await house.carry_out(
                order, deadline.name, tenant=deadline.tenant, cause=cause, matter=deadline.matter, at=at
            )

    async def give(deadline: RunningDeadline, order: Order, cause: UUID) -> None:
        await house.carry_out(order, "deadline", tenant=deadline.tenant, cause=cause, matter=deadline.matter)

    return fire, give
