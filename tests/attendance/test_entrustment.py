"""Entrustments: given by who holds what is given, taken back, run out."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from attendance_svc.entrustment.end import EndEntrustment, end
from attendance_svc.entrustment.give import GiveEntrustment, give
from attendance_svc.entrustment.lapse import Lapse, lapse
from attendance_svc.entrustment.review import review
from attendance_svc.entrustment.state import ENTRUSTMENT
from chancery.events.attendance import AppointmentEnded, EntrustedObject, EntrustmentEnded, EntrustmentGiven
from chancery.events.base import Event
from chancery.rules.rulebook import Rules
from tests.attendance.examples import BACK, LEAVES, stands
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, MAYOR, OTHER_DEPUTY, at, roster, rules
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


# -- what is wrong with the register -------------------------------------------------------

IN_TIME = GIVEN.model_copy(update={"starts_at": LEAVES})


def hongkou(*more: Event) -> Rules:
    people = roster()
    for event in more:
        people = people.after(event)
    return rules(NOW, people)


def given_to(receiver: str, id_: str, **more: Any) -> EntrustmentGiven:
    return GIVEN.model_copy(update={"receiver_id": receiver, "entrustment_id": id_, **more})


def found(told: Rules) -> list[tuple[str, str, datetime, datetime | None]]:
    return [(one.fault, one.person, one.starts_at, one.ends_at) for one in review(told, NOW, at("2022-03-31"))]


def test_the_same_given_to_two_is_shown_for_the_time_both_hold_it() -> None:
    until = at("2022-02-16")
    second = given_to(DEPUTY_IN_CHARGE, "second", starts_at=BEGINS, ends_at=until)
    twice = ("given_twice", MAYOR, BEGINS, until)
    assert found(hongkou(GIVEN, second)) == [twice]
    chairing = EntrustedObject(kind="chairing", reference="executive")
    assert found(hongkou(GIVEN, second.model_copy(update={"object": chairing}))) == []
    assert found(hongkou(GIVEN, second.model_copy(update={"starts_at": ENDS, "ends_at": None}))) == []
    assert found(hongkou(GIVEN, given_to(OTHER_DEPUTY, "again"))) == []


def test_a_time_for_which_nobody_is_entrusted_is_shown_with_the_clause() -> None:
    """虹口2022 六: the mayor is away until the 18th, the mandate holds until the 16th."""
    away = stands(MAYOR, "mayor")
    assert found(hongkou(away)) == [("nobody_entrusted", MAYOR, LEAVES, BACK)]
    until = at("2022-02-16")
    [gap] = review(
        hongkou(away, given_to(OTHER_DEPUTY, "short", starts_at=LEAVES, ends_at=until)), NOW, at("2022-03-31")
    )
    assert (gap.starts_at, gap.ends_at, [cite.clause for cite in gap.cites]) == (until, BACK, ["HK-6-2"])
    assert found(hongkou(away, IN_TIME)) == []
    assert found(hongkou(away, GIVEN)) == [("nobody_entrusted", MAYOR, LEAVES, BEGINS)]
    assert found(hongkou(stands(MAYOR, "mayor", leaving="district"))) == []
    of_the_rest = review(hongkou(away), at("2022-02-15"), at("2022-02-16"))
    assert [(one.starts_at, one.ends_at) for one in of_the_rest] == [(at("2022-02-15"), at("2022-02-16"))]


def test_a_receiver_who_is_away_and_a_giver_who_left_the_post_are_shown() -> None:
    own = stands(OTHER_DEPUTY, "deputy_mayor").model_copy(update={"absence_id": "his", "ends_at": at("2022-02-15")})
    told = found(hongkou(stands(MAYOR, "mayor"), IN_TIME, own))
    assert told == [("receiver_away", OTHER_DEPUTY, LEAVES, at("2022-02-15"))]
    left = AppointmentEnded(person_id=MAYOR, post="mayor", ended_on=date(2022, 2, 15))
    assert found(hongkou(GIVEN, left)) == [("giver_left_the_post", MAYOR, BEGINS, ENDS)]
