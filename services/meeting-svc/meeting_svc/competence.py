"""Which body may or must decide a matter, and who chooses where several may (议事权限). Pure."""

from dataclasses import dataclass

from chancery.events.meeting import MatterFacts
from chancery.refusal import Citation
from chancery.rules.grammar import Selector
from chancery.rules.pack import Excepted
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import COMPETENCE, Competent
from meeting_svc.facts import facts_of


@dataclass(frozen=True, slots=True)
class Competence:
    """The rows that speak of the matter; a list that names it goes before one that takes whatever is left."""

    ruling: Ruling[Competent]

    @property
    def bodies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.outcome.body for hit in self.ruling.hits))

    @property
    def binding(self) -> tuple[Hit[Competent], ...]:
        """Rows that say where the matter must go; one that only allows binds nobody."""
        return tuple(hit for hit in self.ruling.hits if hit.outcome.power == "must" or hit.outcome.exclusive)

    @property
    def choosers(self) -> tuple[Selector, ...]:
        """Who chooses; nobody has to where one body alone is named."""
        if len(self.bodies) < 2:
            return ()
        named = (hit.outcome.chooser for hit in self.ruling.hits)
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def resting(self, body: str) -> Ruling[Competent]:
        """The rows that name the body."""
        hits = tuple(hit for hit in self.ruling.hits if hit.outcome.body == body)
        return Ruling(self.ruling.table, self.ruling.pack, hits)

    @property
    def choosing(self) -> Ruling[Competent]:
        """The rows that say who chooses."""
        hits = tuple(hit for hit in self.ruling.hits if hit.outcome.chooser is not None)
        return Ruling(self.ruling.table, self.ruling.pack, hits)

    @property
    def bound_by(self) -> tuple[Citation, ...]:
        return tuple(Ruling(self.ruling.table, self.ruling.pack, self.binding).citations)


def competence_of(rules: Rules, facts: MatterFacts, excepted: Excepted | None = None) -> Competence:
    """What the rules say of the matter. Rows that are exclusive stand alone; a catch-all takes what no list names."""
    ruling = rules.ask(COMPETENCE, excepted=excepted, **facts_of(rules, facts))
    exclusive = tuple(hit for hit in ruling.hits if hit.outcome.exclusive)
    listed = tuple(hit for hit in ruling.hits if not hit.outcome.catch_all)
    return Competence(Ruling(ruling.table, ruling.pack, exclusive or listed or ruling.hits))
