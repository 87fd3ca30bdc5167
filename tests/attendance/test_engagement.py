"""Engagements and days in the field: free, by a route, or refused, each with its clause; a day counts once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_svc.absence.take_step import TakeStep
from attendance_svc.engagement.answer import Decline, WithdrawEngagement, decline, take_step, withdraw
from attendance_svc.engagement.ask import ANSWER, AskEngagement, ask
from attendance_svc.engagement.excuse import ExcuseEngagement, excuse
from attendance_svc.engagement.state import ENGAGEMENT, Stage
from attendance_svc.research_day.quota import quotas
from attendance_svc.research_day.record import Record, Strike, record, strike
from attendance_svc.research_day.state import RESEARCH_DAY
from chancery.events.attendance import (
    Brought,
    EngagementAgreed,
    EngagementAsked,
    EngagementDeclined,
    EngagementStepTaken,
    EngagementWithdrawn,
    ResearchDayRecorded,
    ResearchDayStruck,
)
from chancery.names import PersonId
from chancery.rules.excusing import Claiming, Excusing
from chancery.rules.rulebook import Rules
from tests.attendance.test_longer_and_otherwise import holder, rules_of
from tests.hongkou import CLERK, MAYOR, at, rules
from tests.scenario import THE_THING, scenario

NOW = at("2026-04-01", 9)
HONGKOU, JINCHUAN, HAIMEN = rules(NOW), rules_of("jinchuan-2020", NOW), rules_of("haimen-2022", NOW)


def invited(by: str, leader: str, act: str, **more: Any) -> AskEngagement:
    return AskEngagement(
        by=PersonId(by), at=NOW, person_id=leader, act=act, title="某活动", on=date(2026, 4, 20), **more
    )


def in_the_office(of: Rules) -> PersonId:
    leaders = {holder(of, "mayor"), holder(of, "office_director")}
    return next(PersonId(a.person) for a in of.roster.employed_in("district_office", NOW) if a.person not in leaders)


# -- refused, free, not regulated ------------------------------------------------------


def test_an_inscription_is_refused_with_its_clause_and_what_nobody_regulates_stands() -> None:
    """虹口2022 七十二; of a speech in his official capacity the text says nothing."""
    asks = invited(CLERK, MAYOR, "inscription")
    scenario(ENGAGEMENT, HONGKOU).when(ask, asks).refused(engagement_refused="72")
    told, stands = scenario(ENGAGEMENT, HONGKOU).when(ask, replace(asks, act="visit_of_a_school")).events
    assert isinstance(told, EngagementAsked)
    assert (told.answer, told.row) == ("not_regulated", None)
    assert stands == EngagementAgreed(engagement_id=str(THE_THING), person_id=MAYOR, on=date(2026, 4, 20))
    stranger = replace(asks, by=PersonId("stranger"))
    scenario(ENGAGEMENT, HONGKOU).when(ask, stranger).forbidden("holds_no_post")


def test_what_is_arranged_is_free_what_is_only_normally_refused_stands_and_says_so() -> None:
    """海门2022 三十四: arranged by Party committee or government; otherwise noticed, not refused."""
    leader = holder(HAIMEN, "deputy_mayor")
    fair = invited("construction_head", leader, "fair", organiser="department")
    told, stands = scenario(ENGAGEMENT, HAIMEN).when(ask, fair).under("HM-34-2").events
    assert isinstance(told, EngagementAsked)
    assert (told.answer, told.row) == ("refuse", "no-ceremonies")
    assert isinstance(stands, EngagementAgreed)
    arranged = scenario(ENGAGEMENT, HAIMEN).when(ask, replace(fair, arranged=True)).events[0]
    assert isinstance(arranged, EngagementAsked)
    assert arranged.answer == "free"
    inscribed = replace(fair, act="inscription")
    scenario(ENGAGEMENT, HAIMEN).when(ask, inscribed).refused(engagement_refused="34")


def test_an_exception_that_is_not_of_the_rules_is_no_way_round() -> None:
    fair = invited("construction_head", holder(HAIMEN, "mayor"), "inscription")
    claimed = replace(fair, exceptions=(Claiming("urgent", "急"),))
    scenario(ENGAGEMENT, HAIMEN).when(ask, claimed).refused("unknown_exception")


# -- by a route ------------------------------------------------------------------------


def test_an_important_event_is_put_to_the_office_three_days_before() -> None:
    """金川2020 八十四: the office arranges it; late it is refused; what nobody arranged is refused."""
    leader, clerk = holder(JINCHUAN, "deputy_mayor"), in_the_office(JINCHUAN)
    event = invited("education_head", leader, "event", arranged=True, features=("important",))
    late = replace(event, on=date(2026, 4, 3))
    scenario(ENGAGEMENT, JINCHUAN).when(ask, late).refused(too_late_to_ask="84")
    asked = scenario(ENGAGEMENT, JINCHUAN).given(
        *scenario(ENGAGEMENT, JINCHUAN).when(ask, event).under("JC-84-3").events
    )
    assert asked.state.stage is Stage.ASKED
    asked.when(take_step, TakeStep(leader)).forbidden(not_your_step="84")
    step, stands = asked.when(take_step, TakeStep(clerk)).under("JC-84-1").events
    assert isinstance(step, EngagementStepTaken)
    assert isinstance(stands, EngagementAgreed)
    asked.given(step, stands).when(take_step, TakeStep(clerk)).refused("engagement_decided")


def test_a_leaders_own_piece_is_reviewed_and_approved_and_never_by_himself() -> None:
    """金川2020 七十三: the office, then the mayor; the mayor's own rests on a decision of a meeting."""
    deputy, mayor, clerk = holder(JINCHUAN, "deputy_mayor"), holder(JINCHUAN, "mayor"), in_the_office(JINCHUAN)
    speech = invited(deputy, deputy, "speech", in_capacity="official")
    asked = scenario(ENGAGEMENT, JINCHUAN).given(*scenario(ENGAGEMENT, JINCHUAN).when(ask, speech).events)
    asked.when(take_step, TakeStep(mayor)).forbidden(not_your_step="73")
    reviewed = asked.given(*asked.when(take_step, TakeStep(clerk)).events)
    reviewed.when(decline, Decline(clerk, "不妥")).forbidden(not_your_step="73")
    no = EngagementDeclined(engagement_id=str(THE_THING), person_id=deputy, reason="不妥")
    reviewed.when(decline, Decline(mayor, "不妥")).then(no).under("JC-73-2")
    assert isinstance(reviewed.when(take_step, TakeStep(mayor)).events[-1], EngagementAgreed)
    own = invited(mayor, mayor, "speech", in_capacity="official")
    scenario(ENGAGEMENT, JINCHUAN).when(ask, own).refused(must_bring="73")
    decided = replace(own, brings=(Brought(what="meeting_decision", reference="第6次常务会议"),))
    assert scenario(ENGAGEMENT, JINCHUAN).when(ask, decided).under("JC-73-2").events


def test_no_other_leader_goes_in_the_place_of_the_one_the_rules_want() -> None:
    """金川2020 八十五: the deputy in charge, nobody in his place."""
    in_charge = PersonId(JINCHUAN.roster.in_charge_of(NOW, frozenset({"education_bureau"}))[0])
    deputies = JINCHUAN.roster.holders(frozenset({"deputy_mayor"}), NOW)
    other = next(PersonId(a.person) for a in deputies if a.person != in_charge)
    forum = invited("education_head", in_charge, "forum", arranged=True, units=("education_bureau",))
    instead = replace(forum, person_id=other, substitute_for=in_charge)
    scenario(ENGAGEMENT, JINCHUAN).when(ask, instead).refused(no_substitute="85")
    scenario(ENGAGEMENT, JINCHUAN).when(ask, replace(instead, person_id=in_charge)).refused("substitutes_himself")
    asked = scenario(ENGAGEMENT, JINCHUAN).given(*scenario(ENGAGEMENT, JINCHUAN).when(ask, forum).events)
    asked.when(take_step, TakeStep(other)).forbidden(not_your_step="85")
    assert isinstance(asked.when(take_step, TakeStep(in_charge)).events[-1], EngagementAgreed)


def test_what_is_refused_in_principle_goes_to_whoever_may_excuse_it_with_the_reason() -> None:
    """金川2020 五十五: leaders stay away from a department's work meeting unless the mayor has it otherwise."""
    deputy, mayor = holder(JINCHUAN, "deputy_mayor"), holder(JINCHUAN, "mayor")
    meeting = invited("education_head", deputy, "work_meeting", organiser="department")
    scenario(ENGAGEMENT, JINCHUAN).when(ask, meeting).refused(engagement_refused_unless_agreed="55")
    reasoned = replace(meeting, because="全市现场会")
    asked = scenario(ENGAGEMENT, JINCHUAN).given(*scenario(ENGAGEMENT, JINCHUAN).when(ask, reasoned).events)
    asked.when(take_step, TakeStep(deputy)).forbidden(not_your_step="55")
    assert isinstance(asked.when(take_step, TakeStep(mayor)).events[-1], EngagementAgreed)


def test_what_was_excused_before_is_not_asked_again_and_holds_for_that_leader_and_day() -> None:
    """金川2020 五十五: the mayor has it otherwise beforehand; nobody excuses what must be, nor his own."""
    deputy, mayor = holder(JINCHUAN, "deputy_mayor"), holder(JINCHUAN, "mayor")
    meeting = invited("education_head", deputy, "work_meeting", organiser="department")
    excusing = Excusing("engagements", "leaders-stay-away", ANSWER, "全市现场会")
    wish = ExcuseEngagement(by=mayor, person_id=deputy, on=meeting.on, asked=excusing)
    nothing = scenario(ENGAGEMENT, JINCHUAN)
    nothing.when(excuse, replace(wish, by=deputy)).forbidden(not_the_permitter="55")
    nothing.when(excuse, replace(wish, person_id=mayor)).forbidden(own_case="55")
    nothing.when(excuse, replace(wish, asked=replace(excusing, row="only-office-arranges"))).refused(not_excusable="84")
    excused = nothing.given(*nothing.when(excuse, wish).under("JC-55-8").events)
    excused.when(excuse, wish).refused(excused_already="55")
    told, stands = excused.when(ask, meeting).events
    assert isinstance(told, EngagementAsked)
    assert isinstance(stands, EngagementAgreed)
    for other in (replace(meeting, on=meeting.on + timedelta(days=1)), replace(meeting, person_id=mayor)):
        excused.when(ask, other).refused(engagement_refused_unless_agreed="55")


def test_an_exception_that_needs_a_paper_holds_once_the_paper_is_brought() -> None:
    """海门2022 三十四: whoever holds a post with the organiser may go, and shows the appointment."""
    fair = invited("construction_head", holder(HAIMEN, "deputy_mayor"), "fair", organiser="department")
    claimed = replace(fair, exceptions=(Claiming("holds_post_with_organiser", "兼任组委会主任"),))
    without = scenario(ENGAGEMENT, HAIMEN).when(ask, claimed).events[0]
    assert isinstance(without, EngagementAsked)
    assert without.answer == "refuse"
    shown = replace(claimed, brings=(Brought(what="appointment", reference="海政发〔2026〕3号"),))
    told = scenario(ENGAGEMENT, HAIMEN).when(ask, shown).events[0]
    assert isinstance(told, EngagementAsked)
    assert told.answer == "not_regulated"


def test_whoever_asked_or_is_asked_withdraws_it() -> None:
    asks = invited("education_head", holder(JINCHUAN, "mayor"), "event", arranged=True)
    asked = scenario(ENGAGEMENT, JINCHUAN).given(*scenario(ENGAGEMENT, JINCHUAN).when(ask, asks).events)
    gone = EngagementWithdrawn(engagement_id=str(THE_THING), person_id=asks.person_id, reason="取消")
    for by in ("education_head", asks.person_id, in_the_office(JINCHUAN)):
        asked.when(withdraw, WithdrawEngagement(PersonId(by), "取消")).then(gone)
    asked.when(withdraw, WithdrawEngagement(PersonId("housing_head"), "取消")).forbidden("not_your_engagement")
    asked.given(gone).when(withdraw, WithdrawEngagement(PersonId("education_head"), "取消")).quiet()
    asked.when(ask, asks).refused("engagement_asked_already")
    scenario(ENGAGEMENT, JINCHUAN).when(withdraw, WithdrawEngagement(PersonId("x"), "?")).refused("not_found")


# -- days in the field -------------------------------------------------------------------


def test_a_day_is_recorded_once_and_struck_where_it_was_a_mistake() -> None:
    leader, clerk = holder(HAIMEN, "mayor"), in_the_office(HAIMEN)
    went = Record(leader, leader, date(2026, 3, 20), "某镇", "供水")
    told = ResearchDayRecorded(
        person_id=leader, day=date(2026, 3, 20), place="某镇", subject="供水", recorded_by=leader
    )
    nothing = scenario(RESEARCH_DAY, HAIMEN)
    nothing.when(record, went).then(told)
    nothing.given(told).when(record, replace(went, by=clerk)).quiet()
    assert len(nothing.given(told).when(record, replace(went, place="另一镇")).events) == 1
    nothing.when(record, replace(went, by=PersonId("construction_head"))).forbidden("not_your_research_day")
    nothing.when(record, replace(went, day=date(2026, 4, 2))).refused("day_lies_ahead")
    struck = ResearchDayStruck(person_id=leader, day=date(2026, 3, 20), reason="登记有误")
    by_mistake = Strike(leader, leader, date(2026, 3, 20), "登记有误")
    nothing.given(told).when(strike, by_mistake).then(struck)
    nothing.given(told, struck).when(strike, by_mistake).refused("not_found")


def test_one_month_a_year_is_thirty_distinct_days_of_each_leader() -> None:
    """海门2022 四十六; elsewhere nobody is asked for any, and what there was is still shown."""
    leader = holder(HAIMEN, "mayor")
    days = [(str(leader), date(2026, 1, 1) + timedelta(days=number)) for number in range(12)]
    found = {one.person: one for one in quotas(HAIMEN, 2026, [*days, *days])}
    assert (found[leader].days, found[leader].wanted, found[leader].left) == (12, 30, 18)
    assert [cite.clause for cite in found[leader].cites] == ["HM-46-1"]
    deputies = {a.person for a in HAIMEN.roster.holders(frozenset({"deputy_mayor"}), NOW)}
    assert deputies <= set(found)
    assert "construction_head" not in found
    [alone] = quotas(HONGKOU, 2026, [(MAYOR, date(2026, 1, 1))])
    assert (alone.days, alone.wanted, alone.left, alone.cites) == (1, None, 0, ())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dates(date(2025, 12, 1), date(2027, 1, 31)), max_size=60))
def test_days_are_counted_once_and_only_in_their_year(days: list[date]) -> None:
    leader = str(holder(HAIMEN, "mayor"))
    found = {one.person: one for one in quotas(HAIMEN, 2026, [(leader, day) for day in days])}
    distinct = len({day for day in days if day.year == 2026})
    assert (found[leader].days, found[leader].left) == (distinct, max(30 - distinct, 0))
