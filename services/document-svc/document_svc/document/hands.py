"""Whose hands a document is in: its lead unit drafts, the office that organises the bodies numbers and issues."""

from chancery.envelope import Standing
from chancery.events.document import DocumentDrafted
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules


def office(rules: Rules) -> list[Selector]:
    """The organising units of all bodies, each once."""
    bodies = [rules.body(word) for word in sorted(rules.pack.vocabulary("bodies"))]
    found: list[Selector] = []
    for body in bodies:
        if body is not None and body.organiser not in found:
            found.append(body.organiser)
    return found


def registrar(rules: Rules, person: str) -> Standing:
    """The person as one of the office.

    Raises:
        Refused: (forbidden) he is not.
    """
    units = office(rules)
    standing = rules.is_one_of(person, units)
    if standing is None:
        names = "、".join(rules.titled(one.name) for one in units)
        raise Refused(Reason("not_the_office", params={"unit": names}), kind="forbidden")
    return standing


def drafter(rules: Rules, draft: DocumentDrafted, person: str) -> Standing:
    """The person as one of the lead unit, or of the office.

    Raises:
        Refused: (forbidden) he is of neither.
    """
    return of_unit_or_office(rules, draft.lead_unit, person)


def of_unit_or_office(rules: Rules, unit: str, person: str) -> Standing:
    """The person as one of a unit, or of the office; see ``drafter``."""
    if rules.works_in(person, unit):
        return rules.own_standing(person, unit)
    standing = rules.is_one_of(person, office(rules))
    if standing is None:
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(unit)}), kind="forbidden")
    return standing
