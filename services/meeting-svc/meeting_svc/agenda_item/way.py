"""The way of an item to the agenda: which row rules it, how far it is, whose word is the last."""

from chancery.events.meeting import AgendaSubmitted
from chancery.names import Capacity
from chancery.rules.grammar import Route
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import AGENDA, Agenda
from chancery.rules.walk import Walk
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.facts import case_of, facts_of


def agenda_ruling(rules: Rules, submitted: AgendaSubmitted) -> Ruling[Agenda]:
    """The row under which the item was put forward."""
    proposer = proposer_of(rules, submitted.submitted_by, submitted.for_unit)
    asked = facts_of(rules, submitted.facts, proposer)
    return rules.ask(AGENDA, body=submitted.body, exceptions=submitted.exceptions, **asked)


def walk_of(rules: Rules, item: AgendaItem, submitted: AgendaSubmitted) -> tuple[Ruling[Agenda], Walk | None]:
    """The route under way; None where the row has none, or the rules are silent."""
    ruling = agenda_ruling(rules, submitted)
    hit = ruling.first
    if hit is None or hit.outcome.route is None:
        return ruling, None
    case = case_of(
        submitted.facts, raiser=submitted.submitted_by, applicant=submitted.submitted_by, body=submitted.body
    )
    called = frozenset(one.step for one in item.called)
    return ruling, Walk(rules, hit.outcome.route, item.steps, case, tuple(ruling.citations), submitted.body, called)


def proposer_of(rules: Rules, person: str, unit: str) -> str | None:
    """In what quality somebody puts an item forward: as his unit's, or through a post he acts for or holds.

    Both are the pack's words (``proposers``); None where neither is one.
    """
    words = rules.pack.vocabulary("proposers")
    found = rules.roster.units.get(unit)
    if found is not None and rules.works_in(person, unit) and (not words or found.kind in words):
        return found.kind
    posts = [acting.post for acting in rules.roster.acting_as(person, rules.at)]
    posts += [held.post for held in rules.roster.held_by(person, rules.at)]
    for post in posts:
        if post in words:
            return post
    return None


def has_the_word(rules: Rules, route: Route | None, person: str, body: str, case: Case) -> bool:
    """Whether a row leaves the word to its proposer: no route, or one whose every step is his own.

    Whoever only acts for the holder does not have it: he takes no step on his own request.
    """
    if route is None:
        return True
    for steps in route.alternatives:
        found = [
            rules.who(step.by, case, f"{step.do}@{body}", step.acting).of(person)
            for step in steps
            if step.by is not None and step.blocks and step.only_if is None and step.force not in ("as_needed", "may")
        ]
        if all(one is not None and one.capacity is Capacity.OWN for one in found):
            return True
    return False
