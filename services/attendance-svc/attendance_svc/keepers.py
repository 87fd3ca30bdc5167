"""Who keeps the roster: people of a unit that organises the government's bodies, or a system allowed to."""

from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules


def keeps(rules: Rules, person: str) -> bool:
    """Whether somebody belongs to a unit that organises any body of this government."""
    bodies = (rules.body(word) for word in rules.pack.vocabulary("bodies"))
    return any(body is not None and rules.is_one_of(person, [body.organiser]) for body in bodies)


def keeper(rules: Rules, by: PersonId | None) -> None:
    """Let only those change the roster who keep it; None is a system whose token said that it may.

    Raises:
        Refused: (forbidden) somebody else.
    """
    if by is not None and not keeps(rules, by):
        raise Refused(Reason("not_a_keeper_of_the_roster"), kind="forbidden")
