"""Who may call a body together and who may preside, at this moment: in his own right, acting, or by mandate."""

from collections.abc import Sequence

from chancery.envelope import Standing
from chancery.names import Capacity
from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.tables import Body, Delegate

CHAIRING = "chairing"
"""The kind of entrustment by which one sitting's chair is handed over."""


def may_convene(rules: Rules, body: str, person: str, case: Case | None = None) -> Standing | None:
    """The standing in which somebody may call the body together; None where he may not."""
    found = rules.body(body)
    if found is None:
        return None
    return _standing(rules, body, found, found.convener or found.chair, "convene", person, case or Case(body=body))


def may_chair(rules: Rules, body: str, person: str, case: Case | None = None) -> Standing | None:
    """The standing in which somebody may preside over the body; None where he may not."""
    found = rules.body(body)
    if found is None:
        return None
    return _standing(rules, body, found, found.chair, "chair", person, case or Case(body=body))


def conveners(rules: Rules, body: str, case: Case) -> tuple[Standing, ...]:
    """Everybody who may call the body together in his own right or as acting, in the order of its row."""
    found = rules.body(body)
    if found is None:
        return ()
    acting = "allowed" if found.acting_may_chair else "never"
    every = [
        holder
        for selector in found.convener or found.chair
        for holder in rules.who(selector, case, f"convene@{body}", acting).holders
    ]
    once = {holder.person: holder for holder in every}
    return tuple(once.values())


def _standing(
    rules: Rules, name: str, body: Body, selectors: Sequence[Selector], act: str, person: str, case: Case
) -> Standing | None:
    acting = "allowed" if body.acting_may_chair else "never"
    for selector in selectors:
        found = rules.who(selector, case, f"{act}@{name}", acting).of(person)
        if found is not None:
            return found
    for delegate in body.chair_delegates:
        found = rules.who(delegate.to, case, f"{act}@{name}", "never").of(person)
        if found is not None and _mandated(rules, name, delegate, person, selectors, case):
            return Standing(found.person, found.post, Capacity.ENTRUSTED)
    return None


def _mandated(
    rules: Rules, name: str, delegate: Delegate, person: str, selectors: Sequence[Selector], case: Case
) -> bool:
    """Whether the delegate's condition holds now: a mandate given, the holder away, or acting for him."""
    if delegate.only_while == "acting":
        return bool(rules.roster.acting_as(person, rules.at))
    if delegate.only_while == "absent":
        holders = {h.person for one in selectors for h in rules.who(one, case, "", "never").holders}
        return bool(holders) and all(rules.roster.away(holder, rules.at) for holder in holders)
    givers = rules.who(delegate.mandate_by, case).people() if delegate.mandate_by else None
    return any(
        given.receiver == person
        and (givers is None or given.giver in givers)
        and given.reference in (None, name, case.body, *case.refers)
        for given in rules.roster.entrusted(CHAIRING, rules.at)
    )
