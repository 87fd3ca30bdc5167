"""Hand open tasks over from one person to another (工作交接)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.planning import WorkHandedOver
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Thing, Told


@dataclass(frozen=True, slots=True)
class Handover:
    id: UUID
    done: bool = False


def evolve(handover: Handover, event: WorkHandedOver) -> Handover:
    del handover
    return Handover(event.handover_id, done=True)


HANDOVER: Thing[Handover, WorkHandedOver] = Thing("handover", Handover, evolve, (WorkHandedOver,))


@dataclass(frozen=True, slots=True)
class HandOver:
    """``tasks`` are the open tasks for which the giver answers."""

    by: PersonId
    at: datetime
    giver: str
    receiver: str
    tasks: tuple[UUID, ...]
    note: str


def hand_over(command: HandOver, handover: Handover, rules: Rules) -> Sequence[Told[WorkHandedOver]]:
    """By the giver, or by somebody of a unit in which he had his post; also after he left.

    Raises:
        Refused: people who are not known or hold no post, one person, or nothing to hand over; (forbidden) another.
    """
    if handover.done:
        raise Refused(Reason("handed_over_already"))
    people = rules.roster.persons
    wrong = [
        Reason("person_not_known", params={"person": person}, subject=subject)
        for subject, person in (("giver", command.giver), ("receiver", command.receiver))
        if person not in people
    ]
    if not wrong and not rules.roster.held_by(command.receiver, rules.at):
        wrong.append(Reason("holds_no_post_now", params={"person": rules.roster.name(command.receiver)}))
    if command.giver == command.receiver:
        wrong.append(Reason("to_himself", subject="receiver"))
    if not command.tasks:
        wrong.append(Reason("nothing_to_hand_over"))
    if wrong:
        raise Refused(*wrong)
    units = [seat.unit for seat in rules.roster.held_by(command.receiver, rules.at) if seat.unit]
    if command.by != command.giver and not any(rules.works_in(command.by, unit) for unit in units):
        raise Refused(Reason("not_yours_to_hand_over"), kind="forbidden")
    told = WorkHandedOver(
        handover_id=handover.id,
        giver=command.giver,
        receiver=command.receiver,
        tasks=command.tasks,
        note=command.note,
        handed_by=command.by,
        handed_at=command.at,
    )
    return [Told(told, (), rules.own_standing(command.by))]
