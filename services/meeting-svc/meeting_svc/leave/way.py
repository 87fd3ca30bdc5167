"""The row that governs a leave from a sitting, and how far its route is."""

from collections.abc import Sequence

from chancery.events.meeting import MeetingLeaveAsked
from chancery.events.parts import StepDone
from chancery.rules.grammar import Route
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import ABSENCES, Absence
from chancery.rules.walk import Walk
from meeting_svc.sitting.state import Sitting

FROM_A_MEETING = "meeting"
"""What is left: a sitting, where others leave their post, the district or the city."""


FORM = "form"
"""What is excused where a leave may be asked otherwise than in writing."""


def case_of(rules: Rules, person: str, sitting: Sitting) -> Case:
    """Whom the rows of a leave from this sitting may speak of."""
    convened = sitting.convened
    units = [a.unit for a in rules.roster.held_by(person, rules.at) if a.unit]
    return Case(
        lead_unit=units[0] if units else None,
        applicant=person,
        raiser=person,
        chair=convened.convened_by.person if convened else None,
        body=convened.body if convened else None,
    )


def ruling_of(rules: Rules, person: str, body: str) -> tuple[Ruling[Absence], str | None]:
    """What the rules say of staying away from a sitting of the body, and the post through which they reach him.

    The posts are read from the roster; of several the first that alone falls under the row, else the first.
    """
    held = list(dict.fromkeys(a.post for a in rules.roster.held_by(person, rules.at)))
    ruling = _ask(rules, frozenset(held), body)
    for post in held:
        if ruling.regulated and _ask(rules, frozenset({post}), body).rows == ruling.rows:
            return ruling, post
    return ruling, held[0] if held else None


def _ask(rules: Rules, posts: frozenset[str], body: str) -> Ruling[Absence]:
    words = set(posts)
    for post in posts:
        term = rules.pack.term("posts", post)
        words |= set(term.is_a) if term else set()
    groups = rules.pack.words.get("groups", {})
    words |= {group for group in groups if not rules.pack.posts_of(group).isdisjoint(posts)}
    return rules.ask(ABSENCES, who=frozenset(words), leaving=FROM_A_MEETING, body=body)


def row_of(rules: Rules, asked: MeetingLeaveAsked) -> Ruling[Absence]:
    """The row under which it was asked: another post held meanwhile changes nothing."""
    hits = tuple(
        Hit(row.id, row.outcome, row.force, rules.pack.citations[ABSENCES.name][row.id], row.permit)
        for row in rules.pack.rows(ABSENCES)
        if row.id == asked.row
    )
    return Ruling(ABSENCES.name, rules.pack.ref, hits)


def walk_of(rules: Rules, asked: MeetingLeaveAsked, done: Sequence[StepDone], hit: Hit[Absence]) -> Walk:
    """The route under way. What is owed afterwards blocks nothing."""
    units = [a.unit for a in rules.roster.held_by(asked.person_id, rules.at) if a.unit]
    case = Case(
        lead_unit=units[0] if units else None,
        applicant=asked.person_id,
        raiser=asked.person_id,
        chair=asked.chair,
        body=asked.body,
    )
    afterwards = tuple(step.model_copy(update={"blocks": False}) for step in hit.outcome.after)
    ways = tuple((*steps, *afterwards) for steps in hit.outcome.route.alternatives)
    return Walk(rules, Route(alternatives=ways), tuple(done), case, hit.cites)
