"""What the rules say of consulting units about a draft: the row, who may speak for a unit, and where a thing stands."""

from dataclasses import replace
from typing import Final

from chancery.calendar import Span
from chancery.envelope import Standing
from chancery.events.document import DocumentDrafted
from chancery.events.meeting import MatterFacts
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import Step
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import CONSULTATION, Consultation
from document_svc.consultation.state import Consultation as AskedOf
from document_svc.document.facts import case_of, facts_of
from document_svc.document.state import Document
from document_svc.document.way import not_to_be_signed

REPLY_CLOCK: Final = "consult_reply"


def drafted(document: Document) -> DocumentDrafted:
    """The draft that waits for its signature.

    Raises:
        Refused: there is none, or it is past that.
    """
    draft, lacking = not_to_be_signed(document)
    if draft is None or lacking:
        raise Refused(*lacking)
    return draft


def ruling_on(
    rules: Rules, draft: DocumentDrafted, matter: MatterFacts | None, *, disagreement: bool
) -> Ruling[Consultation]:
    """The row on consulting; with ``disagreement`` that on what happens where units do not agree."""
    return rules.ask(CONSULTATION, disagreement=disagreement, **facts_of(rules, draft, matter))


def asked_of(document: Document, unit: str, asks: str) -> AskedOf:
    """The consultation of a unit.

    Raises:
        Refused: it was not asked for that.
    """
    found = document.consultations.get((unit, asks))
    if found is None:
        raise Refused(Reason("not_consulted", params={"unit": unit, "asks": asks}))
    return found


def host_signs(rules: Rules, ruling: Ruling[Consultation], draft: DocumentDrafted, by: PersonId) -> Standing | None:
    """The standing in which somebody sends it out where the row wants a name of the host's own under it.

    None where the row wants none.

    Raises:
        Refused: (forbidden) it wants one, and it is not his.
    """
    steps = [step for step in _steps(ruling) if not _of_the_asked(step)]
    case = replace(case_of(draft), units_involved=())
    for step in steps:
        if step.by is None:
            continue
        who = rules.who(step.by, case, step.do)
        standing = who.of(by)
        if standing is None:
            names = "、".join(rules.roster.name(one) for one in sorted(who.people())) or step.by.written()
            params = {"do": step.do, "who": names}
            raise Refused(Reason("not_your_step", tuple(ruling.citations), params), kind="forbidden")
        return standing
    return None


def speaks_for(rules: Rules, ruling: Ruling[Consultation], draft: DocumentDrafted, unit: str, by: PersonId) -> Standing:
    """Somebody as the one who answers for a unit asked: as the row says, or, where it is silent, any of its people.

    Raises:
        Refused: (forbidden) he does not.
    """
    case = replace(case_of(draft), units_involved=(unit,))
    steps = [step for step in _steps(ruling) if _of_the_asked(step)]
    for step in steps:
        standing = rules.who(step.by, case, step.do).of(by) if step.by is not None else None
        if standing is not None:
            return standing
    if steps:
        wanted = {one for step in steps if step.by for one in rules.who(step.by, case, step.do).people()}
        names = "、".join(rules.roster.name(one) for one in sorted(wanted)) or rules.titled(unit)
        params = {"do": steps[0].do, "who": names}
        raise Refused(Reason("not_your_step", tuple(ruling.citations), params), kind="forbidden")
    return of_unit(rules, unit, by)


def of_unit(rules: Rules, unit: str, by: PersonId) -> Standing:
    """Somebody as one of a unit.

    Raises:
        Refused: (forbidden) he is not.
    """
    if not rules.works_in(by, unit):
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(unit)}), kind="forbidden")
    return rules.own_standing(by, unit)


def limit_of(n: int, unit: str) -> Span:
    """A limit as the host sets it."""
    return Span.model_validate({"n": n, "unit": unit})


def _steps(ruling: Ruling[Consultation]) -> tuple[Step, ...]:
    return ruling.first.outcome.countersign if ruling.first is not None else ()


def _of_the_asked(step: Step) -> bool:
    """Whether a step is taken by those who are asked, not by the host."""
    inner = step.by
    while inner is not None and inner.of is not None:
        inner = inner.of
    return inner is not None and inner.name == "involved_unit"
