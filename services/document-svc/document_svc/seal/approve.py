"""Approve a use of a seal step by step, or decline it (逐级审批)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.outgoing import SealEvent, SealUseDeclined, SealUseStepTaken
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules, Taking
from chancery.thing import Told
from document_svc.document.standings import standing_of
from document_svc.seal.state import SealUse
from document_svc.seal.ways import open_use, ruling_of, walks_of


@dataclass(frozen=True, slots=True)
class TakeSealStep:
    by: PersonId
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class DeclineSeal:
    by: PersonId
    reason: str


def take_seal_step(command: TakeSealStep, use: SealUse, rules: Rules) -> Sequence[Told[SealEvent]]:
    """Whichever step the person may take now, of the use or of taking the seal out.

    Raises:
        Refused: nothing is asked or it is past that, nobody need approve it; (forbidden) not his turn.
    """
    asked = open_use(use)
    way, taking = _turn(rules, use, command.by)
    taken = rules.step_done(taking, command.opinion)
    told = SealUseStepTaken(use_id=use.id, way="offsite" if way == "offsite" else "use", taken=taken)
    return [Told(told, (ruling_of(rules, asked),), standing_of(taken))]


def decline_seal(command: DeclineSeal, use: SealUse, rules: Rules) -> Sequence[Told[SealEvent]]:
    """By somebody whose turn it is.

    Raises:
        Refused: nothing is asked or it is past that; (forbidden) not his turn.
    """
    asked = open_use(use)
    _, taking = _turn(rules, use, command.by)
    told = SealUseDeclined(use_id=use.id, reason=command.reason, declined_by=command.by)
    return [Told(told, (ruling_of(rules, asked),), taking.standing)]


def _turn(rules: Rules, use: SealUse, person: PersonId) -> tuple[str, Taking]:
    asked = open_use(use)
    walks = walks_of(rules, use, asked)
    if not walks:
        raise Refused(Reason("seal_needs_no_approval"))
    for way, walk in walks:
        if walk.state.for_person(person) is not None:
            return way, rules.may_take(walk.state, person, cites=walk.cites)
    way, walk = walks[0]
    return way, rules.may_take(walk.state, person, cites=walk.cites)
