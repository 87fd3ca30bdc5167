"""Excuse one thing that the rules ask of a document in principle, with the reason (同意例外)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chancery.events.document import DocumentDrafted, DocumentEvent, DocumentRequirementExcused
from chancery.names import PersonId
from chancery.refusal import Excusable, Reason, Refused
from chancery.rules.excusing import Excusing, excusing
from chancery.rules.rulebook import Rules
from chancery.rules.tables import CHECKS, GATES
from chancery.thing import Told
from document_svc.document.checks import NOTHING_ON_FILE, CaseFile, failing
from document_svc.document.facts import case_of, gate_facts_of
from document_svc.document.state import Document, Stage

GATE_STAGES = ("signature_review", "signature", "issue", "dispatch")
CHECK_STAGES = ("submission", "signature", "issue")


@dataclass(frozen=True, slots=True)
class ExcuseRequirement:
    """``on_file`` is what lies with the document now."""

    by: PersonId
    asked: Excusing
    on_file: CaseFile = NOTHING_ON_FILE


def excuse(command: ExcuseRequirement, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the one whom the row names; from then on it asks this of the document no more. What must be is never excused.

    Raises:
        Refused: no draft, issued or given up, there is no such row, it must be kept, or nothing of it is unmet;
            (forbidden) another may excuse it, or it is his own document.
    """
    draft = document.draft
    if draft is None:
        raise Refused(Reason("document_not_drafted"))
    if document.stage is Stage.ISSUED:
        raise Refused(Reason("document_issued_already"))
    if document.stage is Stage.WITHDRAWN:
        raise Refused(Reason("document_withdrawn"))
    case = replace(case_of(draft), applicant=draft.drafted_by)
    given = excusing(
        command.asked,
        command.by,
        rules,
        case,
        tables=(GATES.name, CHECKS.name),
        given=command.on_file.excuses,
        unmet=tuple(_unmet(document, draft, command.on_file, rules)),
    )
    told = DocumentRequirementExcused(document_id=document.id, excuse=given.excuse)
    return [Told(told, (given.under,), given.standing)]


def _unmet(document: Document, draft: DocumentDrafted, on_file: CaseFile, rules: Rules) -> Iterator[Excusable]:
    for stage in GATE_STAGES:
        _, reasons = rules.unmet_gates(
            stage,
            gate_facts_of(rules, draft, on_file.matter),
            on_file.evidence,
            case_of(draft),
            excuses=on_file.excuses,
            claims=on_file.claims,
        )
        yield from (way for reason in reasons for way in reason.excusable)
    for stage in CHECK_STAGES:
        _, reasons = failing(rules, document, draft, on_file, stage)
        yield from (way for reason in reasons for way in reason.excusable)
