"""Documents that come in, as decisions: entered, judged, sent back, read in order, handed over by the clock."""

from dataclasses import replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import document_svc
from chancery.calendar import Span
from chancery.events.base import Event
from chancery.events.incoming import (
    HandlingExplained,
    HandlingOverdue,
    IncomingAccepted,
    IncomingCirculated,
    IncomingHandedOver,
    IncomingNumberAssigned,
    IncomingPutBefore,
    IncomingReturned,
    TodoEnded,
    TodoEntered,
)
from chancery.events.parts import Evidence
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.texts.saying import Sayings
from document_svc.circulation.propose import Propose, propose
from document_svc.circulation.steps import ReadIt, SignForIt, UrgeIncoming, read_it, sign_for_it, urge_incoming
from document_svc.handling.verbs import (
    Explain,
    Finish,
    HandlingRunOut,
    HandOver,
    explain,
    finish,
    hand_over,
    handling_run_out,
)
from document_svc.incoming.judge import AnswerIncoming, Complete, answer_incoming, complete
from document_svc.incoming.notice import notice
from document_svc.incoming.reading import read_by
from document_svc.incoming.receive import (
    AssignIncomingNumber,
    CarryIncomingNumber,
    Entry,
    Receive,
    Resubmits,
    assign_incoming_number,
    carry_incoming_number,
    receive,
)
from document_svc.incoming.settle import Accept, Close, GiveBack, Hold, accept, close, give_back, hold
from document_svc.incoming.state import INCOMING, INCOMING_REGISTER, Incoming, Stage
from document_svc.incoming.turns import turns
from document_svc.intake.importer import import_text
from tests.document.importing import public_documents
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, FINANCE_HEAD, JUSTICE_HEAD, MAYOR, an_id, at, rules
from tests.scenario import THE_THING, scenario

NOW = at("2022-04-07")
RULES = rules(NOW)
SAYINGS = Sayings(Path(document_svc.__file__).parent / "reasons.yaml")
WHOLE = ("kind", "addressee", "signer", "seal", "attachments")


def entry(**more: Any) -> Entry:
    found = Entry(
        sender="区司法局",
        sender_unit="justice_bureau",
        in_name_of="department",
        kind="request",
        number="虹司〔2022〕7号",
        title="关于增加法律援助经费的请示",
        direction="upward",
        received_at=at("2022-04-07", 8),
        addressees=("虹口区人民政府",),
        fields=WHOLE,
    )
    return replace(found, **more)


def after(one: Incoming, *commands: tuple[Any, Any], under: Rules = RULES) -> Incoming:
    """The document once these were done."""
    for decide, command in commands:
        one = reduce(INCOMING.evolve, (told.event for told in decide(command, one, under)), one)
    return one


def received(**more: Any) -> Incoming:
    return after(INCOMING.start(THE_THING), (receive, Receive(CLERK, entry(**more))))


FINE = (
    (answer_incoming, AnswerIncoming(CLERK, "single_matter", yes=True)),
    (answer_incoming, AnswerIncoming(CLERK, "level_not_skipped", yes=True)),
)


def accepted(**more: Any) -> Incoming:
    return after(received(**more), *FINE, (accept, Accept(CLERK)))


def refusal(decide: Any, command: Any, one: Incoming, under: Rules = RULES) -> Refused:
    with pytest.raises(Refused) as no:
        decide(command, one, under)
    return no.value


def codes(no: Refused) -> list[str]:
    return sorted(reason.code for reason in no.reasons)


def clauses(no: Refused) -> set[str]:
    return {cite.clause for reason in no.reasons for cite in reason.cites}


def told(decide: Any, command: Any, one: Incoming, kind: type[Event], under: Rules = RULES) -> list[Any]:
    return [each.event for each in decide(command, one, under) if isinstance(each.event, kind)]


def test_only_the_office_enters_and_unknown_words_are_named_at_once() -> None:
    first = scenario(INCOMING, RULES)
    first.when(receive, Receive(JUSTICE_HEAD, entry())).forbidden("not_the_office")
    strange = entry(kind="no_such_kind", lead_unit="no_such_unit", to_persons=("nobody",))
    late = replace(strange, received_at=at("2022-04-08"))
    first.when(receive, Receive(CLERK, late)).refused(
        "unknown_word", "unknown_unit", "unknown_person", "received_in_the_future"
    )


def test_the_very_same_paper_is_not_entered_twice() -> None:
    scenario(INCOMING, RULES).when(receive, Receive(CLERK, entry(), same="2022-0003")).refused(
        "incoming_entered_before"
    )


def test_a_register_gives_the_next_number_once_and_notices_the_same_print() -> None:
    register = INCOMING_REGISTER.start(an_id(9))
    numbers: list[IncomingNumberAssigned] = []
    for number in (1, 2, 1, 3):
        command = AssignIncomingNumber("general", 2022, an_id(number), "a" * 64 if number != 2 else None)
        for one in assign_incoming_number(command, register, RULES):
            register = INCOMING_REGISTER.evolve(register, one.event)
            numbers.append(one.event)
    assert [(one.number, one.same_as) for one in numbers] == [
        ("2022-0001", None),
        ("2022-0002", None),
        ("2022-0003", an_id(1)),
    ]
    carried = after(received(), (carry_incoming_number, CarryIncomingNumber(numbers[0])))
    assert carried.entry == "2022-0001"
    assert list(carry_incoming_number(CarryIncomingNumber(numbers[1]), carried, RULES)) == []


def test_everything_wrong_is_told_at_once_and_named() -> None:
    one = received(addressees=("虹口区人民政府", "中共虹口区委"), fields=("kind", "addressee", "seal", "attachments"))
    one = after(one, (answer_incoming, AnswerIncoming(CLERK, "single_matter", yes=False)))
    no = refusal(accept, Accept(CLERK), one)
    assert clauses(no) == {"HK-55-1", "HK-55-3", "HK-55-4"}
    assert codes(no) == ["check_fails", "check_fails", "check_lacks", "check_open"]
    lacks = next(reason for reason in no.reasons if reason.code == "check_lacks")
    assert "签发人" in SAYINGS.say(lacks, "zh")
    assert "signer" in SAYINGS.say(lacks, "en")


def test_what_nobody_has_judged_is_no_fault_of_the_paper() -> None:
    assert codes(refusal(give_back, GiveBack(CLERK, SAYINGS), received())) == ["nothing_wrong"]
    assert codes(refusal(hold, Hold(CLERK, SAYINGS), received())) == ["nothing_wrong"]
    [returned] = told(give_back, GiveBack(CLERK, SAYINGS, also=("附件二缺页",)), received(), IncomingReturned)
    assert [(one.code, one.says_zh) for one in returned.lacking] == [("also", "附件二缺页")]


def test_it_is_held_completed_and_taken_up() -> None:
    one = received(features=("touches_other_powers",), units_involved=("finance_bureau",))
    one = after(one, *FINE, (hold, Hold(CLERK, SAYINGS)))
    assert one.stage is Stage.HELD
    assert [(turn.what, turn.unit) for turn in turns(one, RULES)] == [("complete", "justice_bureau")]
    assert clauses(refusal(accept, Accept(CLERK), one)) == {"HK-56-1"}
    brought = Evidence(evidence="countersignature", by="finance_bureau", given_on=date(2022, 4, 7))
    assert refusal(complete, Complete(FINANCE_HEAD, (brought,)), one).kind == "forbidden"
    one = after(one, (complete, Complete(JUSTICE_HEAD, (brought,))), (accept, Accept(CLERK)))
    assert one.stage is Stage.ACCEPTED


def test_the_notice_says_each_fault_with_its_article() -> None:
    one = received(addressees=("虹口区人民政府", "中共虹口区委"))
    one = after(one, (give_back, GiveBack(CLERK, SAYINGS, again_by=date(2022, 4, 12))))
    paper = notice(one, "虹口区人民政府办公室", RULES)
    said = repr(paper.blocks)
    assert "第55条" in said
    assert "2022年4月12日" in said
    with pytest.raises(Refused) as no:
        notice(received(), "虹口区人民政府办公室", RULES)
    assert no.value.kind == "missing"


def test_what_comes_again_is_tied_to_the_first_and_only_once() -> None:
    again = Resubmits(an_id(5), an_id(6), waits=True)
    one = after(INCOMING.start(THE_THING), (receive, Receive(CLERK, entry(), resubmits=again)))
    assert one.received is not None
    assert (one.received.matter_id, one.received.resubmits) == (an_id(6), an_id(5))
    over = replace(again, waits=False)
    assert codes(refusal(receive, Receive(CLERK, entry(), resubmits=over), INCOMING.start(THE_THING))) == [
        "nothing_to_resubmit"
    ]


def test_nothing_goes_round_that_was_not_taken_up() -> None:
    no = refusal(propose, Propose(CLERK, "拟请分管领导阅示"), received())
    assert "incoming_not_accepted" in codes(no)
    assert list(told(accept, Accept(CLERK), after(received(), *FINE), IncomingAccepted))


def test_the_order_is_kept_and_every_turn_ends_with_its_own_reader() -> None:
    command = Propose(CLERK, "拟请阅示", readers=(DEPUTY_IN_CHARGE, MAYOR))
    [order] = told(propose, command, accepted(), IncomingCirculated)
    assert (order.order, order.direction) == ((DEPUTY_IN_CHARGE, MAYOR), "as_named")
    one = after(accepted(), (propose, command))
    assert [turn.person for turn in turns(one, RULES)] == [DEPUTY_IN_CHARGE]
    assert refusal(read_it, ReadIt(MAYOR), one).kind == "forbidden"
    assert refusal(sign_for_it, SignForIt(MAYOR), one).kind == "forbidden"
    [put] = told(read_it, ReadIt(DEPUTY_IN_CHARGE, opinion="同意"), one, IncomingPutBefore)
    assert put.reader == MAYOR
    [ended] = told(read_it, ReadIt(DEPUTY_IN_CHARGE), one, TodoEnded)
    assert (ended.how, ended.by) == ("read", DEPUTY_IN_CHARGE)
    assert list(urge_incoming(UrgeIncoming(CLERK, "请阅"), one, RULES))
    one = after(one, (read_it, ReadIt(DEPUTY_IN_CHARGE)), (read_it, ReadIt(MAYOR)))
    assert one.stage is Stage.CIRCULATED
    assert [turn.what for turn in turns(one, RULES)] == ["hand_over"]


def handed(**more: Any) -> Incoming:
    one = after(accepted(), (propose, Propose(CLERK, "拟交财政局办理")))
    return after(one, (hand_over, HandOver(CLERK, "finance_bureau", **more)))


def test_where_the_rules_are_silent_the_limit_is_what_was_set() -> None:
    one = after(accepted(), (propose, Propose(CLERK, "拟交财政局办理")))
    [told_] = told(hand_over, HandOver(CLERK, "finance_bureau"), one, IncomingHandedOver)
    assert told_.due is None
    due = at("2022-04-08", 12)
    one = handed(due_at=due)
    assert one.due is not None
    assert one.due.due_at == due
    past = HandOver(CLERK, "finance_bureau", due_at=at("2022-04-06"))
    circulated = after(accepted(), (propose, Propose(CLERK, "拟交财政局办理")))
    assert codes(refusal(hand_over, past, circulated)) == ["moment_has_passed"]
    before, later = rules(at("2022-04-08", 11)), rules(at("2022-04-08", 12))
    run_out = HandlingRunOut(an_id(3))
    assert list(handling_run_out(run_out, one, before)) == []
    [overdue] = told(handling_run_out, run_out, one, HandlingOverdue, later)
    assert overdue.waits_for == ("finance_bureau",)
    assert list(handling_run_out(run_out, after(one, (handling_run_out, run_out), under=later), later)) == []
    assert refusal(finish, Finish(JUSTICE_HEAD, "已办"), one).kind == "forbidden"
    done = after(one, (finish, Finish(FINANCE_HEAD, "已办")))
    assert done.finished is not None
    assert not done.finished.late
    assert codes(refusal(explain, Explain(FINANCE_HEAD, "须论证"), one)) == ["explanation_gives_nothing"]
    assert after(done, (close, Close(CLERK))).stage is Stage.CLOSED


VERBS: tuple[tuple[Any, Any], ...] = (
    (answer_incoming, AnswerIncoming(CLERK, "single_matter", yes=True)),
    (answer_incoming, AnswerIncoming(CLERK, "level_not_skipped", yes=True)),
    (answer_incoming, AnswerIncoming(CLERK, "single_matter", yes=False)),
    (accept, Accept(CLERK)),
    (hold, Hold(CLERK, SAYINGS)),
    (give_back, GiveBack(CLERK, SAYINGS)),
    (propose, Propose(CLERK, "拟请阅示", readers=(DEPUTY_IN_CHARGE, MAYOR))),
    (read_it, ReadIt(DEPUTY_IN_CHARGE)),
    (read_it, ReadIt(MAYOR)),
    (sign_for_it, SignForIt(PersonId("kong"))),
    (hand_over, HandOver(CLERK, "finance_bureau", limit=Span(n=3, unit="working_day"))),
    (finish, Finish(FINANCE_HEAD, "已办")),
    (close, Close(CLERK)),
)


@given(st.lists(st.sampled_from(VERBS), max_size=40))
@settings(max_examples=80, deadline=None)
def test_whatever_is_tried_the_open_turns_are_those_of_where_it_stands(tries: list[tuple[Any, Any]]) -> None:
    one = received()
    history: list[Event] = []
    for decide, command in tries:
        try:
            events = [each.event for each in decide(command, one, RULES)]
        except Refused:
            continue
        history += events
        one = reduce(INCOMING.evolve, events, one)
    wanted = {(turn.what, turn.box, turn.person, turn.unit) for turn in turns(one, RULES)}
    assert {(turn.what, turn.box, turn.person, turn.unit) for turn in one.turns.values()} == wanted
    names = [event.event_name for event in history]
    if HandlingExplained.event_name in names or IncomingHandedOver.event_name in names:
        assert IncomingAccepted.event_name in names
        assert IncomingCirculated.event_name in names
    entered = [event.todo_id for event in history if isinstance(event, TodoEntered)]
    assert len(entered) == len(set(entered))


@pytest.mark.parametrize("known", public_documents(), ids=lambda known: known["id"])
def test_every_public_document_can_be_entered_from_its_reading(known: dict[str, Any]) -> None:
    """What it says of itself stands in the entry word for word; what it does not say stays open."""
    found = import_text(known["text"], known.get("page"))[0]
    read = read_by(found, rules(at("2026-11-20")))
    said = Entry(
        sender=read.sender or "来文单位未署名",
        title=read.title or "无标题",
        direction="downward",
        received_at=at("2026-11-19"),
        kind=read.kind,
        number=read.number,
        addressees=read.addressees,
        to=read.to,
        urgency=read.urgency,
        dated=read.dated,
        fields=read.fields,
    )
    one = after(INCOMING.start(THE_THING), (receive, Receive(CLERK, said)), under=rules(at("2026-11-20")))
    assert one.received is not None
    assert one.received.number == (found.number.value.whole if found.number else None)
    assert one.received.dated == (found.signed.value if found.signed else None)
    assert ("signer" in one.fields) == (found.signer is not None)
