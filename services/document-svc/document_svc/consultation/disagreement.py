"""What units could not agree on: a sheet with each side's grounds, which goes up by its route (分歧意见)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.document import (
    DisagreementOpened,
    DisagreementPartFilled,
    DisagreementSettled,
    DisagreementStepTaken,
    DocumentDrafted,
    DocumentEvent,
    Objection,
)
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Evidence
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import Route
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import Consultation
from chancery.rules.walk import Walk
from chancery.thing import Told
from document_svc.consultation.asking import drafted, of_unit, ruling_on
from document_svc.consultation.state import Disagreement
from document_svc.document.facts import case_of, on_file
from document_svc.document.hands import drafter
from document_svc.document.standings import standing_of
from document_svc.document.state import Document


@dataclass(frozen=True, slots=True)
class OpenSheet:
    by: PersonId
    matter: MatterFacts | None = None


@dataclass(frozen=True, slots=True)
class FillPart:
    """``part`` is one of those the sheet requires, ``unit`` the side that fills it in."""

    by: PersonId
    at: datetime
    part: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class TakeSheetStep:
    """``heard`` is evidence on the matter's file."""

    by: PersonId
    opinion: str | None = None
    matter: MatterFacts | None = None
    heard: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Settle:
    by: PersonId
    decision: str


def open_sheet(command: OpenSheet, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the host, with the objections that stand.

    Raises:
        Refused: no draft, signed already, nobody objects, a sheet is under way, the rules give no way up; (forbidden)
            not the host acts.
    """
    draft = drafted(document)
    standing = drafter(rules, draft, command.by)
    if document.disagreement is not None and document.disagreement.settled is None and document.disputed:
        raise Refused(Reason("sheet_under_way"))
    replies = [one.objection for one in document.consultations.values() if one.objection is not None]
    if not replies:
        raise Refused(Reason("nobody_objects"))
    ruling, hit = _row(rules, draft, command.matter)
    opened = DisagreementOpened(
        document_id=document.id,
        matter_id=draft.matter_id,
        no=document.disagreement.opened.no + 1 if document.disagreement is not None else 1,
        objections=tuple(Objection(unit=one.unit, asks=one.asks, grounds=one.grounds or "") for one in replies),
        requires=hit.outcome.requires,
        opened_by=command.by,
    )
    return [Told(opened, (ruling,), standing)]


def fill_part(command: FillPart, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By a side of the disagreement, in its own name, before the sheet goes up.

    Raises:
        Refused: no sheet is under way, it asks for no such part, the unit is no side of it or has filled it in;
            (forbidden) he is not of the unit.
    """
    draft = drafted(document)
    sheet = _under_way(document)
    standing = of_unit(rules, command.unit, command.by)
    sides = (draft.lead_unit, *(one.unit for one in sheet.opened.objections))
    if command.part not in sheet.opened.requires:
        named = "、".join(rules.titled(word) for word in sheet.opened.requires) or "—"
        raise Refused(Reason("no_such_part", params={"part": command.part, "parts": named}, subject="part"))
    if command.unit not in sides:
        raise Refused(Reason("no_side", params={"unit": rules.titled(command.unit)}, subject="unit"))
    if any((one.part, one.unit) == (command.part, command.unit) for one in sheet.parts):
        raise Refused(Reason("part_filled_already", params={"part": rules.titled(command.part)}, subject="part"))
    evidence = Evidence(evidence=command.part, by=command.unit, of=command.unit, given_on=local_day(command.at))
    filled = DisagreementPartFilled(
        document_id=document.id,
        matter_id=draft.matter_id,
        no=sheet.opened.no,
        part=command.part,
        unit=command.unit,
        text=command.text,
        evidence=evidence,
        filled_by=command.by,
    )
    return [Told(filled, (), standing)]


def take_sheet_step(command: TakeSheetStep, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Whichever step of the way up is his; by the last one it has gone up, and only whole.

    Raises:
        Refused: no sheet is under way, nobody objects any more, a part is lacking when it would go up; (forbidden)
            not his turn.
    """
    draft = drafted(document)
    sheet = _under_way(document)
    if not document.disputed:
        raise Refused(Reason("nobody_objects"))
    ruling, hit = _row(rules, draft, command.matter)
    route = Route(alternatives=(hit.outcome.on_disagreement,))
    case = _case(draft, sheet)
    walk = Walk(rules, route, sheet.steps, case, tuple(ruling.citations))
    taken = rules.step_done(rules.may_take(walk.state, command.by, cites=walk.cites), command.opinion)
    up_to: tuple[str, ...] = ()
    if replace(walk, done=(*walk.done, taken)).state.complete:
        _whole(document, sheet, command, rules, ruling)
        to = hit.outcome.on_disagreement[taken.step].to
        up_to = tuple(sorted(rules.who(to, case).people())) if to is not None else ()
    told = DisagreementStepTaken(
        document_id=document.id, matter_id=draft.matter_id, no=sheet.opened.no, taken=taken, up_to=up_to
    )
    return [Told(told, (ruling,), standing_of(taken))]


def settle(command: Settle, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By whoever it went up to; the objections are settled by that.

    Raises:
        Refused: no sheet is under way, or it has not gone up; (forbidden) it went up to somebody else.
    """
    draft = drafted(document)
    sheet = _under_way(document)
    if not sheet.up_to:
        raise Refused(Reason("sheet_not_up"))
    if command.by not in sheet.up_to:
        names = "、".join(rules.roster.name(one) for one in sheet.up_to)
        raise Refused(Reason("not_yours_to_settle", params={"who": names}), kind="forbidden")
    settled = DisagreementSettled(
        document_id=document.id,
        matter_id=draft.matter_id,
        no=sheet.opened.no,
        decision=command.decision,
        settled_by=command.by,
    )
    return [Told(settled, (), rules.own_standing(command.by))]


def _row(
    rules: Rules, draft: DocumentDrafted, matter: MatterFacts | None
) -> tuple[Ruling[Consultation], Hit[Consultation]]:
    ruling = ruling_on(rules, draft, matter, disagreement=True)
    hit = ruling.first
    if hit is None or not hit.outcome.on_disagreement:
        raise Refused(Reason("no_way_up"))
    return ruling, hit


def _under_way(document: Document) -> Disagreement:
    sheet = document.disagreement
    if sheet is None or sheet.settled is not None:
        raise Refused(Reason("no_sheet"))
    return sheet


def _case(draft: DocumentDrafted, sheet: Disagreement) -> Case:
    """The sides as the route speaks of them: the host, and who objects."""
    units = tuple(dict.fromkeys(one.unit for one in sheet.opened.objections))
    return replace(case_of(draft), units_involved=units)


def _whole(
    document: Document, sheet: Disagreement, command: TakeSheetStep, rules: Rules, ruling: Ruling[Consultation]
) -> None:
    there = {one.evidence for one in on_file(document, command.heard)}
    lacking = [word for word in sheet.opened.requires if word not in there]
    if lacking:
        names = "、".join(rules.titled(word) for word in lacking)
        raise Refused(Reason("sheet_lacks", tuple(ruling.citations), {"parts": names}))
