"""Minutes: drafted from what was recorded, signed by the signer the rules name, issued."""

from dataclasses import replace
from datetime import date

from chancery.envelope import Standing
from chancery.events.meeting import ExtractSent, MinutesCorrected, MinutesIssued, MinutesSigned
from chancery.names import Capacity, PostId
from chancery.rules.pack import Row
from chancery.rules.tables import Notice
from meeting_svc.minutes.correct import Add, Correct, Says, Strike, add, correct, strike
from meeting_svc.minutes.draft import Draft, draft
from meeting_svc.minutes.extract import Extract, ExtractOnIssue, extract, extract_on_issue
from meeting_svc.minutes.issue import Issue, issue
from meeting_svc.minutes.sign import Sign, sign
from meeting_svc.minutes.state import MINUTES
from meeting_svc.minutes.take_step import TakeStep, take_step
from meeting_svc.sitting.state import Sitting
from tests.hongkou import (
    CLERK,
    DEPUTY_IN_CHARGE,
    DIRECTOR,
    JUSTICE_HEAD,
    MAYOR,
    OTHER_DEPUTY,
    at,
    mayor_away,
    rules,
)
from tests.meeting.examples import decision, drafted, held_sitting, step
from tests.scenario import THE_THING, scenario

NOW = at("2022-01-20")
HONGKOU = rules(NOW)
SIGNED = MinutesSigned(minutes_id=THE_THING, sitting_id=THE_THING, taken=step(0, "sign", MAYOR, "mayor", "2022-01-20"))


def test_the_office_drafts_what_was_recorded() -> None:
    """虹口2022 五十二: drafted by the office."""
    minutes = scenario(MINUTES, HONGKOU)
    minutes.when(draft, Draft(CLERK, held_sitting())).then(drafted()).under("HK-52-2")
    minutes.when(draft, Draft(JUSTICE_HEAD, held_sitting())).forbidden(not_the_organiser="52")
    minutes.given(drafted()).when(draft, Draft(CLERK, held_sitting())).refused("minutes_exist")
    minutes.when(draft, Draft(CLERK, Sitting(THE_THING))).refused("sitting_not_closed")


def test_the_mayor_signs_whoever_chaired() -> None:
    """虹口2022 五十二: minutes of three bodies are signed by the mayor."""
    minutes = scenario(MINUTES, HONGKOU).given(drafted())
    minutes.when(sign, Sign(MAYOR)).then(SIGNED).under("HK-52-2")
    minutes.when(sign, Sign(DEPUTY_IN_CHARGE)).forbidden(not_your_step="52")
    minutes.when(take_step, TakeStep(MAYOR)).refused(signature_is_sign="52")
    minutes.given(SIGNED).when(sign, Sign(MAYOR)).refused("minutes_signed_already")
    scenario(MINUTES, HONGKOU).when(sign, Sign(MAYOR)).refused("minutes_not_drafted")


def test_the_acting_deputy_signs_for_the_mayor_and_that_is_kept() -> None:
    minutes = scenario(MINUTES, rules(NOW, mayor_away(OTHER_DEPUTY))).given(drafted())
    outcome = minutes.when(sign, Sign(OTHER_DEPUTY))
    signed = outcome.by(Standing(OTHER_DEPUTY, PostId("mayor"), Capacity.ACTING, MAYOR)).events[0]
    assert isinstance(signed, MinutesSigned)
    assert (signed.taken.capacity, signed.taken.acts_for) == (Capacity.ACTING, MAYOR)
    minutes.when(sign, Sign(DEPUTY_IN_CHARGE)).forbidden("not_your_step")


def test_a_special_meetings_minutes_may_be_signed_by_the_deputy_in_charge() -> None:
    """虹口2022 五十二: mayor or deputy in charge."""
    special = drafted().model_copy(update={"body": "special"})
    for signer in (MAYOR, DEPUTY_IN_CHARGE):
        told = scenario(MINUTES, HONGKOU).given(special).when(sign, Sign(signer)).under("HK-52-3").events
        assert [event.event_name for event in told] == ["meeting.minutes_signed"]
    scenario(MINUTES, HONGKOU).given(special).when(sign, Sign(OTHER_DEPUTY)).forbidden(not_your_step="52")
    both = special.model_copy(update={"decisions": (decision(), decision(no=2, lead="commerce_commission"))})
    scenario(MINUTES, HONGKOU).given(both).when(sign, Sign(OTHER_DEPUTY)).under("HK-52-3")


def test_signed_minutes_are_issued_by_the_office() -> None:
    minutes = scenario(MINUTES, HONGKOU).given(drafted())
    minutes.when(issue, Issue(CLERK, NOW)).refused("not_signed")
    issued = MinutesIssued(
        minutes_id=THE_THING,
        sitting_id=THE_THING,
        body="executive",
        series="2022",
        number=1,
        sitting_on=date(2022, 1, 19),
        closed_at=at("2022-01-19", 16),
        decisions=(decision(),),
        issued_at=NOW,
        issued_on=date(2022, 1, 20),
    )
    minutes.given(SIGNED).when(issue, Issue(DIRECTOR, NOW)).then(issued)
    minutes.given(SIGNED).when(issue, Issue(MAYOR, NOW)).forbidden("not_the_organiser")
    minutes.given(SIGNED, issued).when(issue, Issue(CLERK, NOW)).refused("minutes_issued_already")
    scenario(MINUTES, HONGKOU).when(issue, Issue(CLERK, NOW)).refused("minutes_not_drafted")


def test_signed_minutes_are_corrected_by_their_signer_and_nothing_is_rewritten() -> None:
    """更正 keeps what stood, what stands, why, and on whose word."""
    minutes = scenario(MINUTES, HONGKOU).given(drafted())
    change = Correct(MAYOR, 1, "结论记录有误", Says(text="原则通过。", outcome="adopted_in_principle"))
    minutes.when(correct, change).refused("nothing_signed_to_correct")
    signed = minutes.given(SIGNED)
    told = signed.when(correct, change).under("HK-52-2").events[0]
    assert isinstance(told, MinutesCorrected)
    assert told.now is not None
    assert (told.was, told.now.text, told.now.outcome) == (decision(), "原则通过。", "adopted_in_principle")
    after = signed.given(told)
    assert after.state.draft == drafted()
    assert after.state.decisions == (told.now,)
    issued = after.when(issue, Issue(CLERK, NOW)).events[0]
    assert isinstance(issued, MinutesIssued)
    assert issued.decisions == (told.now,)
    after.when(correct, change).refused("nothing_corrected")
    signed.when(correct, replace(change, by=CLERK)).forbidden(not_your_step="52")
    signed.when(correct, replace(change, no=9)).refused("no_such_decision")


def test_each_unit_concerned_gets_its_extract_once_and_again_when_corrected() -> None:
    together = drafted().model_copy(update={"decisions": (decision(cooperating=("finance_bureau",)),)})
    issued = scenario(MINUTES, HONGKOU).given(together, SIGNED).when(issue, Issue(CLERK, NOW)).events[0]
    assert isinstance(issued, MinutesIssued)
    minutes = scenario(MINUTES, HONGKOU).given(together, SIGNED)
    send = Extract(CLERK, NOW, 1)
    minutes.when(extract, send).refused("minutes_not_issued")
    out = minutes.given(issued)
    sent = [one for one in out.when(extract, send).events if isinstance(one, ExtractSent)]
    assert [one.to for one in sent] == ["justice_bureau", "finance_bureau"]
    out.given(*sent).when(extract, send).quiet()
    out.when(extract, replace(send, to=("health_bureau",))).refused("not_concerned")
    out.when(extract, replace(send, no=2)).refused("no_such_decision")
    out.when(extract, replace(send, by=JUSTICE_HEAD)).forbidden(not_the_organiser="52")
    fixed = out.when(correct, Correct(MAYOR, 1, "有误", Says(text="修改后通过。"))).events[0]
    assert isinstance(fixed, MinutesCorrected)
    assert len(out.given(*sent, fixed).when(extract, send).events) == 2


def test_a_decision_left_out_is_added_and_one_not_made_is_struck_out() -> None:
    """更正: whoever signs says so, the units act on it, and what stood stays in the record."""
    issued = scenario(MINUTES, HONGKOU).given(drafted(), SIGNED).when(issue, Issue(CLERK, NOW)).events[0]
    assert isinstance(issued, MinutesIssued)
    out = scenario(MINUTES, HONGKOU).given(drafted(), SIGNED, issued)
    left_out = Add(MAYOR, 1, "漏记", Says(text="由财政局落实经费。", lead="finance_bureau", due_on=date(2022, 3, 1)))
    added = out.when(add, left_out).under("HK-52-2").events[0]
    assert isinstance(added, MinutesCorrected)
    assert added.was is None
    assert added.now is not None
    assert (added.now.no, added.now.lead, added.now.orders_document) == (2, "finance_bureau", None)
    assert (added.body, added.closed_at, added.issued) == ("executive", drafted().closed_at, True)
    after = out.given(added)
    assert [one.no for one in after.state.decisions] == [1, 2]
    struck = after.when(strike, Strike(MAYOR, 2, "会议未作此决定")).events[0]
    assert isinstance(struck, MinutesCorrected)
    assert (struck.was, struck.now) == (added.now, None)
    assert [one.no for one in after.given(struck).state.decisions] == [1]
    again = after.given(struck).when(add, left_out).events[0]
    assert isinstance(again, MinutesCorrected)
    assert again.now is not None
    assert again.now.no == 3  # a number once given is not given again
    out.when(add, replace(left_out, by=CLERK)).forbidden(not_your_step="52")
    out.when(add, replace(left_out, item=7)).refused("no_such_decision")
    out.when(add, replace(left_out, says=Says(text="甲", lead="no_such_unit"))).refused("unknown_unit")
    out.when(strike, Strike(MAYOR, 7, "误记")).refused("no_such_decision")


def test_where_a_row_of_notices_says_so_every_unit_gets_its_extract_as_minutes_are_issued() -> None:
    issued = scenario(MINUTES, HONGKOU).given(drafted(), SIGNED).when(issue, Issue(CLERK, NOW)).events[0]
    assert isinstance(issued, MinutesIssued)
    out = scenario(MINUTES, HONGKOU).given(drafted(), SIGNED, issued)
    out.when(extract_on_issue, ExtractOnIssue(NOW)).quiet()  # these rules have no such row
    row = Row(
        id="extracts",
        clauses=("HK-52-2",),
        force="must",
        when=(),
        unless=(),
        outcome=Notice.model_validate({"to": [{"head_of": "involved_unit"}], "on": "minutes_issued"}),
        reading=None,
        file="notices.yaml",
        line=1,
    )
    told_so = replace(HONGKOU, pack=replace(HONGKOU.pack, tables={**HONGKOU.pack.tables, "notices": (row,)}))
    sent = scenario(MINUTES, told_so).given(drafted(), SIGNED, issued)
    [told] = sent.when(extract_on_issue, ExtractOnIssue(NOW)).under("HK-52-2").events
    assert isinstance(told, ExtractSent)
    assert (told.to, told.decision) == ("justice_bureau", decision())
    sent.given(told).when(extract_on_issue, ExtractOnIssue(NOW)).quiet()
