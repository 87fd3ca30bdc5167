"""What is wrong with the register of entrustments: the same given to two, times for which nobody was named (委托核对).

Pure: it reads the roster, decides nothing, and is asked for a period.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Literal

from attendance_svc.acting.start import fitting, row_for
from chancery.calendar import local_day
from chancery.refusal import Citation
from chancery.roster import Absence, Entrustment
from chancery.rules.rulebook import Rules

Fault = Literal["given_twice", "giver_left_the_post", "receiver_away", "nobody_entrusted"]


@dataclass(frozen=True, slots=True)
class Finding:
    """From ``starts_at`` until ``ends_at`` something is wrong; ``ends_at`` None: with no end in sight.

    ``given_twice``: two people hold a mandate for the same; ``giver_left_the_post``: who gave it holds the post no
    more; ``receiver_away``: who shall do it is away himself; ``nobody_entrusted``: somebody is away, the rules want a
    mandate for whoever acts, and there is none.
    """

    fault: Fault
    person: str
    starts_at: datetime
    ends_at: datetime | None
    entrustments: tuple[str, ...] = ()
    absence: str | None = None
    cites: tuple[Citation, ...] = ()


def review(rules: Rules, since: datetime, until: datetime) -> Sequence[Finding]:
    """Everything wrong between two moments, the earliest first."""
    found = [*_conflicts(rules, since, until), *_gaps(rules, since, until)]
    return sorted(found, key=lambda one: (one.starts_at, one.fault, one.person, one.entrustments))


def _conflicts(rules: Rules, since: datetime, until: datetime) -> Iterator[Finding]:
    given = [one for one in rules.roster.entrustments.values() if _meets(one.starts_at, one.ends_at, since, until)]
    for first, second in combinations(sorted(given, key=lambda one: (one.starts_at, one.id)), 2):
        if _the_same(first, second) and _meets(first.starts_at, first.ends_at, second.starts_at, second.ends_at):
            ends = min((one for one in (first.ends_at, second.ends_at) if one is not None), default=None)
            yield Finding("given_twice", first.giver, second.starts_at, ends, (first.id, second.id))
    for one in given:
        yield from _left(rules, one, since, until)
        if one.kind == "acting":
            yield from _both_away(rules, one)


def _the_same(first: Entrustment, second: Entrustment) -> bool:
    """One giver, one kind, two receivers, and what is meant overlaps: nothing named means all of it."""
    return (
        first.giver == second.giver
        and first.kind == second.kind
        and first.receiver != second.receiver
        and (first.post == second.post or None in (first.post, second.post))
        and (first.reference == second.reference or (None in (first.reference, second.reference) and _bounds(first)))
    )


def _bounds(given: Entrustment) -> bool:
    """Of acting the reference is a person: a mandate for oneself and one for another are never the same."""
    return given.kind != "acting"


def _left(rules: Rules, given: Entrustment, since: datetime, until: datetime) -> Iterator[Finding]:
    last = min(one for one in (given.ends_at, until) if one is not None)
    if given.post is None or last <= max(since, given.starts_at):
        return
    own = [a for a in rules.roster.appointments if a.person == given.giver and a.post == given.post]
    if own and not any(a.holds(local_day(last)) for a in own):
        yield Finding("giver_left_the_post", given.giver, max(since, given.starts_at), given.ends_at, (given.id,))


def _both_away(rules: Rules, given: Entrustment) -> Iterator[Finding]:
    """While the one is away for whom he shall act, the receiver is away himself."""
    absences = [a for a in rules.roster.absences.values() if a.stands]
    absent = given.reference if given.reference in rules.roster.persons else given.giver
    for his in absences:
        for own in absences:
            if his.person != absent or own.person != given.receiver or not own.meets(his.starts_at, his.until):
                continue
            starts = max(his.starts_at, own.starts_at, given.starts_at)
            ends = min(one for one in (his.until, own.until, given.ends_at) if one is not None)
            if starts < ends:
                yield Finding("receiver_away", given.receiver, starts, ends, (given.id,), own.id)


def _gaps(rules: Rules, since: datetime, until: datetime) -> Iterator[Finding]:
    for absence in rules.roster.absences.values():
        if absence.stands and absence.meets(since, until):
            yield from _uncovered(rules, absence, max(since, absence.starts_at), min(until, absence.until))


def _uncovered(rules: Rules, absence: Absence, since: datetime, until: datetime) -> Iterator[Finding]:
    """The times of an absence for which nobody fits: asked wherever a mandate begins or ends."""
    ruling = row_for(replace(rules, at=since), absence)
    if not ruling.regulated:
        return
    edges = {since, until}
    for given in rules.roster.entrustments.values():
        edges |= {one for one in (given.starts_at, given.ends_at) if one is not None and since < one < until}
    moments = sorted(edges)
    began: datetime | None = None
    for moment in moments:
        if moment < until and fitting(replace(rules, at=moment), absence, ruling) is None:
            began = began or moment
        elif began is not None:
            cites = tuple(ruling.citations)
            yield Finding("nobody_entrusted", absence.person, began, moment, absence=absence.id, cites=cites)
            began = None


def _meets(starts_at: datetime, ends_at: datetime | None, since: datetime, until: datetime | None) -> bool:
    return (until is None or starts_at < until) and (ends_at is None or since < ends_at)
