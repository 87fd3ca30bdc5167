"""Issue a document (印发)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.document import DocumentEvent, DocumentIssued
from chancery.events.meeting import MatterFacts
from chancery.events.outgoing import DocumentMeasured
from chancery.events.parts import Claim, Evidence, Excuse
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import counted_days
from chancery.rules.gates import joined
from chancery.rules.grounds import bound_by, clock_of
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from document_svc.document.checks import case_file, failing
from document_svc.document.facts import case_of, gate_facts_of
from document_svc.document.hands import registrar
from document_svc.document.hear import newly_heard
from document_svc.document.state import Document, Stage
from document_svc.document.volume import Compared, Measure, caps_of, too_much

GATE_STAGES = ("issue", "dispatch")


@dataclass(frozen=True, slots=True)
class Issue:
    """``matter`` and ``heard`` are the matter's facts and evidence as they were heard, ``excuses`` and ``claims`` those
    given for the matter. ``measure`` is how long the text is, ``volume`` the rows on volume held against the figures.
    """

    by: PersonId
    at: datetime
    matter: MatterFacts | None = None
    heard: tuple[Evidence, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()
    measure: Measure | None = None
    volume: tuple[Compared, ...] = ()


def issue(command: Issue, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Send it out: signed, numbered, with text and attribute, and every gate met.

    The event says on which working day of its clock that was; a late one goes out all the same.

    Raises:
        Refused: everything that is lacking at once; (forbidden) not the office acts.
    """
    draft = document.draft
    if draft is None:
        raise Refused(Reason("document_not_drafted"))
    if document.stage is Stage.ISSUED:
        raise Refused(Reason("document_issued_already"))
    if document.stage is Stage.WITHDRAWN:
        raise Refused(Reason("document_withdrawn"))
    standing = registrar(rules, command.by)
    lacking = _lacking(document)
    missing: list[Reason] = []
    under: list[AnyRuling] = []
    lies = case_file(document, command.matter, command.heard, command.excuses, command.claims)
    for stage in GATE_STAGES:
        gates, more = rules.unmet_gates(
            stage,
            gate_facts_of(rules, draft, command.matter, disputed=document.disputed),
            lies.evidence,
            case_of(draft),
            excuses=lies.excuses,
            claims=lies.claims,
        )
        missing = joined(missing, more)
        under.append(bound_by(gates))
    checks, fails = failing(rules, document, draft, lies, "issue")
    lacking += [*missing, *fails, *too_much(command.volume)]
    under.append(checks)
    if lacking or document.number is None or document.attribute is None or document.signed_on is None:
        raise Refused(*lacking)
    due, working_day = rules.again(document.due) if document.due else None, None
    issued_on = local_day(command.at)
    if due is not None:
        working_day = counted_days(rules, due, issued_on)
        under.append(clock_of(rules, due))
    issued = DocumentIssued(
        document_id=document.id,
        matter_id=draft.matter_id,
        kind=draft.kind,
        title=draft.title,
        number=document.number.number,
        in_name_of=draft.in_name_of,
        features=draft.features,
        lead_unit=draft.lead_unit,
        units_involved=draft.units_involved,
        founding=draft.founding,
        attribute=document.attribute,
        ground=document.ground,
        text=document.text,
        signed_on=document.signed_on,
        issued_on=issued_on,
        issued_at=command.at,
        issue_due=due,
        working_day=working_day,
    )
    heard = newly_heard(document.id, document.evidence, command.heard)
    told: list[Told[DocumentEvent]] = [*heard, Told(issued, tuple(under), standing)]
    if command.measure is not None:
        length = DocumentMeasured(
            document_id=document.id,
            lead_unit=draft.lead_unit,
            in_name_of=draft.in_name_of,
            kind=draft.kind,
            issued_on=issued_on,
            pages=command.measure.pages,
            characters=command.measure.characters,
            annexes=len(document.annexes),
        )
        caps = caps_of(rules, draft)
        told.append(Told(length, (caps,) if caps.regulated else (), standing))
    return told


def _lacking(document: Document) -> list[Reason]:
    wanted = (
        ("needs_signature", document.signed_on),
        ("needs_number", document.number),
        ("needs_text", document.text),
        ("needs_attribute", document.attribute),
    )
    return [Reason(code) for code, there in wanted if there is None]
