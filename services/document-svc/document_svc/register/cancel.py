"""Call a number void (文号作废), with the reason: one set aside, or one that its document gave up."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import RegisterEvent
from chancery.events.outgoing import DocumentNumberGivenUp, NumberCancelled
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.register.state import Register


@dataclass(frozen=True, slots=True)
class CancelNumber:
    by: PersonId
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class CancelGivenUp:
    """What a document gave up is void."""

    given_up: DocumentNumberGivenUp


def cancel(command: CancelNumber, register: Register, rules: Rules) -> Sequence[Told[RegisterEvent]]:
    """By the office; only a number that is set aside. A document gives its own number up by itself.

    Raises:
        Refused: void already, given to a document, or never set aside; (forbidden) not the office acts.
    """
    hand = registrar(rules, command.by)
    kept = register.reserved.get(command.seq)
    if kept is None:
        code = "number_not_set_aside"
        if command.seq in register.void:
            code = "number_void_already"
        elif any(given.seq == command.seq for given in register.given.values()):
            code = "number_given"
        raise Refused(Reason(code, params={"seq": command.seq}, subject="seq"))
    void = NumberCancelled(
        series=kept.series,
        code=kept.code,
        year=kept.year,
        seq=kept.seq,
        number=kept.number,
        reason=command.reason,
        cancelled_by=command.by,
    )
    return [Told(void, standing=hand)]


def cancel_given_up(command: CancelGivenUp, register: Register, rules: Rules) -> Sequence[Told[RegisterEvent]]:
    """Quiet where it is void already: both the call that gave it up and the reaction that heals may come."""
    del rules
    up = command.given_up
    given = register.given.get(up.document_id)
    if given is None or given.seq != up.seq or up.seq in register.void:
        return []
    void = NumberCancelled(
        series=given.series,
        code=given.code,
        year=given.year,
        seq=given.seq,
        number=given.number,
        document_id=up.document_id,
        reason=up.reason,
        cancelled_by=up.given_up_by,
    )
    return [Told(void)]
