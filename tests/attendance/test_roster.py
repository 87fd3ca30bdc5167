"""People, units, seats and portfolios: who keeps the roster, and that a post of one seat has one holder."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_svc.api.roster import known_then
from attendance_svc.person.assign_portfolio import AssignPortfolio, assign_portfolio
from attendance_svc.person.pair import Pair, pair
from attendance_svc.person.register import Register, register
from attendance_svc.person.state import PERSON
from attendance_svc.seat.appoint import Appoint, appoint
from attendance_svc.seat.correct import CorrectAppointment, correct
from attendance_svc.seat.end_appointment import EndAppointment, end_appointment
from attendance_svc.seat.state import SEAT, Seat, SeatEvent, seat_of
from attendance_svc.unit.register import RegisterUnit, register_unit
from attendance_svc.unit.state import UNIT
from chancery.events.attendance import (
    AppointmentCorrected,
    AppointmentEnded,
    AppointmentMade,
    AssistantPaired,
    PersonRegistered,
    PortfolioAssigned,
    UnitRegistered,
)
from chancery.events.base import Event
from chancery.refusal import Refused
from chancery.roster import Roster
from chancery.thing import Told
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, JUSTICE_CLERK, MAYOR, OTHER_DEPUTY, at, rules
from tests.scenario import THE_THING, scenario

HONGKOU = rules(at("2022-02-10"))
FROM = date(2022, 3, 1)
KNOWN = PersonRegistered(person_id="tao", name="陶启明")


def made(person: str, post: str = "mayor", starts_on: date = FROM, until: date | None = None) -> AppointmentMade:
    return AppointmentMade(person_id=person, post=post, starts_on=starts_on, until=until)


# -- people and units -----------------------------------------------------------------


def test_only_the_office_or_a_system_that_may_keeps_the_roster() -> None:
    """The office organises the meetings of this government; a person of another unit changes nothing."""
    for by in (CLERK, None):
        scenario(PERSON, HONGKOU).when(register, Register(by, "tao", "陶启明")).then(KNOWN)
        scenario(SEAT, HONGKOU).when(appoint, Appoint(by, (made(MAYOR),))).then(made(MAYOR))
    scenario(PERSON, HONGKOU).when(register, Register(JUSTICE_CLERK, "x", "某")).forbidden("not_a_keeper_of_the_roster")
    scenario(SEAT, HONGKOU).when(appoint, Appoint(JUSTICE_CLERK, (made(MAYOR),))).forbidden(
        "not_a_keeper_of_the_roster"
    )


def test_what_is_known_is_not_told_again_and_a_corrected_name_is() -> None:
    known = scenario(PERSON, HONGKOU).given(KNOWN)
    known.when(register, Register(CLERK, "tao", "陶启明")).quiet()
    corrected = Register(CLERK, "tao", "陶启明", "Tao Qiming")
    known.when(register, corrected).then(KNOWN.model_copy(update={"name_en": "Tao Qiming"}))
    unit = UnitRegistered(unit_id="u", kind="department", name_zh="甲局", name_en="A")
    scenario(UNIT, HONGKOU).when(register_unit, RegisterUnit(CLERK, unit)).then(unit)
    scenario(UNIT, HONGKOU).given(unit).when(register_unit, RegisterUnit(CLERK, unit)).quiet()
    renamed = unit.model_copy(update={"name_zh": "乙局"})
    scenario(UNIT, HONGKOU).given(unit).when(register_unit, RegisterUnit(CLERK, renamed)).then(renamed)


def test_portfolio_and_pairing_come_along_or_later() -> None:
    given_to = PortfolioAssigned(person_id="tao", units=("justice_bureau",), starts_on=FROM)
    pair = AssistantPaired(assistant_id="tao", principal_id="kong", starts_on=FROM)
    known = scenario(PERSON, HONGKOU).given(KNOWN)
    known.when(register, Register(CLERK, "tao", None, None, (given_to,), (pair,))).then(given_to, pair)
    known.given(given_to, pair).when(register, Register(CLERK, "tao", None, None, (given_to,), (pair,))).quiet()
    known.when(assign_portfolio, AssignPortfolio(CLERK, given_to)).then(given_to)
    known.given(given_to).when(assign_portfolio, AssignPortfolio(CLERK, given_to)).quiet()
    strange = given_to.model_copy(update={"units": ("justice_bureau", "no_such", "nor_this")})
    known.when(assign_portfolio, AssignPortfolio(CLERK, strange)).refused("unknown_unit", "unknown_unit")
    scenario(PERSON, HONGKOU).when(assign_portfolio, AssignPortfolio(CLERK, given_to)).refused("not_found")
    scenario(PERSON, HONGKOU).when(register, Register(CLERK, "tao", None)).refused("not_found")


# -- seats ------------------------------------------------------------------------------


def test_a_post_of_one_seat_is_held_by_one_and_a_post_of_many_by_many() -> None:
    held = scenario(SEAT, HONGKOU).given(made(MAYOR))
    held.when(appoint, Appoint(CLERK, (made(OTHER_DEPUTY),))).refused("seat_taken")
    held.when(appoint, Appoint(CLERK, (made(MAYOR),))).refused("holds_it_already")
    before = made(OTHER_DEPUTY, starts_on=date(2021, 1, 1), until=FROM - timedelta(days=1))
    held.when(appoint, Appoint(CLERK, (before,))).then(before)
    overlapping = made(OTHER_DEPUTY, starts_on=date(2021, 1, 1), until=FROM)
    held.when(appoint, Appoint(CLERK, (overlapping,))).refused("seat_taken")
    many = scenario(SEAT, HONGKOU).given(made(OTHER_DEPUTY, "deputy_mayor"))
    many.when(appoint, Appoint(CLERK, (made(DEPUTY_IN_CHARGE, "deputy_mayor"),))).then(
        made(DEPUTY_IN_CHARGE, "deputy_mayor")
    )


def test_every_flaw_of_an_appointment_is_named_at_once() -> None:
    strange = AppointmentMade(person_id="nobody", post="no_such_post", unit="no_such_unit", starts_on=FROM)
    seat = scenario(SEAT, HONGKOU)
    seat.when(appoint, Appoint(CLERK, (strange,))).refused("unknown_person", "unknown_post", "unknown_unit")
    two = Appoint(CLERK, (made(MAYOR), made(OTHER_DEPUTY)))
    seat.when(appoint, two).refused("seat_taken")


def test_a_file_loaded_again_tells_only_what_is_new() -> None:
    again = Appoint(CLERK, (made(MAYOR),), known="skip")
    scenario(SEAT, HONGKOU).given(made(MAYOR)).when(appoint, again).quiet()
    later_known = replace(again, made=(made(MAYOR, until=date(2026, 10, 10)),))
    ended = AppointmentEnded(person_id=MAYOR, post="mayor", ended_on=date(2026, 10, 10))
    scenario(SEAT, HONGKOU).given(made(MAYOR)).when(appoint, later_known).then(ended)
    scenario(SEAT, HONGKOU).given(made(MAYOR), ended).when(appoint, later_known).quiet()
    moved = replace(again, made=(made(MAYOR, starts_on=date(2022, 1, 1)),))
    scenario(SEAT, HONGKOU).given(made(MAYOR)).when(appoint, moved).refused("holds_it_already")
    both = replace(again, made=(made(OTHER_DEPUTY, "deputy_mayor"), made(DEPUTY_IN_CHARGE, "deputy_mayor")))
    scenario(SEAT, HONGKOU).given(made(OTHER_DEPUTY, "deputy_mayor")).when(appoint, both).then(
        made(DEPUTY_IN_CHARGE, "deputy_mayor")
    )


def test_an_appointment_ends_on_its_last_day() -> None:
    last = date(2026, 10, 10)
    over = EndAppointment(CLERK, MAYOR, "mayor", None, last)
    ended = AppointmentEnded(person_id=MAYOR, post="mayor", ended_on=last)
    held = scenario(SEAT, HONGKOU).given(made(MAYOR))
    held.when(end_appointment, over).then(ended)
    held.given(ended).when(end_appointment, over).quiet()
    held.given(ended).when(appoint, Appoint(CLERK, (made(OTHER_DEPUTY, starts_on=last),))).refused("seat_taken")
    after = made(OTHER_DEPUTY, starts_on=last + timedelta(days=1))
    held.given(ended).when(appoint, Appoint(CLERK, (after,))).then(after)
    held.when(end_appointment, replace(over, person_id=OTHER_DEPUTY)).refused("does_not_hold_it")
    held.when(end_appointment, replace(over, ended_on=FROM - timedelta(days=1))).refused("does_not_hold_it")
    held.when(end_appointment, replace(over, by=JUSTICE_CLERK)).forbidden("not_a_keeper_of_the_roster")


def test_a_seat_has_a_stream_of_its_own_for_each_unit() -> None:
    assert seat_of("a", "head", "x") == seat_of("a", "head", "x")
    assert len({seat_of(t, "head", u) for t in ("a", "b") for u in ("x", "y", None)}) == 6


DAYS = st.dates(date(2022, 1, 1), date(2022, 3, 1))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("appoint"), st.sampled_from([MAYOR, OTHER_DEPUTY, DEPUTY_IN_CHARGE]), DAYS, st.none() | DAYS),
        st.tuples(st.just("end"), st.sampled_from([MAYOR, OTHER_DEPUTY, DEPUTY_IN_CHARGE]), DAYS, st.none()),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=300)
@given(ACTS)
def test_whatever_is_asked_for_one_seat_no_day_has_two_holders(
    asked: Sequence[tuple[str, str, date, date | None]],
) -> None:
    """At any day the seat of one has at most one holder, as the seat and as the whole roster see it."""
    seat, told = Seat(THE_THING), list[SeatEvent]()
    for what, person, day, until in asked:
        try:
            if what == "appoint":
                last = None if until is None else max(day, until)
                found = appoint(Appoint(CLERK, (made(person, starts_on=day, until=last),)), seat, HONGKOU)
            else:
                found = end_appointment(EndAppointment(CLERK, person, "mayor", None, day), seat, HONGKOU)
        except Refused:
            continue
        for one in found:
            seat = SEAT.evolve(seat, one.event)
            told.append(one.event)
    again = Seat(THE_THING)
    for event in told:
        again = SEAT.evolve(again, event)
    assert again == seat
    roster = Roster.of(told)
    for number in range(70):
        day = date(2021, 12, 30) + timedelta(days=number)
        holders = [term.person for term in seat.terms if term.meets(day, day)]
        assert len(holders) <= 1, (day, seat.terms)
        assert [a.person for a in roster.appointments if a.holds(day)] == holders


def test_an_assistant_works_for_a_leader_until_the_day_that_was_said_last() -> None:
    """金山2022 八 and others: the pairing that is given an end is the same pairing."""
    known = PersonRegistered(person_id="hua", name="华立新")
    open_end = AssistantPaired(assistant_id="hua", principal_id=MAYOR, starts_on=FROM)
    ended = open_end.model_copy(update={"until": FROM + timedelta(days=30)})
    hua = scenario(PERSON, HONGKOU).given(known)
    hua.when(pair, Pair(CLERK, open_end)).then(open_end)
    hua.given(open_end).when(pair, Pair(CLERK, open_end)).quiet()
    hua.given(open_end).when(pair, Pair(CLERK, ended)).then(ended)
    hua.given(open_end).when(pair, Pair(JUSTICE_CLERK, ended)).forbidden("not_a_keeper_of_the_roster")
    wrong = open_end.model_copy(update={"principal_id": "hua", "until": FROM - timedelta(days=1)})
    hua.when(pair, Pair(CLERK, wrong)).refused("pairs_himself", "ends_before_it_starts")
    hua.when(pair, Pair(CLERK, open_end.model_copy(update={"principal_id": "ghost"}))).refused("unknown_person")
    people = Roster.of((known, open_end, ended))
    assert people.assistants(MAYOR, at((FROM + timedelta(days=30)).isoformat())) == ("hua",)
    assert people.assistants(MAYOR, at((FROM + timedelta(days=31)).isoformat())) == ()


# -- corrected ---------------------------------------------------------------------------------


def corrected(now: date | None, until: date | None = None, person: str = "tao") -> AppointmentCorrected:
    return AppointmentCorrected(
        person_id=person, post="mayor", starts_on=FROM, now_starts_on=now, now_until=until, because="登记有误"
    )


def test_a_wrong_record_is_corrected_by_an_event_of_its_own() -> None:
    later = FROM + timedelta(days=9)
    held = scenario(SEAT, HONGKOU).given(made("tao"))
    held.when(correct, CorrectAppointment(CLERK, corrected(later))).then(corrected(later))
    held.when(correct, CorrectAppointment(CLERK, corrected(FROM))).quiet()
    held.when(correct, CorrectAppointment(MAYOR, corrected(later))).forbidden("not_a_keeper_of_the_roster")
    held.when(correct, CorrectAppointment(CLERK, corrected(later, FROM))).refused("ends_before_it_starts")
    held.when(correct, CorrectAppointment(CLERK, corrected(later, person="cao"))).refused("does_not_hold_it")
    never = held.given(*held.when(correct, CorrectAppointment(CLERK, corrected(None))).events)
    assert never.state.terms == ()


def test_a_correction_puts_nobody_over_another_in_a_post_of_one() -> None:
    ends, next_one = FROM + timedelta(days=30), FROM + timedelta(days=31)
    two = scenario(SEAT, HONGKOU).given(made("tao", until=ends), made("cao", starts_on=next_one))
    two.when(correct, CorrectAppointment(CLERK, corrected(FROM, next_one))).refused("seat_taken")
    assert two.when(correct, CorrectAppointment(CLERK, corrected(FROM, ends - timedelta(days=3)))).events


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 60)), st.integers(0, 30)), max_size=12)
)
def test_corrections_reach_the_term_they_speak_of_and_leave_every_other_day_as_it_was(
    corrections: list[tuple[int, int | None, int]],
) -> None:
    """A plain list of who held the post from when to when, corrected by hand, says the same on every day."""
    days = [FROM + timedelta(days=40 * number) for number in range(5)]
    told: list[Event] = [
        AppointmentMade(person_id=f"p{number}", post="unit_clerk", starts_on=day) for number, day in enumerate(days)
    ]
    right: dict[int, tuple[date, date | None]] = {number: (day, None) for number, day in enumerate(days)}
    for who, shift, length in corrections:
        starts = None if shift is None else days[who] + timedelta(days=shift)
        until = None if starts is None else starts + timedelta(days=length)
        told.append(
            AppointmentCorrected(
                person_id=f"p{who}",
                post="unit_clerk",
                starts_on=days[who],
                now_starts_on=starts,
                now_until=until,
                because="登记有误",
            )
        )
        if who in right and right[who][0] == days[who]:
            if starts is None:
                del right[who]
            else:
                right[who] = (starts, until)
    people = Roster.of(told)
    for ahead in range(0, 280, 3):
        day = FROM + timedelta(days=ahead)
        wanted = {f"p{who}" for who, (first, last) in right.items() if first <= day <= (last or date.max)}
        assert {a.person for a in people.appointments if a.holds(day)} == wanted


TOLD_OF_ONE_SEAT = st.lists(
    st.tuples(
        st.sampled_from(("appoint", "end", "correct")),
        st.sampled_from([MAYOR, OTHER_DEPUTY, DEPUTY_IN_CHARGE]),
        DAYS,
        st.none() | DAYS,
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=120)
@given(TOLD_OF_ONE_SEAT, DAYS)
def test_what_was_known_of_a_day_is_answered_the_same_after_whatever_is_corrected_later(
    asked: Sequence[tuple[str, str, date, date | None, int]], day: date
) -> None:
    """Whoever looks back to a moment sees the roster as everybody saw it then, corrections told since left out."""
    seat, told, now = Seat(THE_THING), list[tuple[datetime, SeatEvent]](), at("2022-01-01")
    seen: list[tuple[datetime, list[str]]] = []
    for what, person, first, other, hours in asked:
        now += timedelta(hours=hours + 1)
        try:
            found = _said(what, person, first, other, seat)
        except Refused:
            found = list[Told[SeatEvent]]()
        for one in found:
            seat = SEAT.evolve(seat, one.event)
            told.append((now, one.event))
        seen.append((now, _mayors(known_then(Roster(), told, now), day)))
    for moment, mayors in seen:
        assert _mayors(known_then(Roster(), told, moment), day) == mayors
        assert _mayors(Roster.of(event for then, event in told if then <= moment), day) == mayors


def _said(what: str, person: str, first: date, other: date | None, seat: Seat) -> Sequence[Told[SeatEvent]]:
    if what == "appoint":
        last = None if other is None else max(first, other)
        return appoint(Appoint(CLERK, (made(person, starts_on=first, until=last),)), seat, HONGKOU)
    if what == "end":
        return end_appointment(EndAppointment(CLERK, person, "mayor", None, first), seat, HONGKOU)
    term = next((term for term in seat.terms if term.person == person), None)
    wrong = AppointmentCorrected(
        person_id=person,
        post="mayor",
        starts_on=term.starts_on if term else first,
        now_starts_on=other,
        now_until=None,
        because="登记有误",
    )
    return correct(CorrectAppointment(CLERK, wrong), seat, HONGKOU)


def _mayors(people: Roster, day: date) -> list[str]:
    return sorted(a.person for a in people.appointments if a.holds(day))
