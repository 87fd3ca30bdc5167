"""Which row of circulation rules a document that came in, how far its route is, who reads it in which order. Pure."""

from collections.abc import Iterable
from typing import Literal

from chancery.refusal import Reason
from chancery.rules.grammar import DECIDING
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.setting_aside import proved
from chancery.rules.tables import CIRCULATION, Circulation
from chancery.rules.walk import Walk
from document_svc.incoming.facts import case_of, circulation_facts
from document_svc.incoming.state import Incoming

Direction = Literal["top_down", "bottom_up", "by_portfolio", "as_named"]


def ruling_of(rules: Rules, one: Incoming) -> Ruling[Circulation]:
    return rules.ask(CIRCULATION, excepted=proved(one.claims, one.evidence), **circulation_facts(rules, one))


def walk_of(rules: Rules, one: Incoming, ruling: Ruling[Circulation] | None = None) -> Walk | None:
    """Its route under way; None where the rules give none."""
    ruling = ruling or ruling_of(rules, one)
    hit = ruling.first
    if hit is None or hit.outcome.route is None:
        return None
    called = frozenset(each.step for each in one.called)
    cites = tuple(ruling.citations)
    return Walk(rules, hit.outcome.route, one.steps, case_of(one), cites, switched_on=called)


def order_of(rules: Rules, one: Incoming, ruling: Ruling[Circulation]) -> tuple[tuple[str, ...], Direction]:
    """Who reads it one after the other: those whom the row names, and those whom the office named, by rank.

    Where the rules give no direction, the office's own order stands.
    """
    named = one.proposal.readers if one.proposal is not None else ()
    hit = ruling.first
    if hit is None:
        return named, "as_named"
    case = case_of(one)
    people = dict.fromkeys(
        str(holder.person)
        for selector in hit.outcome.readers
        for holder in sorted(rules.who(selector, case, "read").holders, key=lambda holder: str(holder.person))
    )
    wanted = [*people, *(person for person in named if person not in people)]
    direction = hit.outcome.direction
    if direction == "by_portfolio" or hit.outcome.ranked_by == "none":
        return tuple(wanted), direction
    return tuple(ranked(rules, wanted, from_above=direction == "top_down")), direction


def ranked(rules: Rules, people: Iterable[str], *, from_above: bool) -> list[str]:
    """People by the rank of their posts, which is the order in which the pack lists them; equals as they came."""
    posts = list(rules.pack.words.get("posts", {}))

    def rank(person: str) -> int:
        held = [a.post for a in rules.roster.held_by(person, rules.at) if a.post in posts]
        return min((posts.index(post) for post in held), default=len(posts))

    return sorted(people, key=rank) if from_above else sorted(people, key=lambda person: -rank(person))


def at_once(rules: Rules, one: Incoming, ruling: Ruling[Circulation]) -> tuple[str, ...]:
    """Those who are shown it first, beside the order of the others."""
    hit = ruling.first
    if hit is None or hit.outcome.fast_track is None:
        return ()
    return tuple(sorted(rules.who(hit.outcome.fast_track, case_of(one), "read").people()))


def deciding(do: str) -> bool:
    """Whether a step decides, so that a mark on the paper has to be an answer."""
    return do in DECIDING


def not_next(rules: Rules, one: Incoming) -> list[Reason]:
    """What the open steps before it are, said as a refusal says them."""
    walk = walk_of(rules, one)
    if walk is None or walk.state.complete:
        return []
    names = "、".join(dict.fromkeys(each.step.do for each in walk.state.open if each.step.blocks))
    return [Reason("steps_before_reading", tuple(walk.cites), {"steps": names})] if names else []
