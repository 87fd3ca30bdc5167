"""What the rules say of publishing something that is no document: which rows bind, what they want, by when."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.parts import Counted
from chancery.rules.pack import Row
from chancery.rules.predicates import FormatComplete
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import CHECKS, PUBLICATION, Publication
from disclosure_svc.entry.opening import day_of, words_of

DUE = "duty_due"
PROACTIVE = "proactive"
DECISION = "decision"
"""The word of ``what`` by which rows speak of what a sitting decided."""
BINDING = ("publish", "report")
SPECIFIC = frozenset({"decided_by", "features", "kind", "major"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table is asked of a decision, a result, or whatever a unit says that it holds."""

    what: str
    kind: str | None = None
    features: tuple[str, ...] = ()
    major: bool | None = None
    decided_by: str | None = None

    def asked(self, rules: Rules, attribute: str = PROACTIVE, ground: str | None = None) -> Ruling[Publication]:
        return rules.ask(
            PUBLICATION,
            attribute=attribute,
            ground=rules.known("grounds", ground),
            what=self.what,
            kind=rules.known("kinds", self.kind),
            features=rules.known_of("features", self.features),
            decided_by=rules.known("bodies", self.decided_by),
            major=self.major,
        )


def of_a_decision(facts: Facts, rules: Rules) -> Ruling[Publication]:
    """The rows that make a decision public.

    Where the rules say of which bodies' decisions they speak, only rows that name such a body, or what the decision is
    about, bind it; elsewhere whatever the rules have published.
    """
    ruling = facts.asked(rules)
    if not any(_names(row, frozenset({"decided_by"})) for row in _publishing(rules)):
        return _only(ruling, [hit for hit in ruling.hits if hit.outcome.duty in BINDING])
    named = {row.id for row in rules.pack.rows(PUBLICATION) if _names(row, SPECIFIC)}
    binding = [hit for hit in ruling.hits if hit.outcome.duty in BINDING and hit.pack is None]
    return _only(ruling, [hit for hit in binding if hit.row in named])


def of_a_thing(facts: Facts, rules: Rules) -> Ruling[Publication]:
    """The rows that name what it is: a result, a priority field, a list."""
    ruling = facts.asked(rules)
    named = {row.id for row in rules.pack.rows(PUBLICATION) if _names(row, frozenset({"what"}))}
    hits = [hit for hit in ruling.hits if hit.row in named and hit.pack is None and hit.outcome.duty in BINDING]
    return _only(ruling, hits)


def wanted(facts: Facts, ruling: Ruling[Publication], rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Needs and channels: of the rows that bind, and of those for all that is open."""
    needs, channels = words_of(facts.asked(rules))
    own = words_of(ruling)[1]
    return tuple(need for need in needs if need != "interpretation"), own or channels


def by_when(ruling: Ruling[Publication], rules: Rules) -> Counted | None:
    due = day_of(ruling, rules.at, PROACTIVE, rules)
    return None if due is None else due.model_copy(update={"name": DUE})


def elements_of(rules: Rules, kind: str | None) -> tuple[str, ...]:
    """What a thing of a kind consists of, by the rows that say when the form of just that kind is complete."""
    if kind is None:
        return ()
    found: dict[str, None] = {}
    for row in rules.pack.rows(CHECKS):
        params = row.outcome.params
        if isinstance(params, FormatComplete) and any(cell.fact == "kind" and kind in cell.words for cell in row.when):
            found |= dict.fromkeys(params.fields)
    return tuple(found)


def _only(ruling: Ruling[Publication], hits: Sequence[Hit[Publication]]) -> Ruling[Publication]:
    return Ruling(ruling.table, ruling.pack, tuple(hits))


def _publishing(rules: Rules) -> Sequence[Row[Publication]]:
    return [row for row in rules.pack.rows(PUBLICATION) if row.outcome.duty == "publish"]


def _names(row: Row[Publication], facts: frozenset[str]) -> bool:
    return any(cell.fact in facts for cell in row.when)
