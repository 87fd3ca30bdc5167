"""Set the next number of a register aside (预留文号), with the reason; it is given later, or void."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import RegisterEvent
from chancery.events.outgoing import NumberReserved
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.register.number_form import NumberForm
from document_svc.register.state import Register


@dataclass(frozen=True, slots=True)
class ReserveNumber:
    by: PersonId
    form: NumberForm
    year: int
    reason: str


def reserve(command: ReserveNumber, register: Register, rules: Rules) -> Sequence[Told[RegisterEvent]]:
    """By the office.

    Raises:
        Refused: (forbidden) not the office acts.
    """
    hand = registrar(rules, command.by)
    form, seq = command.form, register.next_seq
    reserved = NumberReserved(
        series=form.series(command.year),
        code=form.code,
        year=command.year,
        seq=seq,
        number=form.number(command.year, seq),
        reason=command.reason,
        reserved_by=command.by,
    )
    return [Told(reserved, standing=hand)]
