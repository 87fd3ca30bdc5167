"""Duty, row, scenario, last result: how far the rules of a pack are carried and proved. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from pydantic import computed_field

from chancery.rehearsal.scenario import Loaded
from chancery.rules.grammar import Closed
from chancery.rules.mutation import survey
from chancery.rules.pack import Clause, Pack, Tier
from chancery.rules.proving import Proof, needs_services, prove
from chancery.rules.wording import Said

DUTIES: Final = frozenset({"enforce", "derive", "track"})
State = Literal["proven", "of_the_head", "rehearsed", "unproven", "failing", "given_up", "uncited"]
"""How a duty stands.

``proven``: a scenario asked, the answer cites the duty and is as the scenario says. ``failing``: the answer is another.
``rehearsed``: only a scenario through the services names it. ``unproven``: a row keeps it, and no scenario shows it.
``of_the_head``: kept by the pack's head (validity, succession). ``given_up``: not modelled, with a reason.
``uncited``: nobody has taken care of it.
"""
STATES: Final[tuple[State, ...]] = (
    "proven", "of_the_head", "rehearsed", "unproven", "failing", "given_up", "uncited",
)  # fmt: skip


class Shown(Closed):
    """A scenario that shows a duty. ``passed`` None: it runs through the services and is not taken here."""

    file: str
    scenario: str
    passed: bool | None
    lacks: tuple[str, ...] = ()


class Duty(Closed):
    """One clause that asks something of the software: the rows that keep it, the scenarios that show it."""

    clause: Clause
    rows: tuple[str, ...]
    shown: tuple[Shown, ...]
    state: State
    why: Said | None = None


class Numbers(Closed):
    """What can be counted. ``carried`` + ``given_up`` + ``uncited`` = ``duties``.

    ``proven`` holds what a scenario proves on the engine and what the head keeps, which is data that nobody asks for;
    ``rehearsed`` what a scenario carries through the running services, whether or not another asks the engine too.
    """

    duties: int = 0
    carried: int = 0
    given_up: int = 0
    uncited: int = 0
    proven: int = 0
    rehearsed: int = 0
    failing: int = 0
    scenarios: int = 0
    askings: int = 0
    failures: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(**{name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields})

    @computed_field
    @property
    def cared_for(self) -> int:
        """Duties with a row or a reason."""
        return self.carried + self.given_up

    @computed_field
    @property
    def share_proven(self) -> float:
        """Of the duties that are not given up, the share that is proven; 1 where there is none."""
        wanted = self.carried + self.uncited
        return self.proven / wanted if wanted else 1.0


class Failure(Closed):
    """A step of a scenario that is answered otherwise than it says."""

    file: str
    step: int
    table: str
    lacks: tuple[str, ...]


class PackCovered(Closed):
    """How far one pack is carried. ``deleted`` and ``altered``: the share of rows taken away, and of places in rows
    altered, that some scenario notices; None where that was not tried."""

    id: str
    version: str
    tier: Tier
    title: Said
    numbers: Numbers
    duties: tuple[Duty, ...]
    failures: tuple[Failure, ...]
    deleted: float | None = None
    altered: float | None = None

    @property
    def counts(self) -> tuple[tuple[State, int], ...]:
        """How many duties stand how, in the order in which people want to read it."""
        found = Counter(duty.state for duty in self.duties)
        return tuple((state, found[state]) for state in STATES)


class Coverage(Closed):
    """Several packs together: ``numbers`` of the governments' own rules, ``higher`` of the law above them."""

    numbers: Numbers
    higher: Numbers
    packs: tuple[PackCovered, ...]


def together(packs: Sequence[PackCovered]) -> Coverage:
    """Packs of the national tier are counted by themselves: they are asked beside a government's own."""
    own = sum((one.numbers for one in packs if one.tier != "national"), Numbers())
    higher = sum((one.numbers for one in packs if one.tier == "national"), Numbers())
    return Coverage(numbers=own, higher=higher, packs=tuple(packs))


def cover(pack: Pack, scenarios: Sequence[Loaded], *, altering: bool = False) -> PackCovered:
    """Ask everything the scenarios ask, and say for each duty how it stands.

    ``altering``: also ask again with every row taken away and altered, which takes some hundred times as long.
    """
    proofs = prove(pack, scenarios)
    rows = _rows_by_clause(pack)
    shown = _shown(proofs, scenarios)
    reasons = {given.clause: Said(zh=given.why.zh, en=given.why.en) for given in pack.head.not_modelled}
    duties = tuple(
        _duty(clause, rows.get(clause.id, ()), shown.get(clause.id, {}), pack, reasons)
        for clause in pack.clauses.values()
        if clause.kind in DUTIES
    )
    found = survey(pack, scenarios) if altering else None
    return PackCovered(
        id=pack.head.id,
        version=pack.head.version,
        tier=pack.head.tier,
        title=Said(zh=pack.head.title.zh, en=pack.head.title.en),
        numbers=_numbers(duties, proofs, scenarios),
        duties=duties,
        failures=tuple(
            Failure(file=proof.path.name, step=proof.number, table=proof.table, lacks=proof.lacks)
            for proof in proofs
            if proof.lacks
        ),
        deleted=found.share("deletion") if found else None,
        altered=found.share("alteration") if found else None,
    )


def _numbers(duties: Sequence[Duty], proofs: Sequence[Proof], scenarios: Sequence[Loaded]) -> Numbers:
    states = Counter(duty.state for duty in duties)
    through_services = {clause for one in scenarios if needs_services(one) for clause in one.scenario.clauses}
    return Numbers(
        duties=len(duties),
        carried=len(duties) - states["given_up"] - states["uncited"],
        given_up=states["given_up"],
        uncited=states["uncited"],
        proven=states["proven"] + states["of_the_head"],
        rehearsed=sum(duty.clause.id in through_services for duty in duties),
        failing=states["failing"],
        scenarios=len(scenarios),
        askings=len(proofs),
        failures=sum(not proof.passed for proof in proofs),
    )


def _rows_by_clause(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for table, rows in pack.tables.items():
        for row in rows:
            for clause in row.clauses:
                found[clause].append(f"{table}/{row.id}")
    return {clause: tuple(rows) for clause, rows in found.items()}


def _shown(proofs: Sequence[Proof], scenarios: Sequence[Loaded]) -> Mapping[str, Mapping[str, Shown]]:
    """Per clause, by file: a scenario shows the clauses that its answers cite and those that it says must be cited."""
    found: defaultdict[str, dict[str, Shown]] = defaultdict(dict)
    for proof in proofs:
        for clause in dict.fromkeys((*proof.clauses, *proof.named)):
            before = found[clause].get(proof.path.name)
            lacks = (*(before.lacks if before else ()), *proof.lacks)
            found[clause][proof.path.name] = Shown(
                file=proof.path.name, scenario=proof.scenario, passed=not lacks, lacks=lacks
            )
    for one in scenarios:
        if needs_services(one):
            for clause in one.scenario.clauses:
                named = Shown(file=one.path.name, scenario=one.scenario.scenario, passed=None)
                found[clause].setdefault(one.path.name, named)
    return found


def _duty(
    clause: Clause, rows: tuple[str, ...], shown: Mapping[str, Shown], pack: Pack, reasons: Mapping[str, Said]
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
    return Duty(clause=clause, rows=rows, shown=tuple(shown.values()), state=state, why=reasons.get(clause.id))


# -- in a README ------------------------------------------------------------

BLOCK: Final = re.compile(r"(<!-- coverage (zh|en) -->\n).*?(<!-- end -->)", re.DOTALL)


def told_in(text: str, found: Coverage) -> str:
    """A text with its block of coverage, where it has one, made anew."""
    return BLOCK.sub(lambda block: block[1] + _table(found, zh=block[2] == "zh") + block[3], text)


def _table(found: Coverage, *, zh: bool) -> str:
    """The figures of each pack as Markdown; what is not tried is a dash."""
    heads = ("规则", "有行为要求的条款", "有行承载", "说明理由不建模", "由情景证明") if zh else (
        "rules", "clauses that ask for behaviour", "kept by a row", "given up, with a reason", "proven by scenarios"
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|---|"]
    for pack in found.packs:
        n = pack.numbers
        title = pack.title.zh if zh else pack.title.en
        lines.append(f"| {title} `{pack.id}` | {n.duties} | {n.carried} | {n.given_up} | {n.proven} |")
    n = found.numbers
    together = "各地合计（不含上位规定）" if zh else "the governments together, without higher law"
    lines.append(f"| **{together}** | **{n.duties}** | **{n.carried}** | **{n.given_up}** | **{n.proven}** |")
    return "\n".join(lines) + "\n"
