"""What has to be on file before something may go on, and what of it is missing: everything at once. Pure."""

from collections.abc import Callable, Iterable, Sequence

from chancery.events.parts import Evidence
from chancery.refusal import Citation, Reason
from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case, Resolution
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Gate, Requirement

Titled = Callable[[str], tuple[str, str]]
UnitKind = Callable[[str], str]


Resolve = Callable[[Selector], Resolution]


def unmet(
    ruling: Ruling[Gate],
    on_file: Sequence[Evidence],
    case: Case,
    *,
    resolve: Resolve,
    kind_of: UnitKind,
    titled: Titled,
) -> tuple[Reason, ...]:
    """One reason per missing thing; where two clauses ask the same, one reason cites both and says the stricter."""
    found: dict[tuple[str, str], tuple[Requirement, list[Citation]]] = {}
    for hit in ruling.hits:
        if hit.force in ("may", "as_needed", "normally") or hit.outcome.on_missing == "show":
            continue
        for need in hit.outcome.require:
            for of in _missing(need, on_file, case, resolve, kind_of):
                known, cites = found.get((need.evidence[0], of), (need, []))
                cites += [cite for cite in hit.cites if cite not in cites]
                found[need.evidence[0], of] = (max(known, need, key=_says), cites)
    return tuple(_reason(need, of, cites, titled) for (_, of), (need, cites) in found.items())


def _says(need: Requirement) -> int:
    """How much a requirement says of what it wants."""
    return len(need.attrs) + (need.by is not None) + (need.state is not None) + (need.chaired_by is not None)


def _missing(
    need: Requirement, on_file: Sequence[Evidence], case: Case, resolve: Resolve, kind_of: UnitKind
) -> list[str]:
    """For which unit or body the requirement is not met; "" stands for the matter as a whole."""
    fitting = [e for e in on_file if e.evidence in need.evidence and _fits(need, e, resolve)]
    if need.of_each is not None:
        return [unit for unit in _each(need.of_each, case, kind_of) if not any(_speaks_for(e, unit) for e in fitting)]
    if need.of:
        fitting = [e for e in fitting if e.of in need.of]
    there = len(fitting) if len(need.evidence) == 1 else len({e.evidence for e in fitting})
    return [] if there >= need.n else [""]


def _speaks_for(evidence: Evidence, unit: str) -> bool:
    return unit in (evidence.of, evidence.by)


def _fits(need: Requirement, evidence: Evidence, resolve: Resolve) -> bool:
    """``state`` and ``chaired_by`` are looked up among what the evidence says of itself."""
    if evidence.deemed and not need.deemed_counts:
        return False
    if any(evidence.attrs.get(name) not in allowed for name, allowed in need.attrs.items()):
        return False
    if need.state is not None and evidence.attrs.get("state") != need.state:
        return False
    if need.chaired_by is not None and evidence.attrs.get("chaired_by") not in resolve(need.chaired_by).people():
        return False
    if need.by is None or (need.by.how == "unit" and evidence.by == need.by.name):
        return True
    return need.by.how != "unit" and evidence.by in resolve(need.by).people()


def _each(what: str, case: Case, kind_of: UnitKind) -> Iterable[str]:
    kinds = {
        "units_involved": None,
        "departments_involved": {"department"},
        "towns_or_streets_involved": {"town", "street", "zone"},
    }[what]
    others = [unit for unit in case.units_involved if unit != case.lead_unit]
    return [unit for unit in others if kinds is None or kind_of(unit) in kinds]


def _reason(need: Requirement, of: str, cites: Sequence[Citation], titled: Titled) -> Reason:
    names = [titled(name) for name in need.evidence]
    params: dict[str, object] = {
        "evidence": need.evidence[0],
        "evidence_zh": "或".join(zh for zh, _ in names),
        "evidence_en": " or ".join(en for _, en in names),
    }
    if of:
        params["of_zh"], params["of_en"] = titled(of)
    if need.by is not None and need.by.how == "unit" and need.by.name:
        params["by_zh"], params["by_en"] = titled(need.by.name)
    says = dict(need.attrs) | ({"state": (need.state,)} if need.state is not None else {})
    if says:
        params["attrs"] = "; ".join(f"{name}: {'/'.join(words)}" for name, words in says.items())
    return Reason(f"needs_{need.evidence[0]}", tuple(cites), params, subject=of or None)
