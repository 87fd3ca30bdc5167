"""An item's way to the agenda: submission, the route up to the final say, and the ways off it."""

from dataclasses import replace
from datetime import date

from chancery.envelope import Standing
from chancery.events.meeting import (
    AgendaAccepted,
    AgendaDecided,
    AgendaHeldOver,
    AgendaReturned,
    AgendaScheduled,
    AgendaSplit,
    AgendaSubmitted,
    AgendaWithdrawn,
    MatterFacts,
)
from chancery.names import Capacity, PersonId, PostId
from meeting_svc.agenda_item.accept import Accept, accept
from meeting_svc.agenda_item.hold_over import HoldOver, hold_over
from meeting_svc.agenda_item.return_item import ReturnItem, return_item
from meeting_svc.agenda_item.schedule import Schedule, schedule
from meeting_svc.agenda_item.settle import Settle, settle
from meeting_svc.agenda_item.split import Split, split
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.agenda_item.take_step import TakeStep, take_step
from meeting_svc.agenda_item.withdraw import Withdraw, withdraw
from tests.hongkou import (
    CLERK,
    DEPUTY_IN_CHARGE,
    DIRECTOR,
    FINANCE_HEAD,
    JUSTICE_CLERK,
    JUSTICE_HEAD,
    MAYOR,
    OTHER_DEPUTY,
    at,
    mayor_away,
    rules,
)
from tests.meeting.examples import (
    ALL_EVIDENCE,
    APPROVED,
    COMPETITION,
    CONSENTED,
    LEGALITY,
    MATTER_ID,
    PARTICIPATION,
    REVIEWED,
    RULES_DRAFT,
    SITTING_ID,
    accepted,
    matter,
    step_taken,
    submitted,
)
from tests.scenario import THE_THING, scenario

NOW = at("2022-01-12")
HONGKOU = rules(NOW)
READY = Submit(JUSTICE_HEAD, NOW, matter(*ALL_EVIDENCE), "executive", sitting_on=date(2022, 1, 19))
ON_AGENDA = (submitted(), step_taken(REVIEWED), step_taken(CONSENTED), step_taken(APPROVED), accepted())


def test_a_matter_with_all_its_reviews_is_taken_in() -> None:
    outcome = scenario(AGENDA_ITEM, HONGKOU).when(submit, READY)
    outcome.then(submitted()).under("HK-48-2", "HK-57-2", "HK-18-4", "HK-48-6")


def test_nothing_rests_on_a_gate_that_is_only_shown() -> None:
    """虹口2022 十八: coordination among several departments is tracked, not demanded."""
    several = RULES_DRAFT.model_copy(update={"units_involved": ("finance_bureau",)})
    command = replace(READY, matter=matter(*ALL_EVIDENCE, facts=several))
    [taken_in] = scenario(AGENDA_ITEM, HONGKOU).when(submit, command).told
    assert "HK-18-3" not in {cite.clause for ruling in taken_in.under for cite in ruling.citations}


def test_without_the_reviews_it_is_refused_with_every_unmet_gate_at_once() -> None:
    """虹口2022 十八, 五十七: participation, legality review and fair-competition review come first."""
    bare = replace(READY, matter=matter())
    scenario(AGENDA_ITEM, HONGKOU).when(submit, bare).refused(
        needs_legality_review="57", needs_fair_competition_review="57", needs_public_participation="18"
    )


def test_a_review_that_did_not_pass_is_no_review() -> None:
    failed = LEGALITY.model_copy(update={"attrs": {"result": "failed"}})
    command = replace(READY, matter=matter(failed, COMPETITION, PARTICIPATION))
    scenario(AGENDA_ITEM, HONGKOU).when(submit, command).refused(needs_legality_review="57")


def test_a_matter_the_rules_give_to_two_bodies_goes_to_one_of_them() -> None:
    """虹口2022 二十二: the budget is decided by the plenary or the executive meeting."""
    budget = MatterFacts(title="财政预算", kind="budget", lead_unit="finance_bureau")
    command = Submit(FINANCE_HEAD, NOW, matter(facts=budget), "special")
    scenario(AGENDA_ITEM, HONGKOU).when(submit, command).refused(body_not_competent="22")
    told = scenario(AGENDA_ITEM, HONGKOU).when(submit, replace(command, body="plenary")).under("HK-22-1")
    assert [event.event_name for event in told.events] == ["meeting.agenda_submitted"]


def test_a_body_outside_the_rules_is_none() -> None:
    scenario(AGENDA_ITEM, HONGKOU).when(submit, replace(READY, body="huddle")).refused(unknown_body="46")


def test_another_unit_does_not_put_it_forward() -> None:
    scenario(AGENDA_ITEM, HONGKOU).when(submit, replace(READY, by=FINANCE_HEAD)).refused("not_of_the_unit")


def test_a_deputy_mayor_does_not_propose_to_the_executive_meeting() -> None:
    """虹口2022 四十八: topics come from departments, or the mayor sets them."""
    command = replace(READY, by=OTHER_DEPUTY)
    scenario(AGENDA_ITEM, HONGKOU).when(submit, command).refused(not_a_proposer="48")


def test_the_mayors_own_item_is_on_the_agenda_at_once() -> None:
    told = scenario(AGENDA_ITEM, HONGKOU).when(submit, replace(READY, by=MAYOR)).under("HK-48-2").events
    assert [event.event_name for event in told] == ["meeting.agenda_submitted", "meeting.agenda_accepted"]


def test_who_acts_for_the_mayor_has_no_last_word_on_his_own_item() -> None:
    away = rules(NOW, mayor_away())
    told = scenario(AGENDA_ITEM, away).when(submit, replace(READY, by=DEPUTY_IN_CHARGE)).events
    assert [event.event_name for event in told] == ["meeting.agenda_submitted"]
    own = submitted(submitted_by=DEPUTY_IN_CHARGE)
    scenario(AGENDA_ITEM, away).given(own).when(accept, Accept(DEPUTY_IN_CHARGE, NOW)).forbidden(own_case="48")


def test_an_item_is_submitted_once() -> None:
    scenario(AGENDA_ITEM, HONGKOU).given(submitted()).when(submit, READY).refused("already_submitted")


def test_the_route_goes_from_the_office_over_the_deputy_in_charge_to_the_mayor() -> None:
    """虹口2022 四十八, 五十一: the office reviews, the government agrees."""
    given = scenario(AGENDA_ITEM, HONGKOU).given(submitted())
    given.when(take_step, TakeStep(DEPUTY_IN_CHARGE, NOW)).forbidden(not_your_step="48")
    reviewed = given.when(take_step, TakeStep(DIRECTOR, NOW, "同意")).under("HK-51-3")
    assert [event.event_name for event in reviewed.events] == ["meeting.agenda_step_taken"]

    given = given.given(step_taken(REVIEWED))
    given.when(take_step, TakeStep(OTHER_DEPUTY, NOW)).forbidden(not_your_step="48")
    given.when(accept, Accept(MAYOR, NOW)).refused(steps_before_the_last="48")
    consented = given.when(take_step, TakeStep(DEPUTY_IN_CHARGE, NOW))
    assert [event.event_name for event in consented.events] == ["meeting.agenda_step_taken"]

    given = given.given(step_taken(CONSENTED))
    given.when(take_step, TakeStep(MAYOR, NOW)).refused(final_say_is_accept="48")
    final = given.when(accept, Accept(MAYOR, NOW, "同意上会")).under("HK-48-2")
    assert [event.event_name for event in final.events] == ["meeting.agenda_step_taken", "meeting.agenda_accepted"]


def test_while_the_mayor_is_away_the_acting_deputy_has_the_final_say() -> None:
    """虹口2022 六: the entrusted deputy presides while the mayor is on a trip."""
    away = rules(NOW, mayor_away(OTHER_DEPUTY))
    given = scenario(AGENDA_ITEM, away).given(submitted(), step_taken(REVIEWED), step_taken(CONSENTED))
    final = given.when(accept, Accept(OTHER_DEPUTY, NOW))
    assert isinstance(final.events[1], AgendaAccepted)
    final.by(Standing(OTHER_DEPUTY, PostId("mayor"), Capacity.ACTING, MAYOR))
    given.when(accept, Accept(DEPUTY_IN_CHARGE, NOW)).forbidden(not_your_step="48")


def test_an_accepted_item_is_accepted_once() -> None:
    given = scenario(AGENDA_ITEM, HONGKOU).given(*ON_AGENDA)
    given.when(accept, Accept(MAYOR, NOW)).refused("item_accepted_already")
    given.when(take_step, TakeStep(MAYOR, NOW)).refused("item_accepted_already")


def test_nothing_is_done_with_an_item_that_was_not_submitted() -> None:
    bare = scenario(AGENDA_ITEM, HONGKOU)
    bare.when(take_step, TakeStep(DIRECTOR, NOW)).refused("not_submitted")
    bare.when(accept, Accept(MAYOR, NOW)).refused("not_submitted")
    bare.when(hold_over, HoldOver(CLERK, "deferred")).refused("not_submitted")
    bare.when(withdraw, Withdraw(JUSTICE_HEAD, "重拟")).refused("not_submitted")


def test_the_office_holds_an_item_over_and_its_acceptance_stays_good() -> None:
    given = scenario(AGENDA_ITEM, HONGKOU).given(*ON_AGENDA)
    held = AgendaHeldOver(item_id=THE_THING, from_sitting_on=date(2022, 1, 19), reason="papers_late")
    given.when(hold_over, HoldOver(CLERK, "papers_late")).then(held).under("HK-52-1")
    assert given.given(held).state.accepted
    given.when(hold_over, HoldOver(JUSTICE_HEAD, "papers_late")).forbidden(not_the_organiser="52")


def test_the_office_returns_an_item_with_what_is_to_be_mended() -> None:
    given = scenario(AGENDA_ITEM, HONGKOU).given(submitted())
    returned = AgendaReturned(item_id=THE_THING, reasons=("补充意见",))
    given.when(return_item, ReturnItem(CLERK, ("补充意见",))).then(returned)
    given.given(returned).when(return_item, ReturnItem(CLERK, ("又",))).refused("item_closed")


def test_its_own_unit_withdraws_it_and_no_other() -> None:
    given = scenario(AGENDA_ITEM, HONGKOU).given(submitted())
    given.when(withdraw, Withdraw(JUSTICE_CLERK, "重拟")).then(AgendaWithdrawn(item_id=THE_THING, reason="重拟"))
    given.when(withdraw, Withdraw(FINANCE_HEAD, "重拟")).forbidden("only_its_unit_withdraws")


def test_what_stands_on_an_order_of_business_is_the_sittings() -> None:
    scheduled = AgendaScheduled(item_id=THE_THING, sitting_id=SITTING_ID, sitting_on=date(2022, 1, 19))
    given = scenario(AGENDA_ITEM, HONGKOU).given(*ON_AGENDA, scheduled)
    given.when(withdraw, Withdraw(JUSTICE_HEAD, "重拟")).refused("item_scheduled")
    given.when(hold_over, HoldOver(CLERK, "deferred")).refused("item_scheduled")


def test_a_called_sitting_takes_accepted_items_and_no_others() -> None:
    command = Schedule(SITTING_ID, date(2022, 1, 19))
    scheduled = AgendaScheduled(item_id=THE_THING, sitting_id=SITTING_ID, sitting_on=date(2022, 1, 19))
    scenario(AGENDA_ITEM, HONGKOU).given(*ON_AGENDA).when(schedule, command).then(scheduled)
    scenario(AGENDA_ITEM, HONGKOU).given(submitted()).when(schedule, command).quiet()
    scenario(AGENDA_ITEM, HONGKOU).given(*ON_AGENDA, scheduled).when(schedule, command).quiet()


def test_what_the_sitting_made_of_it_is_noted_once() -> None:
    scheduled = AgendaScheduled(item_id=THE_THING, sitting_id=SITTING_ID, sitting_on=date(2022, 1, 19))
    given = scenario(AGENDA_ITEM, HONGKOU).given(*ON_AGENDA, scheduled)
    decided = AgendaDecided(item_id=THE_THING, sitting_id=SITTING_ID, outcome="adopted")
    given.when(settle, Settle(SITTING_ID, "adopted")).then(decided)
    given.given(decided).when(settle, Settle(SITTING_ID, "adopted")).quiet()
    given.when(settle, Settle(MATTER_ID, "adopted")).quiet()
    put_off = AgendaHeldOver(item_id=THE_THING, from_sitting_on=date(2022, 1, 19), reason="deferred")
    given.when(settle, Settle(SITTING_ID, "deferred")).then(put_off)
    called_off = put_off.model_copy(update={"reason": "called_off"})
    given.when(settle, Settle(SITTING_ID, "called_off")).then(called_off)


def test_a_person_unknown_to_the_roster_submits_nothing() -> None:
    command = replace(READY, by=PersonId("stranger"))
    scenario(AGENDA_ITEM, HONGKOU).when(submit, command).refused("not_of_the_unit")


def test_what_was_given_back_comes_again_with_its_trace() -> None:
    before = scenario(AGENDA_ITEM, HONGKOU).given(submitted(), AgendaReturned(item_id=THE_THING, reasons=("补",)))
    again = replace(READY, earlier=before.state)
    told = scenario(AGENDA_ITEM, HONGKOU).when(submit, again).events[0]
    assert isinstance(told, AgendaSubmitted)
    assert told.resubmits == THE_THING
    waiting = replace(READY, earlier=scenario(AGENDA_ITEM, HONGKOU).given(submitted()).state)
    scenario(AGENDA_ITEM, HONGKOU).when(submit, waiting).refused("item_not_given_back")
    strange = replace(READY, earlier=scenario(AGENDA_ITEM, HONGKOU).given(submitted(matter_id=SITTING_ID)).state)
    scenario(AGENDA_ITEM, HONGKOU).when(submit, strange).refused("item_of_another_matter")


def test_an_item_of_several_matters_is_split_and_each_part_gets_a_file() -> None:
    """一事一议: one item, one matter."""
    parts = (RULES_DRAFT, RULES_DRAFT.model_copy(update={"title": "乙规则"}))
    given = scenario(AGENDA_ITEM, HONGKOU).given(submitted())
    told = given.when(split, Split(CLERK, parts, "一事一议")).events[0]
    assert isinstance(told, AgendaSplit)
    assert [part.facts for part in told.parts] == list(parts)
    assert len({part.matter_id for part in told.parts}) == 2
    given.when(split, Split(CLERK, parts[:1], "一事一议")).refused("splits_into_several")
    slip = (RULES_DRAFT, RULES_DRAFT.model_copy(update={"lead_unit": "no_such_unit", "kind": "no_such_kind"}))
    given.when(split, Split(CLERK, slip, "一事一议")).refused("unknown_word", "unknown_unit")
    given.when(split, Split(JUSTICE_HEAD, parts, "一事一议")).forbidden("not_the_organiser")
    given.given(told).when(split, Split(CLERK, parts, "一事一议")).refused("item_closed")
