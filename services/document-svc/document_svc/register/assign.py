"""Give the next number of a register to a document (编号): no gap, no reuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.document import NumberAssigned, RegisterEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.register.number_form import NumberForm
from document_svc.register.state import Register


@dataclass(frozen=True, slots=True)
class AssignNumber:
    form: NumberForm
    year: int
    document_id: UUID


def assign(command: AssignNumber, register: Register, rules: Rules) -> Sequence[Told[RegisterEvent]]:
    """Quiet where the document has its number already, so a call that broke off is finished by repeating it."""
    del rules
    if command.document_id in register.given:
        return []
    form, seq = command.form, register.next_seq
    assigned = NumberAssigned(
        series=form.series(command.year),
        code=form.code,
        year=command.year,
        seq=seq,
        number=form.number(command.year, seq),
        document_id=command.document_id,
    )
    return [Told(assigned)]
