"""Answer a check that needs a person's judgement (审核意见): is it one matter, is its form complete."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent, QuestionAnswered
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Answer
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.predicates import REGISTRY
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.thing import Told
from document_svc.document.checks import CaseFile, checked
from document_svc.document.hands import registrar
from document_svc.document.state import Document, Stage

STAGES = ("submission", "signature", "issue")


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    by: PersonId
    question: str
    yes: bool
    note: str | None = None
    matter: MatterFacts | None = None


def answer(command: AnswerQuestion, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the office; answered anew, the last answer counts.

    Raises:
        Refused: no draft, issued or given up, or no check of this document asks it; (forbidden) not the office acts.
    """
    draft = document.draft
    if draft is None:
        raise Refused(Reason("document_not_drafted"))
    if document.stage is Stage.ISSUED:
        raise Refused(Reason("document_issued_already"))
    if document.stage is Stage.WITHDRAWN:
        raise Refused(Reason("document_withdrawn"))
    standing = registrar(rules, command.by)
    under: list[Ruling[object]] = []
    known: set[str] = set()
    for stage in STAGES:
        ruling, found = checked(rules, document, draft, CaseFile(command.matter), stage)
        asking = tuple(one.hit for one in found if one.hit.outcome.check == command.question)
        known |= {one.hit.outcome.check for one in found if REGISTRY[one.hit.outcome.check].question}
        if asking and not under:
            under.append(Ruling(ruling.table, ruling.pack, asking))
    if not under or not REGISTRY[command.question].question:
        names = "、".join(REGISTRY[one].zh for one in sorted(known)) or "—"
        raise Refused(Reason("no_such_question", params={"question": command.question, "known": names}))
    given = Answer(question=command.question, yes=command.yes, note=command.note, by=command.by, at=rules.at)
    return [Told(QuestionAnswered(document_id=document.id, answer=given), tuple(under), standing)]
