"""Duty, row, scenario, last result: how far the rules of a pack are carried and proved. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chancery.rehearsal.scenario import Loaded
from chancery.rules.pack import Clause, Pack
from chancery.rules.proving import Proof, needs_services, prove

DUTIES: Final = frozenset({"enforce", "derive", "track"})
State = Literal["proven", "failing", "rehearsed", "unproven", "of_the_head", "given_up", "uncited"]
"""How a duty stands.

``proven``: a scenario asked, the answer cites the duty and is as the scenario says. ``failing``: the answer is another.
``rehearsed``: only a scenario through the services names it. ``unproven``: a row keeps it, and no scenario shows it.
``of_the_head``: kept by the pack's head (validity, succession). ``given_up``: not modelled, with a reason.
``uncited``: nobody has taken care of it.
"""
CARRIED: Final = frozenset({"proven", "failing", "rehearsed", "unproven", "of_the_head"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A scenario that shows a duty. ``passed`` None: it runs through the services and is not taken here."""

    file: str
    scenario: str
    passed: bool | None
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One clause that asks something of the software: the rows that keep it, the scenarios that show it."""

    clause: Clause
    rows: tuple[str, ...]
    shown: tuple[Shown, ...]
    state: State
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What can be counted. ``carried`` + ``given_up`` + ``uncited`` = ``duties``."""

    duties: int
    carried: int
    given_up: int
    uncited: int
    proven: int
    failing: int
    scenarios: int
    askings: int
    failures: int

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def cared_for(self) -> int:
        """Duties with a row or a reason."""
        return self.carried + self.given_up

    @property
    def share_proven(self) -> float:
        """Of the duties that are carried, the share that a scenario proves; 1 where there is none to prove."""
        return self.proven / self.carried if self.carried else 1.0


@dataclass(frozen=True, slots=True)
class PackCoverage:
    """How far one pack is carried."""

    pack: Pack
    duties: tuple[Duty, ...]
    proofs: tuple[Proof, ...]
    scenarios: tuple[Loaded, ...]

    @property
    def numbers(self) -> Numbers:
        states = [duty.state for duty in self.duties]
        return Numbers(
            duties=len(states),
            carried=sum(state in CARRIED for state in states),
            given_up=states.count("given_up"),
            uncited=states.count("uncited"),
            # What the head keeps (validity, succession, whom it binds) is data that nobody asks a table for.
            proven=states.count("proven") + states.count("of_the_head"),
            failing=states.count("failing"),
            scenarios=len(self.scenarios),
            askings=len(self.proofs),
            failures=sum(not proof.passed for proof in self.proofs),
        )


def cover(pack: Pack, scenarios: Sequence[Loaded]) -> PackCoverage:
    """Ask everything the scenarios ask, and say for each duty how it stands."""
    proofs = prove(pack, scenarios)
    rows = _rows_by_clause(pack)
    shown = _shown(proofs, scenarios)
    reasons = {given.clause: given.why for given in pack.head.not_modelled}
    duties = tuple(
        _duty(clause, rows.get(clause.id, ()), shown.get(clause.id, {}), pack, reasons)
        for clause in pack.clauses.values()
        if clause.kind in DUTIES
    )
    return PackCoverage(pack, duties, proofs, tuple(scenarios))


def total(covered: Sequence[PackCoverage]) -> Numbers:
    """The numbers of several packs together."""
    nothing = Numbers(0, 0, 0, 0, 0, 0, 0, 0, 0)
    return sum((one.numbers for one in covered), nothing)


def _rows_by_clause(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for table, rows in pack.tables.items():
        for row in rows:
            for clause in row.clauses:
                found[clause].append(f"{table}/{row.id}")
    return {clause: tuple(rows) for clause, rows in found.items()}


def _shown(proofs: Sequence[Proof], scenarios: Sequence[Loaded]) -> Mapping[str, Mapping[str, Shown]]:
    """Per clause, by file: a scenario shows the clauses that its answers cite, and those that its expectations name."""
    found: defaultdict[str, dict[str, Shown]] = defaultdict(dict)
    for proof in proofs:
        for clause in dict.fromkeys((*proof.clauses, *proof.named)):
            before = found[clause].get(proof.path.name)
            lacks = (*(before.lacks if before else ()), *proof.lacks)
            found[clause][proof.path.name] = Shown(proof.path.name, proof.scenario, not lacks, lacks)
    for one in scenarios:
        if needs_services(one):
            for clause in one.scenario.clauses:
                found[clause].setdefault(one.path.name, Shown(one.path.name, one.scenario.scenario, None))
    return found


def _duty(
    clause: Clause, rows: tuple[str, ...], shown: Mapping[str, Shown], pack: Pack, reasons: Mapping[str, str]
) -> Duty:
    results = [one.passed for one in shown.values()]
    state: State
    if not rows and clause.id in pack.head.clauses:
        state = "of_the_head"
    elif not rows:
        state = "given_up" if clause.id in reasons else "uncited"
    elif False in results:
        state = "failing"
    elif True in results:
        state = "proven"
    else:
        state = "rehearsed" if results else "unproven"
    return Duty(clause, rows, tuple(shown.values()), state, reasons.get(clause.id))
