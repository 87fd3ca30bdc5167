"""A task's life: entered, signed for or given back, assigned, urged, its stages passed, joined, corrected."""

from dataclasses import replace
from datetime import date, datetime

from chancery.deadlines import resumed_due, suspended_due
from chancery.events.meeting import MinutesCorrected
from chancery.events.parts import StepDone
from chancery.events.supervision import (
    ReportMissed,
    TaskAssigned,
    TaskCorrected,
    TaskOpened,
    TaskResumed,
    TaskReturned,
    TaskSignedFor,
    TaskSourceJoined,
    TaskStageDone,
    TaskSuspended,
    TaskUrged,
)
from chancery.names import Capacity, PersonId
from supervision_svc.reactions.on_minutes_corrected import ON_MINUTES_CORRECTED
from supervision_svc.reactions.streams import task_of_decision
from supervision_svc.task.assignment import Assign, GiveBack, SignFor, assign, give_back, sign_for
from supervision_svc.task.close import Close, close
from supervision_svc.task.correct import Correct, correct
from supervision_svc.task.enter import Enter, Said, enter
from supervision_svc.task.join import Join, join
from supervision_svc.task.miss_report import MissReport, miss_report
from supervision_svc.task.open_task import OpenTask, open_task
from supervision_svc.task.report import Report, report
from supervision_svc.task.rhythm import next_report
from supervision_svc.task.stage import PassStage, pass_stage
from supervision_svc.task.state import TASK
from supervision_svc.task.urge import Urge, urge
from tests import orchard
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, OTHER_DEPUTY, an_id, at, rules
from tests.recorded import recorded
from tests.scenario import THE_THING, scenario
from tests.supervision.examples import MATTER, MINUTES, MINUTES_OUT, SITTING, SITTING_ENDED, decision

NOW = at("2026-04-08", 9)
HONGKOU = rules(NOW)
LAMP = Said(
    source="message",
    title="路灯不亮",
    text="网友留言反映一段路灯连续三晚不亮。",
    received_at=NOW,
    lead="justice_bureau",
    channel="website_message",
)
MESSAGE = Enter(JUSTICE_CLERK, NOW, MATTER, LAMP)
CHECK = Enter(
    CLERK,
    NOW,
    MATTER,
    Said(source="special_inspection", title="专项督查", text="查执行情况。", received_at=NOW, lead="justice_bureau"),
)


def entered(of: Enter = CHECK) -> TaskOpened:
    [event] = scenario(TASK, HONGKOU).when(enter, of).events
    assert isinstance(event, TaskOpened)
    return event


INSPECTED = scenario(TASK, HONGKOU).given(entered())


# -- entered ------------------------------------------------------------------------------


def test_a_message_is_answered_within_five_working_days_a_simple_one_within_one() -> None:
    """虹口2022 三十二: who enters it says that it is simple; whoever enters it watches, where no unit is named."""
    for simple, due_on, clause in ((None, date(2026, 4, 15), "HK-32-2"), (True, date(2026, 4, 9), "HK-32-3")):
        outcome = scenario(TASK, HONGKOU).when(enter, replace(MESSAGE, said=replace(LAMP, simple=simple)))
        [event] = outcome.under("HK-32-1", "HK-32-2", "HK-32-3").events
        assert isinstance(event, TaskOpened)
        assert event.due is not None
        assert (event.due.due_on, event.due.clauses) == (due_on, (clause,))
        assert (event.supervisor, event.source.channel, event.source.event_id) == (
            "justice_bureau",
            "website_message",
            THE_THING,
        )


def test_days_off_are_left_out_of_a_reply() -> None:
    """Received on the last working day before National Day, five working days on is after it, make-up days counted."""
    late = at("2025-09-30", 15)
    said = replace(LAMP, received_at=late)
    event = scenario(TASK, rules(late)).when(enter, replace(MESSAGE, at=late, said=said)).events[0]
    assert isinstance(event, TaskOpened)
    assert event.due is not None
    assert event.due.due_on == date(2025, 10, 14)


def test_a_petition_letter_has_no_moment_until_the_government_sets_its_period() -> None:
    """虹口2022 三十二: by the law on petitions, which the setting carries; unset, nothing is invented."""
    said = replace(LAMP, channel="leader_mailbox")
    assert entered(replace(MESSAGE, said=said)).due is None


def test_a_day_that_was_set_goes_before_the_rules() -> None:
    due = entered(replace(MESSAGE, said=replace(LAMP, due_on=date(2026, 4, 10)))).due
    assert due is not None
    assert (due.due_on, due.rule, due.set_to) == (date(2026, 4, 10), "instruction", date(2026, 4, 10))


def test_what_the_rules_do_not_know_is_named_all_at_once() -> None:
    strange = replace(
        LAMP,
        source="rumour",
        channel="pigeon",
        kind="song",
        features=("odd",),
        proposer="nobody",
        lead="no_bureau",
        cooperating=("no_street",),
        given_by="ghost",
        received_at=at("2026-04-09"),
    )
    outcome = scenario(TASK, HONGKOU).when(enter, replace(MESSAGE, said=strange))
    assert {(reason.code, reason.subject) for reason in outcome.reasons} == {
        ("word_not_known", "source"),
        ("word_not_known", "channel"),
        ("word_not_known", "kind"),
        ("word_not_known", "features"),
        ("word_not_known", "proposer"),
        ("unit_not_known", "lead"),
        ("unit_not_known", "cooperating"),
        ("person_not_known", "given_by"),
        ("received_later_than_now", "received_at"),
    }
    heard = replace(MESSAGE, said=replace(LAMP, source="meeting_decision"))
    scenario(TASK, HONGKOU).when(enter, heard).refused("heard_by_itself")
    scenario(TASK, HONGKOU).given(entered(MESSAGE)).when(enter, MESSAGE).refused("task_opened_already")


def test_where_the_rules_name_who_watches_only_that_unit_enters_it() -> None:
    """虹口2022 四十五: inspections are the office's."""
    event = entered()
    assert (event.supervisor, event.close_requires, event.loop) == (
        "district_office",
        ("report_handed_in", "verified"),
        "inspected",
    )
    scenario(TASK, HONGKOU).when(enter, replace(CHECK, by=JUSTICE_HEAD)).forbidden(not_the_supervisor="45")
    scenario(TASK, HONGKOU).when(enter, replace(MESSAGE, by=OTHER_DEPUTY)).forbidden("of_no_unit")


# -- signed for, given back, assigned --------------------------------------------------------


def test_the_lead_signs_for_it_once() -> None:
    signing = SignFor(JUSTICE_CLERK, NOW)
    signed = TaskSignedFor(
        task_id=THE_THING, matter_id=MATTER, unit="justice_bureau", signed_by=JUSTICE_CLERK, signed_at=NOW
    )
    INSPECTED.when(sign_for, signing).then(signed)
    INSPECTED.when(sign_for, replace(signing, by=FINANCE_HEAD)).forbidden("not_of_the_lead")
    INSPECTED.given(signed).when(sign_for, signing).refused("signed_for_already")
    INSPECTED.given(signed).when(give_back, GiveBack(JUSTICE_HEAD, NOW, "非本单位职责")).refused("signed_for_already")


def back(reason: str = "非本单位职责") -> TaskReturned:
    return TaskReturned(
        task_id=THE_THING,
        matter_id=MATTER,
        unit="justice_bureau",
        reason=reason,
        returned_by=JUSTICE_HEAD,
        returned_at=NOW,
    )


def test_what_is_not_ones_own_is_given_back_and_assigned_anew() -> None:
    giving = GiveBack(JUSTICE_HEAD, NOW, "非本单位职责")
    INSPECTED.when(give_back, giving).then(back())
    INSPECTED.when(give_back, replace(giving, by=FINANCE_HEAD)).forbidden("not_of_the_lead")
    without = INSPECTED.given(back())
    without.when(sign_for, SignFor(JUSTICE_CLERK, NOW)).refused("nobody_leads")
    to_finance = Assign(CLERK, NOW, "finance_bureau")
    assigned = TaskAssigned(
        task_id=THE_THING, matter_id=MATTER, lead="finance_bureau", assigned_by=CLERK, assigned_at=NOW
    )
    without.when(assign, to_finance).then(assigned)
    without.when(assign, replace(to_finance, by=JUSTICE_HEAD)).forbidden("not_the_supervisor")
    without.when(assign, replace(to_finance, lead="x", cooperating=("y",))).refused("unit_not_known", "unit_not_known")
    anew = without.given(assigned)
    anew.when(assign, to_finance).refused("leads_already")
    anew.when(sign_for, SignFor(FINANCE_HEAD, NOW)).then(
        TaskSignedFor(task_id=THE_THING, matter_id=MATTER, unit="finance_bureau", signed_by=FINANCE_HEAD, signed_at=NOW)
    )


def test_giving_back_has_a_limit_where_the_government_set_one() -> None:
    """Setting task_return: two working days from the assignment; the weekend is left out."""
    pack = HONGKOU.pack
    settings = {**pack.head.settings, "task_return": {"n": 2, "unit": "working_day"}}
    limited = replace(HONGKOU, pack=replace(pack, head=pack.head.model_copy(update={"settings": settings})))
    task = scenario(TASK, limited).given(entered())
    giving = GiveBack(JUSTICE_HEAD, at("2026-04-10", 23), "非本单位职责")
    assert len(task.when(give_back, giving).events) == 1
    task.when(give_back, replace(giving, at=at("2026-04-11", 0))).refused("too_late_to_give_back")
    assert len(INSPECTED.when(give_back, replace(giving, at=at("2026-05-11"))).events) == 1


def test_the_supervising_unit_urges() -> None:
    urging = Urge(CLERK, NOW, "请抓紧")
    urged = TaskUrged(
        task_id=THE_THING, matter_id=MATTER, unit="justice_bureau", note="请抓紧", urged_by=CLERK, urged_at=NOW
    )
    INSPECTED.when(urge, urging).then(urged)
    INSPECTED.given(urged).when(urge, urging).then(urged)
    INSPECTED.when(urge, replace(urging, by=JUSTICE_HEAD)).forbidden("not_the_supervisor")


# -- stages ------------------------------------------------------------------------------------


def passed(stage: str, by: PersonId, at_: datetime = NOW) -> TaskStageDone:
    return TaskStageDone(task_id=THE_THING, matter_id=MATTER, stage=stage, note="属实", done_by=by, done_at=at_)


def test_stages_are_passed_in_their_order_each_by_whom_the_row_names() -> None:
    """虹口2022 四十五: report, verification, rectification, circular."""

    def passing(stage: str, by: PersonId) -> PassStage:
        return PassStage(by, NOW, stage, "属实")

    INSPECTED.when(pass_stage, passing("report_by_deadline", JUSTICE_HEAD)).under("HK-45-1").then(
        passed("report_by_deadline", JUSTICE_HEAD)
    )
    INSPECTED.when(pass_stage, passing("report_by_deadline", CLERK)).forbidden(not_your_stage="45")
    INSPECTED.when(pass_stage, passing("rectification", JUSTICE_HEAD)).refused("stage_not_passed", "stage_not_passed")
    INSPECTED.when(pass_stage, passing("tea", CLERK)).refused("no_such_stage")
    first = INSPECTED.given(passed("report_by_deadline", JUSTICE_HEAD))
    first.when(pass_stage, passing("report_by_deadline", JUSTICE_HEAD)).refused("stage_passed_already")
    first.when(pass_stage, passing("verification", JUSTICE_HEAD)).forbidden("not_your_stage")
    first.when(pass_stage, passing("verification", CLERK)).then(passed("verification", CLERK))


def test_what_is_closed_has_passed_every_stage() -> None:
    reported = Report(JUSTICE_HEAD, NOW, "办结", True, ("report_handed_in", "verified"))
    done = INSPECTED.given(*INSPECTED.when(report, reported).events)
    closing = Close(CLERK, NOW, "销号")
    stages = ("report_by_deadline", "verification", "rectification", "circular")
    outcome = done.when(close, closing)
    assert [(reason.code, reason.subject) for reason in outcome.reasons] == [("stage_not_passed", s) for s in stages]
    assert {cite.clause for reason in outcome.reasons for cite in reason.cites} == {"HK-45-1"}
    through = done.given(*(passed(stage, CLERK) for stage in stages))
    assert [type(event).__name__ for event in through.when(close, closing).events] == ["TaskClosed"]


# -- silence --------------------------------------------------------------------------------------

ORCHARD = orchard.rules(MINUTES_OUT)
MAJOR = OpenTask(
    at=MINUTES_OUT,
    event_id=an_id(52),
    minutes_id=MINUTES,
    sitting_id=SITTING,
    body="council",
    meeting_ended_at=SITTING_ENDED,
    decision=decision(kind="plan", lead="works", cooperating=("parks",), major=True),
)


def watched() -> TaskOpened:
    [event] = scenario(TASK, ORCHARD).when(open_task, MAJOR).events
    assert isinstance(event, TaskOpened)
    return event


def test_silence_is_noticed_at_its_moment_and_the_rhythm_goes_on() -> None:
    """果园 四: reported on every month."""
    event = watched()
    first = event.report_due
    assert first is not None
    assert (first.due_on, first.clauses) == (date(2022, 2, 20), ("OR-4-2",))
    task = scenario(TASK, ORCHARD).given(event)
    [missed] = task.when(miss_report, MissReport(first)).events
    assert isinstance(missed, ReportMissed)
    assert (missed.due, missed.following.due_on) == (first, date(2022, 3, 20))
    assert task.given(missed).state.missed == 1


def test_nothing_is_missed_of_a_task_that_stands_still_or_is_closed() -> None:
    event = watched()
    due, first = event.due, event.report_due
    assert due is not None
    assert first is not None
    still = suspended_due(due, ORCHARD.calendar, date(2022, 1, 24), "等批复")
    stands = TaskSuspended(
        task_id=THE_THING, matter_id=MATTER, cause="等批复", suspended_by="office_clerk", was=due, now=still
    )
    task = scenario(TASK, ORCHARD).given(event, stands)
    task.when(miss_report, MissReport(first)).quiet()
    on = resumed_due(still, ORCHARD.calendar, date(2022, 2, 9))
    goes_on = TaskResumed(task_id=THE_THING, matter_id=MATTER, resumed_by="office_clerk", was=still, now=on)
    assert len(task.given(goes_on).when(miss_report, MissReport(first)).events) == 1
    scenario(TASK, ORCHARD).when(miss_report, MissReport(first)).quiet()
    assert next_report(entered(), HONGKOU, NOW) is None


# -- joined ---------------------------------------------------------------------------------------------


def test_two_sources_carry_the_closing_conditions_of_both() -> None:
    """虹口2022 三十三, 四十五: the answer to whoever proposed it joins what the inspection asks."""
    motion = Said(
        source="cppcc_proposal",
        title="提案",
        text="同一事项的提案。",
        received_at=NOW,
        lead="justice_bureau",
        reference="第12号",
        due_on=date(2026, 5, 8),
    )
    joining = Join(CLERK, NOW, an_id(71), motion)
    [joined] = INSPECTED.when(join, joining).under("HK-33-3").events
    assert isinstance(joined, TaskSourceJoined)
    both = INSPECTED.given(joined)
    assert both.state.opened is not None
    assert both.state.opened.close_requires == ("report_handed_in", "verified", "answer", "contact_with_proposer")
    assert both.state.opened.rows == ("inspections", "motions")
    assert both.state.due is not None
    assert both.state.due.due_on == date(2026, 5, 8)
    assert both.state.joined == (joined.source,)
    outcome = both.when(close, Close(CLERK, NOW, "销号"))
    asked = {reason.subject: {cite.clause for cite in reason.cites} for reason in outcome.reasons}
    assert asked["answer"] == {"HK-33-3"}
    assert asked["verified"] == {"HK-45-1"}
    earlier = replace(joining, source_id=an_id(72), said=replace(motion, due_on=date(2026, 6, 8)))
    [later] = both.when(join, earlier).events
    assert isinstance(later, TaskSourceJoined)
    assert later.due == both.state.due
    INSPECTED.when(join, replace(joining, by=JUSTICE_HEAD)).forbidden("not_the_supervisor")


def test_what_another_unit_has_to_watch_does_not_join() -> None:
    """虹口2022 四十五: inspections are the office's to watch, messages of whoever took them in."""
    message = scenario(TASK, HONGKOU).given(entered(MESSAGE))
    message.when(join, Join(JUSTICE_CLERK, NOW, an_id(71), CHECK.said)).refused(watched_over_by_another="45")


def test_tasks_that_go_different_ways_stay_two() -> None:
    """虹口2022 五十七, 四十五: a paper through the office and an inspection have stages of their own."""
    paper = Said(source="incoming_paper", title="来文", text="来文一件。", received_at=NOW, lead="justice_bureau")
    INSPECTED.when(join, Join(CLERK, NOW, an_id(71), paper)).refused(goes_another_way="57")


# -- corrected ---------------------------------------------------------------------------------------------


def test_a_correction_of_the_minutes_corrects_the_task_and_keeps_what_stood() -> None:
    was = decision(lead="works")
    now = decision(lead="parks", text="改由园林牵头。", due_on=date(2022, 2, 18))
    task = scenario(TASK, ORCHARD).given(watched())
    [event] = task.when(correct, Correct(an_id(72), NOW, was, now, "记录有误")).events
    assert isinstance(event, TaskCorrected)
    assert (event.was_lead, event.lead, event.was_text, event.text) == ("works", "parks", was.text, now.text)
    assert event.was_due == watched().due
    assert event.due is not None
    assert (event.due.due_on, event.due.set_to) == (date(2022, 2, 18), date(2022, 2, 18))
    corrected = task.given(event)
    assert corrected.state.opened is not None
    assert (corrected.state.opened.lead, corrected.state.due) == ("parks", event.due)
    corrected.when(correct, Correct(an_id(72), NOW, was, now, "记录有误")).quiet()
    scenario(TASK, ORCHARD).when(correct, Correct(an_id(72), NOW, was, now, "记录有误")).quiet()


def test_a_lead_that_was_assigned_meanwhile_stays_unless_the_correction_names_another() -> None:
    given_on = TaskAssigned(
        task_id=THE_THING, matter_id=MATTER, lead="parks", assigned_by="office_clerk", assigned_at=MINUTES_OUT
    )
    task = scenario(TASK, ORCHARD).given(watched(), given_on)
    was = decision(lead="works")
    [event] = task.when(correct, Correct(an_id(72), NOW, was, decision(lead="works", text="改。"), "错字")).events
    assert isinstance(event, TaskCorrected)
    assert (event.was_lead, event.lead) == ("parks", "parks")


def test_the_correction_is_told_to_the_task_of_that_decision() -> None:

    taken = StepDone(alternative=0, step=0, do="correct", person="yan", post=None, capacity=Capacity.OWN, at=NOW)
    corrected = MinutesCorrected(
        minutes_id=MINUTES,
        sitting_id=SITTING,
        was=decision(),
        now=decision(text="改。"),
        reason="错字",
        taken=taken,
        body="executive",
        series="2022",
        number=1,
        sitting_on=date(2022, 1, 19),
        closed_at=SITTING_ENDED,
        issued=True,
    )
    assert ON_MINUTES_CORRECTED.react(recorded(corrected.model_copy(update={"issued": False})), HONGKOU) == []
    [order] = ON_MINUTES_CORRECTED.react(recorded(corrected), HONGKOU)
    assert (order.decide, order.stream) == (correct, task_of_decision(MINUTES, 1))
    assert order.command == Correct(an_id(900), NOW, decision(), corrected.now, "错字")
    added = corrected.model_copy(update={"was": None, "now": decision(no=2)})
    [order] = ON_MINUTES_CORRECTED.react(recorded(added), HONGKOU)
    assert (order.decide, order.stream) == (open_task, task_of_decision(MINUTES, 2))
    struck = corrected.model_copy(update={"now": None})
    [order] = ON_MINUTES_CORRECTED.react(recorded(struck), HONGKOU)
    assert (order.decide, order.command.now) == (correct, None)
    held_over = corrected.model_copy(update={"was": decision(outcome="postponed")})
    [order] = ON_MINUTES_CORRECTED.react(recorded(held_over), HONGKOU)
    assert order.decide is open_task
