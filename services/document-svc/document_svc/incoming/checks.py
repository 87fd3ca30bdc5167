"""What the rules want of a document sent up (来文审核): every check, gate and basis, and all that is wrong at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chancery.events.incoming import IncomingReceived, Lacking
from chancery.refusal import Citation, Excusable, Reason
from chancery.rules.grounds import bound_by
from chancery.rules.predicates import REGISTRY, EvidencePresent, FormatComplete, Known, Verdict, judged
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Hit, Ruling
from chancery.rules.setting_aside import excusable, excused, proved
from chancery.rules.tables import BASIS, CHECKS, Check
from chancery.texts.saying import Sayings
from document_svc.document.checks import BINDING
from document_svc.incoming.facts import case_of, check_facts, entry_of, gate_facts, known_of
from document_svc.incoming.state import Incoming

ARRIVAL: Final = "submission"
"""The stage at which gates and checks are asked of what is sent up."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One check of one row: how it stands.

    ``parts`` are what it misses, each in the words of which any would do; ``asked`` where a person must judge.
    """

    hit: Hit[Check]
    verdict: Verdict
    excused: bool
    parts: tuple[tuple[str, ...], ...] = ()
    asked: bool = False

    @property
    def binds(self) -> bool:
        return self.hit.force in BINDING and self.hit.outcome.on_fail != "flag" and not self.excused

    @property
    def stands(self) -> str:
        return "excused" if self.excused else self.verdict.value


def looked_at(rules: Rules, one: Incoming, stage: str = ARRIVAL) -> tuple[Ruling[Check], list[Looked]]:
    """Every check of it at a stage."""
    asked = check_facts(rules, one)
    ruling = rules.ask(CHECKS, excepted=proved(one.claims, one.evidence), stage=stage, **asked)
    known = known_of(rules, one)
    return ruling, [_look(hit, known, one) for hit in ruling.hits]


def _look(hit: Hit[Check], known: Known, one: Incoming) -> Looked:
    outcome = hit.outcome
    parts: tuple[tuple[str, ...], ...] = ()
    if isinstance(outcome.params, FormatComplete) and entry_of(one).fields:
        # The entry says which parts of the form are there, so the house sees which are not.
        known = replace(known, fields_seen=frozenset(outcome.params.fields))
        parts = tuple((word,) for word in outcome.params.fields if word not in known.fields)
    verdict = judged(outcome.check, outcome.params, known)
    if isinstance(outcome.params, EvidencePresent) and verdict is not Verdict.HOLDS:
        there = known.evidence or frozenset()
        parts = tuple((word,) for word in outcome.params.all_of if word not in there)
        if outcome.params.any_of and there.isdisjoint(outcome.params.any_of):
            parts = (*parts, outcome.params.any_of)
    asked = verdict is Verdict.OPEN and REGISTRY[outcome.check].question and not parts
    return Looked(hit, verdict, excused(one.excuses, CHECKS.name, hit, [outcome.check]), parts, asked)


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in the way: ``reasons`` all of it, ``wrong`` what is wrong with the paper itself and not merely
    unjudged; ``under`` the rows that bind.
    """

    reasons: tuple[Reason, ...]
    wrong: tuple[Reason, ...]
    under: tuple[AnyRuling, ...]


def findings(rules: Rules, one: Incoming, stage: str = ARRIVAL, rows: frozenset[str] | None = None) -> Findings:
    """Everything at once: checks, what must lie with it, and what it rests on; with ``rows`` these checks alone."""
    ruling, looked = looked_at(rules, one, stage)
    if rows is not None:
        looked = [each for each in looked if each.hit.row in rows]
    wrong: list[Reason] = []
    unjudged: list[Reason] = []
    together: dict[tuple[str, Verdict], list[Looked]] = {}
    for each in looked:
        if each.binds and each.verdict in (Verdict.FAILS, Verdict.OPEN):
            together.setdefault((each.hit.outcome.check, each.verdict), []).append(each)
    for same in together.values():
        (unjudged if all(each.asked for each in same) else wrong).append(_reason(rules, one, same))
    binding = tuple(each.hit for each in looked if each.binds)
    under: list[AnyRuling] = [Ruling(ruling.table, ruling.pack, binding)]
    if rows is None and entry_of(one).source is None:
        # With a source its kind is that of a document already made (a question about one), not of one to be decided.
        gates, missing = rules.unmet_gates(
            stage, gate_facts(rules, one), one.evidence, case_of(one), excuses=one.excuses, claims=one.claims
        )
        wrong += missing
        under.append(bound_by(gates))
        rests, based = _bases(rules, entry_of(one))
        wrong += rests
        under += based
    return Findings((*wrong, *unjudged), tuple(wrong), tuple(under))


def _reason(rules: Rules, one: Incoming, same: Sequence[Looked]) -> Reason:
    cites: list[Citation] = []
    for each in same:
        cites += [cite for cite in each.hit.cites if cite not in cites]
    check = same[0].hit.outcome.check
    ways = [excusable(CHECKS.name, each.hit, check, lambda who: rules.who(who, case_of(one)).people()) for each in same]
    every: tuple[Excusable, ...] = tuple(way for ways_of in ways for way in ways_of) if all(ways) else ()
    ground = next((each.hit.outcome.ground for each in same if each.hit.outcome.ground is not None), None)
    named = REGISTRY[check]
    zh, en = (ground.zh, ground.en) if ground else (named.zh, named.en)
    parts = list(dict.fromkeys(words for each in same for words in each.parts))
    if parts:
        zh += "（缺：" + "、".join("或".join(map(rules.titled, words)) for words in parts) + "）"
        said = (" or ".join(rules.titled(word, "en") for word in words) for words in parts)
        en += f" (missing: {', '.join(said)})"
    code = "check_fails" if same[0].verdict is Verdict.FAILS else "check_open"
    if parts and code == "check_open":
        code = "check_lacks"
    return Reason(code, tuple(cites), {"check_zh": zh, "check_en": en}, subject=check, excusable=every)


def _bases(rules: Rules, entry: IncomingReceived) -> tuple[list[Reason], list[AnyRuling]]:
    """What it says it rests on and cannot rest on (不得作为依据)."""
    reasons: list[Reason] = []
    under: list[AnyRuling] = []
    for named in entry.bases:
        ruling = rules.ask(BASIS, basis=named.basis)
        hit = ruling.first
        if hit is None:
            continue
        under.append(ruling)
        if not hit.outcome.valid:
            instead = "、".join(rules.titled(word) for word in hit.outcome.instead) or "—"
            params = {"basis": rules.titled(named.basis), "instead": instead}
            reasons.append(Reason("no_basis", hit.cites, params, subject=named.basis))
    return reasons, under


def items(reasons: Sequence[Reason], sayings: Sayings) -> tuple[Lacking, ...]:
    """Reasons as a notice keeps them: both sentences and the clauses."""
    return tuple(
        Lacking(
            code=reason.code,
            what=reason.subject,
            says_zh=sayings.say(reason, "zh"),
            says_en=sayings.say(reason, "en"),
            clauses=tuple(cite.clause for cite in reason.cites),
        )
        for reason in reasons
    )
