"""Entrustments: given by who holds what is given, taken back, run out."""

from dataclasses import replace

from attendance_svc.entrustment.end import EndEntrustment, end
from attendance_svc.entrustment.give import GiveEntrustment, give
from attendance_svc.entrustment.lapse import Lapse, lapse
from attendance_svc.entrustment.state import ENTRUSTMENT
from chancery.events.attendance import EntrustedObject, EntrustmentEnded, EntrustmentGiven
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, MAYOR, OTHER_DEPUTY, at, rules
from tests.scenario import THE_THING, scenario

NOW, BEGINS, ENDS = at("2022-02-10"), at("2022-02-14"), at("2022-02-19", 0)
HONGKOU = rules(NOW)
ACTING = EntrustedObject(kind="acting", post="mayor")
GIVES = GiveEntrustment(MAYOR, NOW, MAYOR, OTHER_DEPUTY, ACTING, BEGINS, ENDS)
GIVEN = EntrustmentGiven(
    entrustment_id=str(THE_THING),
    giver_id=MAYOR,
    receiver_id=OTHER_DEPUTY,
    object=ACTING,
    starts_at=BEGINS,
    ends_at=ENDS,
)
OVER = EntrustmentEnded(entrustment_id=str(THE_THING), ended_at=ENDS)


def test_the_holder_entrusts_or_the_office_writes_it_down() -> None:
    nothing = scenario(ENTRUSTMENT, HONGKOU)
    nothing.when(give, GIVES).then(GIVEN)
    nothing.when(give, replace(GIVES, by=CLERK)).then(GIVEN)
    nothing.when(give, replace(GIVES, by=OTHER_DEPUTY)).forbidden("not_yours_to_entrust")
    nothing.given(GIVEN).when(give, GIVES).refused("entrusted_already")


def test_nobody_gives_what_he_does_not_hold() -> None:
    nothing = scenario(ENTRUSTMENT, HONGKOU)
    not_his = replace(GIVES, by=DEPUTY_IN_CHARGE, giver=DEPUTY_IN_CHARGE)
    nothing.when(give, not_his).refused("giver_does_not_hold_the_post")
    matter = EntrustedObject(kind="matter", reference="某事项")
    nothing.when(give, replace(not_his, object=matter)).then(
        GIVEN.model_copy(update={"giver_id": DEPUTY_IN_CHARGE, "object": matter})
    )


def test_every_flaw_of_an_entrustment_is_named_at_once() -> None:
    flawed = replace(GIVES, by=CLERK, giver="nobody", receiver="nobody", ends_at=BEGINS)
    scenario(ENTRUSTMENT, HONGKOU).when(give, flawed).refused(
        "unknown_person",
        "unknown_person",
        "entrusts_himself",
        "ends_before_it_starts",
        "giver_does_not_hold_the_post",
    )


def test_the_giver_takes_it_back_and_time_ends_it_by_itself() -> None:
    given = scenario(ENTRUSTMENT, HONGKOU).given(GIVEN)
    given.when(end, EndEntrustment(MAYOR, ENDS)).then(OVER)
    given.when(end, EndEntrustment(CLERK, ENDS)).then(OVER)
    given.when(end, EndEntrustment(OTHER_DEPUTY, ENDS)).forbidden("not_yours_to_entrust")
    given.when(lapse, Lapse(ENDS)).then(OVER)
    for over in (given.given(OVER),):
        over.when(end, EndEntrustment(MAYOR, ENDS)).quiet()
        over.when(lapse, Lapse(ENDS)).quiet()
    scenario(ENTRUSTMENT, HONGKOU).when(end, EndEntrustment(MAYOR, ENDS)).refused("not_found")
    scenario(ENTRUSTMENT, HONGKOU).when(lapse, Lapse(ENDS)).quiet()
