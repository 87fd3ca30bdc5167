"""Note that a document was not issued by the moment its clock set (印发逾期)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, IssueOverdue
from chancery.events.parts import Counted
from chancery.rules.grounds import clock_of
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class RunOut:
    due: Counted


def run_out(command: RunOut, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """Once, and not where it went out meanwhile."""
    if document.draft is None or document.stage in (Stage.ISSUED, Stage.WITHDRAWN) or document.overdue:
        return []
    overdue = IssueOverdue(document_id=document.id, matter_id=document.draft.matter_id, due=command.due)
    return [Told(overdue, (clock_of(rules, command.due),))]
