"""Ask to have a paper sealed (申请用印)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.document import DocumentDrafted
from chancery.events.outgoing import SealEvent, SealUseRequested
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.tables import SEALS
from chancery.thing import Told
from document_svc.document.hands import of_unit_or_office
from document_svc.seal.state import SealUse
from document_svc.seal.ways import facts


@dataclass(frozen=True, slots=True)
class RequestSeal:
    """``draft`` and ``signed`` are those of the document, where one of ours is sealed; ``kept``: the store has all
    papers.
    """

    by: PersonId
    at: datetime
    seal: str
    on: str
    title: str
    copies: int
    purpose: str
    unit: str
    offsite: bool = False
    place: str | None = None
    document_id: UUID | None = None
    draft: DocumentDrafted | None = None
    signed: bool = False
    papers: tuple[PaperRef, ...] = ()
    kept: bool = True


def request_seal(command: RequestSeal, use: SealUse, rules: Rules) -> Sequence[Told[SealEvent]]:
    """By somebody of the unit, or the office. A row without a way needs no approval: its keeper may use the seal.

    Raises:
        Refused: asked already, the document is not there or not signed, no place where it leaves the keeper's, a file
            is not in the store; (forbidden) another unit's.
    """
    lacking: list[Reason] = []
    if use.asked is not None:
        lacking.append(Reason("seal_use_asked_already"))
    if command.document_id is not None and command.draft is None:
        lacking.append(Reason("document_not_drafted", subject="document_id"))
    elif command.document_id is not None and not command.signed:
        lacking.append(Reason("needs_signature", subject="document_id"))
    if command.offsite and not command.place:
        lacking.append(Reason("seal_place_missing", subject="place"))
    if not command.kept:
        lacking.append(Reason("file_missing", subject="papers"))
    if command.unit not in rules.roster.units:
        lacking.append(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    if lacking:
        raise Refused(*lacking)
    hand = of_unit_or_office(rules, command.unit, command.by)
    ruling = rules.ask(SEALS, **facts(rules, command.seal, command.on, command.offsite, command.draft))
    row = ruling.first
    asked = SealUseRequested(
        use_id=use.id,
        seal=command.seal,
        on=command.on,
        document_id=command.document_id,
        title=command.title,
        copies=command.copies,
        offsite=command.offsite,
        place=command.place,
        purpose=command.purpose,
        unit=command.unit,
        row=row.row if row is not None else None,
        fields=row.outcome.register_fields if row is not None else (),
        papers=command.papers,
        requested_by=command.by,
        requested_at=command.at,
    )
    return [Told(asked, (ruling,) if row is not None else (), hand)]
