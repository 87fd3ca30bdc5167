"""Absences: announced, decided by whose turn it is, taken back, ended by the return."""

from dataclasses import replace
from datetime import date

from attendance_svc.absence.announce import Announce, announce
from attendance_svc.absence.refuse import RefuseLeave, refuse
from attendance_svc.absence.report_return import ReportReturn, report_return
from attendance_svc.absence.return_overdue import ReturnNotReported, return_not_reported
from attendance_svc.absence.state import ABSENCE
from attendance_svc.absence.take_step import TakeStep, take_step
from attendance_svc.absence.withdraw import Withdraw, withdraw
from chancery.envelope import Standing
from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceWithdrawn,
    ActingStarted,
    AppointmentMade,
    LeaveApproved,
    LeaveRefused,
    ReturnOverdue,
    ReturnReported,
)
from chancery.names import Capacity, PersonId, PostId
from chancery.roster import Roster
from tests import orchard
from tests.attendance.examples import BACK, LEAVES, announced, approved, stands, taken
from tests.attendance.test_longer_and_otherwise import rules_of
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, JUSTICE_HEAD, MAYOR, OTHER_DEPUTY, at, roster, rules
from tests.scenario import THE_THING, scenario

THE_DAY_BEFORE = at("2022-02-13", 10)
HONGKOU = rules(THE_DAY_BEFORE)
GOES = Announce(
    by=DEPUTY_IN_CHARGE,
    at=THE_DAY_BEFORE,
    person_id=DEPUTY_IN_CHARGE,
    leaving="city",
    cause="business_trip",
    destination="外地",
    reason="公务",
    starts_at=LEAVES,
    ends_at=BACK,
)
OUTING = Announce(
    by=orchard.WORKS_HEAD,
    at=at("2022-02-10"),
    person_id=orchard.WORKS_HEAD,
    leaving="city",
    cause="trip",
    destination="外地",
    reason="公务",
    starts_at=LEAVES,
    ends_at=BACK,
)
ASKED = announced(orchard.WORKS_HEAD, "unit_head", "approve", "unit-heads-ask", cause="trip")
NOW = at("2022-02-10", 11)
REVIEWED = taken(0, "review", orchard.OFFICE_HEAD, "office_head", NOW)
AGREED = taken(1, "approve", orchard.DEPUTY, "deputy", NOW)


# -- announced --------------------------------------------------------------------


def test_a_deputys_report_to_the_mayor_is_enough() -> None:
    """虹口2022 六十二: reported beforehand, approved by nobody."""
    outcome = scenario(ABSENCE, HONGKOU).when(announce, GOES).under("HK-62-1", "HK-62-2")
    told, step, stood = outcome.events
    assert told == announced(DEPUTY_IN_CHARGE, "deputy_mayor", "report", "deputy-reports-to-mayor")
    assert step == taken(0, "report", DEPUTY_IN_CHARGE, "deputy_mayor", THE_DAY_BEFORE)
    assert isinstance(stood, LeaveApproved)
    assert stood.return_due is not None
    assert (stood.return_due.due_on, stood.return_due.clauses) == (date(2022, 2, 21), ("HK-62-1", "HK-62-2"))


def test_the_return_is_counted_over_labour_day() -> None:
    """虹口2022 六十二, an example of the clause: back on Thursday 30 April 2026, to be reported by 6 May."""
    holiday = replace(GOES, at=at("2026-04-20"), starts_at=at("2026-04-27", 8), ends_at=at("2026-04-30", 18))
    stood = scenario(ABSENCE, rules(at("2026-04-20"))).when(announce, holiday).events[-1]
    assert isinstance(stood, LeaveApproved)
    assert stood.return_due is not None
    assert stood.return_due.due_on == date(2026, 5, 6)


def test_a_report_after_leaving_is_refused_and_to_call_it_urgent_changes_nothing_here() -> None:
    """虹口2022 六十二: beforehand; the article knows no urgent case."""
    late = replace(GOES, at=LEAVES)
    scenario(ABSENCE, rules(LEAVES)).when(announce, late).refused(not_asked_beforehand="62")
    urgent = replace(late, urgent=True)
    scenario(ABSENCE, rules(LEAVES)).when(announce, urgent).refused(not_asked_beforehand="62")


def test_where_the_rules_know_urgent_cases_a_request_may_come_after_leaving() -> None:
    """金川2020 七十四: the two days fall away, both approvals stay."""
    moment = at("2026-03-12", 9)
    jinchuan = rules_of("jinchuan-2020", moment)
    head = PersonId("education_head")
    goes = replace(
        GOES, by=head, person_id=head, at=moment, starts_at=at("2026-03-12", 8), ends_at=at("2026-03-13", 18)
    )
    scenario(ABSENCE, jinchuan).when(announce, goes).refused(too_late_to_ask="74")
    urgent = scenario(ABSENCE, jinchuan).when(announce, replace(goes, urgent=True)).under("JC-74-8")
    [told] = urgent.events
    assert isinstance(told, AbsenceAnnounced)
    assert told.row == "urgent-outing"


def test_where_the_rules_say_nothing_the_absence_stands() -> None:
    """Nothing is owed for a day in another district; nor by the mayor, of whom the text says nothing."""
    within = replace(GOES, leaving="district")
    told, stood = scenario(ABSENCE, HONGKOU).when(announce, within).events
    assert told == announced(DEPUTY_IN_CHARGE, "deputy_mayor", "not_regulated", None, leaving="district")
    assert isinstance(stood, LeaveApproved)
    assert (stood.mode, stood.return_due) == ("not_regulated", None)
    mayor = replace(GOES, by=MAYOR, person_id=MAYOR)
    outcome = scenario(ABSENCE, HONGKOU).when(announce, mayor)
    assert outcome.events[0] == announced(MAYOR, "mayor", "not_regulated", None)
    assert all(told.under == () for told in outcome.told)


def test_of_two_posts_it_is_the_one_that_somebody_can_act_for() -> None:
    """虹口2022 六: whichever of them he was given first, the mayor's office is what another takes over meanwhile."""
    mayor = replace(GOES, by=MAYOR, person_id=MAYOR)
    for first, second in (("unit_clerk", "mayor"), ("mayor", "unit_clerk")):
        both = [AppointmentMade(person_id=MAYOR, post=post, starts_on=date(2021, 10, 11)) for post in (first, second)]
        told = scenario(ABSENCE, rules(THE_DAY_BEFORE, Roster.of(both))).when(announce, mayor).events
        assert told[0] == announced(MAYOR, "mayor", "not_regulated", None)


def test_heads_report_to_the_office_which_passes_it_on() -> None:
    """虹口2022 六十二: the office owes the report to the mayor and the deputy in charge; nobody waits for it."""
    head = replace(GOES, by=JUSTICE_HEAD, person_id=JUSTICE_HEAD)
    told = scenario(ABSENCE, HONGKOU).when(announce, head).under("HK-62-3").events
    assert isinstance(told[-1], LeaveApproved)
    stood = scenario(ABSENCE, HONGKOU).given(*told)
    passed_on = stood.when(take_step, TakeStep(CLERK, "已报")).under("HK-62-3").events
    assert passed_on == [taken(1, "report", CLERK, "office_clerk", THE_DAY_BEFORE, "已报")]
    stood.given(*passed_on).when(take_step, TakeStep(CLERK)).refused("route_complete")
    stood.when(take_step, TakeStep(JUSTICE_HEAD)).forbidden(not_your_step="62")


def test_only_who_goes_or_the_office_for_him_announces() -> None:
    scenario(ABSENCE, HONGKOU).when(announce, replace(GOES, by=OTHER_DEPUTY)).forbidden("not_your_absence")
    for_him = scenario(ABSENCE, HONGKOU).when(announce, replace(GOES, by=CLERK)).events
    assert for_him[0] == announced(DEPUTY_IN_CHARGE, "deputy_mayor", "report", "deputy-reports-to-mayor")


def test_every_flaw_of_an_announcement_is_named_at_once() -> None:
    nobody = PersonId("stranger")
    backwards = replace(GOES, by=CLERK, person_id=nobody, ends_at=LEAVES)
    scenario(ABSENCE, HONGKOU).when(announce, backwards).refused("ends_before_it_starts", "holds_no_post")
    away = rules(THE_DAY_BEFORE, roster().after(stands(DEPUTY_IN_CHARGE, "deputy_mayor")))
    scenario(ABSENCE, away).when(announce, GOES).refused("over_another_absence")
    first = scenario(ABSENCE, HONGKOU).when(announce, GOES).events
    scenario(ABSENCE, HONGKOU).given(*first).when(announce, GOES).refused("announced_already")


def test_what_has_to_be_asked_two_working_days_before_is_refused_after() -> None:
    """果园 三: the two days before Monday the 14th are the 10th and the 11th."""
    in_time = scenario(ABSENCE, orchard.rules(OUTING.at)).when(announce, OUTING).under("OR-3-1").events
    assert in_time == [ASKED]
    late = replace(OUTING, at=at("2022-02-11"))
    scenario(ABSENCE, orchard.rules(late.at)).when(announce, late).refused(too_late_to_ask="3")
    scenario(ABSENCE, orchard.rules(late.at)).when(announce, replace(late, urgent=True)).refused(too_late_to_ask="3")


# -- decided ----------------------------------------------------------------------


def test_the_route_is_gone_in_order_and_then_the_absence_stands() -> None:
    """果园 三: reviewed by the office, approved by the deputy in charge; the office files it afterwards."""
    asked = scenario(ABSENCE, orchard.rules(NOW)).given(ASKED)
    asked.when(take_step, TakeStep(orchard.DEPUTY)).forbidden(not_your_step="3")
    asked.when(take_step, TakeStep(orchard.OFFICE_HEAD)).then(REVIEWED)
    step, stood = asked.given(REVIEWED).when(take_step, TakeStep(orchard.DEPUTY)).under("OR-3-1").events
    assert step == AGREED
    assert isinstance(stood, LeaveApproved)
    assert (stood.mode, stood.return_due and stood.return_due.due_on) == ("approve", date(2022, 2, 21))
    filed = asked.given(REVIEWED, AGREED, stood).when(take_step, TakeStep(orchard.OFFICE_CLERK)).events
    assert filed == [taken(2, "file", orchard.OFFICE_CLERK, "clerk", NOW)]


def test_nobody_decides_his_own_case_also_while_acting_for_who_would() -> None:
    """果园 三: the deputy asks the head, for whom he acts."""
    acting = ActingStarted(
        acting_id="acting",
        principal_id=orchard.HEAD,
        post="head",
        actor_id=orchard.DEPUTY,
        absence_id="trip",
        scope=("whole_office",),
        started_at=at("2022-02-01"),
    )
    own = announced(orchard.DEPUTY, "deputy", "approve", "deputies-ask", cause="rest")
    while_acting = scenario(ABSENCE, orchard.rules(NOW, orchard.people(acting))).given(own)
    while_acting.when(take_step, TakeStep(orchard.DEPUTY)).forbidden(own_case="3")
    while_acting.when(refuse, RefuseLeave(orchard.DEPUTY, "不去了")).forbidden(own_case="3")
    others = announced(orchard.FIRST, "first_deputy", "approve", "deputies-ask", cause="rest")
    standing = Standing(orchard.DEPUTY, PostId("head"), Capacity.ACTING, orchard.HEAD)
    scenario(ABSENCE, while_acting.rules).given(others).when(take_step, TakeStep(orchard.DEPUTY)).by(standing)


def test_whose_turn_it_is_may_refuse_and_says_why() -> None:
    asked = scenario(ABSENCE, orchard.rules(NOW)).given(ASKED, REVIEWED)
    refused = LeaveRefused(absence_id=str(THE_THING), person_id=orchard.WORKS_HEAD, reason="当日有会议")
    asked.when(refuse, RefuseLeave(orchard.DEPUTY, "当日有会议")).then(refused).under("OR-3-1")
    asked.when(refuse, RefuseLeave(orchard.FIRST, "当日有会议")).forbidden(not_your_step="3")
    asked.given(refused).when(take_step, TakeStep(orchard.DEPUTY)).refused("absence_decided")
    asked.given(refused).when(refuse, RefuseLeave(orchard.DEPUTY, "再说")).refused("absence_decided")


def test_where_nothing_is_regulated_there_is_no_step_to_take() -> None:
    free = announced(MAYOR, "mayor", "not_regulated", None)
    scenario(ABSENCE, HONGKOU).given(free, approved(free)).when(take_step, TakeStep(CLERK)).refused("no_steps_left")
    scenario(ABSENCE, HONGKOU).when(take_step, TakeStep(CLERK)).refused("not_found")


# -- taken back, ended ---------------------------------------------------------------


def test_an_absence_is_taken_back_before_it_begins_and_reported_back_afterwards() -> None:
    told = scenario(ABSENCE, HONGKOU).when(announce, GOES).events
    stood = scenario(ABSENCE, HONGKOU).given(*told)
    back = AbsenceWithdrawn(absence_id=str(THE_THING), person_id=DEPUTY_IN_CHARGE, reason="改期")
    taken_back = Withdraw(DEPUTY_IN_CHARGE, THE_DAY_BEFORE, "改期")
    stood.when(withdraw, taken_back).then(back)
    stood.when(withdraw, replace(taken_back, by=OTHER_DEPUTY)).forbidden("not_your_absence")
    stood.when(withdraw, replace(taken_back, at=LEAVES)).refused("absence_begun")
    stood.given(back).when(withdraw, taken_back).quiet()
    stood.given(back).when(report_return, ReportReturn(DEPUTY_IN_CHARGE, BACK, BACK)).refused("absence_does_not_stand")
    scenario(ABSENCE, HONGKOU).when(withdraw, taken_back).refused("not_found")


def test_the_return_ends_it_whatever_was_planned() -> None:
    told = scenario(ABSENCE, HONGKOU).when(announce, GOES).events
    stood = scenario(ABSENCE, HONGKOU).given(*told)
    early = at("2022-02-16", 12)
    back = ReturnReported(absence_id=str(THE_THING), person_id=DEPUTY_IN_CHARGE, returned_at=early)
    stood.when(report_return, ReportReturn(DEPUTY_IN_CHARGE, early, early)).then(back)
    stood.when(report_return, ReportReturn(CLERK, early, early)).then(back)
    stood.when(report_return, ReportReturn(OTHER_DEPUTY, early, early)).forbidden("not_your_absence")
    stood.when(report_return, ReportReturn(DEPUTY_IN_CHARGE, early, BACK)).refused("return_out_of_time")
    stood.given(back).when(report_return, ReportReturn(DEPUTY_IN_CHARGE, BACK, BACK)).quiet()
    stood.given(back).when(withdraw, Withdraw(DEPUTY_IN_CHARGE, BACK, "晚了")).refused("absence_decided")


def test_a_return_that_is_not_reported_in_time_is_told_once() -> None:
    told = scenario(ABSENCE, HONGKOU).when(announce, GOES).events
    stood = scenario(ABSENCE, HONGKOU).given(*told)
    due = stood.state.return_due
    assert due is not None
    overdue = ReturnOverdue(absence_id=str(THE_THING), person_id=DEPUTY_IN_CHARGE, due=due)
    stood.when(return_not_reported, ReturnNotReported(due)).then(overdue)
    stood.given(overdue).when(return_not_reported, ReturnNotReported(due)).quiet()
    back = ReturnReported(absence_id=str(THE_THING), person_id=DEPUTY_IN_CHARGE, returned_at=BACK)
    stood.given(back).when(return_not_reported, ReturnNotReported(due)).quiet()
    scenario(ABSENCE, HONGKOU).when(return_not_reported, ReturnNotReported(due)).quiet()
