"""Begin to act, when absence, mandate and place fit the pack's row (代行开始)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from attendance_svc.acting.end import ended
from attendance_svc.acting.state import Acting, ActingEvent
from chancery.envelope import Standing
from chancery.events.attendance import ActingNotNamed, ActingStarted
from chancery.names import Capacity, PersonId, PostId
from chancery.roster import Absence, Entrustment
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules, only
from chancery.rules.ruling import AnyRuling, Hit, Ruling
from chancery.rules.tables import ACTING, NOTICES
from chancery.rules.tables import Acting as ActingRow
from chancery.thing import Told

PLACES = ("post", "district", "city", "country")
"""What may be left, each within the next."""

NOT_NAMED = "acting_not_named"
"""What rows of notices are asked for when somebody else than the absent person has to name who acts for him."""

Nobody = Literal["not_regulated", "nobody_named"]
"""Why nobody acts: the rules have no row for this absence, or a row is there and nobody holds the mandate it wants."""


@dataclass(frozen=True, slots=True)
class StartActing:
    """``since`` is when nobody acted any more, where a mandate ran out; None: from now."""

    absence_id: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fitting:
    """Who acts under which row, on which mandate (None where the row wants none)."""

    hit: Hit[ActingRow]
    deputy: PersonId
    mandate: str | None


def start(command: StartActing, acting: Acting, rules: Rules) -> Sequence[Told[ActingEvent]]:
    """A cause the row does not list: nothing begins. A row that fits and nobody named: that is told, with who can name.

    Where somebody acts already on an earlier mandate, he stops and the one of the later mandate begins; where he goes
    on until another end, because the absence was extended, he begins anew.
    """
    absence = rules.roster.absences.get(command.absence_id)
    if absence is None or not absence.holds(rules.at):
        return []
    ruling = row_for(rules, absence)
    found = fitting(rules, absence, ruling)
    running = acting.running
    if found is None:
        return _not_named(rules, acting, absence, ruling, command.since) if ruling.regulated and running is None else []
    ends_at = _ends_at(rules, absence, found)
    if running is not None and (running.actor_id, running.ends_at) == (found.deputy, ends_at):
        return []
    row = found.hit.outcome
    started = ActingStarted(
        acting_id=str(acting.id),
        principal_id=absence.person,
        post=absence.post,
        actor_id=found.deputy,
        absence_id=absence.id,
        entrustment_id=found.mandate,
        scope=row.scope,
        excludes=row.excludes,
        started_at=rules.at,
        ends_at=ends_at,
    )
    standing = Standing(found.deputy, PostId(absence.post), Capacity.ACTING, PersonId(absence.person))
    before: list[Told[ActingEvent]] = [Told(ended(running, rules.at))] if running is not None else []
    return [*before, Told(started, (only(ruling, found.hit),), standing)]


def _not_named(
    rules: Rules, acting: Acting, absence: Absence, ruling: Ruling[ActingRow], since: datetime | None
) -> Sequence[Told[ActingEvent]]:
    """That nobody is named, told once: to those who can name somebody, and to whom the rules have told of it."""
    if acting.gap is not None:
        return []
    choosers = frozenset[str]()
    for hit in ruling.hits:
        deputy = hit.outcome.deputy
        choosers |= _choosers(rules, deputy) if deputy.how == "chosen_by" else frozenset()
    by_mandate = any(hit.outcome.mandate == "required" for hit in ruling.hits)
    to_name = sorted(choosers or (frozenset({absence.person}) if by_mandate else frozenset[str]()))
    notices = rules.ask(NOTICES, on=NOT_NAMED) if absence.person not in to_name else None
    told = {
        person for hit in (notices.hits if notices else ()) for who in hit.outcome.to for person in _all(rules, who)
    }
    not_named = ActingNotNamed(
        acting_id=str(acting.id),
        principal_id=absence.person,
        post=absence.post,
        absence_id=absence.id,
        to_name=tuple(to_name),
        tell=tuple(sorted(told | set(to_name))),
        since=since or rules.at,
        ends_at=absence.ends_at,
    )
    under: tuple[AnyRuling, ...] = (ruling, notices) if notices is not None and notices.regulated else (ruling,)
    return [Told(not_named, under)]


def _all(rules: Rules, who: Selector) -> frozenset[str]:
    return rules.who(who).people()


def _ends_at(rules: Rules, absence: Absence, found: Fitting) -> datetime | None:
    """When it ends by itself: with the planned absence where the row says so, with the mandate; the earlier of both."""
    mandate = rules.roster.entrustments.get(found.mandate or "")
    planned = absence.ends_at if found.hit.outcome.ends == "planned_end" else None
    return min((one for one in (planned, mandate and mandate.ends_at) if one is not None), default=None)


def row_for(rules: Rules, absence: Absence) -> Ruling[ActingRow]:
    """What the rules say of acting for this holder: gone from the city, he is gone from district and post as well."""
    hits: dict[str, Hit[ActingRow]] = {}
    left = PLACES[: PLACES.index(absence.leaving) + 1]
    for place in left[:3]:
        asked = rules.ask(ACTING, principal=absence.post, away_from=place, cause=absence.cause)
        hits |= {hit.row: hit for hit in asked.hits if hit.row not in hits}
    order = {row.id: number for number, row in enumerate(rules.pack.rows(ACTING))}
    return Ruling(ACTING.name, rules.pack.ref, tuple(sorted(hits.values(), key=lambda hit: order[hit.row])))


def fitting(rules: Rules, absence: Absence, ruling: Ruling[ActingRow]) -> Fitting | None:
    """The first row, in order, with a deputy who is there and, where the row wants it, holds a mandate.

    Of several mandates the latest counts: what was said last replaces what was said before.
    """
    held = rules.roster.entrusted("acting", rules.at, giver=absence.person)
    own = _latest_first(
        given for given in held if given.post in (None, absence.post) and meant(rules, given) == absence.person
    )
    for hit in ruling.hits:
        named = _named(rules, hit.outcome.deputy, absence)
        if named:
            return Fitting(hit, PersonId(named[0].receiver), named[0].id)
        who = rules.who(hit.outcome.deputy, acting="never")
        deputies = {str(holder.person): holder.person for holder in who.holders if holder.person != absence.person}
        for given in own:
            if given.receiver in deputies:
                return Fitting(hit, deputies[given.receiver], given.id)
        if hit.outcome.mandate == "none" and deputies:
            return Fitting(hit, next(iter(deputies.values())), None)
    return None


def _named(rules: Rules, deputy: Selector, absence: Absence) -> Sequence[Entrustment]:
    """Mandates to stand in for the absent person, given by whoever chooses the deputy: a mayor names him for one."""
    if deputy.how != "chosen_by" or deputy.of is None or deputy.among is None:
        return ()
    choosers = _choosers(rules, deputy)
    among = rules.who(deputy.among, acting="never").people()
    return _latest_first(
        given
        for given in rules.roster.entrusted("acting", rules.at)
        if given.giver in choosers and meant(rules, given) == absence.person
        if given.receiver in among and given.receiver != absence.person
    )


def _choosers(rules: Rules, deputy: Selector) -> frozenset[str]:
    """Who names the deputy: the holder of the post, also while another acts for him, and whoever acts."""
    if deputy.of is None:
        return frozenset()
    return rules.who(deputy.of, acting="never").people() | rules.who(deputy.of).people()


def meant(rules: Rules, given: Entrustment) -> str:
    """Whose absence a mandate to act is for: the person it refers to, otherwise its giver."""
    named = given.reference
    return named if named is not None and named in rules.roster.persons else given.giver


def _latest_first(mandates: Iterable[Entrustment]) -> Sequence[Entrustment]:
    return sorted(mandates, key=lambda given: (given.starts_at, given.id), reverse=True)


def why_nobody(rules: Rules, absence: Absence, at: datetime) -> Nobody | None:
    """Why nobody acts for somebody who is away; None where somebody does, or nobody is away."""
    if not absence.holds(at) or rules.roster.acting(absence.post, at, principal=absence.person) is not None:
        return None
    return "nobody_named" if row_for(rules, absence).regulated else "not_regulated"
