"""In the room: papers, checking in, quorum, waiting, items put off, companions, late items, joint sittings."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from chancery.events.meeting import (
    AgendaAccepted,
    AgendaSubmitted,
    CheckedIn,
    CompanionPermitted,
    DecisionRecorded,
    ItemAdded,
    ItemCalled,
    ItemPutOff,
    LeaveNoted,
    LeftSitting,
    Missing,
    PapersDelivered,
    PapersReceived,
    ScheduledItem,
    SeatTaken,
    SittingConvened,
    SittingOpened,
)
from chancery.events.parts import Dissent
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.sitting.add_item import AddItem, add_item
from meeting_svc.sitting.close import Close, close
from meeting_svc.sitting.coming import (
    CallIn,
    CheckIn,
    Leave,
    PermitCompanion,
    call_in,
    check_in,
    leave,
    permit_companion,
)
from meeting_svc.sitting.convene import Convene, convene
from meeting_svc.sitting.note_leave import NoteLeave, note_leave
from meeting_svc.sitting.open_sitting import OpenSitting, Present, open_sitting
from meeting_svc.sitting.outcomes import Outcome
from meeting_svc.sitting.papers import ConfirmReceipt, Deliver, confirm_receipt, deliver
from meeting_svc.sitting.record import Record, record
from meeting_svc.sitting.state import SITTING
from tests import hongkou
from tests.hongkou import an_id, at
from tests.meeting import examples
from tests.meeting.jinchuan import (
    CLERK,
    DEPUTY_HEAD,
    DIRECTOR,
    FIRST_DEPUTY,
    FIRST_ITEM,
    HEAD,
    IN_CHARGE,
    ITEM,
    MATTER,
    MAYOR,
    NOW,
    OTHER,
    OTHER_MATTER,
    SCHOOLS,
    SECOND,
    away,
    convened,
    rules,
)
from tests.scenario import THE_THING, scenario

JINCHUAN = rules()
FIVE = (MAYOR, FIRST_DEPUTY, IN_CHARGE, OTHER, DIRECTOR)
IN_ROOM = tuple(Present(person) for person in FIVE)
BEGINS = OpenSitting(CLERK, NOW, IN_ROOM)


def the_opening(*present: str) -> SittingOpened:
    people = tuple(Present(person) for person in present) or IN_ROOM
    told = scenario(SITTING, JINCHUAN).given(convened()).when(open_sitting, OpenSitting(CLERK, NOW, people)).events
    assert isinstance(told[0], SittingOpened)
    return told[0]


def came(person: str, kind: str, *, waits: bool = False, beside: str | None = None) -> CheckedIn:
    post = JINCHUAN.roster.held_by(person, NOW)[0]
    seat = SeatTaken(person=person, post=post.post, unit=post.unit, seat=kind, beside=beside)
    return CheckedIn(sitting_id=THE_THING, seat=seat, waits=waits, checked_in_at=NOW)


def an_item(item_id: UUID = SECOND, matter_id: UUID = OTHER_MATTER, body: str = "executive") -> AgendaItem:
    submitted = AgendaSubmitted(
        item_id=SECOND,
        matter_id=OTHER_MATTER,
        facts=SCHOOLS,
        body=body,
        sitting_on=None,
        submitted_by=HEAD,
        for_unit="education_bureau",
        submitted_at=NOW,
    ).model_copy(update={"item_id": item_id, "matter_id": matter_id})
    said = AgendaAccepted(item_id=SECOND, matter_id=OTHER_MATTER, body=body, accepted_at=NOW)
    return replace(examples.item(submitted, said), id=item_id)


def test_those_who_checked_in_are_there_when_it_opens() -> None:
    """金川2020 四十七: more than half of eight."""
    checked = [came(person, "member") for person in FIVE]
    room = scenario(SITTING, JINCHUAN).given(convened())
    room.when(check_in, CheckIn(MAYOR, NOW)).then(checked[0]).under("JC-47-16")
    room.given(checked[0]).when(check_in, CheckIn(MAYOR, NOW)).quiet()
    room.when(check_in, CheckIn(HEAD, NOW, person=MAYOR)).forbidden("not_the_organiser")
    room.given(*checked[:4]).when(open_sitting, OpenSitting(CLERK, NOW)).refused(no_quorum="47")
    opened = room.given(*checked).when(open_sitting, OpenSitting(CLERK, NOW)).events[0]
    assert isinstance(opened, SittingOpened)
    assert (opened.members, opened.members_present, opened.quorum) == (8, 5, 5)
    room.given(*checked, the_opening()).when(check_in, CheckIn(HEAD, NOW)).then(came(HEAD, "attendee", waits=True))


def test_members_who_are_missing_are_written_down_with_what_is_known() -> None:
    """Absences told by attendance and leaves from this sitting excuse; nobody enters them a second time."""
    noted = LeaveNoted(sitting_id=THE_THING, leave_id=an_id(5), person="wu", substitute=None)
    room = scenario(SITTING, rules(NOW, away("li"))).given(convened(), noted)
    opened = room.when(open_sitting, BEGINS).events[0]
    assert isinstance(opened, SittingOpened)
    assert opened.missing == (
        Missing(person="li", why="away", reference="trip_1"),
        Missing(person="wu", why="leave", reference=str(an_id(5))),
        Missing(person="zheng", why="none"),
    )


def test_an_item_is_put_off_while_its_leader_in_charge_is_not_there() -> None:
    """金川2020 四十七: an item waits for the deputy in charge."""
    others = (MAYOR, FIRST_DEPUTY, OTHER, DIRECTOR, "li")
    room = scenario(SITTING, JINCHUAN).given(convened())
    off = ItemPutOff(sitting_id=THE_THING, item_id=ITEM, matter_id=MATTER, absent=(IN_CHARGE,))
    room.when(open_sitting, OpenSitting(CLERK, NOW, tuple(Present(one) for one in others))).then(
        the_opening(*others), off
    )
    assert room.when(open_sitting, BEGINS).events == [the_opening()]
    later = room.given(the_opening(*others), off)
    later.when(record, Record(CLERK, ITEM, Outcome.ADOPTED, "通过。")).refused("item_put_off")
    assert len(later.when(close, Close(CLERK, NOW)).events) == 1


def test_a_body_without_the_rule_puts_nothing_off() -> None:
    """虹口2022 says nothing of it."""
    there = (Present(hongkou.MAYOR), Present(hongkou.DIRECTOR))
    room = scenario(SITTING, hongkou.rules(at("2022-01-19", 14))).given(examples.convened())
    [only] = room.when(open_sitting, OpenSitting(hongkou.CLERK, at("2022-01-19", 14), there)).events
    assert isinstance(only, SittingOpened)


def test_too_few_who_stay_are_told_and_the_sitting_goes_on() -> None:
    room = scenario(SITTING, JINCHUAN).given(convened(), the_opening())
    left = LeftSitting(sitting_id=THE_THING, person=OTHER, left_at=NOW, members_present=4, quorum=5, quorate=False)
    room.when(leave, Leave(OTHER, NOW)).then(left).under("JC-47-16")
    room.given(left).when(leave, Leave(CLERK, NOW, person=OTHER)).quiet()
    room.when(leave, Leave(HEAD, NOW)).refused("not_present")
    room.when(leave, Leave(HEAD, NOW, person=OTHER)).forbidden("not_the_organiser")
    room.given(left).when(check_in, CheckIn(OTHER, NOW)).then(came(OTHER, "member"))


def test_who_comes_for_one_item_waits_until_it_is_called() -> None:
    """金川2020 四十七: waiting outside."""
    waits = came(HEAD, "attendee", waits=True)
    room = scenario(SITTING, JINCHUAN).given(convened(), waits, the_opening())
    called = ItemCalled(sitting_id=THE_THING, item_id=ITEM, called_in=(HEAD,), called_at=NOW)
    room.when(call_in, CallIn(CLERK, NOW, ITEM)).then(called)
    room.given(called).when(call_in, CallIn(CLERK, NOW, ITEM)).quiet()
    room.when(call_in, CallIn(CLERK, NOW, SECOND)).refused("item_not_of_this_sitting")
    room.when(call_in, CallIn(HEAD, NOW, ITEM)).forbidden("not_the_organiser")
    scenario(SITTING, JINCHUAN).given(convened()).when(call_in, CallIn(CLERK, NOW, ITEM)).refused("not_open")
    assert room.given(called).state.waiting == frozenset()


def test_a_companion_comes_with_permission() -> None:
    """金川2020 四十七: nobody brings somebody along without being allowed."""
    room = scenario(SITTING, JINCHUAN).given(convened())
    asks = CheckIn(CLERK, NOW, person=DEPUTY_HEAD, beside=HEAD)
    room.when(check_in, asks).refused(companion_needs_permission="47")
    allowed = CompanionPermitted(sitting_id=THE_THING, person=DEPUTY_HEAD, beside=HEAD, permitted_by=MAYOR)
    room.when(permit_companion, PermitCompanion(MAYOR, DEPUTY_HEAD, HEAD)).then(allowed)
    room.when(permit_companion, PermitCompanion(OTHER, DEPUTY_HEAD, HEAD)).forbidden("not_a_chair")
    room.given(allowed).when(check_in, asks).then(came(DEPUTY_HEAD, "companion", beside=HEAD))


def test_a_substitute_sits_for_whoever_is_on_leave_and_never_counts() -> None:
    noted = LeaveNoted(sitting_id=THE_THING, leave_id=an_id(5), person=OTHER, substitute=DEPUTY_HEAD)
    room = scenario(SITTING, JINCHUAN).given(convened())
    room.when(note_leave, NoteLeave(an_id(5), OTHER, DEPUTY_HEAD)).then(noted)
    room.given(noted).when(note_leave, NoteLeave(an_id(5), OTHER, DEPUTY_HEAD)).quiet()
    sits = came(DEPUTY_HEAD, "substitute", beside=OTHER)
    room.given(noted).when(check_in, CheckIn(DEPUTY_HEAD, NOW)).then(sits)
    four = tuple(Present(one) for one in (MAYOR, FIRST_DEPUTY, IN_CHARGE, DIRECTOR))
    room.given(noted, sits).when(open_sitting, OpenSitting(CLERK, NOW, four)).refused("no_quorum")


@pytest.mark.parametrize(("day", "late"), [("2026-02-11", False), ("2026-02-12", True)])
def test_papers_go_out_a_day_before_and_are_confirmed(day: str, late: bool) -> None:
    """金川2020 五十一: with the members by the day before."""
    room = scenario(SITTING, rules(at(day))).given(convened())
    out = PapersDelivered(
        sitting_id=THE_THING,
        items=(ITEM,),
        to=(IN_CHARGE,),
        due_on=date(2026, 2, 11),
        late=late,
        delivered_at=at(day),
    )
    room.when(deliver, Deliver(CLERK, at(day), to=(IN_CHARGE,))).then(out).under("JC-51-4")
    got = PapersReceived(sitting_id=THE_THING, person=IN_CHARGE, received_at=at(day))
    room.given(out).when(confirm_receipt, ConfirmReceipt(IN_CHARGE, at(day))).then(got)
    room.given(out, got).when(confirm_receipt, ConfirmReceipt(IN_CHARGE, at(day))).quiet()
    room.given(out).when(confirm_receipt, ConfirmReceipt(OTHER, at(day))).refused("no_papers_sent")
    room.when(deliver, Deliver(HEAD, at(day))).forbidden("not_the_organiser")
    everybody = room.when(deliver, Deliver(CLERK, at(day))).events[0]
    assert isinstance(everybody, PapersDelivered)
    assert len(everybody.to) == 8


def test_nothing_comes_after_the_call_where_the_row_says_so() -> None:
    """金川2020 四十七 takes none; 虹口2022 says nothing against it."""
    command = AddItem(CLERK, an_item())
    scenario(SITTING, JINCHUAN).given(convened()).when(add_item, command).refused(no_ad_hoc_items="47")
    there = scenario(SITTING, hongkou.rules(at("2022-01-19", 14))).given(examples.convened())
    item = replace(examples.ACCEPTED_ITEM, id=an_id(77))
    assert item.submitted is not None
    added = ItemAdded(
        sitting_id=THE_THING,
        sitting_on=date(2022, 1, 19),
        item=ScheduledItem(no=2, item_id=an_id(77), matter_id=item.submitted.matter_id, facts=item.submitted.facts),
        added_by=hongkou.CLERK,
    )
    there.when(add_item, AddItem(hongkou.CLERK, item)).then(added)
    there.given(added).when(add_item, AddItem(hongkou.CLERK, item)).refused("item_twice")
    there.when(add_item, AddItem(hongkou.JUSTICE_HEAD, item)).forbidden("not_the_organiser")
    there.when(add_item, AddItem(hongkou.CLERK, AgendaItem(an_id(78)))).refused("item_unknown")


def test_one_matter_stands_once_on_the_order_of_business() -> None:
    """金川2020 四十七: one item, one matter."""
    twice = (an_item(ITEM, MATTER), an_item(SECOND, MATTER))
    call = Convene(CLERK, "executive", NOW, "第一会议室", twice, "2026", 1, MAYOR)
    scenario(SITTING, JINCHUAN).when(convene, call).refused(matter_twice="47")
    assert len(scenario(SITTING, JINCHUAN).when(convene, replace(call, items=twice[:1])).events) == 1


def test_two_bodies_sit_together_and_each_has_its_quorum() -> None:
    """Both rows bind: whoever calls may call each, and each body is counted."""
    item = an_item(ITEM, MATTER, body="mayor_office")
    call = Convene(MAYOR, "executive", NOW, "第一会议室", (item,), "2026", 1, jointly=("mayor_office",))
    told = scenario(SITTING, JINCHUAN).when(convene, call).under("JC-47-1", "JC-48-1").events[0]
    assert isinstance(told, SittingConvened)
    assert told.joint_with == ("mayor_office",)
    scenario(SITTING, JINCHUAN).when(convene, replace(call, jointly=())).refused("item_of_another_body")
    scenario(SITTING, JINCHUAN).when(convene, replace(call, jointly=("special",))).refused(
        "item_of_another_body", not_a_convener="49"
    )
    scenario(SITTING, JINCHUAN).when(convene, replace(call, jointly=("executive",))).refused(
        "body_twice", "item_of_another_body"
    )
    joint = scenario(SITTING, JINCHUAN).given(told)
    few = tuple(Present(one) for one in FIVE[:4])
    joint.when(open_sitting, OpenSitting(CLERK, NOW, few)).refused(no_quorum="47")


def test_a_sitting_on_a_day_off_is_called_with_a_warning() -> None:
    call = Convene(MAYOR, "executive", NOW, "第一会议室", (an_item(ITEM, MATTER),), "2026", 1)
    days = {"2026-02-12": False, "2026-02-14": False, "2026-02-15": True, "2026-02-17": True}
    for day, off in days.items():
        told = scenario(SITTING, JINCHUAN).when(convene, replace(call, starts_at=at(day))).events[0]
        assert isinstance(told, SittingConvened)
        assert told.day_off is off, day


def test_who_did_not_agree_is_recorded_and_where_it_was_referred() -> None:
    room = scenario(SITTING, JINCHUAN).given(convened(), the_opening())
    up = Record(
        CLERK,
        ITEM,
        Outcome.REFERRED_UP,
        "提请市政府审定。",
        referred_to="市政府",
        dissent=(Dissent(person=OTHER, opinion="建议分步实施"),),
    )
    told = room.when(record, up).events[0]
    assert isinstance(told, DecisionRecorded)
    assert (told.body, told.decided_on) == ("executive", date(2026, 2, 12))
    assert (told.decision.referred_to, told.decision.dissent[0].person) == ("市政府", OTHER)
    room.when(record, replace(up, outcome=Outcome.DEFERRED)).refused("nothing_referred_up")
    stranger = (Dissent(person="wu", opinion="不同意"),)
    room.when(record, replace(up, dissent=stranger)).refused("not_present")


def test_the_members_of_a_small_meeting_follow_from_its_items() -> None:
    """金川2020 四十八: the deputy in charge of the item sits as a member."""
    opened = (
        scenario(SITTING, JINCHUAN)
        .given(convened(FIRST_ITEM, body="mayor_office"))
        .when(open_sitting, OpenSitting(CLERK, NOW, (Present(MAYOR), Present(IN_CHARGE), Present(OTHER))))
        .events[0]
    )
    assert isinstance(opened, SittingOpened)
    assert [seat.seat for seat in opened.present] == ["member", "member", "attendee"]
