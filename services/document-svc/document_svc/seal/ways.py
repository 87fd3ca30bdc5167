"""What the rules ask of a use of a seal: its row, the way of its approval, and that of taking the seal out."""

from collections.abc import Mapping
from typing import Any

from chancery.envelope import Standing
from chancery.events.document import DocumentDrafted
from chancery.events.outgoing import SealUseRequested
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import SEALS, Seal
from chancery.rules.walk import Walk
from document_svc.document.facts import facts_of
from document_svc.document.hands import registrar
from document_svc.seal.state import SealUse, Stage


def facts(rules: Rules, seal: str, on: str, offsite: bool, draft: DocumentDrafted | None) -> Mapping[str, Any]:
    """What the table is asked with: the seal, what it is put on, where; and of a document its own facts."""
    of_document = facts_of(rules, draft) if draft is not None else {}
    return {"seal": seal, "on": on, "offsite": offsite, **of_document}


def ruling_of(rules: Rules, asked: SealUseRequested) -> Ruling[Seal]:
    """The row it was asked for under, as it stands in the pack of the case."""
    ruling = rules.ask(SEALS, seal=asked.seal, on=asked.on, offsite=asked.offsite)
    hits = tuple(hit for hit in ruling.hits if asked.row is None or hit.row == asked.row)
    return Ruling(ruling.table, ruling.pack, hits)


def case_of(asked: SealUseRequested) -> Case:
    return Case(
        lead_unit=asked.unit,
        raiser=asked.requested_by,
        applicant=asked.requested_by,
        refers=frozenset({asked.seal, str(asked.use_id)}),
    )


def walks_of(rules: Rules, use: SealUse, asked: SealUseRequested) -> list[tuple[str, Walk]]:
    """The ways still under way: the approval, then that of taking the seal out. None where the rules ask for none."""
    ruling = ruling_of(rules, asked)
    row = ruling.first
    if row is None:
        return []
    case, cites = case_of(asked), tuple(row.cites)
    found: list[tuple[str, Walk]] = []
    if row.outcome.route is not None:
        found.append(("use", Walk(rules, row.outcome.route, use.steps, case, cites)))
    if asked.offsite and row.outcome.offsite is not None:
        found.append(("offsite", Walk(rules, row.outcome.offsite, use.offsite_steps, case, cites)))
    return [(way, walk) for way, walk in found if not walk.state.complete]


def keeper(rules: Rules, ruling: Ruling[Seal], asked: SealUseRequested, person: PersonId) -> Standing:
    """The person as whoever keeps the seal; where the rules name nobody, as one of the office.

    Raises:
        Refused: (forbidden) somebody else keeps it: he may not hand it on.
    """
    row = ruling.first
    if row is None or row.outcome.custody is None:
        return registrar(rules, person)
    kept_by = rules.who(row.outcome.custody, case_of(asked), "keep_seal")
    standing = kept_by.of(person)
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(kept_by.people())) or "—"
        raise Refused(Reason("not_the_keeper", tuple(row.cites), {"who": names}), kind="forbidden")
    return standing


def open_use(use: SealUse) -> SealUseRequested:
    """What was asked, while it waits.

    Raises:
        Refused: nothing was asked, it was declined, or the seal was used.
    """
    if use.asked is None:
        raise Refused(Reason("seal_use_not_asked"))
    if use.stage is Stage.DECLINED:
        raise Refused(Reason("seal_use_declined"))
    if use.stage is not Stage.REQUESTED:
        raise Refused(Reason("seal_used_already"))
    return use.asked
