"""In which qualities a matter may be put forward: what rows about its way may be asked with before anybody does."""

from collections.abc import Sequence

from chancery.events.meeting import MatterFacts
from chancery.rules.rulebook import Rules


def proposers_of(rules: Rules, facts: MatterFacts) -> Sequence[str | None]:
    """Every quality of this pack; none is known where the pack lists none."""
    words = rules.pack.vocabulary("proposers")
    unit = rules.roster.units.get(facts.lead_unit)
    own = [unit.kind] if unit is not None and (not words or unit.kind in words) else []
    return tuple(dict.fromkeys([*own, *sorted(words)])) or (None,)
