"""Tasks: opened by what others decided, reported on, overdue once, closed when all that is asked for is there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.events.supervision import TaskEvent, TaskOpened, TaskOverdue
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from supervision_svc.task.close import Close, close
from supervision_svc.task.follow_up import FollowUp, follow_up
from supervision_svc.task.hear_outcome import HearOutcome, hear_outcome
from supervision_svc.task.open_task import OpenTask, open_task
from supervision_svc.task.report import Report, report
from supervision_svc.task.rhythm import next_report
from supervision_svc.task.run_out import RunOut, run_out
from supervision_svc.task.state import TASK, Stage, Task
from supervision_svc.views.lights import light_of
from tests import orchard
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, an_id, at, rules
from tests.scenario import THE_THING, scenario
from tests.supervision.examples import (
    ISSUED_AT,
    MATTER,
    MINUTES,
    MINUTES_OUT,
    SITTING,
    SITTING_ENDED,
    closed,
    decision,
    heard,
    issued,
    told,
)

HONGKOU = rules(ISSUED_AT)
ORCHARD = orchard.rules(ISSUED_AT)
OPEN = OpenTask(
    at=MINUTES_OUT,
    event_id=an_id(52),
    minutes_id=MINUTES,
    sitting_id=SITTING,
    body="executive",
    meeting_ended_at=SITTING_ENDED,
    decision=decision(),
)
MAJOR = replace(OPEN, body="council", decision=decision(kind="plan", lead="works", cooperating=("parks",), major=True))
OUT = HearOutcome(MATTER, "document_issued", "虹府发〔2022〕3号", ISSUED_AT)


def opened(of: OpenTask = OPEN, under: Rules = HONGKOU) -> TaskOpened:
    [event] = scenario(TASK, under).when(open_task, of).events
    assert isinstance(event, TaskOpened)
    return event


IN_A_MONTH = next_report(opened(MAJOR, ORCHARD), ORCHARD, ISSUED_AT)


# -- opened -------------------------------------------------------------------------


def test_a_decision_that_orders_a_document_is_due_on_the_seventh_working_day() -> None:
    """虹口2022 五十二, 二十六: the office watches, one unit leads, the issued document closes it."""
    event = scenario(TASK, HONGKOU).when(open_task, OPEN).under("HK-52-4").events[0]
    assert isinstance(event, TaskOpened)
    assert (event.supervisor, event.lead, event.closes_on) == ("district_office", "justice_bureau", "document_issued")
    assert event.due is not None
    assert (event.due.due_on, event.due.rule, event.due.clauses) == (
        date(2022, 1, 28),
        "ordered-document-issue",
        ("HK-52-4",),
    )
    assert (event.source.minutes_id, event.source.decision_no, event.rows) == (MINUTES, 1, ("ordered-document",))


def test_what_the_sitting_itself_set_counts_before_the_rules() -> None:
    event = opened(replace(OPEN, decision=decision(due_on=date(2022, 1, 25))))
    assert event.due is not None
    assert (event.due.due_on, event.due.set_to, event.due.rule) == (date(2022, 1, 25), date(2022, 1, 25), "decision")
    assert event.due.due_at == at("2022-01-26", 0)


def test_where_neither_sets_a_day_there_is_none() -> None:
    """虹口2022 五十: special meetings are watched over, without a number of days."""
    event = opened(replace(OPEN, body="special", decision=decision(orders_document=None)))
    assert (event.due, event.supervisor, event.rows) == (None, "district_office", ("special-meeting-agreed",))


def test_several_rows_unite_what_they_ask() -> None:
    """果园 四: a major decision is due like every other, the weekend worked in January counted, and checked."""
    event = scenario(TASK, ORCHARD).when(open_task, MAJOR).under("OR-4-1", "OR-4-2", "OR-4-3").events[0]
    assert isinstance(event, TaskOpened)
    assert event.close_requires == ("progress_report", "special_check")
    assert (event.supervisor, event.closes_on, event.responsible) == ("office", "document_issued", (orchard.DEPUTY,))
    assert event.report_every is not None
    assert (event.report_every.every, event.report_every.unit) == (1, "month")
    assert event.due is not None
    assert (event.due.due_on, event.due.clauses) == (date(2022, 2, 7), ("OR-4-4",))


def test_what_founds_no_action_opens_nothing() -> None:
    for outcome in ("rejected", "deferred", "noted"):
        scenario(TASK, HONGKOU).when(open_task, replace(OPEN, decision=decision(outcome=outcome))).quiet()
    scenario(TASK, HONGKOU).given(opened()).when(open_task, OPEN).quiet()


def test_a_decision_with_a_lead_is_followed_up_also_where_no_row_is() -> None:
    """Not regulated is an answer: the task is there, nobody is named to watch over it, nothing closes it by itself."""
    plain = replace(OPEN, body="plenary", decision=decision(orders_document=None, kind=None))
    outcome = scenario(TASK, HONGKOU).when(open_task, plain)
    [event] = outcome.events
    assert isinstance(event, TaskOpened)
    assert (event.supervisor, event.rows, event.closes_on, outcome.told[0].under) == (None, (), None, ())
    without_lead = replace(plain, decision=decision(orders_document=None, kind=None, lead=None))
    scenario(TASK, HONGKOU).when(open_task, without_lead).quiet()


# -- closed by what was waited for ------------------------------------------------------


def test_the_issued_document_closes_the_task_that_waits_for_it() -> None:
    """虹口2022 五十二: nobody types it."""
    waiting = scenario(TASK, HONGKOU).given(opened())
    waiting.when(hear_outcome, OUT).then(heard(), closed("document_issued", "虹府发〔2022〕3号"))
    waiting.given(heard(), closed("document_issued", "虹府发〔2022〕3号")).when(hear_outcome, OUT).quiet()


def test_what_is_heard_first_closes_the_task_when_it_is_opened() -> None:
    """The document's stream may be ahead of the meeting's."""
    before = scenario(TASK, HONGKOU).when(hear_outcome, OUT).then(heard()).events
    told_now = scenario(TASK, HONGKOU).given(*before).when(open_task, OPEN).events
    assert told_now == [opened(), closed("document_issued", "虹府发〔2022〕3号")]


def test_late_is_judged_by_when_it_happened() -> None:
    on_time = replace(OUT, happened_at=at("2022-01-28", 23, 59))
    too_late = replace(OUT, happened_at=at("2022-01-29", 0))
    for outcome, late in ((on_time, False), (too_late, True)):
        event = scenario(TASK, HONGKOU).given(opened()).when(hear_outcome, outcome).events[-1]
        assert event == closed("document_issued", OUT.reference, late=late, closed_at=outcome.happened_at)


def test_a_document_alone_does_not_close_what_asks_for_more() -> None:
    """果园 四: two sources, the closing conditions of both; the last of them closes it."""
    major = opened(MAJOR, ORCHARD)
    out = scenario(TASK, ORCHARD).given(major).when(hear_outcome, OUT).then(heard()).events
    lacking = scenario(TASK, ORCHARD).given(major, *out)
    lacking.when(report, Report(orchard.WORKS_HEAD, ISSUED_AT, "进度", None, ("progress_report",))).then(
        told(orchard.WORKS_HEAD, "进度", provides=("progress_report",), then=IN_A_MONTH)
    )
    first = told(orchard.WORKS_HEAD, "进度", provides=("progress_report",), then=IN_A_MONTH)
    checked = Report(orchard.OFFICE_CLERK, ISSUED_AT, "已查", None, ("special_check",))
    lacking.given(first).when(report, checked).then(
        told(orchard.OFFICE_CLERK, "已查", provides=("special_check",), then=IN_A_MONTH),
        closed("document_issued", "虹府发〔2022〕3号"),
    )


# -- reported, closed by a person ---------------------------------------------------------


def test_units_concerned_report_and_the_lead_says_whether_it_is_done() -> None:
    task = scenario(TASK, ORCHARD).given(opened(MAJOR, ORCHARD))
    task.when(report, Report(orchard.WORKS_CLERK, ISSUED_AT, "过半")).then(
        told(orchard.WORKS_CLERK, "过半", then=IN_A_MONTH)
    )
    task.when(report, Report(orchard.WORKS_CLERK, ISSUED_AT, "办结", done=True)).then(
        told(orchard.WORKS_CLERK, "办结", done=True, then=IN_A_MONTH)
    )
    task.when(report, Report(orchard.HEAD, ISSUED_AT, "问问")).forbidden("not_of_a_unit_concerned")
    task.when(report, Report(orchard.OFFICE_CLERK, ISSUED_AT, "办结", done=True)).forbidden("done_is_the_leads_to_say")
    strange = Report(orchard.WORKS_CLERK, ISSUED_AT, "附", None, ("photo", "song"))
    task.when(report, strange).refused("not_asked_for", "not_asked_for")
    done = told(orchard.WORKS_CLERK, "办结", done=True, then=IN_A_MONTH)
    task.given(done).when(report, Report(orchard.OFFICE_CLERK, ISSUED_AT, "收到")).then(
        told(orchard.OFFICE_CLERK, "收到", done=True, then=IN_A_MONTH)
    )
    task.given(done).when(report, Report(orchard.WORKS_HEAD, ISSUED_AT, "未完", done=False)).then(
        told(orchard.WORKS_HEAD, "未完", then=IN_A_MONTH)
    )
    scenario(TASK, ORCHARD).when(report, Report(orchard.WORKS_HEAD, ISSUED_AT, "?")).refused("not_found")


def test_everything_that_is_lacking_is_named_when_the_supervisor_closes() -> None:
    """果园 四: with the clauses that ask for each."""
    closing = Close(orchard.OFFICE_CLERK, ISSUED_AT, "销号")
    task = scenario(TASK, ORCHARD).given(opened(MAJOR, ORCHARD))
    refused = task.when(close, closing)
    refused.refused("not_reported_done", "needs_for_closing", "needs_for_closing", "waits_for_the_document")
    cited = {reason.subject: [cite.clause for cite in reason.cites] for reason in refused.reasons if reason.subject}
    assert cited == {"progress_report": ["OR-4-2"], "special_check": ["OR-4-2"]}
    task.when(close, replace(closing, by=orchard.WORKS_HEAD)).forbidden("not_the_supervisor")
    without = replace(MAJOR, decision=decision(kind="plan", lead="works", orders_document=None))
    plain = scenario(TASK, ORCHARD).given(opened(without, ORCHARD), told(orchard.WORKS_HEAD, "办结", done=True))
    plain.when(close, closing).then(closed("person", "销号"))
    late = replace(closing, at=at("2022-02-08", 0))
    plain.when(close, late).then(closed("person", "销号", late=True, closed_at=late.at))
    plain.given(closed("person", "销号")).when(close, closing).refused("task_closed_already")
    plain.given(closed("person", "销号")).when(report, Report(orchard.WORKS_HEAD, ISSUED_AT, "再")).refused(
        "task_closed_already"
    )
    scenario(TASK, ORCHARD).when(close, closing).refused("not_found")


def test_in_hongkou_the_office_closes_and_nobody_of_another_unit() -> None:
    """虹口2022 四十四, 五十: the office watches over decisions of special meetings."""
    special = replace(OPEN, body="special", decision=decision(orders_document=None))
    task = scenario(TASK, HONGKOU).given(opened(special))
    task.when(report, Report(FINANCE_HEAD, ISSUED_AT, "?")).forbidden("not_of_a_unit_concerned")
    task.when(report, Report(JUSTICE_CLERK, ISSUED_AT, "办结", done=True)).then(told(JUSTICE_CLERK, "办结", done=True))
    done = task.given(told(JUSTICE_CLERK, "办结", done=True))
    done.when(close, Close(JUSTICE_HEAD, ISSUED_AT, "销号")).forbidden("not_the_supervisor")
    done.when(close, Close(CLERK, ISSUED_AT, "销号")).then(closed("person", "销号"))
    task.when(close, Close(CLERK, ISSUED_AT, "销号")).refused(not_reported_done="50")


# -- overdue --------------------------------------------------------------------------------


def test_overdue_is_told_once_and_not_of_a_closed_task() -> None:
    task = scenario(TASK, HONGKOU).given(opened())
    due = opened().due
    assert due is not None
    overdue = TaskOverdue(task_id=THE_THING, matter_id=MATTER, due=due)
    task.when(run_out, RunOut(due)).then(overdue)
    task.given(overdue).when(run_out, RunOut(due)).quiet()
    task.given(heard(), closed("document_issued", "号")).when(run_out, RunOut(due)).quiet()
    scenario(TASK, HONGKOU).when(run_out, RunOut(due)).quiet()


def test_lights_are_red_once_due_and_yellow_within_the_packs_days_before() -> None:
    due = opened().due
    assert due is not None

    def light(moment: datetime, stage: str = "open") -> str:
        return light_of(stage, due.due_on, due.due_at, moment, HONGKOU)

    assert light(at("2022-01-24")) == "green"
    assert light(at("2022-01-25")) == "yellow"
    assert light(at("2022-01-28", 23, 59)) == "yellow"
    assert light(at("2022-01-29", 0)) == "red"
    assert light(at("2022-01-29", 0), "closed") == "done"
    assert light_of("open", None, None, ISSUED_AT, HONGKOU) == "none"


# -- followed up by document -------------------------------------------------------------------


def test_an_issued_document_is_followed_up_where_a_row_says_so() -> None:
    """果园 四: until it is public. Hongkou's rules have no such row, so nothing opens there."""
    out = issued(kind="rules", lead_unit="works", founding=None, units_involved=("works", "parks"))
    event = scenario(TASK, ORCHARD).when(follow_up, FollowUp(out, an_id(7))).under("OR-4-3").events[0]
    assert isinstance(event, TaskOpened)
    assert (event.source.kind, event.source.document_id) == ("issued_document", out.document_id)
    assert (event.lead, event.cooperating, event.closes_on) == ("works", ("parks",), "published")
    waiting = scenario(TASK, ORCHARD).given(event)
    public = HearOutcome(MATTER, "published", "OR/2022/001", ISSUED_AT)
    waiting.when(hear_outcome, public).then(heard("published", "OR/2022/001"), closed("published", "OR/2022/001"))
    waiting.when(hear_outcome, OUT).then(heard())
    waiting.when(follow_up, FollowUp(out, an_id(7))).quiet()
    scenario(TASK, ORCHARD).when(follow_up, FollowUp(issued(kind="plan", founding=None), an_id(7))).quiet()
    scenario(TASK, HONGKOU).when(follow_up, FollowUp(issued(), an_id(7))).quiet()


# -- whatever happens ------------------------------------------------------------------------------

PEOPLE = st.sampled_from([orchard.WORKS_HEAD, orchard.OFFICE_CLERK, orchard.HEAD])
DUE = opened(MAJOR, ORCHARD).due
assert DUE is not None


def reports(by: PersonId, done: bool | None, brings: set[str]) -> tuple[Any, Any]:
    return report, Report(by, ISSUED_AT, "进度", done, tuple(sorted(brings)))


def closes(by: PersonId) -> tuple[Any, Any]:
    return close, Close(by, ISSUED_AT, "销号")


ACTS = st.lists(
    st.one_of(
        st.just((open_task, MAJOR)),
        st.just((hear_outcome, OUT)),
        st.just((run_out, RunOut(DUE))),
        st.builds(
            reports,
            PEOPLE,
            st.sampled_from([None, True, False]),
            st.sets(st.sampled_from(["progress_report", "special_check"])),
        ),
        st.builds(closes, PEOPLE),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=300)
@given(ACTS)
def test_in_whatever_order_a_task_closes_once_and_only_with_all_that_is_asked(
    acts: Sequence[tuple[Any, Any]],
) -> None:
    """Folding the events again gives the same task, and nothing is said of it after it is closed."""
    task, events = Task(THE_THING), list[TaskEvent]()
    for decide, command in acts:
        try:
            found = decide(command, task, ORCHARD)
        except Refused:
            continue
        events += [one.event for one in found]
        task = reduce(TASK.evolve, [one.event for one in found], task)
    names = [event.event_name for event in events]
    assert names.count("supervision.task_closed") <= 1
    assert names.count("supervision.task_overdue") <= 1
    assert reduce(TASK.evolve, events, Task(THE_THING)) == task
    if task.stage is Stage.CLOSED:
        assert task.provided == {"progress_report", "special_check"}
        assert task.heard("document_issued")
        after = set(names[names.index("supervision.task_closed") + 1 :])
        assert after <= {"supervision.outcome_heard"}
