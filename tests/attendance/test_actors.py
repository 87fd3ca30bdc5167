"""Whatever happens in whatever order: a seat of one has one actor, nobody acts for himself, a replay gives the same.

The deciders, reactions and deadlines of the service run over random histories, without a database.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_svc.absence.announce import Announce, announce
from attendance_svc.absence.extend import Extend, extend
from attendance_svc.absence.report_return import ReportReturn, report_return
from attendance_svc.absence.state import ABSENCE, Absence
from attendance_svc.absence.take_step import TakeStep, take_step
from attendance_svc.acting import mandates
from attendance_svc.acting.end import EndActing, end
from attendance_svc.acting.start import StartActing, start
from attendance_svc.acting.state import ACTING, acting_of
from attendance_svc.entrustment.end import EndEntrustment
from attendance_svc.entrustment.end import end as end_entrustment
from attendance_svc.entrustment.give import GiveEntrustment, give
from attendance_svc.entrustment.lapse import Lapse, lapse
from attendance_svc.entrustment.state import ENTRUSTMENT
from chancery.events.attendance import (
    AbsenceExtended,
    ActingEnded,
    ActingStarted,
    EntrustedObject,
    EntrustmentEnded,
    EntrustmentGiven,
    LeaveApproved,
    ReturnReported,
)
from chancery.events.base import Event
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.roster import Roster
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules
from chancery.thing import Thing
from tests import orchard
from tests.hongkou import an_id, at

BEGINS = at("2022-02-14", 8)
LEADERS = (orchard.HEAD, orchard.FIRST, orchard.DEPUTY)
Wish = tuple[str, int, int, int]


@dataclass
class Office:
    """The service without its database: streams, the roster folded as events come, and moments that fall due."""

    now: datetime = BEGINS
    people: Roster = orchard.PEOPLE
    told: list[Event] = field(default_factory=lambda: list[Event](orchard.TOLD))
    streams: dict[tuple[str, UUID], list[Event]] = field(default_factory=lambda: defaultdict(list))
    live: dict[tuple[str, UUID], Any] = field(default_factory=dict[tuple[str, UUID], Any])
    due: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list[tuple[datetime, Callable[[], None]]])

    @property
    def rules(self) -> Rules:
        return orchard.rules(self.now, self.people)

    def tell(self, thing: Thing[Any, Any], decide: Any, command: object, stream: UUID) -> None:
        """Handle a command; a refusal tells nothing. What follows from its events happens at once."""
        key = (thing.name, stream)
        state = self.live.setdefault(key, thing.start(stream))
        try:
            found = decide(command, state, self.rules)
        except Refused:
            return
        for one in found:
            self.live[key] = thing.evolve(self.live[key], one.event)
            self.streams[key].append(one.event)
            self.told.append(one.event)
            self.people = self.people.after(one.event)
        for one in found:
            self.follows(one.event, stream)

    def follows(self, event: Event, stream: UUID) -> None:
        match event:
            case LeaveApproved():
                self.due.append((event.starts_at, lambda: self.begin(event.absence_id)))
            case AbsenceExtended():
                self.begin(event.absence_id)
            case ReturnReported():
                acting = acting_of(UUID(event.absence_id))
                self.tell(ACTING, end, EndActing(event.returned_at), acting)
            case EntrustmentGiven():
                self.due.append((event.starts_at, lambda: self.run(mandates.begins(event.entrustment_id, self.rules))))
                if event.ends_at is not None:
                    over = event.ends_at
                    self.due.append((over, lambda: self.tell(ENTRUSTMENT, lapse, Lapse(over), stream)))
            case EntrustmentEnded():
                self.run(mandates.ends(event.entrustment_id, event.ended_at, self.rules))
            case ActingStarted() if event.ends_at is not None:
                over = event.ends_at
                self.due.append((over, lambda: self.ends(stream, over)))
            case _:
                pass

    def ends(self, acting: UUID, over: datetime) -> None:
        """The deadline of an acting is one: begun anew, it is the last that counts."""
        running = self.live[(ACTING.name, acting)].running
        if running is not None and running.ends_at == over:
            self.tell(ACTING, end, EndActing(over), acting)

    def begin(self, absence: str) -> None:
        self.tell(ACTING, start, StartActing(absence), acting_of(UUID(absence)))

    def run(self, orders: Any) -> None:
        for order in orders:
            self.tell(order.thing, order.decide, order.command, order.stream)

    def until(self, moment: datetime) -> None:
        while self.due:
            first = min(self.due, key=lambda one: one[0])
            if first[0] > moment:
                break
            self.due.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = max(self.now, moment)


def lived(wishes: list[Wish]) -> Office:
    office = Office()
    for number, (what, who, hours, length) in enumerate(wishes):
        office.until(office.now + timedelta(hours=hours))
        person, id_ = LEADERS[who % 3], an_id(1000 + number)
        starts, ends = office.now + timedelta(hours=hours), office.now + timedelta(hours=hours + length)
        absences = [stream for name, stream in office.live if name == ABSENCE.name]
        given_ones = [stream for name, stream in office.live if name == ENTRUSTMENT.name]
        match what:
            case "go":
                cause = "trip" if length % 2 else "illness"
                leaving = "city" if length % 2 else "post"
                goes = Announce(person, office.now, person, leaving, cause, "外地", "公务", starts, ends)
                office.tell(ABSENCE, announce, goes, id_)
            case "decide" if absences:
                office.tell(ABSENCE, take_step, TakeStep(orchard.HEAD), absences[length % len(absences)])
            case "longer" if absences:
                chosen = absences[length % len(absences)]
                by = _whose(office.live[(ABSENCE.name, chosen)])
                office.tell(ABSENCE, extend, Extend(by, office.now, ends, "延长"), chosen)
            case "back" if absences:
                chosen = absences[length % len(absences)]
                by = _whose(office.live[(ABSENCE.name, chosen)])
                office.tell(ABSENCE, report_return, ReportReturn(by, office.now, office.now), chosen)
            case "entrust":
                other = LEADERS[(who + 1 + length % 2) % 3]
                named = LEADERS[(who + 2) % 3] if length % 5 == 0 else None
                object_ = EntrustedObject(kind="acting", reference=named)
                mandate = GiveEntrustment(
                    person, office.now, person, other, object_, starts, ends if length % 3 else None
                )
                office.tell(ENTRUSTMENT, give, mandate, id_)
            case "take back" if given_ones:
                chosen = given_ones[length % len(given_ones)]
                found = office.live[(ENTRUSTMENT.name, chosen)].given
                if found is not None:
                    office.tell(
                        ENTRUSTMENT, end_entrustment, EndEntrustment(PersonId(found.giver_id), office.now), chosen
                    )
            case _:
                pass
    office.until(office.now + timedelta(days=60))
    return office


def _whose(absence: Absence) -> PersonId:
    return PersonId(absence.announced.person_id if absence.announced else "nobody")


WISHES = st.lists(
    st.tuples(
        st.sampled_from(("go", "go", "decide", "longer", "back", "entrust", "entrust", "take back")),
        st.integers(0, 2),
        st.integers(0, 40),
        st.integers(1, 90),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=120)
@given(WISHES)
def test_at_any_moment_a_seat_of_one_has_at_most_one_actor_and_nobody_acts_for_himself(wishes: list[Wish]) -> None:
    office = lived(wishes)
    times: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for (name, _), events in office.streams.items():
        if name != ACTING.name:
            continue
        running: ActingStarted | None = None
        for event in events:
            if isinstance(event, ActingStarted):
                assert running is None, "begun over one that goes on"
                assert event.actor_id != event.principal_id
                running = event
            elif isinstance(event, ActingEnded):
                assert running is not None
                times[(running.post, running.principal_id)].append((running.started_at, event.ended_at))
                running = None
        if running is not None:
            times[(running.post, running.principal_id)].append((running.started_at, at("2030-01-01")))
    for held in times.values():
        held.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(held)), held
    for moment in {one for held in times.values() for pair in held for one in pair}:
        people = orchard.rules(moment, office.people)
        for post in ("head", "first_deputy"):
            assert len(people.who(_post(post), act="sign").holders) <= 1


@settings(deadline=None, max_examples=60)
@given(WISHES)
def test_a_replay_of_all_events_gives_what_grew_live(wishes: list[Wish]) -> None:
    office = lived(wishes)
    assert Roster.of(office.told) == office.people
    things: dict[str, Thing[Any, Any]] = {thing.name: thing for thing in (ABSENCE, ACTING, ENTRUSTMENT)}
    for (name, stream), state in office.live.items():
        thing = things[name]
        assert reduce(thing.evolve, office.streams[(name, stream)], thing.start(stream)) == state


def _post(post: str) -> Any:
    return Selector.model_validate({"post": post})
