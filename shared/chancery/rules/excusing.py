"""An excuse given, an exception claimed, a step called for: the decisions that several services share. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chancery.envelope import Standing
from chancery.events.parts import CalledFor, Claim, Excuse
from chancery.refusal import Excusable, Reason, Refused
from chancery.rules.grammar import Selector, Step
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Hit, Ruling
from chancery.rules.setting_aside import permit_of
from chancery.rules.tables import TABLES
from chancery.rules.walk import Walk


@dataclass(frozen=True, slots=True)
class Excusing:
    """What is to be excused, named as the refusal named it (``excusable``), and why."""

    table: str
    row: str
    what: str
    reason: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Excused:
    """An excuse given, with the row it sets aside and the standing of whoever gave it."""

    excuse: Excuse
    under: Ruling[Any]
    standing: Standing


def excusing(
    asked: Excusing,
    by: str,
    rules: Rules,
    case: Case,
    *,
    tables: Sequence[str],
    given: Iterable[Excuse],
    unmet: Iterable[Excusable] | None,
) -> Excused:
    """The excuse, by the one whom the row names.

    ``tables`` are those that can be excused here, ``given`` the excuses given before, ``unmet`` what stands in the way
    now and could be excused; None where that cannot be seen yet.

    Raises:
        Refused: no such row, it must be kept, it asks no such thing, nothing is unmet or it was excused before;
            (forbidden) another may excuse it, or it is his own case.
    """
    ruling = row_named(rules, asked.table if asked.table in tables else "", asked.row)
    hit = ruling.first
    if hit is None:
        raise Refused(Reason("no_such_row", params={"table": asked.table, "row": asked.row}, subject="row"))
    cites = hit.cites
    permit = permit_of(hit.outcome, hit.force, hit.permit, asked.what) if hit.pack is None else None
    if permit is None:
        raise Refused(Reason("not_excusable", cites, {"row": asked.row}, subject="row"))
    standing = rules.is_one_of(by, [permit], case, "excuse")
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(rules.who(permit, case, "excuse").people()))
        raise Refused(Reason("not_the_permitter", cites, {"who": names or permit.written()}), kind="forbidden")
    if case.applicant is not None and by == case.applicant:
        raise Refused(Reason("own_case", cites, {"who": permit.written()}), kind="forbidden")
    same = (asked.table, asked.row, asked.what, asked.of)
    if any((one.table, one.row, one.what, one.of) == same for one in given):
        raise Refused(Reason("excused_already", cites, {"row": asked.row}))
    if unmet is not None and not any((one.table, one.row, one.what, one.of) == same for one in unmet):
        raise Refused(Reason("nothing_to_excuse", cites, {"row": asked.row, "what": rules.titled(asked.what)}))
    excuse = Excuse(
        table=asked.table, row=asked.row, what=asked.what, of=asked.of, reason=asked.reason, by=by, at=rules.at
    )
    return Excused(excuse, ruling, standing)


def row_named(rules: Rules, table: str, row: str) -> Ruling[Any]:
    """One row as a ruling, of the own pack or else of one asked beside it; no hit where there is none of that name."""
    for pack in (rules.pack, *rules.beside):
        beside = None if pack is rules.pack else pack.ref
        hits = tuple(
            Hit(one.id, one.outcome, one.force, pack.citations[table][one.id], one.permit, beside)
            for one in pack.tables.get(table, ())
            if one.id == row
        )
        if hits:
            return Ruling(table, rules.pack.ref, hits)
    return Ruling(table, rules.pack.ref, ())


# -- exceptions ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claiming:
    exception: str
    reason: str


def claiming(
    asked: Claiming, by: str, rules: Rules, given: Iterable[Claim], tables: Sequence[str]
) -> tuple[Claim, tuple[AnyRuling, ...]]:
    """The claim, with every row of the given tables that names the exception.

    Raises:
        Refused: no row names it, or it was claimed before.
    """
    under = tuple(naming(rules, asked.exception, tables))
    if not under:
        known = sorted({word for table in tables for word in exceptions_of(rules, table)})
        params = {"exception": asked.exception, "known": "、".join(map(rules.titled, known)) or "—"}
        raise Refused(Reason("unknown_exception", params=params, subject="exception"))
    if any(one.exception == asked.exception for one in given):
        cites = tuple(cite for ruling in under for cite in ruling.citations)
        raise Refused(Reason("claimed_already", cites, {"exception": rules.titled(asked.exception)}))
    return Claim(exception=asked.exception, reason=asked.reason, by=by, at=rules.at), under


def exceptions_of(rules: Rules, table: str) -> frozenset[str]:
    """The exceptions that rows of a table name; those a check's own parameters name as well."""
    found: set[str] = set()
    for row in rules.pack.tables.get(table, ()):
        found |= {word for unless in row.unless for word in unless.exception}
        found |= set(getattr(getattr(row.outcome, "params", None), "unless", ()))
    return frozenset(found)


def naming(rules: Rules, exception: str, tables: Sequence[str]) -> Iterator[Ruling[Any]]:
    """Per table, the rows that the exception would take away or let pass."""
    for table in tables:
        cites = rules.pack.citations.get(table, {})
        hits = tuple(
            Hit(row.id, row.outcome, row.force, cites[row.id], row.permit)
            for row in rules.pack.tables.get(table, ())
            if any(exception in unless.exception for unless in row.unless)
            or exception in getattr(getattr(row.outcome, "params", None), "unless", ())
        )
        if hits:
            yield Ruling(table, rules.pack.ref, hits)


EVERY_TABLE = tuple(TABLES)


# -- steps that exist where they are wanted -----------------------------------


def key_of(step: Step) -> str | None:
    """The word by which a step is called for: its condition's, or its act; None for one that is there anyway."""
    if step.only_if is not None:
        return step.only_if
    return step.do if step.force in ("as_needed", "may") else None


def dormant(walk: Walk) -> tuple[Step, ...]:
    """The steps of a route that exist only once somebody calls for them, and nobody has."""
    steps = [step for steps in walk.route.alternatives for step in steps]
    return tuple(step for step in steps if key_of(step) is not None and key_of(step) not in walk.switched_on)


def calling(step: str, by: str, reason: str | None, walk: Walk) -> tuple[CalledFor, Standing]:
    """The step switched on, after which it must be taken.

    By whom the step names (``called_by``); where it names nobody, by whoever takes an open step of the route now, or by
    the step's own person.

    Raises:
        Refused: the route is complete, or has no such step waiting; (forbidden) it is not his to call for.
    """
    rules, state = walk.rules, walk.state
    cites = tuple(walk.cites)
    if state.complete:
        raise Refused(Reason("route_complete", cites))
    waiting = [one for one in dormant(walk) if key_of(one) == step]
    if not waiting:
        known = "、".join(dict.fromkeys(key_of(one) or "" for one in dormant(walk)))
        raise Refused(Reason("no_step_to_call", cites, {"step": step, "known": known or "—"}, subject="step"))
    standing = next((found for found in (_competent(one, by, walk) for one in waiting) if found is not None), None)
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(_people(waiting, walk)))
        raise Refused(Reason("not_yours_to_call", cites, {"step": step, "who": names or "—"}), kind="forbidden")
    return CalledFor(step=step, reason=reason, by=by, at=rules.at), standing


def _callers(step: Step) -> list[Selector]:
    if step.called_by is not None:
        return [step.called_by]
    return [step.by] if step.by is not None else []


def _competent(step: Step, by: str, walk: Walk) -> Standing | None:
    named = walk.rules.is_one_of(by, _callers(step), walk.case, step.do)
    if named is not None or step.called_by is not None:
        return named
    return next((holder for one in walk.state.open for holder in one.left if holder.person == by), None)


def _people(waiting: Sequence[Step], walk: Walk) -> set[str]:
    found = {
        person
        for step in waiting
        for selector in _callers(step)
        for person in walk.rules.who(selector, walk.case, step.do).people()
    }
    if any(step.called_by is None for step in waiting):
        found |= {str(holder.person) for one in walk.state.open for holder in one.left}
    return found
