"""Leave from a sitting: the table of absences says who decides, in what form, with what (会议请假)."""

from dataclasses import replace

from chancery.events.meeting import (
    MeetingLeaveAsked,
    MeetingLeaveExcused,
    MeetingLeaveGranted,
    MeetingLeaveRefused,
    MeetingLeaveStepTaken,
)
from chancery.rules.excusing import Excusing
from meeting_svc.leave.answer import Refuse, TakeStep, refuse, take_step
from meeting_svc.leave.ask import AskLeave, ask
from meeting_svc.leave.excuse import ExcuseLeave, excuse
from meeting_svc.leave.state import LEAVE
from meeting_svc.sitting.state import Sitting
from tests import hongkou
from tests.hongkou import at
from tests.meeting import examples
from tests.meeting.jinchuan import CLERK, DEPUTY_HEAD, HEAD, IN_CHARGE, MAYOR, OTHER, rules, sitting
from tests.scenario import THE_THING, scenario

BEFORE = at("2026-02-11")
JINCHUAN = rules(BEFORE)
BY_HEAD = AskLeave(HEAD, sitting(), HEAD, "赴省里开会", brings=("written_request",), substitute=DEPUTY_HEAD)


def asked(command: AskLeave = BY_HEAD) -> MeetingLeaveAsked:
    told = scenario(LEAVE, JINCHUAN).when(ask, command).events[0]
    assert isinstance(told, MeetingLeaveAsked)
    return told


def test_a_deputy_mayor_asks_the_mayor() -> None:
    """金川2020 五十二: leaders ask the mayor."""
    leave = scenario(LEAVE, JINCHUAN)
    told = asked(AskLeave(OTHER, sitting(), OTHER, "接待上级检查"))
    assert (told.mode, told.post) == ("approve", "deputy_mayor")
    waits = leave.given(told)
    waits.when(take_step, TakeStep(IN_CHARGE)).forbidden("not_your_step")
    done = waits.when(take_step, TakeStep(MAYOR, "同意")).under("JC-52-2").events
    assert isinstance(done[0], MeetingLeaveStepTaken)
    assert done[1] == MeetingLeaveGranted(
        leave_id=THE_THING, sitting_id=THE_THING, person_id=OTHER, substitute=None, mode="approve"
    )
    waits.when(ask, AskLeave(OTHER, sitting(), OTHER, "再次")).refused("leave_asked_already")


def test_a_head_asks_in_writing_and_sends_nobody_unless_allowed() -> None:
    """金川2020 四十七, 五十二: in writing, to whoever presides; a substitute only with his word."""
    leave = scenario(LEAVE, JINCHUAN)
    leave.when(ask, replace(BY_HEAD, brings=(), form="oral", by=CLERK)).refused(
        leave_in_writing="52", leave_must_bring="52"
    )
    leave.when(ask, replace(BY_HEAD, by=OTHER)).forbidden("not_the_organiser")
    leave.when(ask, replace(BY_HEAD, substitute="nobody")).refused("unknown_person")
    waits = leave.given(asked())
    without = waits.when(take_step, TakeStep(MAYOR)).events[1]
    assert isinstance(without, MeetingLeaveGranted)
    assert without.substitute is None
    allowed = waits.when(take_step, TakeStep(MAYOR, with_substitute=True)).events[1]
    assert isinstance(allowed, MeetingLeaveGranted)
    assert allowed.substitute == DEPUTY_HEAD


def test_what_is_filed_afterwards_holds_nothing_up() -> None:
    """金川2020 五十二: the office puts the written request on file afterwards."""
    waits = scenario(LEAVE, JINCHUAN).given(asked())
    done = waits.when(take_step, TakeStep(MAYOR)).events
    filed = waits.given(*done).when(take_step, TakeStep(CLERK)).events
    assert [type(one) for one in filed] == [MeetingLeaveStepTaken]


def test_whoever_decides_may_say_no_and_it_may_be_asked_anew() -> None:
    waits = scenario(LEAVE, JINCHUAN).given(asked())
    no = MeetingLeaveRefused(leave_id=THE_THING, sitting_id=THE_THING, person_id=HEAD, reason="须本人参会")
    waits.when(refuse, Refuse(MAYOR, "须本人参会")).then(no)
    waits.when(refuse, Refuse(OTHER, "不")).forbidden("not_your_step")
    waits.given(no).when(take_step, TakeStep(MAYOR)).refused("leave_answered")
    waits.given(no).when(ask, BY_HEAD).then(asked())
    scenario(LEAVE, JINCHUAN).when(refuse, Refuse(MAYOR, "不")).refused("leave_not_asked")


def test_where_the_rules_say_nothing_leave_is_taken_and_noted() -> None:
    """金川2020 五十二 binds no mayor; 虹口2022 五十三 names three meetings and no special one."""
    told = scenario(LEAVE, JINCHUAN).when(ask, AskLeave(MAYOR, sitting(), MAYOR, "赴市开会")).events
    assert [type(one) for one in told] == [MeetingLeaveAsked, MeetingLeaveGranted]


def test_who_writes_why_passes_it_through_the_office() -> None:
    """虹口2022 五十三: others write why, and the office tells the mayor."""
    moment = at("2022-01-18")
    called = SITTING_OF_HONGKOU
    leave = scenario(LEAVE, hongkou.rules(moment))
    head = hongkou.JUSTICE_HEAD
    leave.when(ask, AskLeave(head, called, head, "出差")).refused(leave_must_bring="53")
    told = leave.when(ask, AskLeave(head, called, head, "出差", brings=("written_reason",))).events
    assert [type(one) for one in told] == [MeetingLeaveAsked, MeetingLeaveStepTaken]
    done = leave.given(*told).when(take_step, TakeStep(hongkou.CLERK)).under("HK-53-3").events
    assert [type(one) for one in done] == [MeetingLeaveStepTaken, MeetingLeaveGranted]
    leave.given(*told).when(refuse, Refuse(hongkou.CLERK, "不")).refused(nobody_decides_leave="53")


SITTING_OF_HONGKOU = examples.SITTING.evolve(examples.SITTING.start(THE_THING), examples.convened())


def test_leave_is_asked_before_the_sitting_begins() -> None:
    leave = scenario(LEAVE, JINCHUAN)
    leave.when(ask, replace(BY_HEAD, sitting=Sitting(THE_THING))).refused("not_convened")
    begun = replace(sitting(), stage=examples.held_sitting().stage)
    leave.when(ask, replace(BY_HEAD, sitting=begun)).refused("too_late_for_leave")


def test_what_is_asked_in_principle_is_excused_by_whoever_presides_with_the_reason() -> None:
    """金川2020 四十七, 五十二: heads ask in writing in principle; the chair may let it be, and says why."""
    leave = scenario(LEAVE, JINCHUAN)
    by_phone = replace(BY_HEAD, brings=(), form="oral", by=CLERK)
    refused = leave.when(ask, by_phone).refused(leave_in_writing="52", leave_must_bring="52")
    ways = [way for reason in refused.reasons for way in reason.excusable]
    assert [(way.what, way.by) for way in ways] == [("form", (MAYOR,)), ("written_request", (MAYOR,))]
    asks = [
        ExcuseLeave(MAYOR, sitting(), HEAD, Excusing(way.table, way.row, way.what, "现场处置，电话请假"))
        for way in ways
    ]
    leave.when(excuse, replace(asks[0], by=OTHER)).forbidden(not_the_permitter="52")
    told = [one for asked_for in asks for one in leave.when(excuse, asked_for).under("JC-52-3").events]
    assert [type(one) for one in told] == [MeetingLeaveExcused, MeetingLeaveExcused]
    after = leave.given(*told)
    after.when(excuse, asks[0]).refused(excused_already="52")
    asked_by_phone = after.when(ask, by_phone).events[0]
    assert isinstance(asked_by_phone, MeetingLeaveAsked)
    assert (asked_by_phone.form, asked_by_phone.brings) == ("oral", ())
    after.given(asked_by_phone).when(excuse, asks[0]).refused("leave_asked_already")
    must = Excusing("absences", "leader-from-a-meeting", "form", "电话请假")
    leave.when(excuse, ExcuseLeave(MAYOR, sitting(), OTHER, must)).refused(not_excusable="52")
