"""Who holds which post, who is in charge of what, who is away and who acts: folded from attendance events. Pure.

Everything is asked *as of a moment*. Corrections are later events; what was asked yesterday of yesterday's events is
answered the same today. A year of a district is asked as quickly as a week of it: people, posts and absences are found
by name, and what was over before the moment is not looked at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from chancery.calendar import local_day
from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceExtended,
    AbsenceReplanned,
    AbsenceWithdrawn,
    ActingEnded,
    ActingStarted,
    AppointmentCorrected,
    AppointmentEnded,
    AppointmentMade,
    AssistantPaired,
    EntrustmentEnded,
    EntrustmentGiven,
    GroupFormed,
    LeaveApproved,
    LeaveRefused,
    PersonRegistered,
    PortfolioAssigned,
    ReturnReported,
    UnitRegistered,
)
from chancery.events.base import Event
from chancery.growing import Grown, Lasting, Times

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T", bound=Lasting)


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    kind: str
    name_zh: str
    name_en: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Appointment:
    """``until`` is the last day, None while it runs."""

    person: str
    post: str
    unit: str | None
    starts_on: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Portfolio:
    units: frozenset[str]
    subjects: frozenset[str]
    starts_on: date


@dataclass(frozen=True, slots=True)
class Pairing:
    assistant: str
    principal: str
    starts_on: date
    until: date | None

    def is_same(self, other: "Pairing") -> bool:
        """Whether both speak of one pairing, which may since have been given an end."""
        mine = (self.assistant, self.principal, self.starts_on)
        return mine == (other.assistant, other.principal, other.starts_on)


@dataclass(frozen=True, slots=True)
class Group:
    """People under one name from a day on; nobody in it: it was dissolved."""

    id: str
    name_zh: str
    name_en: str
    members: tuple[str, ...]
    starts_on: date


@dataclass(frozen=True, slots=True)
class Entrustment:
    id: str
    giver: str
    receiver: str
    kind: str
    post: str | None
    reference: str | None
    starts_at: datetime
    ends_at: datetime | None

    @property
    def since(self) -> datetime:
        return self.starts_at

    @property
    def over(self) -> datetime | None:
        return self.ends_at

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Absence:
    """``stands`` once it was approved, or reported where a report is enough.

    It keeps away until the planned end, or until the return where that was earlier. Whoever stays longer has it
    extended beforehand; a late return is a matter of the ledger and does not change who was answered to be away.
    """

    id: str
    person: str
    post: str
    leaving: str
    cause: str
    starts_at: datetime
    ends_at: datetime
    stands: bool = False
    returned_at: datetime | None = None

    @property
    def until(self) -> datetime:
        return self.ends_at if self.returned_at is None else min(self.returned_at, self.ends_at)

    @property
    def since(self) -> datetime:
        return self.starts_at

    @property
    def over(self) -> datetime | None:
        return self.until

    def holds(self, at: datetime) -> bool:
        return self.stands and self.starts_at <= at < self.until

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it and another time have a moment in common, whether it stands already or not."""
        return self.starts_at < ends_at and starts_at < self.until


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Somebody acts for the holder of a post; ``scope`` and ``excludes`` in the pack's words."""

    id: str
    principal: str
    post: str
    actor: str
    scope: frozenset[str]
    excludes: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None

    @property
    def since(self) -> datetime:
        return self.started_at

    @property
    def over(self) -> datetime | None:
        return self.ended_at

    def holds(self, at: datetime) -> bool:
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)


Index = Grown[str, tuple[int, ...]]


@dataclass(frozen=True)
class Roster:
    """The people of one government. Immutable: ``after(event)`` gives the next one.

    ``actings`` are all that ever began, one after the other of the same absence as well. The indexes say where in
    ``appointments`` a person, a post, a unit is found, and who was away, acted or was entrusted when.
    """

    persons: Mapping[str, str] = field(default_factory=Grown[str, str])
    units: Mapping[str, Unit] = field(default_factory=Grown[str, Unit])
    appointments: tuple[Appointment, ...] = ()
    portfolios: Mapping[str, tuple[Portfolio, ...]] = field(default_factory=Grown[str, tuple[Portfolio, ...]])
    pairings: tuple[Pairing, ...] = ()
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=Grown[str, tuple[Group, ...]])
    entrustments: Mapping[str, Entrustment] = field(default_factory=Grown[str, Entrustment])
    absences: Mapping[str, Absence] = field(default_factory=Grown[str, Absence])
    actings: Mapping[str, ActingFor] = field(default_factory=Grown[str, ActingFor])

    _person: Index = field(default_factory=Grown[str, "tuple[int, ...]"], compare=False, repr=False)
    _post: Index = field(default_factory=Grown[str, "tuple[int, ...]"], compare=False, repr=False)
    _unit: Index = field(default_factory=Grown[str, "tuple[int, ...]"], compare=False, repr=False)
    _away: "Grown[str, Times[Absence]]" = field(default_factory=Grown[str, "Times[Absence]"], compare=False, repr=False)
    _principal: "Grown[str, Times[ActingFor]]" = field(
        default_factory=Grown[str, "Times[ActingFor]"], compare=False, repr=False
    )
    _actor: "Grown[str, Times[ActingFor]]" = field(
        default_factory=Grown[str, "Times[ActingFor]"], compare=False, repr=False
    )
    _stood_in: "Grown[str, Times[ActingFor]]" = field(
        default_factory=Grown[str, "Times[ActingFor]"], compare=False, repr=False
    )
    _given: "Grown[str, Times[Entrustment]]" = field(
        default_factory=Grown[str, "Times[Entrustment]"], compare=False, repr=False
    )

    # -- folding -----------------------------------------------------------

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Roster":
        roster = cls()
        for event in events:
            roster = roster.after(event)
        return roster

    def after(self, event: Event) -> "Roster":
        """This roster with one more event; events that say nothing of the roster leave it as it is."""
        match event:
            case PersonRegistered():
                return self._with(persons=_with(self.persons, event.person_id, event.name))
            case UnitRegistered():
                unit = Unit(event.unit_id, event.kind, event.name_zh, event.name_en, event.parent)
                return self._with(units=_with(self.units, event.unit_id, unit))
            case AppointmentMade():
                return self._appointed(
                    Appointment(event.person_id, event.post, event.unit, event.starts_on, event.until)
                )
            case AppointmentEnded():
                return self._with(appointments=tuple(_ended(a, event) for a in self.appointments))
            case AppointmentCorrected():
                return self._corrected(event)
            case PortfolioAssigned():
                new = Portfolio(frozenset(event.units), frozenset(event.subjects), event.starts_on)
                kept = tuple(p for p in self.portfolios.get(event.person_id, ()) if p.starts_on != event.starts_on)
                ordered = tuple(sorted((*kept, new), key=lambda p: p.starts_on))
                return self._with(portfolios=_with(self.portfolios, event.person_id, ordered))
            case AssistantPaired():
                pair = Pairing(event.assistant_id, event.principal_id, event.starts_on, event.until)
                others = (p for p in self.pairings if not p.is_same(pair))
                return self._with(pairings=(*others, pair))
            case GroupFormed():
                group = Group(event.group_id, event.name_zh, event.name_en, event.members, event.starts_on)
                others = (g for g in self.groups.get(event.group_id, ()) if g.starts_on != event.starts_on)
                formed = tuple(sorted((*others, group), key=lambda g: g.starts_on))
                return self._with(groups=_with(self.groups, event.group_id, formed))
            case EntrustmentGiven():
                given = Entrustment(
                    event.entrustment_id,
                    event.giver_id,
                    event.receiver_id,
                    event.object.kind,
                    event.object.post,
                    event.object.reference,
                    event.starts_at,
                    event.ends_at,
                )
                return self._entrusted(given)
            case EntrustmentEnded():
                held = self.entrustments.get(event.entrustment_id)
                return self if held is None else self._entrusted(replace(held, ends_at=event.ended_at))
            case AbsenceAnnounced() | AbsenceReplanned():
                return self._absent(_absence(event))
            case LeaveApproved():
                return self._absent(replace(_absence(event), stands=True))
            case AbsenceExtended():
                longer = self.absences.get(event.absence_id)
                return self if longer is None else self._absent(replace(longer, ends_at=event.ends_at))
            case LeaveRefused() | AbsenceWithdrawn():
                return self._there_after_all(event.absence_id)
            case ReturnReported():
                away = self.absences.get(event.absence_id)
                return self if away is None else self._absent(replace(away, returned_at=event.returned_at))
            case ActingStarted():
                acts = ActingFor(
                    event.acting_id,
                    event.principal_id,
                    event.post,
                    event.actor_id,
                    frozenset(event.scope),
                    event.excludes,
                    event.started_at,
                    None,
                )
                return self._acts(acts)
            case ActingEnded():
                running = (a for a in self._times(self._principal, event.principal_id).open if a.id == event.acting_id)
                acted = next(running, None)
                return self if acted is None else self._acts(replace(acted, ended_at=event.ended_at), acted)
            case _:
                return self

    def _appointed(self, made: Appointment) -> "Roster":
        place = len(self.appointments)
        return self._with(
            appointments=(*self.appointments, made),
            _person=_placed(self._person, made.person, place),
            _post=_placed(self._post, made.post, place),
            _unit=self._unit if made.unit is None else _placed(self._unit, made.unit, place),
        )

    def _corrected(self, event: AppointmentCorrected) -> "Roster":
        corrected = [_corrected(a, event) for a in self.appointments]
        if all(corrected):
            return self._with(appointments=tuple(a for a in corrected if a is not None))
        nowhere: Index = Grown()
        anew = self._with(appointments=(), _person=nowhere, _post=nowhere, _unit=nowhere)
        for one in corrected:
            anew = anew if one is None else anew._appointed(one)
        return anew

    def _entrusted(self, given: Entrustment) -> "Roster":
        times = self._times(self._given, given.kind).put(given, self.entrustments.get(given.id))
        entrustments = _with(self.entrustments, given.id, given)
        return self._with(entrustments=entrustments, _given=self._given.put(given.kind, times))

    def _absent(self, absence: Absence) -> "Roster":
        times = self._times(self._away, absence.person).put(absence, self.absences.get(absence.id))
        absences = _with(self.absences, absence.id, absence)
        return self._with(absences=absences, _away=self._away.put(absence.person, times))

    def _there_after_all(self, absence: str) -> "Roster":
        found = self.absences.get(absence)
        if found is None:
            return self
        times = self._times(self._away, found.person).without(found)
        return self._with(absences=_without(self.absences, absence), _away=self._away.put(found.person, times))

    def _acts(self, acts: ActingFor, instead: ActingFor | None = None) -> "Roster":
        key = f"{acts.id}/{acts.started_at.isoformat()}"
        instead = instead or self.actings.get(key)
        return self._with(
            actings=_with(self.actings, key, acts),
            _principal=_timed(self._principal, acts.principal, acts, instead),
            _actor=_timed(self._actor, acts.actor, acts, instead),
            _stood_in=_timed(self._stood_in, acts.post, acts, instead),
        )

    def _times(self, index: "Grown[str, Times[T]]", key: str) -> "Times[T]":
        return index.get(key) or Times()

    def _with(self, **changed: object) -> "Roster":
        """The same with other parts. A year is tens of thousands of these, so none goes through ``__init__``."""
        found = object.__new__(Roster)
        found.__dict__.update(self.__dict__, **changed)
        return found

    # -- asking ------------------------------------------------------------

    def name(self, person: str) -> str:
        return self.persons.get(person, person)

    def held_by(self, person: str, at: datetime) -> tuple[Appointment, ...]:
        """The posts somebody holds at a moment."""
        return self._holding(self._person.get(person, ()), at)

    def holders(self, posts: frozenset[str], at: datetime, unit: str | None = None) -> tuple[Appointment, ...]:
        """Who holds any of these posts at a moment, in the order of appointment; of one unit where it is named."""
        if unit is not None:
            return tuple(a for a in self._holding(self._unit.get(unit, ()), at) if a.post in posts)
        return self._holding(sorted(place for post in posts for place in self._post.get(post, ())), at)

    def employed_in(self, unit: str, at: datetime) -> tuple[Appointment, ...]:
        """Everybody with a post in a unit."""
        return self._holding(self._unit.get(unit, ()), at)

    def ever_in(self, unit: str) -> tuple[Appointment, ...]:
        """Every appointment in a unit, whenever it was."""
        return tuple(self.appointments[place] for place in self._unit.get(unit, ()))

    def _holding(self, places: Iterable[int], at: datetime) -> tuple[Appointment, ...]:
        on, every = local_day(at), self.appointments
        return tuple(every[place] for place in places if every[place].holds(on))

    def portfolio(self, person: str, at: datetime) -> Portfolio | None:
        """What somebody is in charge of at a moment."""
        on = local_day(at)
        found = [p for p in self.portfolios.get(person, ()) if p.starts_on <= on]
        return found[-1] if found else None

    def in_charge_of(
        self, at: datetime, units: frozenset[str], subjects: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """The leaders whose portfolio holds any of the units or subjects."""
        found: list[str] = []
        for person in self.portfolios:
            held = self.portfolio(person, at)
            if held is None or not self.held_by(person, at):
                continue
            if not held.units.isdisjoint(units) or not held.subjects.isdisjoint(subjects):
                found.append(person)
        return tuple(found)

    def assistants(self, principal: str, at: datetime) -> tuple[str, ...]:
        on = local_day(at)
        return tuple(
            p.assistant
            for p in self.pairings
            if p.principal == principal and p.starts_on <= on and (p.until is None or on <= p.until)
        )

    def group(self, group: str, at: datetime) -> Group | None:
        """A group as it is made up at a moment; None before it was formed."""
        on = local_day(at)
        found = [g for g in self.groups.get(group, ()) if g.starts_on <= on]
        return found[-1] if found else None

    def away(self, person: str, at: datetime) -> Absence | None:
        """The absence that keeps somebody away at a moment, if one stands."""
        return next((a for a in self._times(self._away, person).at(at) if a.holds(at)), None)

    def absences_of(self, person: str, starts_at: datetime, ends_at: datetime) -> Iterator[Absence]:
        """Somebody's absences that have a moment in common with a time, whether they stand already or not."""
        return self._times(self._away, person).meeting(starts_at, ends_at)

    def every_absence_of(self, person: str) -> tuple[Absence, ...]:
        """All of somebody's absences, in the order in which they begin."""
        return self._times(self._away, person).ones

    def acting(self, post: str, at: datetime, principal: str | None = None) -> ActingFor | None:
        """Who acts for a post's holder at a moment; of several mandates the latest counts."""
        index, key = (self._stood_in, post) if principal is None else (self._principal, principal)
        found = (a for a in self._times(index, key).at(at) if a.post == post)
        return max(found, key=lambda a: (a.started_at, a.id), default=None)

    def acting_as(self, person: str, at: datetime) -> tuple[ActingFor, ...]:
        """For whom somebody acts at a moment."""
        return tuple(sorted(self._times(self._actor, person).at(at), key=lambda a: (a.started_at, a.id)))

    def entrusted(self, kind: str, at: datetime, giver: str | None = None) -> tuple[Entrustment, ...]:
        found = self._times(self._given, kind).at(at)
        return tuple(sorted((e for e in found if giver is None or e.giver == giver), key=lambda e: (e.starts_at, e.id)))

    def unit_names(self, unit: str) -> tuple[str, str]:
        found = self.units.get(unit)
        return (found.name_zh, found.name_en) if found else (unit, unit)


def _absence(event: AbsenceAnnounced | AbsenceReplanned | LeaveApproved) -> Absence:
    return Absence(
        event.absence_id,
        event.person_id,
        event.post,
        event.leaving,
        event.cause,
        event.starts_at,
        event.ends_at,
    )


def _with(held: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return (held if isinstance(held, Grown) else Grown(held)).put(key, value)


def _without(held: Mapping[K, V], key: K) -> Mapping[K, V]:
    return (held if isinstance(held, Grown) else Grown(held)).without(key)


def _placed(index: Index, key: str, place: int) -> Index:
    return index.put(key, (*index.get(key, ()), place))


def _timed(
    index: "Grown[str, Times[ActingFor]]", key: str, one: ActingFor, instead: ActingFor | None
) -> "Grown[str, Times[ActingFor]]":
    return index.put(key, (index.get(key) or Times()).put(one, instead))


def _ended(held: Appointment, event: AppointmentEnded) -> Appointment:
    same = held.person == event.person_id and held.post == event.post and held.unit == event.unit
    if not same or (held.until is not None and held.until < event.ended_on) or held.starts_on > event.ended_on:
        return held
    return replace(held, until=event.ended_on)


def _corrected(held: Appointment, event: AppointmentCorrected) -> Appointment | None:
    """The appointment as it really was; None: it never was."""
    said = (event.person_id, event.post, event.unit, event.starts_on)
    if (held.person, held.post, held.unit, held.starts_on) != said:
        return held
    if event.now_starts_on is None:
        return None
    return replace(held, starts_on=event.now_starts_on, until=event.now_until)
