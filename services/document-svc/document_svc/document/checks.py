"""The checks of a document (公文审核): named predicates, judged by what is known or as somebody answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from chancery.events.document import DocumentDrafted
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Claim, Evidence, Excuse
from chancery.refusal import Citation, Excusable, Reason
from chancery.rules.predicates import REGISTRY, Known, Verdict, judged
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.setting_aside import excusable, excused, proved
from chancery.rules.tables import CHECKS, Check
from document_svc.document.facts import case_of, facts_of, on_file
from document_svc.document.state import Document

BINDING: Final = frozenset({"must", "in_principle"})
TIERS: Final = ("town", "district", "city", "province", "national")
SEEN: Final = frozenset({"kind", "title", "addressee", "issuer", "text"})
"""What of the form the house sees by itself; whether the rest of what a check wants is there somebody says."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What lies with a document now: the matter's facts, all evidence, excuses and claims, its own and those heard."""

    matter: MatterFacts | None = None
    evidence: tuple[Evidence, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()


NOTHING_ON_FILE: Final = CaseFile()


def case_file(
    document: Document,
    matter: MatterFacts | None = None,
    heard: Iterable[Evidence] = (),
    excuses: Iterable[Excuse] = (),
    claims: Iterable[Claim] = (),
) -> CaseFile:
    """The document's own papers with those of its matter."""
    return CaseFile(matter, on_file(document, heard), (*document.excuses, *excuses), (*document.claims, *claims))


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of one row: how it stands."""

    hit: Hit[Check]
    verdict: Verdict
    excused: bool

    @property
    def binds(self) -> bool:
        return self.hit.force in BINDING and self.hit.outcome.on_fail != "flag" and not self.excused


def checked(
    rules: Rules, document: Document, draft: DocumentDrafted, lies: CaseFile, stage: str
) -> tuple[Ruling[Check], list[Checked]]:
    """Every check of a stage."""
    asked = facts_of(rules, draft, lies.matter)
    asked["disagreement"] = True if document.disputed else lies.matter.disagreement if lies.matter else None
    ruling = rules.ask(CHECKS, excepted=proved(lies.claims, lies.evidence), stage=stage, **asked)
    known = known_of(rules, document, draft, lies)
    return ruling, [
        Checked(
            hit,
            judged(hit.outcome.check, hit.outcome.params, known),
            excused(lies.excuses, CHECKS.name, hit, [hit.outcome.check]),
        )
        for hit in ruling.hits
    ]


def failing(
    rules: Rules,
    document: Document,
    draft: DocumentDrafted,
    lies: CaseFile,
    stage: str,
    *,
    may_still_come: bool = False,
) -> tuple[Ruling[Check], list[Reason]]:
    """The checks that bind at a stage, and one reason for each that fails.

    With ``may_still_come`` what is only open yet stands in nobody's way.
    """
    ruling, found = checked(rules, document, draft, lies, stage)
    stopping = {Verdict.FAILS} if may_still_come else {Verdict.FAILS, Verdict.OPEN}
    together: dict[tuple[str, Verdict], list[Hit[Check]]] = {}
    for one in found:
        if one.binds and one.verdict in stopping:
            together.setdefault((one.hit.outcome.check, one.verdict), []).append(one.hit)
    binding = tuple(one.hit for one in found if one.binds)
    reasons = [_reason(rules, draft, check, verdict, hits) for (check, verdict), hits in together.items()]
    return Ruling(ruling.table, ruling.pack, binding), reasons


def _reason(rules: Rules, draft: DocumentDrafted, check: str, verdict: Verdict, hits: Sequence[Hit[Check]]) -> Reason:
    cites: list[Citation] = []
    for hit in hits:
        cites += [cite for cite in hit.cites if cite not in cites]
    ways = [excusable(CHECKS.name, hit, check, lambda who: rules.who(who, case_of(draft)).people()) for hit in hits]
    every: tuple[Excusable, ...] = tuple(way for one in ways for way in one) if all(ways) else ()
    ground = next((hit.outcome.ground for hit in hits if hit.outcome.ground is not None), None)
    named = REGISTRY[check]
    params = {"check_zh": ground.zh if ground else named.zh, "check_en": ground.en if ground else named.en}
    code = "check_fails" if verdict is Verdict.FAILS else "check_open"
    return Reason(code, tuple(cites), params, subject=check, excusable=every)


def known_of(rules: Rules, document: Document, draft: DocumentDrafted, lies: CaseFile) -> Known:
    """What is known of a document, as predicates look at it."""
    there = {"kind": draft.kind, "title": draft.title, "addressee": draft.to, "issuer": draft.in_name_of}
    heads = {a.person for a in rules.roster.holders(rules.pack.unit_heads, rules.at, draft.lead_unit)}
    acted = {draft.drafted_by, *(step.person for step in document.steps)}
    asked = facts_of(rules, draft, lies.matter)
    return Known(
        addressees=draft.to,
        to_persons=draft.to_persons,
        levels_up=_levels_up(rules, draft),
        attribute=document.attribute,
        ground=document.ground,
        issuer=draft.in_name_of,
        kind=draft.kind,
        lead_unit=draft.lead_unit,
        features=frozenset(cast("Iterable[str]", asked["features"])),
        evidence=frozenset(one.evidence for one in lies.evidence),
        head_approved=bool(heads & acted),
        fields=frozenset({name for name, value in there.items() if value} | ({"text"} if document.text else set())),
        fields_seen=SEEN,
        answers=document.answered,
        claimed=frozenset(claim.exception for claim in lies.claims),
        allowed=lists_of(rules),
    )


def _levels_up(rules: Rules, draft: DocumentDrafted) -> int | None:
    """How many levels above its issuer the highest addressee stands; None where a word of the pack does not say."""
    if draft.direction != "upward":
        return 0
    issuer = _level(rules, "issuers", draft.in_name_of)
    levels = [_level(rules, "addressees", word) for word in draft.to]
    if issuer is None or not levels or any(level is None for level in levels):
        return None
    return max(level for level in levels if level is not None) - issuer


def _level(rules: Rules, vocabulary: str, word: str) -> int | None:
    term = rules.pack.term(vocabulary, word)
    return TIERS.index(term.kind) if term is not None and term.kind in TIERS else None


def lists_of(rules: Rules) -> dict[str, frozenset[str]]:
    """The settings that are lists of words."""
    found: dict[str, frozenset[str]] = {}
    for name, value in rules.pack.head.settings.items():
        if isinstance(value, list) and all(isinstance(word, str) for word in cast("list[object]", value)):
            found[name] = frozenset(cast("list[str]", value))
    return found
