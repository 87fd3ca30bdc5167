"""Correct minutes that were signed (纪要更正): the earlier wording stays in the record, the reason beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chancery.events.meeting import MinutesCorrected, MinutesDrafted, MinutesEvent
from chancery.events.parts import Decision
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.facts import unknown_words
from meeting_svc.kept import content_of, stub_of
from meeting_svc.minutes.state import Minutes, Stage
from meeting_svc.minutes.way import walk_of
from meeting_svc.routes import standing_of
from meeting_svc.sitting.outcomes import ADOPTED


@dataclass(frozen=True, slots=True)
class Says:
    """What a decision shall say; None: as it says now, or nothing where it is new."""

    text: str | None = None
    outcome: str | None = None
    lead: str | None = None
    cooperating: tuple[str, ...] | None = None
    due_on: date | None = None
    orders_document: str | None = None

    def over(self, was: Decision) -> Decision:
        named: dict[str, Any] = {
            "text": self.text,
            "outcome": self.outcome,
            "lead": self.lead,
            "cooperating": self.cooperating,
            "due_on": self.due_on,
            "orders_document": self.orders_document,
        }
        return was.model_copy(update={name: value for name, value in named.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Correct:
    """``no`` is the decision's number. ``whole`` is all of it where its content is kept back, with a new salt."""

    by: PersonId
    no: int
    reason: str
    says: Says
    whole: Decision | None = None
    salt: str = ""

    @property
    def wholly(self) -> Decision | None:
        """All that it shall say, where it is kept back."""
        return self.says.over(self.whole) if self.whole is not None else None


def correct(command: Correct, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """By whoever signs such minutes now, with the reason written; what was wrong is never rewritten.

    Raises:
        Refused: not signed yet, no such decision, nothing is different, a unit or a word is not known; (forbidden)
            another signs.
    """
    _signed(minutes)
    was = _decision(minutes, command.no)
    now = command.says.over(was)
    if was.kept is not None:
        wholly = command.wholly
        if wholly is None:
            raise Refused(Reason("no_such_decision", params={"no": command.no}, subject="no"))
        now = stub_of(wholly, content_of(wholly, command.salt)) if wholly != command.whole else was
    if now == was:
        raise Refused(Reason("nothing_corrected"))
    return _corrected(command.by, command.reason, minutes, rules, was, now)


@dataclass(frozen=True, slots=True)
class Add:
    """A decision of the sitting that its minutes left out; ``item`` is the number of the item it was made on."""

    by: PersonId
    item: int
    reason: str
    says: Says


def add(command: Add, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """By whoever signs such minutes now; it gets the number after the last, and units act on it as on the others.

    Raises:
        Refused: not signed yet, no such item, a unit or a word is not known, without a text; (forbidden) another signs.
    """
    drafted = _signed(minutes)
    of_the_item = next((one for one in drafted.decisions if one.no == command.item), None)
    if of_the_item is None:
        raise Refused(Reason("no_such_decision", params={"no": command.item}, subject="item"))
    if not command.says.text:
        raise Refused(Reason("nothing_corrected"))
    every = [*drafted.decisions, *(one.now for one in minutes.corrections if one.now is not None)]
    blank = of_the_item.model_copy(
        update={
            "no": max(one.no for one in every) + 1,
            "cooperating": (),
            "due_on": None,
            "orders_document": None,
            "dissent": (),
        }
    )
    return _corrected(command.by, command.reason, minutes, rules, None, command.says.over(blank))


@dataclass(frozen=True, slots=True)
class Strike:
    """A decision that the sitting did not make."""

    by: PersonId
    no: int
    reason: str


def strike(command: Strike, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """By whoever signs such minutes now; what stood stays in the record.

    Raises:
        Refused: not signed yet, no such decision; (forbidden) another signs.
    """
    _signed(minutes)
    return _corrected(command.by, command.reason, minutes, rules, _decision(minutes, command.no), None)


def _signed(minutes: Minutes) -> MinutesDrafted:
    if minutes.draft is None or minutes.stage not in (Stage.SIGNED, Stage.ISSUED):
        raise Refused(Reason("nothing_signed_to_correct"))
    return minutes.draft


def _corrected(
    by: PersonId, reason: str, minutes: Minutes, rules: Rules, was: Decision | None, now: Decision | None
) -> Sequence[Told[MinutesEvent]]:
    drafted = _signed(minutes)
    lacking = _unknown(now, rules) if now is not None else []
    if lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, replace(minutes, steps=minutes.steps[:-1]), drafted)
    taken = walk.the_last(by, reason, steps_before="steps_before_the_signature")
    corrected = MinutesCorrected(
        minutes_id=minutes.id,
        sitting_id=drafted.sitting_id,
        was=was,
        now=now,
        reason=reason,
        taken=taken,
        body=drafted.body,
        series=drafted.series,
        number=drafted.number,
        sitting_on=drafted.sitting_on,
        closed_at=drafted.closed_at,
        issued=minutes.stage is Stage.ISSUED,
    )
    return [Told(corrected, (ruling,), standing_of(taken))]


def _unknown(now: Decision, rules: Rules) -> list[Reason]:
    units = dict.fromkeys((*((now.lead,) if now.lead else ()), *now.cooperating))
    lacking = [
        Reason("unknown_unit", params={"unit": unit}, subject="lead")
        for unit in units
        if unit not in rules.roster.units
    ]
    if now.orders_document is not None:
        if now.outcome not in ADOPTED:
            params = {"outcome": now.outcome}
            lacking.append(Reason("nothing_to_carry_out", params=params, subject="orders_document"))
        lacking += unknown_words(rules, "kinds", [now.orders_document], "orders_document")
    return lacking


def _decision(minutes: Minutes, no: int) -> Decision:
    found = next((one for one in minutes.decisions if one.no == no), None)
    if found is None:
        raise Refused(Reason("no_such_decision", params={"no": no}, subject="no"))
    return found
