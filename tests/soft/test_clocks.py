"""Clocks suspended with a cause, let go on, extended in time with approval; every day told, standstills shown."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from chancery.calendar import NEVER, Span, count_forward
from chancery.deadlines import counted, explain_due, sentences
from chancery.events.document import IssueClockExtended, IssueClockResumed, IssueClockSuspended
from chancery.events.parts import Counted
from chancery.events.supervision import (
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskResumed,
    TaskSource,
    TaskSuspended,
)
from chancery.names import PersonId
from chancery.rules.clocks import counted_days
from chancery.rules.rulebook import Rules
from document_svc.document import clock as document_clock
from document_svc.document.state import DOCUMENT
from supervision_svc.task import clock as task_clock
from supervision_svc.task.close import Close, close
from supervision_svc.task.state import TASK
from tests.rules.small import NOW, made, roster
from tests.scenario import THE_THING, scenario
from tests.soft.soft import DEPUTY, HEAD, OFFICE, PACK, SOFT, WORKS, WORKS_CLERK, later, rules, upward

SOURCE = TaskSource(kind="decision", event_id=THE_THING)


def running(row: str, n: int, name: str, at: datetime = NOW) -> Counted:
    count = count_forward(rules().calendar, at, Span(n=n, unit="working_day"), closing=rules().closing)
    return counted(count, name=name, rule=row, clauses=("MP-2-1",), force="must")


ISSUE = running("issue-soon", 7, "ordered_document_issue")
TASK_DUE = running("task-soon", 10, "task_due")
DRAFTED = upward(issue_due=ISSUE)
OPENED = TaskOpened(
    task_id=THE_THING,
    matter_id=THE_THING,
    source=SOURCE,
    title="修桥",
    text="修桥",
    supervisor="office",
    lead="works",
    due=TASK_DUE,
    opened_at=NOW,
)
AT_DAY_3, AT_DAY_5, TOO_LATE = rules(later(4)), rules(later(6)), rules(later(40))


def test_the_examples_are_what_they_seem() -> None:
    assert (NOW.date(), ISSUE.due_on, TASK_DUE.due_on) == (date(2024, 3, 1), date(2024, 3, 12), date(2024, 3, 15))


# -- documents ------------------------------------------------------------


def suspended() -> IssueClockSuspended:
    [told] = (
        scenario(DOCUMENT, AT_DAY_3)
        .given(DRAFTED)
        .when(document_clock.suspend, document_clock.Suspend(OFFICE, "等待上级批复"))
        .events
    )
    assert isinstance(told, IssueClockSuspended)
    return told


def test_a_clock_stands_still_from_today_on_with_its_cause() -> None:
    told = suspended()
    assert told.was == ISSUE
    assert told.now.due_on == NEVER
    assert [(one.first_on, one.last_on, one.cause) for one in told.now.stood] == [
        (date(2024, 3, 5), None, "等待上级批复")
    ]


def test_it_goes_on_where_it_stopped_and_both_counts_are_kept() -> None:
    """Two working days stood still (Tuesday, Wednesday), so the due day moves by two."""
    outcome = (
        scenario(DOCUMENT, AT_DAY_5)
        .given(DRAFTED, suspended())
        .when(document_clock.resume, document_clock.Resume(OFFICE))
    )
    [told] = outcome.under("MP-2-1").events
    assert isinstance(told, IssueClockResumed)
    assert told.was.due_on == NEVER
    assert told.now.due_on == date(2024, 3, 14)
    assert counted_days(AT_DAY_5, told.now, told.now.due_on) == 7
    assert counted_days(AT_DAY_5, told.now, date(2024, 3, 6)) == 1


def test_the_account_shows_the_days_on_which_it_stood() -> None:
    [resumed] = (
        scenario(DOCUMENT, AT_DAY_5)
        .given(DRAFTED, suspended())
        .when(document_clock.resume, document_clock.Resume(OFFICE))
        .events
    )
    assert isinstance(resumed, IssueClockResumed)
    said = sentences(resumed.now, rules().calendar, "zh")
    assert [line for line in said if "中止计算：等待上级批复" in line] == [
        "2024-03-05 周二，中止计算：等待上级批复",
        "2024-03-06 周三，中止计算：等待上级批复",
    ]
    assert [line.number for line in explain_due(resumed.now, rules().calendar).lines if line.number][-1] == 7


def test_it_is_extended_before_it_is_due_by_the_post_the_row_names_and_the_old_day_is_kept() -> None:
    command = document_clock.Extend(HEAD, 3, "附件需核对")
    given = scenario(DOCUMENT, AT_DAY_3).given(DRAFTED)
    [told] = given.when(document_clock.extend, command).under("MP-2-1").events
    assert isinstance(told, IssueClockExtended)
    assert (told.was.due_on, told.now.due_on, told.now.extended_from) == (
        date(2024, 3, 12),
        date(2024, 3, 15),
        date(2024, 3, 12),
    )
    assert any("2024-03-12" in line and "延期" in line for line in sentences(told.now, rules().calendar, "zh"))
    refused = given.when(document_clock.extend, replace(command, by=OFFICE)).forbidden(not_the_approver="2")
    assert refused.reasons[0].params["who"] == "Ann"
    given.when(document_clock.extend, replace(command, to=6)).refused(extension_too_long="2")
    given.when(document_clock.extend, replace(command, to=date(2024, 3, 12))).refused(extension_not_later="2")
    given.given(told).when(document_clock.extend, command).refused(extended_often_enough="2")
    after = scenario(DOCUMENT, TOO_LATE).given(DRAFTED)
    after.when(document_clock.extend, command).refused(clock_ran_out="2")


def test_what_does_not_run_cannot_be_stopped_nor_what_stands() -> None:
    stop = document_clock.Suspend(OFFICE, "等")
    scenario(DOCUMENT, AT_DAY_3).given(upward()).when(document_clock.suspend, stop).refused("no_clock_runs")
    scenario(DOCUMENT, AT_DAY_3).given(DRAFTED, suspended()).when(document_clock.suspend, stop).refused(
        clock_stands_already="2"
    )
    scenario(DOCUMENT, AT_DAY_3).given(DRAFTED).when(document_clock.resume, document_clock.Resume(OFFICE)).refused(
        clock_does_not_stand="2"
    )
    scenario(DOCUMENT, TOO_LATE).given(DRAFTED).when(document_clock.suspend, stop).refused(clock_ran_out="2")
    scenario(DOCUMENT, AT_DAY_3).given(DRAFTED, suspended()).when(
        document_clock.extend, document_clock.Extend(HEAD, 1, "再等")
    ).refused(clock_stands_already="2")
    scenario(DOCUMENT, AT_DAY_3).given(DRAFTED).when(document_clock.suspend, replace(stop, by=WORKS_CLERK)).forbidden(
        "not_the_office"
    )
    scenario(DOCUMENT, AT_DAY_3).when(document_clock.suspend, stop).refused("document_not_drafted")


# -- tasks ------------------------------------------------------------


def test_a_tasks_clock_is_suspended_and_resumed_by_the_unit_that_watches_over_it() -> None:
    given = scenario(TASK, AT_DAY_3).given(OPENED)
    [stopped] = given.when(task_clock.suspend, task_clock.Suspend(OFFICE, "汛期停工")).under("MP-2-1").events
    assert isinstance(stopped, TaskSuspended)
    assert stopped.now.due_on == NEVER
    given.when(task_clock.suspend, task_clock.Suspend(WORKS, "停工")).forbidden("not_the_supervisor")
    [again] = scenario(TASK, AT_DAY_5).given(OPENED, stopped).when(task_clock.resume, task_clock.Resume(OFFICE)).events
    assert isinstance(again, TaskResumed)
    assert again.now.due_on == date(2024, 3, 19)


def test_an_extension_agreed_with_the_supervisor_is_his_to_grant() -> None:
    given = scenario(TASK, AT_DAY_3).given(OPENED)
    command = task_clock.Extend(OFFICE, date(2024, 3, 29), "图纸复核")
    [told] = given.when(task_clock.extend, command).under("MP-2-1").events
    assert isinstance(told, TaskExtended)
    assert (told.now.due_on, told.now.set_to, told.now.extended_from) == (
        date(2024, 3, 29),
        date(2024, 3, 29),
        date(2024, 3, 15),
    )
    for by in (WORKS, DEPUTY, HEAD):
        given.when(task_clock.extend, replace(command, by=by)).forbidden("not_the_supervisor")
    given.given(told).when(task_clock.extend, replace(command, to=5)).refused("extension_wants_a_day")
    overdue = TaskOverdue(task_id=THE_THING, matter_id=THE_THING, due=TASK_DUE)
    given.given(overdue).when(task_clock.extend, command).refused(clock_ran_out="2")


def test_a_task_closed_within_its_extension_is_not_late() -> None:
    told = (
        scenario(TASK, AT_DAY_3)
        .given(OPENED)
        .when(task_clock.extend, task_clock.Extend(OFFICE, date(2024, 3, 29), "图纸复核"))
    )
    state = replace(scenario(TASK, AT_DAY_3).given(OPENED, *told.events).state, reported_done=True)
    within = datetime.fromisoformat("2024-03-28T09:00:00+08:00")
    [closed] = close(Close(OFFICE, within, "办结"), state, rules(within))
    assert getattr(closed.event, "late", None) is False
    [late] = close(Close(OFFICE, within, "办结"), replace(state, due=TASK_DUE), rules(within))
    assert getattr(late.event, "late", None) is True


# -- the rules change ------------------------------------------------------------


def under(folder: Path, settings: str, clock: str | None = None) -> Rules:
    head = f"""
        id: millpond-2024
        version: "1"
        title: {{zh: 磨坊区工作规则, en: Rules of Millpond}}
        tier: district
        issuer: {{zh: 磨坊区, en: Millpond}}
        dates: {{effective: 2024-01-01}}
        settings: {{{settings}}}
        """
    others = {name: text for name, text in SOFT.items() if name != "task_sources"}
    files = {**others, "pack": head} | ({"clocks": clock} if clock else {})
    return Rules(made(folder, **files), rules().calendar, roster(), NOW)


def test_another_closing_time_moves_a_running_clock(tmp_path: Path) -> None:
    assert rules().again(ISSUE) is ISSUE
    later_close = under(tmp_path, 'closing_time: "18:00"')
    moved = later_close.again(ISSUE)
    assert moved.due_on == ISSUE.due_on
    assert (moved.due_at - ISSUE.due_at).total_seconds() == 1800
    assert later_close.again(moved) is moved


def test_a_number_that_is_left_to_a_setting_moves_it_as_well(tmp_path: Path) -> None:
    clock = """
        - id: issue-soon
          clauses: [MP-2-1]
          name: ordered_document_issue
          starts: meeting_ended
          n: 7
          unit: working_day
          from_setting: issue_limit
        """
    plain = 'closing_time: "17:30"'
    unset = under(tmp_path / "a", f"{plain}, issue_limit: null", clock)
    assert unset.again(ISSUE) is ISSUE
    shorter = under(tmp_path / "b", f"{plain}, issue_limit: {{n: 5, unit: working_day}}", clock)
    assert shorter.again(ISSUE).due_on == date(2024, 3, 8)
    ruling, count = shorter.clock("ordered_document_issue", NOW)
    assert ruling.regulated
    assert count is not None
    assert count.due_on == date(2024, 3, 8)


@pytest.mark.parametrize("settings", ['closing_time: "12:00"', "closing_time: null"])
def test_a_day_that_somebody_set_or_agreed_to_stays(tmp_path: Path, settings: str) -> None:
    agreed = ISSUE.model_copy(update={"set_to": date(2024, 3, 29), "due_on": date(2024, 3, 29)})
    assert under(tmp_path, settings).again(agreed).due_on == date(2024, 3, 29)


def test_a_count_beyond_the_known_years_is_provisional_and_says_so() -> None:
    far = running("issue-soon", 7, "ordered_document_issue", datetime.fromisoformat("2150-03-01T09:00:00+08:00"))
    assert far.provisional
    assert any("暂定" in line for line in sentences(far, rules().calendar, "zh"))


def test_nobody_named_by_the_row_is_the_office(tmp_path: Path) -> None:
    silent = """
        - id: issue-soon
          clauses: [MP-2-1]
          name: ordered_document_issue
          starts: meeting_ended
          n: 7
          unit: working_day
        """
    quiet = replace(under(tmp_path, 'closing_time: "17:30"', silent), at=later(3))
    given = scenario(DOCUMENT, quiet).given(DRAFTED)
    assert given.when(document_clock.extend, document_clock.Extend(OFFICE, 9, "核对")).kind is None
    given.when(document_clock.extend, document_clock.Extend(PersonId("flo"), 9, "核对")).forbidden("not_the_office")
    assert PACK.head.id == quiet.pack.head.id
