"""The row that governs an absence, and how far its route is."""

from collections.abc import Sequence

from chancery.events.attendance import AbsenceAnnounced
from chancery.events.parts import StepDone
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import ABSENCES, Absence
from chancery.rules.walk import Walk


def posts_of(rules: Rules, person: str) -> frozenset[str]:
    """The posts somebody holds now, with what each is one of, and the groups they fall into."""
    held = {a.post for a in rules.roster.held_by(person, rules.at)}
    words = set(held)
    for post in held:
        term = rules.pack.term("posts", post)
        words |= set(term.is_a) if term else set()
    words |= {group for group in rules.pack.words.get("groups", {}) if not rules.pack.posts_of(group).isdisjoint(held)}
    return frozenset(words)


def asked(rules: Rules, person: str, leaving: str, cause: str, *, urgent: bool = False) -> Ruling[Absence]:
    """What the rules say of this absence; who goes is read from the roster, never typed by the applicant."""
    return rules.ask(ABSENCES, who=posts_of(rules, person), leaving=leaving, cause=cause, urgent=urgent)


def way_of(
    rules: Rules, announced: AbsenceAnnounced, done: Sequence[StepDone], row: Hit[Absence] | None
) -> Walk | None:
    """The route under way, None where nothing is regulated."""
    if row is None:
        return None
    units = [a.unit for a in rules.roster.held_by(announced.person_id, rules.at) if a.unit]
    case = Case(lead_unit=units[0] if units else None, applicant=announced.person_id, raiser=announced.person_id)
    return Walk(rules, row.outcome.route, tuple(done), case, row.cites)
