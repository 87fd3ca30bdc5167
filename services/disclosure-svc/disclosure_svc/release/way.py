"""The row of releases that governs one, the gates before it, and how far its route is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chancery.calendar import local_day
from chancery.events.openness import ReleaseAsked
from chancery.events.parts import Evidence
from chancery.refusal import Citation, Reason
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import RELEASES
from chancery.rules.tables import Release as ReleaseRow
from chancery.rules.walk import Walk
from disclosure_svc.release.state import Release

STAGE = "release"


def row_for(rules: Rules, about: str, features: Sequence[str]) -> Ruling[ReleaseRow]:
    return rules.ask(RELEASES, about=about, features=rules.known_of("features", features))


def proposer_of(rules: Rules, unit: str) -> str | None:
    """The class of the unit that makes something known."""
    known = rules.roster.units.get(unit)
    return known.kind if known is not None else None


def case_of(asked: ReleaseAsked) -> Case:
    return Case(lead_unit=asked.unit, units_involved=(asked.unit,), raiser=asked.asked_by)


def way_of(rules: Rules, release: Release, asked: ReleaseAsked) -> Walk | None:
    """The route under way; None where no row names one."""
    ruling = row_for(rules, asked.about, asked.features)
    if ruling.first is None:
        return None
    called = frozenset(one.step for one in release.called)
    row = ruling.first
    return Walk(rules, row.outcome.route, release.steps, case_of(asked), row.cites, switched_on=called)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a release stands: what stops it, what the rules want without stopping it, and the rulings it rests on."""

    missing: tuple[Reason, ...]
    outstanding: tuple[Reason, ...]
    rulings: tuple[AnyRuling, ...]


def standing_of(release: Release, asked: ReleaseAsked, rules: Rules, done: frozenset[str] = frozenset()) -> Standing:
    """``done`` is what its case has behind it: a need of that word is met."""
    ruling = row_for(rules, asked.about, asked.features)
    cites = tuple(ruling.citations)
    there = {need for need, _ in release.met} | done
    missing = [_lacks(word, cites, rules) for word in asked.requires if word not in there]
    on_file = [
        Evidence(evidence=need, by=by, given_on=local_day(rules.at), reference=one.reference)
        for (need, by), one in release.met.items()
    ]
    facts = _gates(asked, rules)
    gates, unmet = rules.unmet_gates(STAGE, facts, on_file, case_of(asked))
    known = {reason.code for reason in missing}
    missing += [reason for reason in unmet if reason.code not in known]
    _, shown = rules.unmet_gates(STAGE, facts, on_file, case_of(asked), shown=True)
    way = way_of(rules, release, asked)
    if way is not None and not way.state.complete:
        steps = "、".join(dict.fromkeys(f"{one.step.do}" for one in way.state.open))
        missing.append(Reason("release_steps_open", cites, {"steps": steps}))
    rulings: list[AnyRuling] = [one for one in (ruling, gates) if one.regulated]
    return Standing(tuple(missing), shown, tuple(rulings))


def wanted(asked: ReleaseAsked, rules: Rules) -> frozenset[str]:
    """Every word that the row or a gate asks for."""
    ruling, _ = rules.unmet_gates(STAGE, _gates(asked, rules), (), case_of(asked))
    words = {word for hit in ruling.hits for need in hit.outcome.require for word in need.evidence}
    return frozenset(words | set(asked.requires))


def _gates(asked: ReleaseAsked, rules: Rules) -> dict[str, Any]:
    return {
        "proposer": rules.known("proposers", asked.proposer),
        "in_name_of": rules.known("issuers", asked.proposer),
        "features": rules.known_of("features", asked.features),
    }


def _lacks(need: str, cites: tuple[Citation, ...], rules: Rules) -> Reason:
    names = {"evidence_zh": rules.titled(need), "evidence_en": rules.titled(need, "en"), "evidence": need}
    return Reason(f"needs_{need}", cites, names)
