"""What holds in principle, excused by whoever may; exceptions claimed and proved; what must be is never excused."""

from dataclasses import replace
from datetime import date

import pytest

from attendance_svc.absence.announce import Announce, announce
from attendance_svc.absence.excuse import ExcuseAbsence
from attendance_svc.absence.excuse import excuse as excuse_absence
from attendance_svc.absence.state import ABSENCE
from chancery.events.attendance import AbsenceAnnounced, AbsenceExcused
from chancery.events.document import DocumentExceptionClaimed, DocumentRequirementExcused, TextAttached
from chancery.events.meeting import (
    AgendaSubmitted,
    Chair,
    ExceptionClaimed,
    MatterEvent,
    MatterOpened,
    RequirementExcused,
    ScheduledItem,
    SittingConvened,
    SittingOpened,
)
from chancery.events.parts import Answer, Claim, Evidence, Excuse, PaperRef
from chancery.names import Capacity, PersonId
from chancery.refusal import Excusable
from chancery.rules.excusing import Claiming, Excusing
from chancery.rules.setting_aside import proved
from chancery.rules.tables import ABSENCES, AGENDA, CHECKS, GATES
from document_svc.document.checks import case_file
from document_svc.document.claim import ClaimException as ClaimForDocument
from document_svc.document.claim import claim as claim_for_document
from document_svc.document.excuse import ExcuseRequirement as ExcuseDocument
from document_svc.document.excuse import excuse as excuse_document
from document_svc.document.issue import Issue, issue
from document_svc.document.sign import Sign, sign
from document_svc.document.state import DOCUMENT, Document
from document_svc.document.take_step import TakeStep, take_step
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.matter.claim import ClaimException, claim
from meeting_svc.matter.excuse import ExcuseRequirement, excuse
from meeting_svc.matter.state import MATTER, Matter
from meeting_svc.sitting.outcomes import Outcome
from meeting_svc.sitting.record import Record, record
from meeting_svc.sitting.state import SITTING
from tests.rules.small import NOW, acting, roster
from tests.scenario import THE_THING, scenario
from tests.soft.soft import (
    DEPUTY,
    HEAD,
    OFFICE,
    PURSE,
    SITTING_ON,
    SOON,
    WORKS,
    WORKS_CLERK,
    facts,
    later,
    rules,
    upward,
)

SOFT = rules()
COSTLY = MatterOpened(matter_id=THE_THING, facts=facts("costly"), opened_by=WORKS_CLERK, opened_at=NOW)
WIDE = MatterOpened(matter_id=THE_THING, facts=facts("wide"), opened_by=WORKS_CLERK, opened_at=NOW)
NO_OPINION = Excusing(GATES.name, "purse-first", "purse_opinion", "先行抢修，意见后补")
TO_COUNCIL = ExcuseRequirement(HEAD, NO_OPINION, "council")


def excused(what: Excusing = NO_OPINION, by: PersonId = HEAD) -> RequirementExcused:
    given = Excuse(table=what.table, row=what.row, what=what.what, reason=what.reason, by=by, at=NOW)
    return RequirementExcused(matter_id=THE_THING, excuse=given)


def claimed(exception: str, reason: str = "汛情") -> ExceptionClaimed:
    return ExceptionClaimed(
        matter_id=THE_THING, claim=Claim(exception=exception, reason=reason, by=WORKS_CLERK, at=NOW)
    )


def matter(*events: MatterEvent) -> Matter:
    return scenario(MATTER, SOFT).given(*events).state


def submission(of: Matter, by: PersonId = WORKS, **more: object) -> Submit:
    command = Submit(by, NOW, of, "council", sitting_on=SITTING_ON, on_paper=("draft",))
    return replace(command, **more)  # pyright: ignore[reportArgumentType]


# -- gates, at meetings ------------------------------------------------------------


def test_a_gate_that_holds_in_principle_refuses_and_says_who_may_excuse_it() -> None:
    outcome = scenario(AGENDA_ITEM, SOFT).when(submit, submission(matter(COSTLY))).refused(needs_purse_opinion="1")
    assert outcome.reasons[0].excusable == (Excusable(GATES.name, "purse-first", "purse_opinion", None, (HEAD,)),)


def test_whoever_may_excuses_it_and_the_event_cites_the_clause_set_aside() -> None:
    scenario(MATTER, SOFT).given(COSTLY).when(excuse, TO_COUNCIL).then(excused()).under("MP-1-1")


def test_from_then_on_the_gate_refuses_no_more() -> None:
    outcome = scenario(AGENDA_ITEM, SOFT).when(submit, submission(matter(COSTLY, excused())))
    assert [type(event) for event in outcome.events] == [AgendaSubmitted]
    outcome.under("MP-1-1")


def test_another_may_not_excuse_it_and_is_told_who_may() -> None:
    """Nor may whoever would profit: the head's own matter is not his to excuse."""
    of_the_deputy = replace(TO_COUNCIL, by=DEPUTY)
    outcome = scenario(MATTER, SOFT).given(COSTLY).when(excuse, of_the_deputy).forbidden(not_the_permitter="1")
    assert outcome.reasons[0].params["who"] == "Ann"
    own = COSTLY.model_copy(update={"opened_by": HEAD})
    scenario(MATTER, SOFT).given(own).when(excuse, TO_COUNCIL).forbidden("own_case")


def test_who_acts_for_the_head_may_excuse_it_and_the_standing_says_so() -> None:
    away = rules(people=roster(acting("cy")))
    outcome = scenario(MATTER, away).given(COSTLY).when(excuse, replace(TO_COUNCIL, by=PersonId("cy")))
    [told] = outcome.told
    assert told.standing is not None
    assert (told.standing.person, told.standing.acts_for) == ("cy", HEAD)


def test_what_must_be_is_never_excused() -> None:
    hard = Excusing(GATES.name, "heard-first", "hearing", "等不及")
    scenario(MATTER, SOFT).given(WIDE).when(excuse, ExcuseRequirement(HEAD, hard, "council")).refused(not_excusable="2")
    forged = matter(WIDE, excused(hard))
    scenario(AGENDA_ITEM, SOFT).when(submit, submission(forged)).refused(needs_hearing="2")
    [reason] = scenario(AGENDA_ITEM, SOFT).when(submit, submission(matter(WIDE))).reasons
    assert reason.excusable == ()


def test_an_excuse_covers_its_one_reason_and_no_other() -> None:
    both = COSTLY.model_copy(update={"facts": facts("costly", "wide")})
    command = submission(matter(both, excused()), on_paper=())
    scenario(AGENDA_ITEM, SOFT).when(submit, command).refused("needs_hearing", "needs_paper")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (replace(NO_OPINION, row="no-such-row"), "no_such_row"),
        (replace(NO_OPINION, table="signing", row="up"), "no_such_row"),
        (replace(NO_OPINION, what="hearing"), "nothing_to_excuse"),
        (replace(NO_OPINION, of="purse"), "nothing_to_excuse"),
    ],
)
def test_only_what_a_row_lacks_now_can_be_excused(asked: Excusing, code: str) -> None:
    scenario(MATTER, SOFT).given(COSTLY).when(excuse, ExcuseRequirement(HEAD, asked, "council")).refused(code)


def test_nothing_is_excused_that_is_there_or_was_excused_before() -> None:
    scenario(MATTER, SOFT).given(COSTLY, excused()).when(excuse, TO_COUNCIL).refused(excused_already="1")
    scenario(MATTER, SOFT).given(WIDE).when(excuse, TO_COUNCIL).refused("nothing_to_excuse")
    scenario(MATTER, SOFT).when(excuse, TO_COUNCIL).refused("matter_not_open")
    scenario(MATTER, SOFT).given(COSTLY).when(excuse, replace(TO_COUNCIL, body="senate")).refused("unknown_body")


def test_what_was_excused_for_the_matter_is_excused_at_its_sitting() -> None:
    convened = SittingConvened(
        sitting_id=THE_THING,
        body="council",
        series="2024",
        number=1,
        starts_at=NOW,
        sitting_on=SITTING_ON,
        place="会议室",
        convened_by=Chair(person=HEAD, post="head", capacity=Capacity.OWN),
        items=(ScheduledItem(no=1, item_id=THE_THING, matter_id=THE_THING, facts=facts("costly")),),
    )
    opened = SittingOpened(
        sitting_id=THE_THING,
        chair=convened.convened_by,
        present=(),
        members=0,
        members_present=0,
        quorum=None,
        opened_at=NOW,
        missing=(),
    )
    given = scenario(SITTING, SOFT).given(convened, opened)
    passed = Record(OFFICE, THE_THING, Outcome.ADOPTED, "通过")
    given.when(record, passed).refused(needs_purse_opinion="1")
    given.when(record, replace(passed, excuses=(excused().excuse,))).under("MP-1-1")


# -- the agenda ------------------------------------------------------------


def test_late_papers_a_missing_paper_and_a_lead_time_are_excused_one_by_one() -> None:
    plain = COSTLY.model_copy(update={"facts": facts()})
    late = submission(matter(plain), sitting_on=SOON, on_paper=())
    outcome = scenario(AGENDA_ITEM, SOFT).when(submit, late).refused("needs_paper", "papers_late")
    assert {one.what for reason in outcome.reasons for one in reason.excusable} == {"draft", "lead"}
    for what in ("lead", "draft"):
        asked = Excusing(AGENDA.name, "plans", what, "临时动议")
        scenario(MATTER, SOFT).given(plain).when(excuse, ExcuseRequirement(HEAD, asked, "council")).then(excused(asked))
    lead = excused(Excusing(AGENDA.name, "plans", "lead", "临时动议"))
    scenario(AGENDA_ITEM, SOFT).when(submit, replace(late, matter=matter(plain, lead))).refused("needs_paper")
    paper = excused(Excusing(AGENDA.name, "plans", "draft", "临时动议"))
    again = replace(late, matter=matter(plain, lead, paper))
    assert len(scenario(AGENDA_ITEM, SOFT).when(submit, again).events) == 1


def test_papers_that_may_come_late_with_leave_need_just_that_leave() -> None:
    """A row may itself name with whose leave late papers are taken, however strongly it speaks."""
    note = COSTLY.model_copy(update={"facts": facts(kind="notice")})
    late = submission(matter(note), sitting_on=SOON)
    outcome = scenario(AGENDA_ITEM, SOFT).when(submit, late).refused(papers_late="2")
    assert outcome.reasons[0].excusable[0].by == ("bo", "cy")
    leave = Excusing(AGENDA.name, "late-with-leave", "lead", "急件")
    scenario(MATTER, SOFT).given(note).when(excuse, ExcuseRequirement(HEAD, leave, "council")).forbidden(
        "not_the_permitter"
    )
    given = ExcuseRequirement(DEPUTY, leave, "council")
    scenario(MATTER, SOFT).given(note).when(excuse, given).then(excused(leave, DEPUTY))
    granted = replace(late, matter=matter(note, excused(leave, DEPUTY)))
    assert scenario(AGENDA_ITEM, SOFT).when(submit, granted).kind is None


# -- exceptions ------------------------------------------------------------


def test_an_exception_is_claimed_with_its_reason_and_takes_the_row_away() -> None:
    command = ClaimException(WORKS_CLERK, Claiming("flood", "汛情"))
    scenario(MATTER, SOFT).given(WIDE).when(claim, command).then(claimed("flood")).under("MP-2-1")
    outcome = scenario(AGENDA_ITEM, SOFT).when(submit, submission(matter(WIDE, claimed("flood"))))
    assert [type(event) for event in outcome.events] == [AgendaSubmitted]


def test_an_exception_that_needs_evidence_counts_once_that_is_on_file() -> None:
    bare = matter(WIDE, claimed("ordered"))
    scenario(AGENDA_ITEM, SOFT).when(submit, submission(bare)).refused(needs_hearing="2")
    order = Evidence(evidence="order_from_above", given_on=date(2024, 3, 1))
    there = replace(bare, evidence=(order,))
    assert scenario(AGENDA_ITEM, SOFT).when(submit, submission(there)).kind is None
    unclaimed = replace(matter(WIDE), evidence=(order,))
    scenario(AGENDA_ITEM, SOFT).when(submit, submission(unclaimed)).refused("needs_hearing")


def test_only_exceptions_that_rows_name_are_claimed_once_and_by_those_concerned() -> None:
    given = scenario(MATTER, SOFT).given(WIDE)
    given.when(claim, ClaimException(WORKS_CLERK, Claiming("haste", "急"))).refused("unknown_exception")
    given.when(claim, ClaimException(PURSE, Claiming("flood", "急"))).forbidden("not_of_the_unit")
    given.given(claimed("flood")).when(claim, ClaimException(OFFICE, Claiming("flood", "急"))).refused(
        claimed_already="2"
    )


def test_a_reason_of_blanks_proves_nothing() -> None:
    [row] = [row for row in SOFT.pack.rows(GATES) if row.id == "heard-first"]
    blank = Claim(exception="flood", reason=" ", by="gus", at=NOW)
    assert [proved([blank])(unless) for unless in row.unless] == [False, False]
    assert [proved([blank.model_copy(update={"reason": "汛情"})])(unless) for unless in row.unless] == [True, False]


# -- documents ------------------------------------------------------------

TEXT = TextAttached(
    document_id=THE_THING,
    edition=1,
    paper=PaperRef(kind="text", name="a", sha256="0" * 64, size=1, media_type="text/plain"),
    attached_by=WORKS_CLERK,
)
TWO = upward(to=("city", "bureaus"))
TO_MANY = Excusing(CHECKS.name, "one-addressee", "max_addressees", "并报有关单位")


def excused_document(what: Excusing, by: PersonId) -> DocumentRequirementExcused:
    given = Excuse(table=what.table, row=what.row, what=what.what, reason=what.reason, by=by, at=NOW)
    return DocumentRequirementExcused(document_id=THE_THING, excuse=given)


def test_a_check_that_fails_sends_the_paper_back_until_it_is_excused() -> None:
    given = scenario(DOCUMENT, SOFT).given(TWO)
    outcome = given.when(take_step, TakeStep(OFFICE)).refused(check_fails="1")
    assert outcome.reasons[0].excusable == (Excusable(CHECKS.name, "one-addressee", "max_addressees", None, (OFFICE,)),)
    command = ExcuseDocument(OFFICE, TO_MANY)
    given.when(excuse_document, command).then(excused_document(TO_MANY, OFFICE)).under("MP-1-1")
    given.when(excuse_document, replace(command, by=HEAD)).forbidden(not_the_permitter="1")
    after = given.given(excused_document(TO_MANY, OFFICE))
    taken = after.when(take_step, TakeStep(OFFICE, on_file=case_file(after.state)))
    assert taken.kind is None


def test_a_gate_excused_for_the_matter_is_excused_for_its_document() -> None:
    ready = Document(THE_THING, attribute="proactive")
    lies = case_file(ready, facts("costly"))
    assert lies.excuses == ()
    draft = upward(direction="downward", to=("bureaus",))
    bare = scenario(DOCUMENT, SOFT).given(draft)
    lacking = bare.when(issue, Issue(OFFICE, NOW, facts("costly"))).reasons
    assert "needs_purse_opinion" in {reason.code for reason in lacking}
    heard = (excused().excuse,)
    still = bare.when(issue, Issue(OFFICE, NOW, facts("costly"), excuses=heard)).reasons
    assert "needs_purse_opinion" not in {reason.code for reason in still}


def test_an_exception_claimed_for_a_document_lets_a_check_pass() -> None:
    far = upward(to=("province",))
    given = scenario(DOCUMENT, SOFT).given(far)
    given.when(take_step, TakeStep(OFFICE)).refused(check_fails="2")
    claimed_ = DocumentExceptionClaimed(
        document_id=THE_THING, claim=Claim(exception="flood", reason="汛情", by=WORKS_CLERK, at=NOW)
    )
    command = ClaimForDocument(WORKS_CLERK, Claiming("flood", "汛情"))
    given.when(claim_for_document, command).then(claimed_).under("MP-2-1")
    given.when(claim_for_document, replace(command, by=PURSE)).forbidden("not_of_the_unit")
    after = given.given(claimed_)
    assert after.when(take_step, TakeStep(OFFICE, on_file=case_file(after.state))).kind is None


def test_nothing_can_be_excused_of_a_document_that_lacks_nothing() -> None:
    scenario(DOCUMENT, SOFT).given(upward()).when(excuse_document, ExcuseDocument(OFFICE, TO_MANY)).refused(
        "nothing_to_excuse"
    )
    scenario(DOCUMENT, SOFT).when(excuse_document, ExcuseDocument(OFFICE, TO_MANY)).refused("document_not_drafted")


def test_the_signature_cites_the_checks_that_were_passed() -> None:
    answered = Answer(question="single_matter", yes=True, by=OFFICE, at=NOW)
    lines = scenario(DOCUMENT, SOFT).given(upward(), TEXT)
    state = replace(lines.state, answers=(answered,))
    steps = take_step(TakeStep(OFFICE), state, SOFT)
    after = DOCUMENT.evolve(state, steps[0].event)
    [signed] = sign(Sign(HEAD, NOW), after, SOFT)
    assert {"one-addressee", "one-matter"} <= {row for ruling in signed.under for row in ruling.rows}
    assert not {"calm", "seen"} & {row for ruling in signed.under for row in ruling.rows}


# -- absences ------------------------------------------------------------

TRIP = Announce(
    by=PURSE,
    at=NOW,
    person_id=PURSE,
    leaving="district",
    cause="trip",
    destination="邻市",
    reason="开会",
    starts_at=later(1),
    ends_at=later(2),
)
AT_SHORT_NOTICE = Excusing(ABSENCES.name, "leave-in-advance", "lead", "临时通知")


def absence_excused(person: str = PURSE, on: date = date(2024, 3, 2)) -> AbsenceExcused:
    given = Excuse(table=ABSENCES.name, row="leave-in-advance", what="lead", reason="临时通知", by=HEAD, at=NOW)
    return AbsenceExcused(absence_id=str(THE_THING), person_id=person, starts_on=on, excuse=given)


def test_a_lead_time_is_excused_before_the_absence_is_announced() -> None:
    outcome = scenario(ABSENCE, SOFT).when(announce, TRIP).refused(too_late_to_ask="1")
    assert outcome.reasons[0].excusable == (Excusable(ABSENCES.name, "leave-in-advance", "lead", None, (HEAD,)),)
    command = ExcuseAbsence(HEAD, PURSE, date(2024, 3, 2), AT_SHORT_NOTICE)
    scenario(ABSENCE, SOFT).when(excuse_absence, command).then(absence_excused()).under("MP-1-1")
    scenario(ABSENCE, SOFT).when(excuse_absence, replace(command, by=DEPUTY)).forbidden(not_the_permitter="1")
    scenario(ABSENCE, SOFT).when(excuse_absence, replace(command, person_id=HEAD)).forbidden("own_case")
    told = scenario(ABSENCE, SOFT).given(absence_excused()).when(announce, TRIP).events
    assert isinstance(told[0], AbsenceAnnounced)


def test_it_is_excused_for_just_that_person_and_day() -> None:
    for other in (absence_excused(person=WORKS), absence_excused(on=date(2024, 3, 3))):
        scenario(ABSENCE, SOFT).given(other).when(announce, TRIP).refused("too_late_to_ask")


def test_an_exception_claimed_for_an_absence_takes_the_row_away() -> None:
    mourning = replace(TRIP, exceptions=(Claiming("mourning", "亲属丧事"),))
    outcome = scenario(ABSENCE, SOFT).when(announce, mourning)
    announced = outcome.events[0]
    assert isinstance(announced, AbsenceAnnounced)
    assert announced.mode == "not_regulated"
    assert [one.exception for one in announced.claims] == ["mourning"]
    outcome.under("MP-1-1")
    unknown = replace(TRIP, exceptions=(Claiming("weather", "下雨"),))
    scenario(ABSENCE, SOFT).when(announce, unknown).refused("unknown_exception")


def test_an_exception_of_another_table_is_none_of_absences() -> None:
    scenario(ABSENCE, SOFT).when(announce, replace(TRIP, exceptions=(Claiming("flood", "汛"),))).refused(
        "unknown_exception"
    )
