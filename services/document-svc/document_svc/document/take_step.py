"""Review, consult, countersign or sign off on the way to the signature (审核、会签)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, DocumentStepTaken
from chancery.events.meeting import MatterFacts
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.grounds import bound_by
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.checks import NOTHING_ON_FILE, CaseFile, failing
from document_svc.document.facts import case_of, gate_facts_of
from document_svc.document.standings import standing_of
from document_svc.document.state import Document
from document_svc.document.way import not_to_be_signed, walk_of

REVIEW = "signature_review"
"""The stage of gates that are met before anybody reviews a paper for its signature."""


@dataclass(frozen=True, slots=True)
class TakeStep:
    """``matter`` and what lies with the document, as they were heard."""

    by: PersonId
    matter: MatterFacts | None = None
    opinion: str | None = None
    on_file: CaseFile = NOTHING_ON_FILE


def take_step(command: TakeStep, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Whichever step the person's post may take now; the last one is ``sign``.

    Raises:
        Refused: no draft, signed already, a gate before the review is not met, a check that fails, the step is the
            signature; (forbidden) not his turn.
    """
    draft, lacking = not_to_be_signed(document)
    if draft is None or lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, document, draft, command.matter, command.on_file.claims)
    lies = command.on_file
    gates, missing = rules.unmet_gates(
        REVIEW,
        gate_facts_of(rules, draft, command.matter, disputed=document.disputed),
        lies.evidence,
        case_of(draft),
        excuses=lies.excuses,
        claims=lies.claims,
    )
    _, fails = failing(rules, document, draft, lies, "submission", may_still_come=True)
    if missing or fails:
        raise Refused(*missing, *fails)
    taken = walk.before_the_last(command.by, command.opinion, last_is="signature_is_sign")
    told = DocumentStepTaken(document_id=document.id, taken=taken)
    return [Told(told, (ruling, bound_by(gates)), standing_of(taken))]
