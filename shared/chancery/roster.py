"""Who holds which post, who is in charge of what, who is away and who acts: folded from attendance events. Pure.

Everything is asked *as of a moment*. Corrections are later events; what was asked yesterday of yesterday's events is
answered the same today.
"""

from collections.abc import Iterable, Mapping
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
    LeaveApproved,
    LeaveRefused,
    PersonRegistered,
    PortfolioAssigned,
    ReturnReported,
    UnitRegistered,
)
from chancery.events.base import Event

K = TypeVar("K")
V = TypeVar("V")


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

    def holds(self, at: datetime) -> bool:
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)


@dataclass(frozen=True)
class Roster:
    """The people of one government. Immutable: ``after(event)`` gives the next one."""

    persons: Mapping[str, str] = field(default_factory=dict[str, str])
    units: Mapping[str, Unit] = field(default_factory=dict[str, Unit])
    appointments: tuple[Appointment, ...] = ()
    portfolios: Mapping[str, tuple[Portfolio, ...]] = field(default_factory=dict[str, tuple[Portfolio, ...]])
    pairings: tuple[Pairing, ...] = ()
    entrustments: Mapping[str, Entrustment] = field(default_factory=dict[str, Entrustment])
    absences: Mapping[str, Absence] = field(default_factory=dict[str, Absence])
    actings: Mapping[str, ActingFor] = field(default_factory=dict[str, ActingFor])

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
                return replace(self, persons=_with(self.persons, event.person_id, event.name))
            case UnitRegistered():
                unit = Unit(event.unit_id, event.kind, event.name_zh, event.name_en, event.parent)
                return replace(self, units=_with(self.units, event.unit_id, unit))
            case AppointmentMade():
                made = Appointment(event.person_id, event.post, event.unit, event.starts_on, event.until)
                return replace(self, appointments=(*self.appointments, made))
            case AppointmentEnded():
                return replace(self, appointments=tuple(_ended(a, event) for a in self.appointments))
            case AppointmentCorrected():
                corrected = (_corrected(a, event) for a in self.appointments)
                return replace(self, appointments=tuple(a for a in corrected if a is not None))
            case PortfolioAssigned():
                new = Portfolio(frozenset(event.units), frozenset(event.subjects), event.starts_on)
                kept = tuple(p for p in self.portfolios.get(event.person_id, ()) if p.starts_on != event.starts_on)
                ordered = tuple(sorted((*kept, new), key=lambda p: p.starts_on))
                return replace(self, portfolios=_with(self.portfolios, event.person_id, ordered))
            case AssistantPaired():
                pair = Pairing(event.assistant_id, event.principal_id, event.starts_on, event.until)
                return replace(self, pairings=(*self.pairings, pair))
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
                return replace(self, entrustments=_with(self.entrustments, event.entrustment_id, given))
            case EntrustmentEnded():
                held = self.entrustments.get(event.entrustment_id)
                if held is None:
                    return self
                ended = replace(held, ends_at=event.ended_at)
                return replace(self, entrustments=_with(self.entrustments, held.id, ended))
            case AbsenceAnnounced() | AbsenceReplanned():
                announced = Absence(
                    event.absence_id,
                    event.person_id,
                    event.post,
                    event.leaving,
                    event.cause,
                    event.starts_at,
                    event.ends_at,
                )
                return replace(self, absences=_with(self.absences, event.absence_id, announced))
            case LeaveApproved():
                stands = Absence(
                    event.absence_id,
                    event.person_id,
                    event.post,
                    event.leaving,
                    event.cause,
                    event.starts_at,
                    event.ends_at,
                    stands=True,
                )
                return replace(self, absences=_with(self.absences, event.absence_id, stands))
            case AbsenceExtended():
                longer = self.absences.get(event.absence_id)
                if longer is None:
                    return self
                return replace(self, absences=_with(self.absences, longer.id, replace(longer, ends_at=event.ends_at)))
            case LeaveRefused() | AbsenceWithdrawn():
                return replace(self, absences={k: v for k, v in self.absences.items() if k != event.absence_id})
            case ReturnReported():
                away = self.absences.get(event.absence_id)
                if away is None:
                    return self
                back = replace(away, returned_at=event.returned_at)
                return replace(self, absences=_with(self.absences, away.id, back))
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
                return replace(self, actings=_with(self.actings, event.acting_id, acts))
            case ActingEnded():
                acted = self.actings.get(event.acting_id)
                if acted is None:
                    return self
                over = replace(acted, ended_at=event.ended_at)
                return replace(self, actings=_with(self.actings, acted.id, over))
            case _:
                return self

    # -- asking ------------------------------------------------------------

    def name(self, person: str) -> str:
        return self.persons.get(person, person)

    def held_by(self, person: str, at: datetime) -> tuple[Appointment, ...]:
        """The posts somebody holds at a moment."""
        on = local_day(at)
        return tuple(a for a in self.appointments if a.person == person and a.holds(on))

    def holders(self, posts: frozenset[str], at: datetime, unit: str | None = None) -> tuple[Appointment, ...]:
        """Who holds any of these posts at a moment, in the order of appointment; of one unit where it is named."""
        on = local_day(at)
        return tuple(
            a for a in self.appointments if a.post in posts and a.holds(on) and (unit is None or a.unit == unit)
        )

    def employed_in(self, unit: str, at: datetime) -> tuple[Appointment, ...]:
        """Everybody with a post in a unit."""
        on = local_day(at)
        return tuple(a for a in self.appointments if a.unit == unit and a.holds(on))

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

    def away(self, person: str, at: datetime) -> Absence | None:
        """The absence that keeps somebody away at a moment, if one stands."""
        return next((a for a in self.absences.values() if a.person == person and a.holds(at)), None)

    def acting(self, post: str, at: datetime, principal: str | None = None) -> ActingFor | None:
        """Who acts for a post's holder at a moment; of several mandates the latest counts."""
        found = [
            a
            for a in self.actings.values()
            if a.post == post and a.holds(at) and (principal is None or a.principal == principal)
        ]
        return max(found, key=lambda a: (a.started_at, a.id), default=None)

    def acting_as(self, person: str, at: datetime) -> tuple[ActingFor, ...]:
        return tuple(a for a in self.actings.values() if a.actor == person and a.holds(at))

    def entrusted(self, kind: str, at: datetime, giver: str | None = None) -> tuple[Entrustment, ...]:
        return tuple(
            e
            for e in self.entrustments.values()
            if e.kind == kind and e.holds(at) and (giver is None or e.giver == giver)
        )

    def unit_names(self, unit: str) -> tuple[str, str]:
        found = self.units.get(unit)
        return (found.name_zh, found.name_en) if found else (unit, unit)


def _with(held: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**held, key: value}


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
