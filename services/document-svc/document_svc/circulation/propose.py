"""How it should be handled, as the office puts it up (拟办); then it goes on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Final

from chancery.events.incoming import (
    CirculationEnded,
    HandlingProposed,
    IncomingCirculated,
    IncomingEvent,
    IncomingPutBefore,
    IncomingStepTaken,
)
from chancery.events.parts import Counted, utc
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from document_svc.circulation.way import order_of, ruling_of, walk_of
from document_svc.document.hands import registrar
from document_svc.document.standings import standing_of
from document_svc.incoming.by_hand import set_moment
from document_svc.incoming.checks import findings
from document_svc.incoming.facts import elsewhere, entry_of, strange_units
from document_svc.incoming.judge import BEFORE
from document_svc.incoming.state import Incoming, Stage, evolve
from document_svc.incoming.turns import settled

GOES_ROUND: Final = "circulation"
"""The clock until everybody has read it, where the office sets one."""


@dataclass(frozen=True, slots=True)
class Propose:
    """``readers`` are leaders beside those whom the rules name; ``read_by`` the moment by which it has gone round."""

    by: PersonId
    text: str
    lead_unit: str | None = None
    units_involved: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    read_by: datetime | None = None


def propose(command: Propose, one: Incoming, rules: Rules) -> Sequence[Told[IncomingEvent]]:
    """By the office, for what was taken up. The steps of its way that are the office's own are taken by that.

    Raises:
        Refused: not taken up, with all that stands in the way of it; put up already, a unit or person nobody knows, the
            moment has passed; (forbidden) not the office acts.
    """
    entry_of(one)
    standing = registrar(rules, command.by)
    lacking: list[Reason] = []
    if one.stage in BEFORE:
        lacking += [*findings(rules, one).reasons, Reason("incoming_not_accepted")]
    elif one.stage is not Stage.ACCEPTED:
        lacking.append(elsewhere(one))
    lacking += strange_units(rules, (command.lead_unit, *command.units_involved))
    lacking += [
        Reason("unknown_person", params={"person": person}, subject="readers")
        for person in command.readers
        if person not in rules.roster.persons
    ]
    if command.read_by is not None and command.read_by <= rules.at:
        lacking.append(Reason("moment_has_passed", subject="read_by"))
    if lacking:
        raise Refused(*lacking)
    read_by: Counted | None = set_moment(GOES_ROUND, command.read_by, rules) if command.read_by is not None else None
    told = HandlingProposed(
        incoming_id=one.id,
        text=command.text,
        lead_unit=command.lead_unit,
        units_involved=command.units_involved,
        readers=command.readers,
        read_by=read_by,
        proposed_by=command.by,
        proposed_at=utc(rules.at),
    )
    way = ruling_of(rules, evolve(one, told))
    under: tuple[AnyRuling, ...] = (way,) if way.regulated else ()
    happened: list[Told[IncomingEvent]] = [Told(told, under, standing)]
    happened += _own_steps(command, evolve(one, told), rules)
    after = reduce(evolve, (each.event for each in happened), one)
    happened += going_on(after, rules)
    return settled(happened, one, rules, command.by)


def _own_steps(command: Propose, one: Incoming, rules: Rules) -> list[Told[IncomingEvent]]:
    """The steps at the beginning of its way that any of the office takes: entering, examining, putting it up."""
    happened: list[Told[IncomingEvent]] = []
    while (walk := walk_of(rules, one)) is not None and not walk.state.complete:
        found = walk.state.for_person(command.by)
        if found is None or found[0].step.by is None or found[0].step.by.how != "unit":
            break
        taken = rules.step_done(rules.may_take(walk.state, command.by, cites=walk.cites), command.text)
        event = IncomingStepTaken(incoming_id=one.id, taken=taken)
        happened.append(Told(event, (ruling_of(rules, one),), standing_of(taken)))
        one = evolve(one, event)
    return happened


def going_on(one: Incoming, rules: Rules) -> list[Told[IncomingEvent]]:
    """What follows once its route is taken: it goes round, is put before the next, or has been seen by everybody."""
    if one.proposal is None or one.stage is not Stage.CIRCULATING:
        return []
    walk = walk_of(rules, one)
    if walk is not None and not walk.state.complete:
        return []
    happened: list[Told[IncomingEvent]] = []
    if one.circulated is None:
        way = ruling_of(rules, one)
        order, direction = order_of(rules, one, way)
        told = IncomingCirculated(incoming_id=one.id, order=order, direction=direction)
        happened.append(Told(told, (way,) if way.regulated else ()))
        one = evolve(one, told)
    order = one.circulated.order if one.circulated is not None else ()
    for person in order:
        reader = one.readers.get(person)
        if reader is None:
            put = IncomingPutBefore(incoming_id=one.id, reader=person, put_at=utc(rules.at))
            return [*happened, Told(put)]
        if reader.read is None:
            return happened
    if one.waiting:
        return happened
    return [*happened, Told(CirculationEnded(incoming_id=one.id))]
