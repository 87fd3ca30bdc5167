"""Begin a year's register at a later number, since earlier numbers were used before the system came."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import RegisterEvent, RegisterOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.register.number_form import NumberForm
from document_svc.register.state import Register


@dataclass(frozen=True, slots=True)
class OpenRegister:
    by: PersonId
    form: NumberForm
    year: int
    next_seq: int


def open_register(command: OpenRegister, register: Register, rules: Rules) -> Sequence[Told[RegisterEvent]]:
    """Only before the first number is given: a number once given is never given again.

    Raises:
        Refused: the register has begun, or not the office acts.
    """
    hand = registrar(rules, command.by)
    if register.opened or register.given:
        raise Refused(Reason("register_opened_already", params={"next_seq": register.next_seq}))
    opened = RegisterOpened(
        series=command.form.series(command.year),
        code=command.form.code,
        year=command.year,
        in_name_of=command.form.in_name_of,
        next_seq=command.next_seq,
        opened_by=command.by,
    )
    return [Told(opened, standing=hand)]
