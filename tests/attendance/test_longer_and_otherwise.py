"""Absences put forward otherwise, stayed away longer, in writing, with what they bring and proofs from outside."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chancery
from attendance_svc.absence.announce import Announce, announce
from attendance_svc.absence.change import Change, change
from attendance_svc.absence.extend import Extend, extend
from attendance_svc.absence.refuse import RefuseLeave, refuse
from attendance_svc.absence.report_return import ReportReturn, report_return
from attendance_svc.absence.state import ABSENCE, Absence, AbsenceEvent, Stage
from attendance_svc.absence.take_step import TakeStep, take_step
from attendance_svc.absence.way import half_days
from chancery.calendar import bundled
from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceExtended,
    AbsenceReplanned,
    AbsenceStepTaken,
    Brought,
    ExtensionAsked,
    ExtensionRefused,
    LeaveApproved,
)
from chancery.events.parts import Proof
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_pack
from chancery.rules.rulebook import Rules
from tests import orchard
from tests.attendance.examples import BACK, LEAVES, announced, approved, taken
from tests.hongkou import DEPUTY_IN_CHARGE, MAYOR, OTHER_DEPUTY, an_id, at, cast_events, rules
from tests.scenario import THE_THING, Scenario, scenario

DAY_BEFORE = at("2022-02-13", 10)
UNDER_WAY = at("2022-02-17", 9)
LONGER = at("2022-02-25", 20)
HONGKOU_GOES = Announce(
    by=DEPUTY_IN_CHARGE,
    at=DAY_BEFORE,
    person_id=DEPUTY_IN_CHARGE,
    leaving="city",
    cause="business_trip",
    destination="外地",
    reason="公务",
    starts_at=LEAVES,
    ends_at=BACK,
)
LETTER = Proof(reference="收文〔2022〕12号")


@cache
def rules_of(pack_id: str, moment: datetime) -> Rules:
    pack = load_pack(Path(chancery.__file__).parent / "packs" / pack_id)
    return Rules(pack, bundled(), Roster.of(cast_events(pack)), moment)


def holder(rules: Rules, post: str) -> PersonId:
    return PersonId(rules.roster.holders(frozenset({post}), rules.at)[0].person)


# -- changed before it begins ---------------------------------------------------------


def test_a_change_before_leaving_is_judged_like_an_announcement_and_stands_where_a_report_is_enough() -> None:
    """虹口2022 六十二: reported anew, approved by nobody, the return counted from the new end."""
    told = scenario(ABSENCE, rules(DAY_BEFORE)).when(announce, HONGKOU_GOES).events
    later = replace(HONGKOU_GOES, destination="南京", ends_at=LONGER)
    stood = scenario(ABSENCE, rules(DAY_BEFORE)).given(*told)
    replanned, _, again = stood.when(change, Change(later, "会议改期")).under("HK-62-1", "HK-62-2").events
    assert isinstance(replanned, AbsenceReplanned)
    assert (replanned.destination, replanned.ends_at, replanned.because) == ("南京", LONGER, "会议改期")
    assert isinstance(again, LeaveApproved)
    assert again.return_due is not None
    assert str(again.return_due.due_on) == "2022-02-28"
    stood.when(change, Change(HONGKOU_GOES, "没有变化")).quiet()


def test_what_was_approved_was_approved_of_something_else() -> None:
    """果园 三: after the change the review comes first again."""
    now = at("2022-02-10", 11)
    asked = announced(orchard.WORKS_HEAD, "unit_head", "approve", "unit-heads-ask", cause="trip")
    done = (
        taken(0, "review", orchard.OFFICE_HEAD, "office_head", now),
        taken(1, "approve", orchard.DEPUTY, "deputy", now),
    )
    to = replace(
        HONGKOU_GOES, by=orchard.WORKS_HEAD, person_id=orchard.WORKS_HEAD, cause="trip", at=now, destination="别处"
    )
    stood = scenario(ABSENCE, orchard.rules(now)).given(asked, *done, approved(asked))
    [replanned] = stood.when(change, Change(to, "改去别处")).under("OR-3-1").events
    after = stood.given(replanned)
    assert (after.state.stage, after.state.steps) == (Stage.ANNOUNCED, ())
    after.when(take_step, TakeStep(orchard.DEPUTY)).forbidden(not_your_step="3")
    after.when(take_step, TakeStep(orchard.OFFICE_HEAD)).then(done[0])


def test_a_change_comes_too_late_once_he_has_left_and_from_others_never() -> None:
    told = scenario(ABSENCE, rules(DAY_BEFORE)).when(announce, HONGKOU_GOES).events
    stood = scenario(ABSENCE, rules(DAY_BEFORE)).given(*told)
    late = replace(HONGKOU_GOES, at=LEAVES, destination="南京")
    stood.when(change, Change(late, "改期")).refused("absence_begun")
    strange = replace(HONGKOU_GOES, by=OTHER_DEPUTY, destination="南京")
    stood.when(change, Change(strange, "改期")).forbidden("not_your_absence")
    scenario(ABSENCE, rules(DAY_BEFORE)).when(change, Change(late, "改期")).refused("not_found")


# -- stayed away longer ------------------------------------------------------------------


def on_the_way() -> Scenario[Absence, AbsenceEvent]:
    asked = announced(orchard.WORKS_HEAD, "unit_head", "approve", "unit-heads-ask", cause="trip")
    return scenario(ABSENCE, orchard.rules(UNDER_WAY)).given(asked, approved(asked))


def test_a_longer_absence_takes_the_same_route_and_moves_the_return() -> None:
    """果园 三: reviewed, approved, then it lasts longer."""
    away = on_the_way()
    asking = Extend(orchard.WORKS_HEAD, UNDER_WAY, LONGER, "会期延长")
    [wanted] = away.when(extend, asking).under("OR-3-1").events
    assert isinstance(wanted, ExtensionAsked)
    waiting = away.given(wanted)
    waiting.when(extend, asking).refused("extension_asked_already")
    waiting.when(take_step, TakeStep(orchard.WORKS_HEAD)).forbidden(not_your_step="3")
    [reviewed] = waiting.when(take_step, TakeStep(orchard.OFFICE_HEAD)).events
    assert isinstance(reviewed, AbsenceStepTaken)
    assert reviewed.extension
    step, longer = waiting.given(reviewed).when(take_step, TakeStep(orchard.DEPUTY)).events
    assert isinstance(longer, AbsenceExtended)
    assert longer.ends_at == LONGER
    assert longer.return_due is not None
    assert str(longer.return_due.due_on) == "2022-02-28"
    over = waiting.given(reviewed, step, longer)
    back = over.when(report_return, ReportReturn(orchard.WORKS_HEAD, LONGER, LONGER)).events
    assert len(back) == 1


def test_a_longer_absence_may_be_refused_and_the_earlier_end_stands() -> None:
    away = on_the_way()
    [wanted] = away.when(extend, Extend(orchard.WORKS_HEAD, UNDER_WAY, LONGER, "会期延长")).events
    no = ExtensionRefused(absence_id=str(THE_THING), person_id=orchard.WORKS_HEAD, reason="当日有会议")
    waiting = away.given(wanted)
    waiting.when(refuse, RefuseLeave(orchard.OFFICE_HEAD, "当日有会议")).then(no).under("OR-3-1")
    waiting.when(refuse, RefuseLeave(orchard.FIRST, "当日有会议")).forbidden(not_your_step="3")
    assert waiting.given(no).state.ends_at == BACK


def test_after_the_planned_end_nothing_is_longer_the_return_is_reported() -> None:
    late = scenario(ABSENCE, orchard.rules(BACK)).given(*on_the_way().history)
    late.when(extend, Extend(orchard.WORKS_HEAD, BACK, LONGER, "晚了")).refused("extension_too_late")
    [wanted] = on_the_way().when(extend, Extend(orchard.WORKS_HEAD, UNDER_WAY, LONGER, "会期延长")).events
    late.given(wanted).when(take_step, TakeStep(orchard.OFFICE_HEAD)).refused("extension_too_late")


def test_a_longer_absence_that_only_wants_a_report_lasts_at_once() -> None:
    """虹口2022 六十二: the deputy reports; nothing is regulated for the mayor."""
    told = scenario(ABSENCE, rules(DAY_BEFORE)).when(announce, HONGKOU_GOES).events
    away = scenario(ABSENCE, rules(UNDER_WAY)).given(*told)
    events = away.when(extend, Extend(DEPUTY_IN_CHARGE, UNDER_WAY, LONGER, "会期延长")).events
    assert [type(event) for event in events] == [ExtensionAsked, AbsenceStepTaken, AbsenceExtended]
    away.when(extend, Extend(OTHER_DEPUTY, UNDER_WAY, LONGER, "会期延长")).forbidden("not_your_absence")
    away.when(extend, Extend(DEPUTY_IN_CHARGE, UNDER_WAY, LEAVES, "更早")).refused("ends_before_it_starts")
    free = announced(MAYOR, "mayor", "not_regulated", None)
    of_the_mayor = scenario(ABSENCE, rules(UNDER_WAY)).given(free, approved(free))
    events = of_the_mayor.when(extend, Extend(MAYOR, UNDER_WAY, LONGER, "会期延长")).events
    assert [type(event) for event in events] == [ExtensionAsked, AbsenceExtended]


# -- in writing, with what it brings, with proofs --------------------------------------------


def test_where_writing_is_asked_for_a_word_to_the_office_is_not_enough() -> None:
    """果园 三: in writing; where the rules do not ask for it, the office writes down what was said."""
    by_word = Announce(
        by=orchard.OFFICE_CLERK,
        at=at("2022-02-10"),
        person_id=orchard.WORKS_HEAD,
        leaving="city",
        cause="trip",
        destination="外地",
        reason="公务",
        starts_at=LEAVES,
        ends_at=BACK,
        form="oral",
    )
    scenario(ABSENCE, orchard.rules(by_word.at)).when(announce, by_word).refused(must_be_in_writing="3")
    said = scenario(ABSENCE, rules(DAY_BEFORE)).when(announce, replace(HONGKOU_GOES, form="oral")).events
    assert isinstance(said[0], AbsenceAnnounced)
    assert said[0].form == "oral"


def test_a_visit_abroad_is_on_the_plan_and_each_answer_from_outside_has_its_proof() -> None:
    """海门2022 三十五: the deputy's chain runs over the mayor and the secretary to the city."""
    asked_on = at("2026-06-01")
    haimen = rules_of("haimen-2022", asked_on)
    deputy, mayor = holder(haimen, "deputy_mayor"), holder(haimen, "mayor")
    secretary = holder(haimen, "district_party_secretary")
    clerk = next(
        PersonId(a.person)
        for a in haimen.roster.employed_in("district_office", asked_on)
        if a.person not in {deputy, mayor, secretary}
    )
    goes = Announce(
        by=deputy,
        at=asked_on,
        person_id=deputy,
        leaving="country",
        cause="visit",
        destination="新加坡",
        reason="经贸交流",
        starts_at=at("2026-07-01", 8),
        ends_at=at("2026-07-06", 20),
    )
    scenario(ABSENCE, haimen).when(announce, goes).refused(must_bring="35")
    planned = replace(goes, brings=(Brought(what="on_annual_plan", reference="年度出访计划第3项"),))
    asked = scenario(ABSENCE, haimen).given(*scenario(ABSENCE, haimen).when(announce, planned).events)
    asked.when(take_step, TakeStep(secretary)).forbidden(not_your_step="35")
    first = asked.given(*asked.when(take_step, TakeStep(mayor)).events)
    second = first.given(*first.when(take_step, TakeStep(secretary)).events)
    second.when(take_step, TakeStep(mayor)).forbidden(nobody_outside="35")
    second.when(take_step, TakeStep(clerk)).refused(needs_proof="35")
    step, stood = second.when(take_step, TakeStep(clerk, proof=LETTER)).under("HM-35-4").events
    assert isinstance(step, AbsenceStepTaken)
    assert (step.taken.do, step.taken.person, step.taken.proof) == ("approve", clerk, LETTER)
    assert isinstance(stood, LeaveApproved)


def test_the_mayors_leave_is_filed_with_two_offices_in_any_order() -> None:
    """金川2020 七十四: both filings with their proofs, then it stands; nobody here approves it."""
    moment = at("2026-05-08", 9)
    jinchuan = rules_of("jinchuan-2020", moment)
    mayor = holder(jinchuan, "mayor")
    clerk = next(
        PersonId(a.person) for a in jinchuan.roster.employed_in("district_office", moment) if a.person != mayor
    )
    rest = Announce(
        by=mayor,
        at=moment,
        person_id=mayor,
        leaving="city",
        cause="rest",
        destination="敦煌",
        reason="休假",
        starts_at=at("2026-05-11", 8),
        ends_at=at("2026-05-15", 18),
    )
    asked = scenario(ABSENCE, jinchuan).given(*scenario(ABSENCE, jinchuan).when(announce, rest).events)
    asked.when(take_step, TakeStep(clerk)).refused(needs_proof="74")
    first = asked.given(*asked.when(take_step, TakeStep(clerk, proof=LETTER)).events)
    assert first.state.stage is Stage.ANNOUNCED
    assert isinstance(first.when(take_step, TakeStep(clerk, proof=LETTER)).events[-1], LeaveApproved)


def test_who_must_not_be_away_together_is_refused_and_told_who_is() -> None:
    """果园 三: the head and the first deputy; another deputy may go."""
    head_away = orchard.people(approved(announced(orchard.HEAD, "head", "not_regulated", None)))
    goes = replace(HONGKOU_GOES, cause="trip", at=at("2022-02-10"))
    first = replace(goes, by=orchard.FIRST, person_id=orchard.FIRST)
    scenario(ABSENCE, orchard.rules(goes.at, head_away)).when(announce, first).refused(away_at_the_same_time="3")
    assert scenario(ABSENCE, orchard.rules(goes.at)).when(announce, first).events
    other = replace(goes, by=orchard.DEPUTY, person_id=orchard.DEPUTY)
    assert scenario(ABSENCE, orchard.rules(goes.at, head_away)).when(announce, other).events
    before = replace(first, ends_at=LEAVES, starts_at=at("2022-02-12", 8))
    assert scenario(ABSENCE, orchard.rules(goes.at, head_away)).when(announce, before).events


# -- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "halves"),
    [
        (at("2022-02-14", 8), at("2022-02-14", 12), 1),
        (at("2022-02-14", 13), at("2022-02-14", 17), 1),
        (at("2022-02-14", 8), at("2022-02-14", 17), 2),
        (at("2022-02-14", 14), at("2022-02-15", 11), 2),
        (at("2022-02-14", 0), at("2022-02-16", 0), 4),
    ],
)
def test_half_days_are_mornings_and_afternoons(starts_at: datetime, ends_at: datetime, halves: int) -> None:
    assert half_days(starts_at, ends_at) == halves


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(-5, 60)), max_size=12))
def test_nobody_is_away_twice_at_once_whatever_he_puts_forward(wishes: list[tuple[int, int]]) -> None:
    """What is taken in overlaps nothing of the same person that was taken in before."""
    people = rules(DAY_BEFORE).roster
    for number, (first, length) in enumerate(wishes):
        starts = LEAVES + timedelta(hours=first)
        wish = replace(HONGKOU_GOES, starts_at=starts, ends_at=starts + timedelta(hours=length))
        thing = replace(scenario(ABSENCE, rules(DAY_BEFORE, people)), stream=an_id(100 + number))
        outcome = thing.when(announce, wish)
        for event in () if outcome.reasons else outcome.events:
            people = people.after(event)
    held = sorted((a for a in people.absences.values()), key=lambda a: a.starts_at)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(held))
    assert all(one.starts_at < one.ends_at for one in held)
