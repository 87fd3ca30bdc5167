"""The row that governs an absence, and how far its route is."""

from collections.abc import Sequence

from chancery.events.attendance import AbsenceAnnounced
from chancery.events.parts import CalledFor, StepDone
from chancery.rules.grammar import Route
from chancery.rules.pack import Excepted
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import ABSENCES, Absence
from chancery.rules.walk import Walk


def _words(rules: Rules, held: frozenset[str]) -> frozenset[str]:
    """Posts, with what each is one of, and the groups they fall into."""
    words = set(held)
    for post in held:
        term = rules.pack.term("posts", post)
        words |= set(term.is_a) if term else set()
    return frozenset(words) | {
        group for group in rules.pack.words.get("groups", {}) if not rules.pack.posts_of(group).isdisjoint(held)
    }


def asked(
    rules: Rules,
    person: str,
    leaving: str,
    cause: str,
    *,
    urgent: bool,
    excepted: Excepted | None = None,
) -> tuple[Ruling[Absence], str | None]:
    """What the rules say of this absence, and the post through which they reach whoever goes.

    The posts are read from the roster, never typed by the applicant. Of several the first that alone falls under the
    row; the first of all where nothing is regulated, None for somebody without a post.
    """
    held = list(dict.fromkeys(a.post for a in rules.roster.held_by(person, rules.at)))
    ruling = _ask(rules, frozenset(held), leaving, cause, urgent=urgent, excepted=excepted)
    for post in held:
        alone = _ask(rules, frozenset({post}), leaving, cause, urgent=urgent, excepted=excepted)
        if ruling.regulated and alone.rows == ruling.rows:
            return ruling, post
    return ruling, held[0] if held else None


def _ask(
    rules: Rules, held: frozenset[str], leaving: str, cause: str, *, urgent: bool, excepted: Excepted | None
) -> Ruling[Absence]:
    return rules.ask(ABSENCES, excepted=excepted, who=_words(rules, held), leaving=leaving, cause=cause, urgent=urgent)


def row_of(rules: Rules, announced: AbsenceAnnounced) -> Ruling[Absence]:
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
