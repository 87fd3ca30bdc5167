"""Give the next number of a register to a document, or one that was set aside (编号): no gap, no reuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.document import NumberAssigned, RegisterEvent
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.register.number_form import NumberForm
from document_svc.register.state import Register


@dataclass(frozen=True, slots=True)
class AssignNumber:
    """``seq`` is a number that was set aside; None: the next one."""

    form: NumberForm
    year: int
    document_id: UUID
    seq: int | None = None


def assign(command: AssignNumber, register: Register, rules: Rules) -> Sequence[Told[RegisterEvent]]:
    """Quiet where the document has its number already, so a call that broke off is finished by repeating it.

    Raises:
        Refused: the number asked for is not set aside.
    """
    del rules
    if command.document_id in register.given:
        return []
    form, seq = command.form, command.seq or register.next_seq
    if command.seq is not None and command.seq not in register.reserved:
        number = form.number(command.year, command.seq)
        raise Refused(Reason("number_not_reserved", params={"number": number}, subject="reserved"))
    assigned = NumberAssigned(
        series=form.series(command.year),
        code=form.code,
        year=command.year,
        seq=seq,
        number=form.number(command.year, seq),
        document_id=command.document_id,
        reserved=command.seq is not None,
    )
    return [Told(assigned)]
