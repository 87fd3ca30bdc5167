"""The row that governs an absence, and how far its route is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chancery.calendar import LOCAL, local_day
from chancery.events.attendance import AbsenceAnnounced, ExtensionAsked
from chancery.events.parts import CalledFor, StepDone
from chancery.rules.grammar import Route, Selector, Step
from chancery.rules.pack import Excepted
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import ABSENCES, ACTING, Absence
from chancery.rules.walk import Walk

NOON = 12


def words_of(rules: Rules, held: frozenset[str]) -> frozenset[str]:
    """Posts, with what each is one of, and the groups they fall into."""
    words = set(held)
    for post in held:
        term = rules.pack.term("posts", post)
        words |= set(term.is_a) if term else set()
    return frozenset(words) | {
        group for group in rules.pack.words.get("groups", {}) if not rules.pack.posts_of(group).isdisjoint(held)
    }


@dataclass(frozen=True, slots=True)
class Going:
    """What is said of a going away when it is put forward; ``organised_by_unit``: the unit sends a group out."""

    leaving: str
    cause: str
    starts_at: datetime
    ends_at: datetime
    urgent: bool = False
    organised_by_unit: bool = False

    def facts(self, rules: Rules) -> dict[str, Any]:
        """As the table is asked: ``length`` counts the days it touches, ``days`` whether any of them is a working day.

        A day left out at its very beginning is not touched.
        """
        first, last = local_day(self.starts_at), local_day(self.ends_at - timedelta(microseconds=1))
        working = rules.calendar.working_days_between(first - timedelta(days=1), max(first, last))
        return {
            "leaving": self.leaving,
            "cause": self.cause,
            "urgent": self.urgent,
            "organised_by_unit": self.organised_by_unit,
            "days": "some_working" if working else "all_non_working",
            "length": max((last - first).days + 1, 1),
        }


def half_days(starts_at: datetime, ends_at: datetime) -> int:
    """The mornings and afternoons (by Beijing time) that an absence touches: from 13:00 to 17:00 is one."""
    first, last = _half(starts_at), _half(ends_at - timedelta(microseconds=1))
    return max(last - first + 1, 1)


def _half(moment: datetime) -> int:
    here = moment.astimezone(LOCAL)
    return here.toordinal() * 2 + (here.hour >= NOON)


def asked(
    rules: Rules, person: str, going: Going, excepted: Excepted | None = None
) -> tuple[Ruling[Absence], str | None]:
    """What the rules say of this absence, and the post through which they reach whoever goes.

    The posts are read from the roster, the days from the calendar, never typed by the applicant. Of several posts the
    first that alone falls under the row; where nothing is regulated the one that somebody can act for, else the first;
    None for somebody without a post.
    """
    held = list(dict.fromkeys(a.post for a in rules.roster.held_by(person, rules.at)))
    facts = going.facts(rules)

    def ask(posts: frozenset[str]) -> Ruling[Absence]:
        return rules.ask(ABSENCES, excepted=excepted, who=words_of(rules, posts), **facts)

    ruling = ask(frozenset(held))
    for post in held:
        if ruling.regulated and ask(frozenset({post})).rows == ruling.rows:
            return ruling, post
    return ruling, next((post for post in held if post in _acted_for(rules)), held[0] if held else None)


def _acted_for(rules: Rules) -> frozenset[str]:
    """Posts for whose absent holder somebody acts under the rules."""
    cells = (cell for row in rules.pack.rows(ACTING) for cell in row.when)
    return frozenset(word for cell in cells if cell.fact == "principal" for word in cell.words)


def goes_outside(step: Step) -> bool:
    """Whether a step reaches a body outside, or is one's answer: it counts once its proof is on file."""
    return any(_outside(who) for who in (step.by, step.to) if who is not None)


def _outside(who: Selector) -> bool:
    return who.how == "external" or any(_outside(part) for part in who.parts)


def row_of(rules: Rules, announced: AbsenceAnnounced | ExtensionAsked) -> Ruling[Absence]:
    """The row under which it was announced: another post held meanwhile changes nothing."""
    hits = tuple(
        Hit(row.id, row.outcome, row.force, rules.pack.citations[ABSENCES.name][row.id], row.permit)
        for row in rules.pack.rows(ABSENCES)
        if row.id == announced.row
    )
    return Ruling(ABSENCES.name, rules.pack.ref, hits)


def way_of(
    rules: Rules,
    announced: AbsenceAnnounced,
    done: Sequence[StepDone],
    row: Hit[Absence] | None,
    called: Sequence[CalledFor] = (),
) -> Walk | None:
    """The route under way, None where nothing is regulated. What is owed afterwards blocks nothing."""
    if row is None:
        return None
    units = [a.unit for a in rules.roster.held_by(announced.person_id, rules.at) if a.unit]
    case = Case(lead_unit=units[0] if units else None, applicant=announced.person_id, raiser=announced.person_id)
    afterwards = tuple(step.model_copy(update={"blocks": False}) for step in row.outcome.after)
    ways = tuple((*steps, *afterwards) for steps in row.outcome.route.alternatives)
    wanted = frozenset(one.step for one in called)
    return Walk(rules, Route(alternatives=ways), tuple(done), case, row.cites, switched_on=wanted)
