"""Steps that exist only where they are wanted: once called for by whoever may, they must be taken."""

from dataclasses import replace

from attendance_svc.absence.announce import Announce, announce
from attendance_svc.absence.call_for import CallFor as CallForAbsence
from attendance_svc.absence.call_for import call_for as call_for_absence
from attendance_svc.absence.state import ABSENCE
from attendance_svc.absence.take_step import TakeStep as TakeAbsenceStep
from attendance_svc.absence.take_step import take_step as take_absence_step
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepCalledFor, AbsenceStepTaken, LeaveApproved
from chancery.events.document import DocumentStepCalledFor, DocumentStepTaken, QuestionAnswered, TextAttached
from chancery.events.meeting import (
    AgendaAccepted,
    AgendaItemEvent,
    AgendaStepCalledFor,
    AgendaStepTaken,
    AgendaSubmitted,
    Chair,
    ChecklistAnswered,
    MinutesDrafted,
    MinutesSigned,
    MinutesStepCalledFor,
    MinutesStepTaken,
)
from chancery.events.parts import Answer, CalledFor, PaperRef, StepDone
from chancery.names import Capacity, PersonId
from document_svc.document.call_for import CallFor as CallForDocument
from document_svc.document.call_for import call_for as call_for_document
from document_svc.document.sign import Sign as SignDocument
from document_svc.document.sign import sign as sign_document
from document_svc.document.state import DOCUMENT
from meeting_svc.agenda_item.accept import Accept, accept
from meeting_svc.agenda_item.call_for import CallFor, call_for
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.minutes.call_for import CallFor as CallForMinutes
from meeting_svc.minutes.call_for import call_for as call_for_minutes
from meeting_svc.minutes.sign import Sign, sign
from meeting_svc.minutes.state import MINUTES
from tests.rules.small import NOW
from tests.scenario import THE_THING, Outcome, scenario
from tests.soft.soft import (
    DEPUTY,
    HEAD,
    OFFICE,
    OTHER_DEPUTY,
    PURSE,
    SITTING_ON,
    WORKS,
    WORKS_CLERK,
    facts,
    later,
    rules,
    upward,
)

SOFT = rules()


def submitted(**more: object) -> AgendaSubmitted:
    event = AgendaSubmitted(
        item_id=THE_THING,
        matter_id=THE_THING,
        facts=facts(),
        body="council",
        sitting_on=SITTING_ON,
        submitted_by=WORKS,
        for_unit="works",
        submitted_at=NOW,
    )
    return event.model_copy(update=more)


def step(number: int, do: str, person: str) -> StepDone:
    posts = {HEAD: "head", OFFICE: "office_chief", PURSE: "bureau_chief", OTHER_DEPUTY: "deputy"}
    return StepDone(step=number, do=do, person=person, post=posts[PersonId(person)], capacity=Capacity.OWN, at=NOW)


def ticked(question: str) -> ChecklistAnswered:
    return ChecklistAnswered(item_id=THE_THING, answer=Answer(question=question, yes=True, by=OFFICE, at=NOW))


def called(step_: str, by: str, reason: str | None = None) -> CalledFor:
    return CalledFor(step=step_, reason=reason, by=by, at=NOW)


def of_item(what: CalledFor) -> AgendaStepCalledFor:
    return AgendaStepCalledFor(item_id=THE_THING, called=what)


def taken(one: StepDone) -> AgendaStepTaken:
    return AgendaStepTaken(item_id=THE_THING, taken=one)


REVIEWED = taken(step(0, "review", OFFICE))


def accepting(*events: AgendaItemEvent) -> Outcome[AgendaItemEvent]:
    """The last word on an item whose checklist is answered."""
    given = scenario(AGENDA_ITEM, SOFT).given(submitted(), ticked("one_thing"), ticked("short_enough"), *events)
    return given.when(accept, Accept(HEAD, NOW))


def test_a_step_nobody_called_for_is_not_waited_for() -> None:
    assert [type(event) for event in accepting(REVIEWED).events] == [AgendaStepTaken, AgendaAccepted]


def test_a_step_called_for_must_be_taken_before_the_last_word() -> None:
    wanted = of_item(called("consult", OFFICE))
    accepting(REVIEWED, wanted).refused(steps_before_the_last="1")
    done = taken(step(2, "consult", PURSE))
    assert [type(event) for event in accepting(REVIEWED, wanted, done).events] == [AgendaStepTaken, AgendaAccepted]


def test_a_step_with_a_condition_is_switched_on_by_the_post_it_names() -> None:
    given = scenario(AGENDA_ITEM, SOFT).given(submitted())
    command = CallFor(OFFICE, "touches_others", "涉及财政")
    wanted = of_item(called("touches_others", OFFICE, "涉及财政"))
    given.when(call_for, command).then(wanted).under("MP-1-1")
    refused = given.when(call_for, replace(command, by=HEAD)).forbidden(not_yours_to_call="1")
    assert refused.reasons[0].params["who"] == "Di"
    accepting(REVIEWED, wanted).refused("steps_before_the_last")
    assert accepting(REVIEWED, wanted, taken(step(1, "consent", OTHER_DEPUTY))).kind is None


def test_where_nobody_is_named_it_is_for_those_at_work_or_the_steps_own_people() -> None:
    """The office reviews now, so it may call for the consultation; so may the unit consulted, and nobody else."""
    given = scenario(AGENDA_ITEM, SOFT).given(submitted())
    for by in (OFFICE, PURSE):
        given.when(call_for, CallFor(by, "consult")).then(of_item(called("consult", by)))
    for by in (HEAD, DEPUTY, WORKS_CLERK):
        given.when(call_for, CallFor(by, "consult")).forbidden("not_yours_to_call")
    given.given(REVIEWED).when(call_for, CallFor(HEAD, "consult")).then(of_item(called("consult", HEAD)))


def test_only_a_step_that_waits_can_be_called_for() -> None:
    given = scenario(AGENDA_ITEM, SOFT).given(submitted())
    given.when(call_for, CallFor(OFFICE, "approve")).refused(no_step_to_call="1")
    given.when(call_for, CallFor(OFFICE, "sing")).refused(no_step_to_call="1")
    given.given(of_item(called("consult", OFFICE))).when(call_for, CallFor(OFFICE, "consult")).refused(
        no_step_to_call="1"
    )
    accepted = AgendaAccepted(item_id=THE_THING, matter_id=THE_THING, body="council", accepted_at=NOW)
    given.given(accepted).when(call_for, CallFor(OFFICE, "consult")).refused("item_accepted_already")
    scenario(AGENDA_ITEM, SOFT).when(call_for, CallFor(OFFICE, "consult")).refused("not_submitted")
    unregulated = submitted(facts=facts(kind="notice"))
    scenario(AGENDA_ITEM, SOFT).given(unregulated).when(call_for, CallFor(OFFICE, "consult")).refused("no_step_to_call")


# -- minutes ------------------------------------------------------------

DRAFTED = MinutesDrafted(
    minutes_id=THE_THING,
    sitting_id=THE_THING,
    body="council",
    series="2024",
    number=1,
    sitting_on=SITTING_ON,
    closed_at=NOW,
    chair=Chair(person=HEAD, post="head", capacity=Capacity.OWN),
    decisions=(),
    drafted_by=OFFICE,
)


def test_a_consultation_on_minutes_that_was_only_possible_becomes_due() -> None:
    reviewed = MinutesStepTaken(minutes_id=THE_THING, taken=step(0, "review", OFFICE))
    given = scenario(MINUTES, SOFT).given(DRAFTED, reviewed)
    assert [type(event) for event in given.when(sign, Sign(HEAD)).events] == [MinutesSigned]
    wanted = MinutesStepCalledFor(minutes_id=THE_THING, called=called("consult", DEPUTY))
    given.when(call_for_minutes, CallForMinutes(DEPUTY, "consult")).then(wanted).under("MP-1-1")
    given.when(call_for_minutes, CallForMinutes(WORKS, "consult")).forbidden("not_yours_to_call")
    given.given(wanted).when(sign, Sign(HEAD)).refused("steps_before_the_signature")
    scenario(MINUTES, SOFT).when(call_for_minutes, CallForMinutes(DEPUTY, "consult")).refused("minutes_not_drafted")


# -- documents ------------------------------------------------------------


def test_a_sign_off_on_a_document_that_is_called_for_comes_before_the_signature() -> None:
    paper = PaperRef(kind="text", name="a", sha256="0" * 64, size=1, media_type="text/plain")
    text = TextAttached(document_id=THE_THING, edition=1, paper=paper, attached_by=WORKS_CLERK)
    reviewed = DocumentStepTaken(document_id=THE_THING, taken=step(0, "review", OFFICE))
    given = scenario(DOCUMENT, SOFT).given(upward(direction="level"), text)
    given.when(call_for_document, CallForDocument(OFFICE, "sign_off")).refused(no_step_to_call="2")
    up = scenario(DOCUMENT, SOFT).given(upward(), text)
    wanted = DocumentStepCalledFor(document_id=THE_THING, called=called("sign_off", OFFICE, "跨领域"))
    up.when(call_for_document, CallForDocument(OFFICE, "sign_off", "跨领域")).then(wanted).under("MP-1-1")
    up.when(call_for_document, CallForDocument(PURSE, "sign_off")).forbidden("not_yours_to_call")
    one = Answer(question="single_matter", yes=True, by=OFFICE, at=NOW)
    answered = QuestionAnswered(document_id=THE_THING, answer=one)
    assert up.given(reviewed, answered).when(sign_document, SignDocument(HEAD, NOW)).kind is None
    up.given(wanted, reviewed, answered).when(sign_document, SignDocument(HEAD, NOW)).refused(
        "steps_before_the_signature"
    )


# -- absences ------------------------------------------------------------


def test_a_consent_to_an_absence_is_called_for_by_the_post_the_step_names() -> None:
    command = Announce(
        by=PURSE,
        at=NOW,
        person_id=PURSE,
        leaving="district",
        cause="trip",
        destination="邻市",
        reason="开会",
        starts_at=later(10),
        ends_at=later(12),
    )
    told = scenario(ABSENCE, SOFT).when(announce, command).events
    assert [type(event) for event in told] == [AbsenceAnnounced]
    given = scenario(ABSENCE, SOFT).given(*told)
    assert [type(event) for event in given.when(take_absence_step, TakeAbsenceStep(HEAD)).events] == [
        AbsenceStepTaken,
        LeaveApproved,
    ]
    wanted = AbsenceStepCalledFor(absence_id=str(THE_THING), called=called("consent", HEAD))
    given.when(call_for_absence, CallForAbsence(HEAD, "consent")).then(wanted).under("MP-1-1")
    given.when(call_for_absence, CallForAbsence(DEPUTY, "consent")).forbidden("not_yours_to_call")
    given.given(wanted).when(take_absence_step, TakeAbsenceStep(HEAD)).forbidden("not_your_step")
    consented = given.given(wanted).when(take_absence_step, TakeAbsenceStep(DEPUTY)).events
    assert [type(event) for event in consented] == [AbsenceStepTaken]
