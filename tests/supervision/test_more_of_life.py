"""More of a task's life: time asked for, rhythm, who answers, disagreement, gates, notices, withdrawal."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from chancery.events.parts import Evidence
from chancery.events.supervision import (
    AnotherLeadNamed,
    DisagreementFound,
    DisagreementSentUp,
    ExtensionDenied,
    NoticeGiven,
    ResponsibleNamed,
    Rhythm,
    RhythmSet,
    TaskCarriedOn,
    TaskEvent,
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskWithdrawn,
)
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.carry_on import CarryOn, FileEvidence, carry_on, file_evidence
from supervision_svc.task.close import Close, close
from supervision_svc.task.correct import Correct, correct
from supervision_svc.task.disagreement import (
    DecideDisagreement,
    FindDisagreement,
    SendUp,
    StateView,
    decide_disagreement,
    find_disagreement,
    send_up,
    state_view,
)
from supervision_svc.task.enter import Enter, Said, enter
from supervision_svc.task.extension import (
    AskExtension,
    DenyExtension,
    GrantExtension,
    ask_extension,
    deny_extension,
    grant_extension,
)
from supervision_svc.task.notices import GiveNotice, give_notice
from supervision_svc.task.open_task import OpenTask, open_task
from supervision_svc.task.responsible import NameResponsible, name_responsible
from supervision_svc.task.run_out import RunOut, run_out
from supervision_svc.task.set_rhythm import SetRhythm, set_rhythm
from supervision_svc.task.state import TASK, Task
from tests import orchard
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, an_id, at, rules
from tests.scenario import THE_THING, Scenario, scenario
from tests.supervision.examples import MATTER, MINUTES, MINUTES_OUT, SITTING, SITTING_ENDED, decision

Decide = Callable[[Any, Task, Rules], Sequence[Told[TaskEvent]]]
NOW = at("2026-04-08", 9)
HONGKOU = rules(NOW)
WORK = Said(
    source="audit",
    title="专项资金整改",
    text="整改两项问题。",
    received_at=NOW,
    lead="justice_bureau",
    cooperating=("finance_bureau",),
    due_on=date(2026, 4, 30),
    major=True,
)


def opened(said: Said = WORK, law: Rules = HONGKOU) -> Scenario[Task, TaskEvent]:
    told = scenario(TASK, law).when(enter, Enter(CLERK, NOW, MATTER, said)).events
    return scenario(TASK, law).given(*told)


def then(task: Scenario[Task, TaskEvent], decide: Decide, command: object) -> Scenario[Task, TaskEvent]:
    outcome = task.when(decide, command)
    assert outcome.kind is None, outcome.reasons
    return task.given(*outcome.events)


# -- time asked for -----------------------------------------------------------------------


def test_more_time_is_asked_for_by_the_lead_and_granted_by_another_and_the_old_day_is_kept() -> None:
    ask = AskExtension(JUSTICE_HEAD, NOW, date(2026, 5, 15), "施工图需复核")
    task = opened()
    task.when(ask_extension, replace(ask, by=FINANCE_HEAD)).forbidden("not_of_the_lead")
    task.when(grant_extension, GrantExtension(CLERK)).refused("no_extension_asked")
    asked = then(task, ask_extension, ask)
    asked.when(ask_extension, ask).refused("extension_waits_already")
    asked.when(grant_extension, GrantExtension(JUSTICE_HEAD)).forbidden("not_the_supervisor")
    [event] = asked.when(grant_extension, GrantExtension(CLERK)).events
    assert isinstance(event, TaskExtended)
    assert (event.was.due_on, event.now.due_on, event.now.extended_from, event.reason) == (
        date(2026, 4, 30),
        date(2026, 5, 15),
        date(2026, 4, 30),
        "施工图需复核",
    )
    [denied] = asked.when(deny_extension, DenyExtension(CLERK, NOW, "汛前必须完成")).events
    assert isinstance(denied, ExtensionDenied)
    asked.given(denied).when(deny_extension, DenyExtension(CLERK, NOW, "再报")).refused("no_extension_asked")
    granted = asked.given(event)
    granted.when(grant_extension, GrantExtension(CLERK)).refused("no_extension_asked")


def test_what_is_not_later_or_comes_too_late_is_not_asked_for() -> None:
    task = opened()
    task.when(ask_extension, AskExtension(JUSTICE_HEAD, NOW, date(2026, 4, 30), "同日")).refused("extension_not_later")
    late = rules(at("2026-05-01", 9))
    overdue = opened(law=late)
    ask = AskExtension(JUSTICE_HEAD, at("2026-05-01", 9), date(2026, 5, 15), "迟了")
    overdue.when(ask_extension, ask).refused("clock_ran_out")
    scenario(TASK, HONGKOU).given(entered_without_a_day()).when(ask_extension, ask).refused("no_clock_runs")


def entered_without_a_day() -> TaskOpened:
    [event] = scenario(TASK, HONGKOU).when(enter, Enter(CLERK, NOW, MATTER, replace(WORK, due_on=None))).events
    assert isinstance(event, TaskOpened)
    return event


# -- rhythm ---------------------------------------------------------------------------------


def test_the_supervising_unit_sets_how_often_it_is_reported_on() -> None:
    """虹口2022 二十六: the number is the office's to set."""
    monthly = SetRhythm(CLERK, NOW, Rhythm(every=1, unit="month"))
    task = opened()
    task.when(set_rhythm, replace(monthly, by=JUSTICE_HEAD)).forbidden("not_the_supervisor")
    [event] = task.when(set_rhythm, monthly).under("HK-26-2").events
    assert isinstance(event, RhythmSet)
    assert (event.report_due.due_on, event.report_due.clauses) == (date(2026, 5, 8), ("HK-26-2",))
    task.given(event).when(set_rhythm, monthly).refused("rhythm_set_already")


# -- who answers ----------------------------------------------------------------------------


def test_only_whom_the_rules_mean_answers_for_a_task() -> None:
    """虹口2022 二十六: of a major decision the head of the lead unit, no clerk; whom to turn to may be anybody."""
    [event] = scenario(TASK, HONGKOU).when(enter, Enter(CLERK, NOW, MATTER, WORK)).events
    assert isinstance(event, TaskOpened)
    decided = event.model_copy(update={"rows": ("major-decision-follow-up",)})
    task = scenario(TASK, HONGKOU).given(decided)
    name = NameResponsible(JUSTICE_HEAD, NOW, (JUSTICE_HEAD,), contact=JUSTICE_CLERK)
    task.when(name_responsible, replace(name, responsible=(JUSTICE_CLERK,))).refused(not_one_who_answers="26")
    task.when(name_responsible, replace(name, responsible=("ghost",))).refused("person_not_known")
    task.when(name_responsible, replace(name, by=PersonId("housing_head"))).forbidden("not_of_a_unit_concerned")
    [named] = task.when(name_responsible, name).under("HK-26-1").events
    assert isinstance(named, ResponsibleNamed)
    assert (named.responsible, named.contact) == ((JUSTICE_HEAD,), JUSTICE_CLERK)


def test_two_lead_only_for_a_recorded_reason_where_one_leads_as_a_rule() -> None:
    """虹口2022 四十三: normally one lead; exactly one where the row says so."""
    key_work = Said(
        source="annual_key_work",
        title="旧改",
        text="完成旧改三个街坊。",
        received_at=NOW,
        lead="housing_bureau",
        also_lead=("finance_bureau",),
    )
    outcome = scenario(TASK, HONGKOU).when(enter, Enter(CLERK, NOW, MATTER, key_work))
    outcome.refused(exactly_one_lead="43")
    usual = replace(WORK, also_lead=("finance_bureau",), also_lead_reason="资金与项目各半")
    told = scenario(TASK, HONGKOU).when(enter, Enter(CLERK, NOW, MATTER, usual)).events
    assert [type(event) for event in told] == [TaskOpened, AnotherLeadNamed]


# -- disagreement ---------------------------------------------------------------------------


def test_a_disagreement_goes_up_with_every_view_and_is_decided_by_whom_the_row_names() -> None:
    """虹口2022 四十三: nobody's view is left out, and the task does not close before it is decided."""
    task = opened()
    view = StateView(FINANCE_HEAD, NOW, "finance_bureau", "不宜新增", "预算已无余量")
    task.when(state_view, replace(view, by=JUSTICE_HEAD)).forbidden("view_of_another_unit")
    task.when(state_view, replace(view, unit="housing_bureau")).refused("unit_has_no_part")
    task.when(send_up, SendUp(JUSTICE_HEAD, NOW, "—")).refused("no_disagreement_stands")
    outcome = task.when(find_disagreement, FindDisagreement(JUSTICE_HEAD, NOW, "三次协商未能一致")).under("HK-43-4")
    [found] = outcome.events
    assert isinstance(found, DisagreementFound)
    assert (found.loop, found.units) == ("escalate-disagreement", ("justice_bureau", "finance_bureau"))
    stands = task.given(found)
    stands.when(find_disagreement, FindDisagreement(JUSTICE_HEAD, NOW, "又")).refused(disagreement_stands_already="43")
    outcome = stands.when(send_up, SendUp(JUSTICE_HEAD, NOW, "建议分步实施"))
    outcome.refused("view_missing", "view_missing")
    stands.when(close, Close(CLERK, NOW, "销号")).refused(
        "needs_for_closing", "needs_for_closing", "not_reported_done", "disagreement_not_decided"
    )
    stands = then(stands, state_view, view)
    own = StateView(JUSTICE_HEAD, NOW, "justice_bureau", "应予新增", "整改所需")
    stands = then(stands, state_view, own)
    [sent] = stands.when(send_up, SendUp(JUSTICE_HEAD, NOW, "建议分步实施")).under("HK-43-4").events
    assert isinstance(sent, DisagreementSentUp)
    assert [one.grounds for one in sent.views] == ["整改所需", "预算已无余量"]
    assert "tao" in sent.to
    up = stands.given(sent)
    up.when(state_view, own).refused(views_went_up="43")
    up.when(decide_disagreement, DecideDisagreement(JUSTICE_HEAD, NOW, "自定")).forbidden(not_the_one_who_decides="43")
    decided = up.when(decide_disagreement, DecideDisagreement(PersonId("tao"), NOW, "分步实施")).under("HK-43-4")
    assert len(decided.events) == 1
    done = up.given(*decided.events)
    done.when(decide_disagreement, DecideDisagreement(PersonId("tao"), NOW, "再定")).refused("views_not_up_yet")


def test_one_unit_alone_disagrees_with_nobody() -> None:
    task = opened(replace(WORK, cooperating=()))
    task.when(find_disagreement, FindDisagreement(JUSTICE_HEAD, NOW, "无")).refused("one_unit_alone")
    assert isinstance(task.history[0], TaskOpened)


# -- going on with what was decided -----------------------------------------------------------


def test_a_major_decision_is_stopped_only_by_a_new_decision_and_says_that_no_evaluation_is_there() -> None:
    """虹口2022 二十五: changed or stopped by procedure alone; what an adjustment lacks is shown with it."""
    task = opened()
    stop = CarryOn(JUSTICE_HEAD, NOW, "stop", "领导口头要求停止")
    task.when(carry_on, stop).refused(needs_new_decision_by_procedure="25")
    task.when(carry_on, replace(stop, step="begin")).then(carried("begin", stop.note))
    paper = Evidence(evidence="new_decision_by_procedure", given_on=date(2026, 4, 8), reference="常务会议第9次")
    task.when(
        file_evidence, FileEvidence(JUSTICE_HEAD, NOW, Evidence(evidence="rumour", given_on=date(2026, 4, 8)))
    ).refused("word_not_known")
    task = then(task, file_evidence, FileEvidence(JUSTICE_HEAD, NOW, paper))
    changed, ended = task.when(carry_on, stop).under("HK-25-3", "HK-25-4").events
    assert isinstance(changed, TaskCarriedOn)
    assert (changed.missing, [one.evidence for one in changed.on_file]) == (
        ("post_decision_evaluation",),
        ["new_decision_by_procedure"],
    )
    assert isinstance(ended, TaskWithdrawn)
    task.given(changed, ended).when(carry_on, stop).refused("task_closed_already")


def carried(step: str, note: str) -> TaskCarriedOn:
    return TaskCarriedOn(task_id=THE_THING, matter_id=MATTER, step=step, note=note, done_by=JUSTICE_HEAD, done_at=NOW)


# -- corrected minutes ---------------------------------------------------------------------------


def test_a_decision_that_was_struck_out_takes_its_task_with_it() -> None:
    task = opened()
    for now in (None, decision(outcome="postponed")):
        [event] = task.when(correct, Correct(an_id(72), NOW, decision(), now, "记录有误")).events
        assert isinstance(event, TaskWithdrawn)
        assert (event.event_id, event.reason) == (an_id(72), "记录有误")
        task.given(event).when(correct, Correct(an_id(72), NOW, decision(), now, "记录有误")).quiet()


# -- overdue and its notices -----------------------------------------------------------------------


def test_notices_go_out_in_the_colours_and_the_order_of_the_rows() -> None:
    """果园 四: yellow at once, orange after three working days, red after ten; none once it ended."""
    before, after = orchard.rules(MINUTES_OUT), orchard.rules(at("2022-02-16", 9))
    heard = OpenTask(MINUTES_OUT, an_id(9), MINUTES, SITTING, "council", SITTING_ENDED, decision(lead="works"))
    told = scenario(TASK, before).when(open_task, heard).events
    [task] = told
    assert isinstance(task, TaskOpened)
    assert task.due is not None
    overdue, yellow = scenario(TASK, after).given(task).when(run_out, RunOut(task.due)).under("OR-4-5").events
    assert isinstance(overdue, TaskOverdue)
    assert isinstance(yellow, NoticeGiven)
    assert overdue.notice_due is not None
    assert (overdue.due.due_on, overdue.notice_due.rule, overdue.notice_due.due_on) == (
        date(2022, 2, 7),
        "orange-after-three",
        date(2022, 2, 11),
    )
    assert (yellow.colour, yellow.no, yellow.to) == ("yellow", 1, ("works_head",))
    late = scenario(TASK, after).given(task, overdue, yellow)
    [orange] = late.when(give_notice, GiveNotice(overdue.notice_due, overdue.notice_due.due_at)).events
    assert isinstance(orange, NoticeGiven)
    assert orange.following is not None
    assert (orange.colour, orange.no, orange.to, orange.following.rule, orange.following.due_on) == (
        "orange",
        2,
        ("second",),
        "red-after-ten",
        date(2022, 2, 22),
    )
    [red] = late.given(orange).when(give_notice, GiveNotice(orange.following, orange.following.due_at)).events
    assert isinstance(red, NoticeGiven)
    assert (red.colour, red.no, red.to, red.following) == ("red", 3, ("he",), None)
    ended = TaskWithdrawn(task_id=THE_THING, matter_id=MATTER, reason="撤销", withdrawn_at=NOW)
    late.given(ended).when(give_notice, GiveNotice(overdue.notice_due, NOW)).quiet()
    scenario(TASK, after).given(task).when(give_notice, GiveNotice(overdue.notice_due, NOW)).quiet()
