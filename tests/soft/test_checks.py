"""Checks of a document and the checklist of an agenda item: what the house sees, what a person has to answer."""

from dataclasses import replace

from chancery.events.document import QuestionAnswered, TextAttached
from chancery.events.meeting import AgendaAccepted, AgendaItemEvent, ChecklistAnswered
from chancery.events.parts import Answer, PaperRef
from chancery.names import PersonId
from document_svc.document.answer import AnswerQuestion as AnswerForDocument
from document_svc.document.answer import answer as answer_for_document
from document_svc.document.checks import case_file, checked, failing
from document_svc.document.sign import Sign, sign
from document_svc.document.state import DOCUMENT, Document
from document_svc.document.take_step import TakeStep, take_step
from meeting_svc.agenda_item.accept import Accept, accept
from meeting_svc.agenda_item.checklist import AnswerQuestion, answer
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.matter.state import Matter
from tests.rules.small import NOW
from tests.scenario import THE_THING, scenario
from tests.soft.soft import HEAD, OFFICE, SITTING_ON, WORKS, WORKS_CLERK, facts, rules, upward
from tests.soft.test_called_steps import REVIEWED, submitted

SOFT = rules()
PAPER = PaperRef(kind="text", name="a", sha256="0" * 64, size=1, media_type="text/plain")
TEXT = TextAttached(document_id=THE_THING, edition=1, paper=PAPER, attached_by=WORKS_CLERK)


def answered(question: str, yes: bool = True, note: str | None = None) -> QuestionAnswered:
    given = Answer(question=question, yes=yes, note=note, by=OFFICE, at=NOW)
    return QuestionAnswered(document_id=THE_THING, answer=given)


def stand(document: Document, stage: str = "signature") -> dict[str, str]:
    assert document.draft is not None
    _, found = checked(SOFT, document, document.draft, case_file(document), stage)
    return {one.hit.row: one.verdict.value for one in found}


def test_every_check_of_a_document_stands_somewhere() -> None:
    document = scenario(DOCUMENT, SOFT).given(upward()).state
    assert stand(document) == {
        "one-addressee": "holds",
        "one-matter": "open",
        "no-level": "holds",
        "not-personally": "holds",
        "calm": "open",
        "seen": "open",
    }
    assert stand(scenario(DOCUMENT, SOFT).given(upward(to=("bureaus",))).state)["no-level"] == "open"
    assert stand(scenario(DOCUMENT, SOFT).given(upward(to_persons=("ann",))).state)["not-personally"] == "fails"
    assert set(stand(scenario(DOCUMENT, SOFT).given(upward(direction="level")).state)) == {
        "not-personally",
        "calm",
        "seen",
    }


def test_what_fails_goes_back_at_once_and_what_is_open_stops_the_signature() -> None:
    given = scenario(DOCUMENT, SOFT).given(upward(), TEXT)
    review = given.when(take_step, TakeStep(OFFICE, on_file=case_file(given.state)))
    assert review.kind is None
    reviewed = given.given(*review.events)
    reviewed.when(sign, Sign(HEAD, NOW)).refused(check_open="2")
    assert reviewed.given(answered("single_matter")).when(sign, Sign(HEAD, NOW)).kind is None
    refused = reviewed.given(answered("single_matter", yes=False)).when(sign, Sign(HEAD, NOW))
    refused.refused(check_fails="2")
    assert refused.reasons[0].subject == "single_matter"
    last = reviewed.given(answered("single_matter", yes=False), answered("single_matter"))
    assert last.when(sign, Sign(HEAD, NOW)).kind is None


def test_a_check_that_normally_holds_or_is_only_flagged_stops_nothing() -> None:
    document = scenario(DOCUMENT, SOFT).given(upward(), TEXT, answered("single_matter")).state
    assert document.draft is not None
    ruling, reasons = failing(SOFT, document, document.draft, case_file(document), "signature")
    assert reasons == []
    assert not {"calm", "seen"} & set(ruling.rows)


def test_a_question_is_answered_by_the_office_with_the_clause_that_asks_it() -> None:
    given = scenario(DOCUMENT, SOFT).given(upward())
    command = AnswerForDocument(OFFICE, "single_matter", yes=True, note="一事一报")
    given.when(answer_for_document, command).then(answered("single_matter", note="一事一报")).under("MP-2-1")
    given.when(answer_for_document, replace(command, by=WORKS_CLERK)).forbidden("not_the_office")
    given.when(answer_for_document, replace(command, question="max_addressees")).refused("no_such_question")
    given.when(answer_for_document, replace(command, question="no_embedded_request")).refused("no_such_question")
    given.when(answer_for_document, replace(command, question="anything")).refused("no_such_question")
    scenario(DOCUMENT, SOFT).when(answer_for_document, command).refused("document_not_drafted")


# -- the checklist of an agenda item ------------------------------------------------------------


def ticked(question: str, yes: bool = True, note: str | None = None) -> ChecklistAnswered:
    given = Answer(question=question, yes=yes, note=note, by=OFFICE, at=NOW)
    return ChecklistAnswered(item_id=THE_THING, answer=given)


ONE, SHORT = ticked("one_thing"), ticked("short_enough")


def test_every_question_of_the_checklist_is_answered_with_yes_before_the_item_is_accepted() -> None:
    given = scenario(AGENDA_ITEM, SOFT).given(submitted(), REVIEWED)
    given.when(accept, Accept(HEAD, NOW)).refused("checklist_open", "checklist_open")
    given.given(ONE).when(accept, Accept(HEAD, NOW)).refused(checklist_open="1")
    no = given.given(ONE, ticked("short_enough", yes=False)).when(accept, Accept(HEAD, NOW))
    no.refused(checklist_fails="1")
    assert no.reasons[0].subject == "short_enough"
    done: list[AgendaItemEvent] = [*given.given(ONE, SHORT).when(accept, Accept(HEAD, NOW)).events]
    assert isinstance(done[-1], AgendaAccepted)
    mended = given.given(ticked("one_thing", yes=False), ONE, SHORT).when(accept, Accept(HEAD, NOW))
    assert mended.kind is None


def test_the_checklist_is_the_offices_to_answer() -> None:
    given = scenario(AGENDA_ITEM, SOFT).given(submitted())
    command = AnswerQuestion(OFFICE, "one_thing", yes=True, note="一事一议")
    given.when(answer, command).then(ticked("one_thing", note="一事一议")).under("MP-1-1")
    given.when(answer, replace(command, by=WORKS)).forbidden("not_the_organiser")
    given.when(answer, replace(command, question="rhymes")).refused(no_such_question="1")
    scenario(AGENDA_ITEM, SOFT).when(answer, command).refused("not_submitted")


def test_whoever_has_the_only_word_still_waits_for_the_checklist() -> None:
    """The head puts a plan forward himself: his word is the last, the office's answers come first all the same."""
    matter = Matter(THE_THING, facts(), opened_by=HEAD)
    command = Submit(PersonId("ann"), NOW, matter, "council", sitting_on=SITTING_ON, on_paper=("draft",))
    told = scenario(AGENDA_ITEM, SOFT).when(submit, command)
    assert AgendaAccepted not in {type(event) for event in told.events}
