"""The roster: units, people, posts, portfolios; one by one, or a whole file; asked as of any moment."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from attendance_svc.api.forms import (
    AppointmentForm,
    CorrectionForm,
    EndAppointmentForm,
    GroupForm,
    PersonForm,
    PortfolioForm,
    RosterForm,
    UnitForm,
)
from attendance_svc.group.form import FormGroup, form_group, unfit
from attendance_svc.group.state import GROUP
from attendance_svc.keepers import keeps
from attendance_svc.person.assign_portfolio import AssignPortfolio, assign_portfolio
from attendance_svc.person.register import Register, register
from attendance_svc.person.state import PERSON
from attendance_svc.seat.appoint import Appoint, appoint
from attendance_svc.seat.correct import CorrectAppointment, correct
from attendance_svc.seat.end_appointment import EndAppointment, end_appointment
from attendance_svc.seat.state import SEAT, seat_of
from attendance_svc.unit.register import RegisterUnit, register_unit
from attendance_svc.unit.state import UNIT
from chancery.bus.rosters import ROSTER_EVENTS
from chancery.calendar import local_day
from chancery.desk import Desk
from chancery.events.attendance import AppointmentMade, GroupFormed, PortfolioAssigned
from chancery.events.base import Event
from chancery.events.parts import Code, Key
from chancery.names import Capacity, PersonId
from chancery.refusal import Reason, Refused
from chancery.roster import Appointment, Roster
from chancery.rules.rulebook import Rules
from chancery.service import stream_of
from chancery.web import REFUSED, DeskDep, Receipt, WebDesk

router = APIRouter(prefix="/v1/roster", tags=["roster 人员名册"])
ROLE = "roster"
K = TypeVar("K")
V = TypeVar("V")


def keeping(desk: Desk) -> PersonId | None:
    """Who changes the roster: a person, judged by the rules, or a system whose token says that it may."""
    if desk.caller.person is None:
        desk.requires(ROLE, "system")
    return desk.caller.person


@router.post(
    "/units", status_code=201, operation_id="register_unit", summary="登记单位 Register a unit", responses=REFUSED
)
async def register_a_unit(form: UnitForm, desk: DeskDep) -> Receipt:
    command = RegisterUnit(keeping(desk), form.told())
    return await desk.tell(UNIT, register_unit, command, stream=stream_of(desk.tenant, "unit", form.unit_id))


@router.post(
    "/persons", status_code=201, operation_id="register_person", summary="登记人员 Register a person", responses=REFUSED
)
async def register_person(form: PersonForm, desk: DeskDep) -> Receipt:
    command = Register(keeping(desk), form.person_id, form.name, form.name_en)
    return await desk.tell(PERSON, register, command, stream=stream_of(desk.tenant, "person", form.person_id))


@router.post(
    "/persons/{person_id}:appoint", operation_id="appoint_person", summary="任职 Appoint to a post", responses=REFUSED
)
async def appoint_person(person_id: Key, form: AppointmentForm, desk: DeskDep) -> Receipt:
    """A post of one seat is never held twice at once."""
    made = AppointmentMade(person_id=person_id, **form.model_dump())
    command = Appoint(keeping(desk), (made,))
    return await desk.tell(SEAT, appoint, command, stream=seat_of(desk.tenant, made.post, made.unit))


@router.post(
    "/persons/{person_id}:end-appointment",
    operation_id="end_appointment",
    summary="免职 End an appointment",
    responses=REFUSED,
)
async def end_an_appointment(person_id: Key, form: EndAppointmentForm, desk: DeskDep) -> Receipt:
    command = EndAppointment(keeping(desk), person_id, form.post, form.unit, form.ended_on)
    stream = seat_of(desk.tenant, form.post, form.unit)
    return await desk.tell(SEAT, end_appointment, command, stream=stream, existing=True)


@router.post(
    "/persons/{person_id}:correct-appointment",
    operation_id="correct_appointment",
    summary="更正任职 Correct an appointment",
    responses=REFUSED,
)
async def correct_an_appointment(person_id: Key, form: CorrectionForm, desk: DeskDep) -> Receipt:
    """What was recorded wrongly, as an event of its own; what was known before stays answerable (``known_at``)."""
    command = CorrectAppointment(keeping(desk), form.told(person_id))
    stream = seat_of(desk.tenant, form.post, form.unit)
    return await desk.tell(SEAT, correct, command, stream=stream, existing=True)


@router.post(
    "/persons/{person_id}:assign-portfolio",
    operation_id="assign_portfolio",
    summary="明确分工 Assign a portfolio",
    responses=REFUSED,
)
async def assign_a_portfolio(person_id: Key, form: PortfolioForm, desk: DeskDep) -> Receipt:
    given = PortfolioAssigned(person_id=person_id, **form.model_dump())
    command = AssignPortfolio(keeping(desk), given)
    stream = stream_of(desk.tenant, "person", person_id)
    return await desk.tell(PERSON, assign_portfolio, command, stream=stream, existing=True)


@router.post("/groups", status_code=201, operation_id="form_group", summary="明确群组 Form a group", responses=REFUSED)
async def form_a_group(form: GroupForm, desk: DeskDep) -> Receipt:
    """People under one name from a day on; who belonged to it before stays answerable. Nobody: it is dissolved."""
    command = FormGroup(keeping(desk), (form.told(),))
    return await desk.tell(GROUP, form_group, command, stream=stream_of(desk.tenant, "group", form.group_id))


class GroupView(BaseModel):
    """A group as it is made up at a moment; ``starts_on`` is since when."""

    group: str
    name_zh: str
    name_en: str
    members: list[str]
    starts_on: date


class Groups(BaseModel):
    as_of: datetime
    groups: list[GroupView]


@router.get("/groups", operation_id="list_groups", summary="群组 Groups as of a moment")
async def list_groups(
    desk: DeskDep,
    as_of: Annotated[
        AwareDatetime | None, Query(description="RFC 3339; now where none is named 时刻，默认现在")
    ] = None,
) -> Groups:
    """The groups that the government named itself; those of the rules are made up of posts."""
    moment, roster = as_of or desk.now(), (await desk.rules()).roster
    found = [group for group in (roster.group(id_, moment) for id_ in sorted(roster.groups)) if group is not None]
    return Groups(
        as_of=moment,
        groups=[
            GroupView(
                group=one.id,
                name_zh=one.name_zh,
                name_en=one.name_en,
                members=list(one.members),
                starts_on=one.starts_on,
            )
            for one in found
            if one.members
        ],
    )


class Loaded(BaseModel):
    """What a whole roster came to: how many people and units are in it, and how many commands told something new."""

    persons: int
    units: int
    told: int
    dry_run: bool = False


@router.post(":load", operation_id="load_roster", summary="导入名册 Load a whole roster", responses=REFUSED)
async def load_roster(form: RosterForm, desk: DeskDep) -> Loaded:
    """Every problem is listed at once, and then nothing is stored; loading the same file again tells nothing."""
    by = keeping(desk)
    rules = await desk.rules()
    problems = problems_of(form, rules)
    if by is not None and not keeps(rules, by):
        raise Refused(Reason("not_a_keeper_of_the_roster"), kind="forbidden")
    if problems:
        raise Refused(*problems)
    if desk.dry_run:
        return Loaded(persons=len(form.persons), units=len(form.units), told=0, dry_run=True)
    told = await keep_roster(form, desk, by)
    return Loaded(persons=len(form.persons), units=len(form.units), told=told)


async def keep_roster(form: RosterForm, desk: WebDesk, by: PersonId | None) -> int:
    """Tell all that is new of a sound roster: units, people, seats, then groups. How many commands told something."""
    portfolios = _by((one.person, one.told()) for one in form.portfolios)
    pairings = _by((one.assistant, one.told()) for one in form.pairings)
    seats = _by(((one.post, one.unit), one.told()) for one in form.appointments)
    people = [
        Register(
            by, person, known.name, known.name_en, tuple(portfolios.pop(person, ())), tuple(pairings.pop(person, ()))
        )
        for person, known in form.persons.items()
    ]
    people += [
        Register(by, person, None, None, tuple(portfolios.get(person, ())), tuple(pairings.get(person, ())))
        for person in dict.fromkeys((*portfolios, *pairings))
    ]
    told = await asyncio.gather(*(_unit(desk, by, unit) for unit in form.units))
    told += await asyncio.gather(*(_person(desk, one) for one in people))
    told += await asyncio.gather(*(_seat(desk, by, *seat, made) for seat, made in seats.items()))
    groups = _by((one.group, one.told()) for one in form.groups)
    told += await asyncio.gather(*(_group(desk, by, group, formed) for group, formed in groups.items()))
    return sum(told)


def _by(found: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    grouped: dict[K, list[V]] = {}
    for key, value in found:
        grouped.setdefault(key, []).append(value)
    return grouped


async def _unit(desk: WebDesk, by: PersonId | None, form: UnitForm) -> bool:
    handled = await desk.handle(
        UNIT, register_unit, RegisterUnit(by, form.told()), stream=stream_of(desk.tenant, "unit", form.unit_id)
    )
    return bool(handled.events)


async def _person(desk: WebDesk, command: Register) -> bool:
    stream = stream_of(desk.tenant, "person", command.person_id)
    return bool((await desk.handle(PERSON, register, command, stream=stream)).events)


async def _seat(
    desk: WebDesk, by: PersonId | None, post: str, unit: str | None, made: Sequence[AppointmentMade]
) -> bool:
    command = Appoint(by, tuple(made), known="skip")
    return bool((await desk.handle(SEAT, appoint, command, stream=seat_of(desk.tenant, post, unit))).events)


async def _group(desk: WebDesk, by: PersonId | None, group: str, formed: Sequence[GroupFormed]) -> bool:
    command = FormGroup(by, tuple(formed))
    return bool((await desk.handle(GROUP, form_group, command, stream=stream_of(desk.tenant, "group", group))).events)


def problems_of(form: RosterForm, rules: Rules) -> list[Reason]:
    """Everything wrong with the file as a whole: names that nobody has, posts that are not, seats taken twice."""
    people = set(form.persons) | set(rules.roster.persons)
    units = {u.unit_id for u in form.units} | set(rules.roster.units) | set(rules.pack.words.get("units", {}))
    found: list[Reason] = []
    for place, named in (
        ("appointments", [seat.person for seat in form.appointments]),
        ("portfolios", [given.person for given in form.portfolios]),
        ("pairings", [who for pair in form.pairings for who in (pair.assistant, pair.principal)]),
    ):
        each = 2 if place == "pairings" else 1  # both of a pair stand under its number
        for number, person in enumerate(named):
            if person not in people:
                found.append(Reason("unknown_person", params={"person": person}, subject=f"{place}.{number // each}"))
    for number, seat in enumerate(form.appointments):
        if rules.pack.term("posts", seat.post) is None:
            found.append(Reason("unknown_post", params={"post": seat.post}, subject=f"appointments.{number}"))
        if seat.unit is not None and seat.unit not in units:
            found.append(Reason("unknown_unit", params={"unit": seat.unit}, subject=f"appointments.{number}"))
    for number, given in enumerate(form.portfolios):
        found += [
            Reason("unknown_unit", params={"unit": unit}, subject=f"portfolios.{number}")
            for unit in given.units
            if unit not in units
        ]
    for number, group in enumerate(form.groups):
        found += [
            Reason(one.code, params=one.params, subject=f"groups.{number}")
            for one in unfit(group.told(), rules)
            if one.code != "unknown_person" or one.params["person"] not in people
        ]
    return found + _taken_twice(form, rules)


def _taken_twice(form: RosterForm, rules: Rules) -> list[Reason]:
    seats: dict[tuple[str, str | None], list[tuple[date, date, str]]] = {}
    for held in rules.roster.appointments:
        seats.setdefault((held.post, held.unit), []).append((held.starts_on, held.until or date.max, held.person))
    found: list[Reason] = []
    for number, seat in enumerate(form.appointments):
        term = rules.pack.term("posts", seat.post)
        if term is None or term.seats != "one":
            continue
        last = seat.until or date.max
        taken = seats.setdefault((seat.post, seat.unit), [])
        for first, until, person in taken:
            if person != seat.person and first <= last and seat.from_ <= until:
                params = {"post": rules.titled(seat.post), "who": rules.roster.name(person)}
                found.append(Reason("seat_taken", params=params, subject=f"appointments.{number}"))
                break
        taken.append((seat.from_, last, seat.person))
    return found


class HolderView(BaseModel):
    """Somebody in a post at a moment. ``acting_for`` names whom he acts for."""

    person: str
    name: str
    post: str
    unit: str | None
    capacity: Capacity
    acting_for: str | None = None
    away: bool = False


class RosterView(BaseModel):
    """The people of a government as of a moment."""

    as_of: datetime
    holders: list[HolderView]
    units: int


@router.get("", operation_id="get_roster", summary="某一时刻的名册 The roster as of a moment")
async def get_roster(
    desk: DeskDep,
    as_of: Annotated[
        AwareDatetime | None, Query(description="RFC 3339; now where none is named 时刻，默认现在")
    ] = None,
    known_at: Annotated[
        AwareDatetime | None, Query(description="as it was known then, before later corrections 按当时所知")
    ] = None,
    post: Code | None = None,
    unit: Key | None = None,
) -> RosterView:
    """Any day in the past is answerable, as known now or as known then; who acts stands beside the holder."""
    moment = as_of or desk.now()
    rules = await desk.rules()
    roster = rules.roster if known_at is None else await _as_known(desk, known_at)
    wanted = rules.pack.posts_of(post) if post else None
    found: list[HolderView] = []
    if unit is not None:
        those = roster.employed_in(unit, moment)
    elif wanted is not None:
        those = roster.holders(wanted, moment)
    else:
        those = tuple(held for held in roster.appointments if held.holds(local_day(moment)))
    for held in those:
        if wanted is not None and held.post not in wanted:
            continue
        found.append(_holder(roster, held, held.person, moment))
        acts = roster.acting(held.post, moment, principal=held.person)
        if acts is not None:
            found.append(_holder(roster, held, acts.actor, moment, acts_for=held.person))
    return RosterView(as_of=moment, holders=_ordered(found), units=len(roster.units))


async def _as_known(desk: Desk, at: datetime) -> Roster:
    """The roster of all that had been told by a moment: what was corrected later is not corrected yet."""
    roster, after = Roster(), 0
    while True:
        page = await desk.kernel.store.read(after, 1000, desk.tenant)
        told = (stored.recorded() for stored in page.events if stored.type in ROSTER_EVENTS)
        roster = known_then(roster, ((one.business_at, one.event) for one in told), at)
        if len(page.events) < 1000:
            return roster
        after = page.events[-1].position


def known_then(roster: Roster, told: Iterable[tuple[datetime, Event]], at: datetime) -> Roster:
    """A roster with those of some events, each with the moment at which it was told, that had been told by ``at``."""
    for moment, event in told:
        if moment <= at:
            roster = roster.after(event)
    return roster


def _holder(
    roster: Roster, held: Appointment, person: str, moment: datetime, acts_for: str | None = None
) -> HolderView:
    return HolderView(
        person=person,
        name=roster.name(person),
        post=held.post,
        unit=held.unit,
        capacity=Capacity.OWN if acts_for is None else Capacity.ACTING,
        acting_for=acts_for,
        away=roster.away(person, moment) is not None,
    )


def _ordered(holders: Sequence[HolderView]) -> list[HolderView]:
    return sorted(holders, key=lambda holder: (holder.post, holder.unit or "", holder.person))
