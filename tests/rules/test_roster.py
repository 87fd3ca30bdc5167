"""The roster answers as of a moment: later events change nothing of what was, and one seat has one actor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.calendar import local_day
from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceWithdrawn,
    ActingEnded,
    ActingStarted,
    AppointmentEnded,
    AppointmentMade,
    AssistantPaired,
    EntrustedObject,
    EntrustmentEnded,
    EntrustmentGiven,
    LeaveApproved,
    LeaveRefused,
    PersonRegistered,
    PortfolioAssigned,
    ReturnReported,
    UnitRegistered,
)
from chancery.events.base import Event
from chancery.events.meeting import MatterOpened
from chancery.roster import Roster
from chancery.rules.resolve import Case
from tests.rules.small import NOW, rules, who
from tests.rules.small import made as made_pack

PEOPLE = ("ann", "bo", "cy", "di")
UNITS = ("works", "purse")


@dataclass
class History:
    """What attendance-svc may have told, in order: each event speaks of the moment it is told, or of later ones."""

    told: list[tuple[datetime, Event]] = field(default_factory=list[tuple[datetime, Event]])
    head: str | None = None
    since: date = date.min
    acting: dict[str, ActingStarted] = field(default_factory=dict[str, ActingStarted])
    announced: list[AbsenceAnnounced] = field(default_factory=list[AbsenceAnnounced])
    away: list[LeaveApproved] = field(default_factory=list[LeaveApproved])
    mandates: list[str] = field(default_factory=list[str])

    @property
    def events(self) -> list[Event]:
        return [event for _, event in self.told]


@st.composite
def histories(draw: st.DrawFn) -> History:
    made = History()
    now = NOW
    for number in range(draw(st.integers(0, 25))):
        now += timedelta(hours=draw(st.integers(1, 60)))
        event = _next(draw, made, number, now)
        if event is not None:
            made.told.append((now, event))
    return made


def _next(draw: st.DrawFn, made: History, number: int, now: datetime) -> Event | None:
    person = draw(st.sampled_from(PEOPLE))
    day = local_day(now) + timedelta(days=draw(st.integers(1, 5)))
    match draw(st.sampled_from(("head", "deputy", "leave", "portfolio", "pair", "entrust", "absence", "acting"))):
        case "head" if made.head is None:
            if day <= made.since:
                return None
            made.head, made.since = person, day
            return AppointmentMade(person_id=person, post="head", starts_on=day)
        case "head" if made.head is not None and day > made.since:
            left, made.head, made.since = made.head, None, day
            return AppointmentEnded(person_id=left, post="head", ended_on=day)
        case "deputy":
            return AppointmentMade(person_id=person, post="deputy", starts_on=day, until=day + timedelta(days=30))
        case "leave":
            return AppointmentEnded(person_id=person, post="deputy", ended_on=day)
        case "portfolio":
            units = draw(st.sets(st.sampled_from(UNITS)))
            return PortfolioAssigned(person_id=person, units=tuple(sorted(units)), starts_on=day)
        case "pair":
            return AssistantPaired(assistant_id=person, principal_id=draw(st.sampled_from(PEOPLE)), starts_on=day)
        case "entrust":
            if made.mandates and draw(st.booleans()):
                return EntrustmentEnded(entrustment_id=made.mandates.pop(), ended_at=now)
            made.mandates.append(f"mandate-{number}")
            return EntrustmentGiven(
                entrustment_id=f"mandate-{number}",
                giver_id=person,
                receiver_id=draw(st.sampled_from(PEOPLE)),
                object=EntrustedObject(kind=draw(st.sampled_from(("acting", "signing", "matter")))),
                starts_at=now + timedelta(hours=draw(st.integers(0, 9))),
            )
        case "absence":
            return _absence(draw, made, number, now, person)
        case "acting":
            return _acting(draw, made, number, now)
        case _:
            return None


def _absence(draw: st.DrawFn, made: History, number: int, now: datetime, person: str) -> Event | None:
    waiting = [one for one in made.announced if one.starts_at > now]
    gone = [one for one in made.away if one.starts_at <= now]
    choice = draw(st.sampled_from(("announce", "answer", "return")))
    if choice == "answer" and waiting:
        one = waiting[0]
        made.announced.remove(one)
        shared: dict[str, Any] = {"absence_id": one.absence_id, "person_id": one.person_id}
        if draw(st.booleans()):
            return draw(st.sampled_from((LeaveRefused, AbsenceWithdrawn)))(**shared, reason="no")
        approved = LeaveApproved(
            **shared,
            post=one.post,
            leaving="city",
            cause="trip",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            mode="approve",
        )
        made.away.append(approved)
        return approved
    if choice == "return" and gone:
        one = gone[0]
        made.away.remove(one)
        return ReturnReported(absence_id=one.absence_id, person_id=one.person_id, returned_at=now)
    announced = AbsenceAnnounced(
        absence_id=f"trip-{number}",
        person_id=person,
        post="head",
        leaving="city",
        cause="trip",
        destination="away",
        reason="work",
        starts_at=now + timedelta(hours=draw(st.integers(1, 50))),
        ends_at=now + timedelta(hours=draw(st.integers(51, 99))),
        mode="approve",
    )
    made.announced.append(announced)
    return announced


def _acting(draw: st.DrawFn, made: History, number: int, now: datetime) -> Event | None:
    if made.acting and draw(st.booleans()):
        key = sorted(made.acting)[0]
        was = made.acting.pop(key)
        return ActingEnded(
            acting_id=key, principal_id=was.principal_id, post="head", actor_id=was.actor_id, ended_at=now
        )
    principal = draw(st.sampled_from(PEOPLE))
    started = ActingStarted(
        acting_id=f"acting-{number}",
        principal_id=principal,
        post="head",
        actor_id=draw(st.sampled_from([person for person in PEOPLE if person != principal])),
        absence_id=f"trip-{number}",
        scope=("preside",),
        started_at=now,
    )
    made.acting[started.acting_id] = started
    return started


@settings(deadline=None)
@given(histories(), st.integers(0, 25))
def test_what_was_is_answered_the_same_whatever_comes_later(made: History, number: int) -> None:
    upto = made.told[:number]
    if not upto:
        return
    moment = upto[-1][0]
    before, after = Roster.of(event for _, event in upto), Roster.of(made.events)
    for hours in (0, 1, 30, 300):
        at = moment - timedelta(hours=hours)
        assert asked_of(before, at) == asked_of(after, at)


def asked_of(people: Roster, at: datetime) -> list[Any]:
    """The answers as people and ids: an end that is told later changes nothing of a moment before it."""
    return [
        [(a.person, a.post, a.unit, a.starts_on) for a in people.holders(frozenset({"head", "deputy"}), at)],
        [(person, held.units, held.subjects) for person in PEOPLE if (held := people.portfolio(person, at))],
        [sorted(people.in_charge_of(at, frozenset({unit}))) for unit in UNITS],
        [people.assistants(person, at) for person in PEOPLE],
        [(person, one.actor) for person in PEOPLE if (one := people.acting("head", at, principal=person))],
        [(person, away.id) for person in PEOPLE if (away := people.away(person, at))],
        sorted(mandate.id for kind in ("acting", "signing", "matter") for mandate in people.entrusted(kind, at)),
    ]


@settings(deadline=None)
@given(histories(), st.integers(0, 25))
def test_a_replay_gives_what_was_folded_event_by_event(made: History, cut: int) -> None:
    grown = Roster.of(made.events[:cut])
    for event in made.events[cut:]:
        grown = grown.after(event)
    assert grown == Roster.of(made.events)


@settings(deadline=None)
@given(histories())
def test_events_of_others_leave_the_roster_as_it_is(made: History) -> None:
    people = Roster.of(made.events)
    strange = MatterOpened.model_construct()
    assert people.after(strange) is people


@settings(deadline=None)
@given(made=histories())
def test_a_seat_of_one_has_one_actor_at_any_moment(tmp_path_factory: pytest.TempPathFactory, made: History) -> None:
    pack = made_pack(tmp_path_factory.getbasetemp() / "one_seat")
    people = Roster.of(made.events)
    moments = [moment for moment, _ in made.told] + [NOW, NOW + timedelta(days=90)]
    for moment in moments:
        for at in (moment - timedelta(seconds=1), moment, moment + timedelta(hours=5)):
            found = who(rules(pack, people, at), {"post": "head"}, Case(), act="sign")
            assert len(found.holders) <= 1
            seated = people.holders(frozenset({"head"}), at)
            assert len(seated) <= 1
            assert bool(found.holders) == bool(seated)
            assert found.nobody == (None if seated else "vacant")


# -- examples ------------------------------------------------------------


def at(day: int, hour: int = 12) -> datetime:
    return NOW.replace(day=day, hour=hour)


def test_the_last_day_of_an_appointment_is_a_whole_day_in_beijing() -> None:
    people = Roster.of(
        [
            AppointmentMade(person_id="ann", post="head", starts_on=date(2024, 3, 1)),
            AppointmentEnded(person_id="ann", post="head", ended_on=date(2024, 3, 9)),
        ]
    )
    head = frozenset({"head"})
    assert people.holders(head, at(9, 15))  # 23:00 in Beijing
    assert not people.holders(head, at(9, 16))  # 00:00 of the next day
    assert not people.holders(head, NOW - timedelta(hours=10))


def test_an_end_reaches_only_the_appointment_it_speaks_of() -> None:
    people = Roster.of(
        [
            AppointmentMade(person_id="ann", post="head", starts_on=date(2024, 1, 1), until=date(2024, 2, 1)),
            AppointmentMade(person_id="ann", post="head", starts_on=date(2024, 3, 5)),
            AppointmentMade(person_id="ann", post="clerk", unit="works", starts_on=date(2024, 1, 1)),
            AppointmentEnded(person_id="ann", post="head", ended_on=date(2024, 3, 2)),
            AppointmentEnded(person_id="ann", post="clerk", unit="purse", ended_on=date(2024, 3, 2)),
        ]
    )
    assert [(a.post, a.until) for a in people.held_by("ann", at(6))] == [("head", None), ("clerk", None)]


def test_somebody_is_away_once_it_stands_and_no_longer_than_planned() -> None:
    announced = AbsenceAnnounced(
        absence_id="trip", person_id="ann", post="head", leaving="city", cause="trip", destination="sea", reason="rest",
        starts_at=at(5), ends_at=at(9), mode="report",
    )  # fmt: skip
    approved = LeaveApproved(
        absence_id="trip", person_id="ann", post="head", leaving="city", cause="trip",
        starts_at=at(5), ends_at=at(9), mode="report",
    )  # fmt: skip
    people = Roster.of([announced])
    assert people.away("ann", at(6)) is None
    people = people.after(approved)
    assert [bool(people.away("ann", at(day))) for day in (4, 5, 8, 9)] == [False, True, True, False]
    early = people.after(ReturnReported(absence_id="trip", person_id="ann", returned_at=at(7)))
    late = people.after(ReturnReported(absence_id="trip", person_id="ann", returned_at=at(12)))
    assert [bool(early.away("ann", at(day))) for day in (6, 7, 8)] == [True, False, False]
    assert [bool(late.away("ann", at(day))) for day in (8, 9, 11)] == [True, False, False]
    assert people.after(LeaveRefused(absence_id="trip", person_id="ann", reason="no")).absences == {}


def test_ends_of_what_is_not_known_change_nothing() -> None:
    people = Roster.of([PersonRegistered(person_id="ann", name="Ann")])
    ends: Sequence[Event] = [
        EntrustmentEnded(entrustment_id="none", ended_at=NOW),
        ReturnReported(absence_id="none", person_id="ann", returned_at=NOW),
        ActingEnded(acting_id="none", principal_id="ann", post="head", actor_id="bo", ended_at=NOW),
    ]
    for event in ends:
        assert people.after(event) == people
    assert (people.name("ann"), people.name("bo")) == ("Ann", "bo")


def test_of_two_mandates_for_one_seat_the_later_counts() -> None:
    first, second = (
        ActingStarted(
            acting_id=actor, principal_id="ann", post="head", actor_id=actor, absence_id="trip", scope=("preside",),
            started_at=at(day),
        )
        for actor, day in (("bo", 4), ("cy", 6))
    )  # fmt: skip
    people = Roster.of([second, first])
    assert [one.actor for day in (5, 7) if (one := people.acting("head", at(day)))] == ["bo", "cy"]
    assert people.acting("head", at(5), principal="di") is None
    assert [one.id for one in people.acting_as("bo", at(7))] == ["bo"]


def test_units_are_called_by_their_names() -> None:
    people = Roster.of([UnitRegistered(unit_id="works", kind="department", name_zh="工程局", name_en="works bureau")])
    assert (people.unit_names("works"), people.unit_names("lost")) == (("工程局", "works bureau"), ("lost", "lost"))
