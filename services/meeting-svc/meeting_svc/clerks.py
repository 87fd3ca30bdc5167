"""Clerical acts: calling on paper, recording, drafting, issuing. They are done by the unit that organises the body."""

from dataclasses import dataclass

from chancery.envelope import Standing
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Body


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody of the organising unit, and the row that names the unit."""

    body: Body
    ruling: Ruling[Body]
    standing: Standing


def body_of(rules: Rules, body: str) -> Body:
    """The body's row.

    Raises:
        Refused: these rules know no such body.
    """
    found = rules.body(body)
    if found is None:
        raise Refused(unknown_body(rules, body))
    return found


def unknown_body(rules: Rules, body: str) -> Reason:
    """These rules know no such body; cited is what every body's row rests on: the article that lists them."""
    every = [rules.body_ruling(word).citations for word in sorted(rules.pack.vocabulary("bodies"))]
    first = every[0] if every else ()
    common = tuple(cite for cite in first if all(cite.clause in {one.clause for one in cites} for cites in every))
    return Reason("unknown_body", common, {"body": body}, subject="body")


def clerk(rules: Rules, body: str, person: str) -> Office:
    """The person as one of the body's organising unit.

    Raises:
        Refused: these rules know no such body, or (forbidden) the person is not of that unit now.
    """
    found, ruling = body_of(rules, body), rules.body_ruling(body)
    standing = rules.is_one_of(person, [found.organiser], act="organise")
    if standing is None:
        unit = rules.titled(found.organiser.name)
        raise Refused(Reason("not_the_organiser", tuple(ruling.citations), {"unit": unit}), kind="forbidden")
    return Office(found, ruling, standing)


def organises_something(rules: Rules, person: str) -> bool:
    """Whether somebody belongs to a unit that organises any body of this government."""
    bodies = (rules.body(word) for word in rules.pack.vocabulary("bodies"))
    return any(body is not None and rules.is_one_of(person, [body.organiser]) for body in bodies)
