"""Acting: begun and ended by event, when absence, mandate and place fit the row."""

from dataclasses import replace
from datetime import timedelta

from attendance_svc.acting import mandates
from attendance_svc.acting.end import EndActing, end
from attendance_svc.acting.start import StartActing, start, why_nobody
from attendance_svc.acting.state import ACTING, acting_of
from attendance_svc.reactions.on_absence_extended import ON_ABSENCE_EXTENDED
from attendance_svc.reactions.on_entrustment_ended import ON_ENTRUSTMENT_ENDED
from attendance_svc.reactions.on_return_reported import ON_RETURN_REPORTED
from chancery.envelope import Standing
from chancery.events.attendance import (
    AbsenceExtended,
    ActingEnded,
    ActingGapEnded,
    ActingNotNamed,
    EntrustmentEnded,
    ReturnReported,
)
from chancery.events.base import Event
from chancery.names import Capacity, PostId
from chancery.rules.rulebook import Rules
from tests import orchard
from tests.attendance.examples import BACK, LEAVES, MANDATE, TRIP, acts, mandate, stands
from tests.attendance.test_longer_and_otherwise import rules_of
from tests.hongkou import DEPUTY_IN_CHARGE, JUSTICE_HEAD, MAYOR, OTHER_DEPUTY, at, roster, rules
from tests.recorded import recorded
from tests.scenario import scenario

UNDER_WAY = at("2022-02-15")
BEGIN = StartActing(str(TRIP))
ENDED = ActingEnded(
    acting_id="00000000-0000-7000-8000-000000000001",
    principal_id=MAYOR,
    post="mayor",
    actor_id=OTHER_DEPUTY,
    ended_at=BACK,
)
NOT_NAMED = ActingNotNamed(
    acting_id=ENDED.acting_id,
    principal_id=MAYOR,
    post="mayor",
    absence_id=str(TRIP),
    to_name=(MAYOR,),
    tell=(MAYOR,),
    since=LEAVES,
    ends_at=BACK,
)
HEAD_NOT_STOOD_IN_FOR = NOT_NAMED.model_copy(
    update={"principal_id": orchard.HEAD, "post": "head", "to_name": (orchard.HEAD,), "tell": (orchard.HEAD,)}
)


def hongkou(*more: Event) -> Rules:
    people = roster()
    for event in more:
        people = people.after(event)
    return rules(LEAVES, people)


def orchards(*more: Event) -> Rules:
    return orchard.rules(LEAVES, orchard.people(*more))


AWAY = stands(MAYOR, "mayor")
GIVEN = mandate(MAYOR, OTHER_DEPUTY, "mayor")


def test_the_entrusted_deputy_acts_while_the_mayor_is_out_of_the_city() -> None:
    """虹口2022 六."""
    begun = acts(MAYOR, "mayor", OTHER_DEPUTY)
    standing = Standing(OTHER_DEPUTY, PostId("mayor"), Capacity.ACTING, MAYOR)
    scenario(ACTING, hongkou(AWAY, GIVEN)).when(start, BEGIN).then(begun).under("HK-6-2").by(standing)
    abroad = stands(MAYOR, "mayor", leaving="country", cause="visit")
    scenario(ACTING, hongkou(abroad, GIVEN)).when(start, BEGIN).then(begun).under("HK-6-2")


def test_nobody_acts_without_mandate_place_and_cause_and_that_can_be_seen() -> None:
    """虹口2022 六: another district, leave, and a mandate to somebody who is no deputy do not fit."""
    scenario(ACTING, hongkou(AWAY)).when(start, BEGIN).then(NOT_NAMED).under("HK-6-2")
    scenario(ACTING, hongkou(AWAY)).given(NOT_NAMED).when(start, BEGIN).quiet()
    scenario(ACTING, hongkou(stands(MAYOR, "mayor", leaving="district"), GIVEN)).when(start, BEGIN).quiet()
    for why, told in {
        "nobody_named": (AWAY,),
        "not_regulated": (stands(MAYOR, "mayor", leaving="district"), GIVEN),
    }.items():
        assert why_nobody(hongkou(*told), hongkou(*told).roster.absences[str(TRIP)], UNDER_WAY) == why
    scenario(ACTING, hongkou(stands(MAYOR, "mayor", cause="leave"), GIVEN)).when(start, BEGIN).quiet()
    scenario(ACTING, hongkou(AWAY, mandate(MAYOR, JUSTICE_HEAD, "mayor"))).when(start, BEGIN).then(NOT_NAMED)
    scenario(ACTING, hongkou(AWAY, mandate(DEPUTY_IN_CHARGE, OTHER_DEPUTY, None))).when(start, BEGIN).then(NOT_NAMED)
    scenario(ACTING, hongkou(stands(DEPUTY_IN_CHARGE, "deputy_mayor"), GIVEN)).when(start, BEGIN).quiet()
    acting = hongkou(AWAY, GIVEN, acts(MAYOR, "mayor", OTHER_DEPUTY))
    assert why_nobody(acting, acting.roster.absences[str(TRIP)], UNDER_WAY) is None


def test_of_two_mandates_the_later_counts() -> None:
    earlier = mandate(MAYOR, DEPUTY_IN_CHARGE, "mayor", starts_at=at("2022-01-01"), ends_at=None)
    earlier = earlier.model_copy(update={"entrustment_id": "earlier"})
    for told in ((earlier, GIVEN), (GIVEN, earlier)):
        scenario(ACTING, hongkou(AWAY, *told)).when(start, BEGIN).then(acts(MAYOR, "mayor", OTHER_DEPUTY))


def test_a_later_mandate_takes_over_from_who_acts_on_an_earlier_one() -> None:
    earlier = mandate(MAYOR, DEPUTY_IN_CHARGE, "mayor", starts_at=at("2022-01-01"), ends_at=None)
    earlier = earlier.model_copy(update={"entrustment_id": "earlier"})
    running = acts(MAYOR, "mayor", DEPUTY_IN_CHARGE, entrustment_id="earlier", ends_at=None)
    over = ENDED.model_copy(update={"actor_id": DEPUTY_IN_CHARGE, "ended_at": LEAVES})
    taken_over = scenario(ACTING, hongkou(AWAY, earlier, GIVEN)).given(running)
    taken_over.when(start, BEGIN).then(over, acts(MAYOR, "mayor", OTHER_DEPUTY))
    scenario(ACTING, hongkou(AWAY, earlier)).given(running).when(start, BEGIN).quiet()


def test_what_the_holder_gave_counts_on_while_somebody_acts_for_him() -> None:
    """虹口2022 六: the mayor, away, names another deputy; whoever acts so far stands in his roster as mayor already."""
    earlier = mandate(MAYOR, DEPUTY_IN_CHARGE, "mayor", starts_at=at("2022-01-01"), ends_at=None)
    earlier = earlier.model_copy(update={"entrustment_id": "earlier"})
    running = acts(MAYOR, "mayor", DEPUTY_IN_CHARGE, entrustment_id="earlier", ends_at=None)
    scenario(ACTING, hongkou(AWAY, earlier, running)).given(running).when(start, BEGIN).quiet()
    stopped, begun = scenario(ACTING, hongkou(AWAY, earlier, GIVEN, running)).given(running).when(start, BEGIN).events
    assert isinstance(stopped, ActingEnded)
    assert begun == acts(MAYOR, "mayor", OTHER_DEPUTY)


def test_a_mandate_for_another_time_does_not_count() -> None:
    later = mandate(MAYOR, OTHER_DEPUTY, "mayor", starts_at=LEAVES + timedelta(hours=1))
    over = mandate(MAYOR, OTHER_DEPUTY, "mayor", starts_at=at("2022-02-01"), ends_at=LEAVES)
    for given in (later, over):
        scenario(ACTING, hongkou(AWAY, given)).when(start, BEGIN).then(NOT_NAMED)


def test_acting_ends_by_itself_with_the_mandate_or_runs_until_the_return() -> None:
    """虹口2022 六: the row names no planned end, so an open mandate lasts until the mayor is back."""
    open_end = mandate(MAYOR, OTHER_DEPUTY, "mayor", ends_at=None)
    until_back = acts(MAYOR, "mayor", OTHER_DEPUTY, ends_at=None)
    scenario(ACTING, hongkou(AWAY, open_end)).when(start, BEGIN).then(until_back)
    shorter = mandate(MAYOR, OTHER_DEPUTY, "mayor", ends_at=UNDER_WAY)
    scenario(ACTING, hongkou(AWAY, shorter)).when(start, BEGIN).then(
        acts(MAYOR, "mayor", OTHER_DEPUTY, ends_at=UNDER_WAY)
    )


def test_whom_a_leader_names_for_another_acts_for_that_other_and_nobody_else() -> None:
    """Whoever chooses the deputy gives the mandate; it speaks of the absent person, and of no other absence."""
    away = stands(orchard.FIRST, "first_deputy", leaving="district", cause="trip")
    named = mandate(orchard.HEAD, orchard.DEPUTY, None, for_person=orchard.FIRST)
    begun = acts(orchard.FIRST, "first_deputy", orchard.DEPUTY, scope=("whole_office",))
    scenario(ACTING, orchards(away, named)).when(start, BEGIN).then(begun).under("OR-2-2")
    assert [order.stream for order in mandates.begins(str(MANDATE), orchards(away, named))] == [acting_of(TRIP)]
    for other in (
        mandate(orchard.HEAD, orchard.DEPUTY, None),
        mandate(orchard.HEAD, orchard.DEPUTY, None, for_person=orchard.WORKS_HEAD),
        mandate(orchard.HEAD, orchard.WORKS_HEAD, None, for_person=orchard.FIRST),
        mandate(orchard.WORKS_HEAD, orchard.DEPUTY, None, for_person=orchard.FIRST),
    ):
        by_the_head = NOT_NAMED.model_copy(
            update={
                "principal_id": orchard.FIRST,
                "post": "first_deputy",
                "to_name": (orchard.HEAD,),
                "tell": (orchard.HEAD,),
            }
        )
        scenario(ACTING, orchards(away, other)).when(start, BEGIN).then(by_the_head)
    ill = stands(orchard.HEAD, "head", leaving="post", cause="illness")
    scenario(ACTING, orchards(ill, named)).when(start, BEGIN).then(HEAD_NOT_STOOD_IN_FOR)
    assert mandates.begins(str(MANDATE), orchards(ill, named)) == []


def test_acting_that_runs_begins_nothing_and_one_that_ended_may_begin_again() -> None:
    running = scenario(ACTING, hongkou(AWAY, GIVEN)).given(acts(MAYOR, "mayor", OTHER_DEPUTY))
    running.when(start, BEGIN).quiet()
    running.given(ENDED).when(start, BEGIN).then(acts(MAYOR, "mayor", OTHER_DEPUTY))
    scenario(ACTING, hongkou(GIVEN)).when(start, BEGIN).quiet()


def test_a_deputy_fixed_by_the_rules_acts_without_mandate_until_the_planned_end() -> None:
    """果园 二: out of the city is out of the district as well; what is excluded stays with the head."""
    trip = stands(orchard.HEAD, "head", cause="trip")
    [begun] = scenario(ACTING, orchards(trip)).when(start, BEGIN).under("OR-2-1").events
    wanted = acts(orchard.HEAD, "head", orchard.FIRST, ("whole_office",), excludes=("chair",))
    assert begun == wanted.model_copy(update={"entrustment_id": None})
    ill = stands(orchard.HEAD, "head", leaving="post", cause="illness")
    scenario(ACTING, orchards(ill)).when(start, BEGIN).then(HEAD_NOT_STOOD_IN_FOR)
    entrusted = orchards(ill, mandate(orchard.HEAD, orchard.DEPUTY, "head"))
    scenario(ACTING, entrusted).when(start, BEGIN).then(acts(orchard.HEAD, "head", orchard.DEPUTY, ("sign",)))


def test_acting_ends_with_the_return_and_with_the_mandate_it_rests_on() -> None:
    running = scenario(ACTING, hongkou(AWAY, GIVEN)).given(acts(MAYOR, "mayor", OTHER_DEPUTY))
    running.when(end, EndActing(BACK)).then(ENDED)
    running.when(end, EndActing(BACK, str(MANDATE))).then(ENDED)
    running.when(end, EndActing(BACK, "another")).quiet()
    running.given(ENDED).when(end, EndActing(BACK)).quiet()
    scenario(ACTING, hongkou()).when(end, EndActing(BACK)).quiet()


# -- what we do when it is told ------------------------------------------------------


def test_a_mandate_that_begins_while_its_giver_is_away_begins_acting() -> None:
    """At its own moment, whenever a worker comes to it: one given later begins when it was given."""
    orders = mandates.begins(str(MANDATE), hongkou(AWAY, GIVEN))
    assert [(order.thing, order.stream, order.command) for order in orders] == [(ACTING, acting_of(TRIP), BEGIN)]
    assert mandates.begins(str(MANDATE), hongkou(GIVEN)) == []
    assert mandates.begins(str(MANDATE), hongkou(AWAY)) == []
    chairing = GIVEN.model_copy(update={"object": GIVEN.object.model_copy(update={"kind": "chairing"})})
    assert mandates.begins(str(MANDATE), hongkou(AWAY, chairing)) == []


def test_a_mandate_that_ends_hands_over_to_who_holds_another() -> None:
    """Two orders: whoever acts on it stops; then whoever fits by now begins."""
    over = EntrustmentEnded(entrustment_id=str(MANDATE), ended_at=UNDER_WAY)
    told = hongkou(AWAY, GIVEN, acts(MAYOR, "mayor", OTHER_DEPUTY), over)
    stops, begins = ON_ENTRUSTMENT_ENDED.react(recorded(over), told)
    assert (stops.command, begins.command) == (EndActing(UNDER_WAY, str(MANDATE)), replace(BEGIN, since=UNDER_WAY))
    assert {stops.stream, begins.stream} == {acting_of(TRIP)}
    assert len({stops.key, begins.key}) == 2
    assert mandates.ends("unknown", UNDER_WAY, told) == []


def test_the_return_ends_the_acting_of_that_absence() -> None:
    back = ReturnReported(absence_id=str(TRIP), person_id=MAYOR, returned_at=BACK)
    [order] = ON_RETURN_REPORTED.react(recorded(back), hongkou())
    assert (order.stream, order.command) == (acting_of(TRIP), EndActing(BACK))


def test_the_same_event_twice_orders_the_same() -> None:
    heard = recorded(EntrustmentEnded(entrustment_id=str(MANDATE), ended_at=UNDER_WAY))
    told = hongkou(AWAY, GIVEN)
    assert ON_ENTRUSTMENT_ENDED.react(heard, told) == ON_ENTRUSTMENT_ENDED.react(heard, told) != []


def test_a_gap_closes_when_somebody_is_named_and_when_the_holder_is_back() -> None:
    """虹口2022 六: from then on nobody has to be named; said twice it is told once."""
    nobody = scenario(ACTING, hongkou(AWAY, GIVEN)).given(NOT_NAMED)
    nobody.when(start, BEGIN).then(acts(MAYOR, "mayor", OTHER_DEPUTY))
    closed = ActingGapEnded(acting_id=ENDED.acting_id, principal_id=MAYOR, absence_id=str(TRIP), ended_at=BACK)
    nobody.when(end, EndActing(BACK)).then(closed)
    nobody.when(end, EndActing(BACK, str(MANDATE))).quiet()
    nobody.given(closed).when(end, EndActing(BACK)).quiet()


def test_who_must_name_somebody_for_another_is_told_with_whom_the_rules_have_told() -> None:
    """金川2020 九: the mayor names who looks after a deputy's portfolio; the office is told as well."""
    jinchuan = rules_of("jinchuan-2020", LEAVES)
    deputy = jinchuan.roster.holders(frozenset({"deputy_mayor"}), LEAVES)[0].person
    mayor = jinchuan.roster.holders(frozenset({"mayor"}), LEAVES)[0].person
    director = jinchuan.roster.holders(frozenset({"office_director"}), LEAVES)[0].person
    away = replace(jinchuan, roster=jinchuan.roster.after(stands(deputy, "deputy_mayor", cause="study")))
    [told] = scenario(ACTING, away).when(start, BEGIN).under("JC-9-3").events
    assert isinstance(told, ActingNotNamed)
    assert (told.to_name, told.tell) == ((mayor,), tuple(sorted({mayor, director})))


def test_acting_until_the_planned_end_goes_on_when_the_absence_is_extended() -> None:
    """果园 二: the first deputy acts until the new end; where it lasts until the return, nothing begins anew."""
    longer = AbsenceExtended(absence_id=str(TRIP), person_id=orchard.HEAD, ends_at=BACK + timedelta(days=3))
    trip = stands(orchard.HEAD, "head", cause="trip")
    running = acts(orchard.HEAD, "head", orchard.FIRST, ("whole_office",), excludes=("chair",), entrustment_id=None)
    extended = scenario(ACTING, orchards(trip, longer)).given(running)
    over, anew = extended.when(start, BEGIN).events
    assert isinstance(over, ActingEnded)
    assert anew == running.model_copy(update={"ends_at": BACK + timedelta(days=3)})
    told = recorded(longer)
    [order] = ON_ABSENCE_EXTENDED.react(told, orchards(trip, longer))
    assert order.stream == acting_of(TRIP)
