"""A sitting: called, numbered, opened, decided, closed."""

from dataclasses import replace

from chancery.events.meeting import (
    Chair,
    DecisionRecorded,
    ScheduledItem,
    SeatTaken,
    SeriesOpened,
    SittingCalledOff,
    SittingClosed,
    SittingConvened,
    SittingNumberAssigned,
    SittingOpened,
)
from chancery.names import Capacity
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.state import Stage as ItemStage
from meeting_svc.series.assign import AssignNumber, assign
from meeting_svc.series.open_series import OpenSeries, open_series
from meeting_svc.series.state import SERIES
from meeting_svc.sitting.call_off import CallOff, call_off
from meeting_svc.sitting.close import Close, close
from meeting_svc.sitting.convene import Convene, convene
from meeting_svc.sitting.open_sitting import OpenSitting, Present, open_sitting
from meeting_svc.sitting.outcomes import Outcome
from meeting_svc.sitting.record import Record, record
from meeting_svc.sitting.state import SITTING
from tests.hongkou import (
    CLERK,
    DEPUTY_IN_CHARGE,
    DIRECTOR,
    JUSTICE_HEAD,
    MAYOR,
    OTHER_DEPUTY,
    an_id,
    at,
    entrusted,
    mayor_away,
    rules,
)
from tests.meeting.examples import (
    ACCEPTED_ITEM,
    ITEM_ID,
    OTHER_ITEM,
    OTHER_MATTER,
    SCHEDULED,
    closed,
    convened,
    item,
    open_now,
    recorded,
    submitted,
)
from tests.scenario import THE_THING, scenario

CALLING = at("2022-01-17")
NOW = at("2022-01-19", 14)
HONGKOU = rules(NOW)
CALL = Convene(CLERK, "executive", at("2022-01-19", 14), "第一会议室", (ACCEPTED_ITEM,), "2022", 1)
PRESENT = (Present(MAYOR), Present(DEPUTY_IN_CHARGE), Present(DIRECTOR), Present(JUSTICE_HEAD))


def test_the_office_calls_the_sitting_for_its_convener() -> None:
    """虹口2022 四十八: the mayor convenes the executive meeting; the office does the paperwork (五十二)."""
    scenario(SITTING, HONGKOU).when(convene, CALL).then(convened()).under("HK-48-1", "HK-52-1")


def test_the_mayor_calls_it_himself() -> None:
    told = scenario(SITTING, HONGKOU).when(convene, replace(CALL, by=MAYOR)).then(convened()).told
    assert told[0].standing is not None
    assert told[0].standing.person == MAYOR


def test_nobody_else_calls_it() -> None:
    scenario(SITTING, HONGKOU).when(convene, replace(CALL, by=JUSTICE_HEAD)).forbidden(not_the_organiser="46")
    wrong = replace(CALL, convened_by=OTHER_DEPUTY)
    scenario(SITTING, HONGKOU).when(convene, wrong).refused(not_a_convener="48")


def test_a_special_meeting_has_many_conveners_so_one_is_named() -> None:
    """虹口2022 五十: mayor and deputy mayors call special meetings."""
    special = item(submitted(ITEM_ID, body="special"))
    ready = replace(special, accepted=True, stage=ACCEPTED_ITEM.stage)
    call = replace(CALL, body="special", items=(ready,))
    scenario(SITTING, HONGKOU).when(convene, call).refused(name_the_convener="50")
    told = scenario(SITTING, HONGKOU).when(convene, replace(call, convened_by=OTHER_DEPUTY)).events[0]
    assert isinstance(told, SittingConvened)
    assert told.convened_by == Chair(person=OTHER_DEPUTY, post="deputy_mayor", capacity=Capacity.OWN)


def test_an_office_director_called_upon_by_a_leader_convenes_a_special_meeting() -> None:
    """虹口2022 五十: by mandate, to coordinate."""
    ready = replace(item(submitted(ITEM_ID, body="special")), accepted=True, stage=ACCEPTED_ITEM.stage)
    call = replace(CALL, by=DIRECTOR, body="special", items=(ready,), convened_by=DIRECTOR)
    scenario(SITTING, HONGKOU).when(convene, call).refused(not_a_convener="50")
    mandated = rules(NOW, entrusted("matter", OTHER_DEPUTY, DIRECTOR))
    told = scenario(SITTING, mandated).when(convene, call).events[0]
    assert isinstance(told, SittingConvened)
    assert told.convened_by.capacity is Capacity.ENTRUSTED


def test_every_item_that_cannot_be_taken_is_named_at_once() -> None:
    waiting = item(submitted(OTHER_ITEM), item_id=OTHER_ITEM)
    elsewhere = item(submitted(OTHER_ITEM, body="plenary"), item_id=OTHER_ITEM)
    call = replace(CALL, items=(ACCEPTED_ITEM, ACCEPTED_ITEM, waiting, AgendaItem(an_id(99))))
    scenario(SITTING, HONGKOU).when(convene, call).refused("item_twice", "item_not_accepted", "item_unknown")
    scenario(SITTING, HONGKOU).when(convene, replace(CALL, items=(elsewhere,))).refused(
        "item_of_another_body", "item_not_accepted"
    )
    scenario(SITTING, HONGKOU).when(convene, replace(CALL, items=())).refused("no_items")
    scenario(SITTING, HONGKOU).given(convened()).when(convene, CALL).refused("already_convened")


def test_numbers_of_a_series_run_without_gap_and_none_is_given_twice() -> None:
    series = scenario(SERIES, HONGKOU)
    first = SittingNumberAssigned(body="executive", series="2022", number=1, sitting_id=an_id(31))
    second = first.model_copy(update={"number": 2, "sitting_id": an_id(32)})
    series.when(assign, AssignNumber("executive", "2022", an_id(31))).then(first)
    series.given(first).when(assign, AssignNumber("executive", "2022", an_id(31))).quiet()
    series.given(first).when(assign, AssignNumber("executive", "2022", an_id(32))).then(second)


def test_a_series_begins_later_where_sittings_were_held_before() -> None:
    began = SeriesOpened(body="executive", series="2022", next_number=5, opened_by=CLERK)
    command = OpenSeries(CLERK, "executive", "2022", 5)
    series = scenario(SERIES, HONGKOU)
    series.when(open_series, command).then(began)
    fifth = SittingNumberAssigned(body="executive", series="2022", number=5, sitting_id=an_id(31))
    series.given(began).when(assign, AssignNumber("executive", "2022", an_id(31))).then(fifth)
    series.given(began).when(open_series, command).refused("series_opened_already")
    series.given(fifth).when(open_series, command).refused("series_opened_already")
    series.when(open_series, replace(command, by=JUSTICE_HEAD)).forbidden("not_the_organiser")


def test_the_sitting_opens_with_its_chair_and_counts_no_quorum_where_there_is_none() -> None:
    told = scenario(SITTING, HONGKOU).given(convened()).when(open_sitting, OpenSitting(CLERK, NOW, PRESENT))
    opened = told.events[0]
    assert isinstance(opened, SittingOpened)
    assert opened.chair == Chair(person=MAYOR, post="mayor", capacity=Capacity.OWN)
    assert (opened.members, opened.members_present, opened.quorum) == (7, 3, None)
    assert opened.present[3] == SeatTaken(
        person=JUSTICE_HEAD, post="department_head", unit="justice_bureau", seat="attendee"
    )


def test_the_acting_deputy_presides_while_the_mayor_is_away() -> None:
    """虹口2022 六, 四十八: no delegate is named; who acts by mandate may preside."""
    there = (Present(OTHER_DEPUTY), Present(DIRECTOR))
    command = OpenSitting(CLERK, NOW, there)
    scenario(SITTING, HONGKOU).given(convened()).when(open_sitting, command).refused(nobody_may_chair="48")
    away = scenario(SITTING, rules(NOW, mayor_away(OTHER_DEPUTY))).given(convened())
    opened = away.when(open_sitting, command).events[0]
    assert isinstance(opened, SittingOpened)
    assert opened.chair == Chair(person=OTHER_DEPUTY, post="mayor", capacity=Capacity.ACTING, acts_for=MAYOR)


def test_a_chair_is_named_present_and_entitled() -> None:
    given = scenario(SITTING, HONGKOU).given(convened())
    named = OpenSitting(CLERK, NOW, PRESENT, chair=OTHER_DEPUTY)
    given.when(open_sitting, named).refused("not_a_chair", "chair_not_present")
    twice = (*PRESENT, Present(MAYOR))
    given.when(open_sitting, OpenSitting(CLERK, NOW, twice)).refused("present_twice")
    given.when(open_sitting, OpenSitting(JUSTICE_HEAD, NOW, PRESENT)).forbidden("not_the_organiser")
    given.given(open_now()).when(open_sitting, OpenSitting(CLERK, NOW, PRESENT)).refused("opened_already")
    scenario(SITTING, HONGKOU).when(open_sitting, OpenSitting(CLERK, NOW, PRESENT)).refused("not_convened")


def test_a_decision_is_recorded_once_for_each_item() -> None:
    command = Record(CLERK, ITEM_ID, Outcome.ADOPTED, "会议审议通过。", orders_document="normative_document")
    given = scenario(SITTING, HONGKOU).given(convened(), open_now())
    given.when(record, command).then(recorded())
    given.given(recorded()).when(record, command).refused("decided_already")
    given.when(record, replace(command, item_id=OTHER_ITEM)).refused("item_not_of_this_sitting")
    given.when(record, replace(command, by=JUSTICE_HEAD)).forbidden("not_the_organiser")
    scenario(SITTING, HONGKOU).given(convened()).when(record, command).refused("not_open")


def test_only_what_passed_orders_a_document() -> None:
    command = Record(CLERK, ITEM_ID, Outcome.DEFERRED, "缓议。", orders_document="normative_document")
    given = scenario(SITTING, HONGKOU).given(convened(), open_now())
    given.when(record, command).refused("nothing_to_carry_out")
    given.when(record, replace(command, orders_document=None)).then(
        recorded(outcome="deferred", text="缓议。", orders_document=None)
    )
    slips = replace(command, outcome=Outcome.ADOPTED, orders_document="no_such_kind", cooperating=("no_such_unit",))
    given.when(record, slips).refused("unknown_word", "unknown_unit")


def test_a_working_meeting_deploys_and_does_not_decide() -> None:
    """虹口2022 四十九: it informs and deploys."""
    given = scenario(SITTING, HONGKOU).given(convened(body="working"), open_now())
    command = Record(CLERK, ITEM_ID, Outcome.ADOPTED, "通过。")
    given.when(record, command).refused(body_does_not_decide="49")
    heard = given.when(record, replace(command, outcome=Outcome.HEARD)).events[0]
    assert isinstance(heard, DecisionRecorded)


def test_a_sitting_closes_once_every_item_has_its_outcome() -> None:
    more = ScheduledItem(
        no=2, item_id=OTHER_ITEM, matter_id=OTHER_MATTER, facts=SCHEDULED.facts.model_copy(update={"title": "乙事项"})
    )
    given = scenario(SITTING, HONGKOU).given(convened(items=(SCHEDULED, more)), open_now())
    ended = at("2022-01-19", 16)
    given.when(close, Close(CLERK, ended)).refused("item_undecided", "item_undecided")
    given.given(recorded()).when(close, Close(CLERK, ended)).refused("item_undecided")
    done = scenario(SITTING, HONGKOU).given(convened(), open_now(), recorded())
    done.when(close, Close(CLERK, ended)).then(closed())
    done.given(closed()).when(close, Close(CLERK, ended)).refused("not_open")
    done.when(close, Close(JUSTICE_HEAD, ended)).forbidden("not_the_organiser")


def test_where_the_rules_set_no_limit_for_minutes_no_clock_runs() -> None:
    """虹口2022 五十二: nothing is said on when minutes are issued."""
    done = scenario(SITTING, HONGKOU).given(convened(), open_now(), recorded())
    told = done.when(close, Close(CLERK, at("2022-01-19", 16))).events[0]
    assert isinstance(told, SittingClosed)
    assert told.minutes_due is None


def test_a_sitting_that_is_not_held_is_called_off_before_it_opens() -> None:
    off = SittingCalledOff(sitting_id=THE_THING, body="executive", items=(ITEM_ID,), reason="改期")
    given = scenario(SITTING, HONGKOU).given(convened())
    for person in (CLERK, MAYOR):
        given.when(call_off, CallOff(person, "改期")).then(off)
    given.when(call_off, CallOff(JUSTICE_HEAD, "改期")).forbidden("not_the_organiser")
    given.given(open_now()).when(call_off, CallOff(CLERK, "改期")).refused("opened_already")
    given.given(off).when(call_off, CallOff(CLERK, "改期")).refused("called_off_already")
    given.given(off).when(open_sitting, OpenSitting(CLERK, NOW, PRESENT)).refused("opened_already")
    scenario(SITTING, HONGKOU).when(call_off, CallOff(CLERK, "改期")).refused("not_convened")


def test_an_item_that_went_elsewhere_is_only_put_off() -> None:
    elsewhere = replace(ACCEPTED_ITEM, stage=ItemStage.SCHEDULED, sitting_id=an_id(77))
    given = scenario(SITTING, HONGKOU).given(convened(), open_now())
    command = Record(CLERK, ITEM_ID, Outcome.ADOPTED, "通过。", item=elsewhere)
    given.when(record, command).refused("item_gone")
    assert len(given.when(record, replace(command, outcome=Outcome.DEFERRED)).events) == 1
    here = replace(elsewhere, sitting_id=THE_THING)
    assert len(given.when(record, replace(command, item=here)).events) == 1
