"""Put a review, an opinion or a consent on the matter's file (材料归卷)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import EvidenceFiled, MatterEvent
from chancery.events.parts import Evidence
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.grammar import Selector
from chancery.rules.house import GIVEN_BY_THE_HOUSE
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import GATES, Gate
from chancery.thing import Told
from meeting_svc.facts import case_of, unknown_words
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class FileEvidence:
    by: PersonId
    evidence: Evidence


def file_evidence(command: FileEvidence, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By the one who gives it, never by whoever wants it.

    Where a gate names the giver, only he files it, in the name of the unit or the person he is; elsewhere each unit
    files what it gave itself. What the house has from its own record (a sitting decided) nobody files by hand.

    Raises:
        Refused: the matter has no file, or the evidence is not a word of the pack; (forbidden) another gives it, or
            the house itself does.
    """
    if matter.facts is None:
        raise Refused(Reason("matter_not_open"))
    evidence = command.evidence
    word = evidence.evidence
    lacking = [] if rules.files(word) else unknown_words(rules, "evidence", [word], "evidence")
    if evidence.of is not None and evidence.of not in rules.roster.units and rules.body(evidence.of) is None:
        lacking.append(Reason("unknown_unit", params={"unit": evidence.of}, subject="of"))
    if lacking:
        raise Refused(*lacking)
    if word in GIVEN_BY_THE_HOUSE:
        params = {"evidence": rules.titled(word)}
        raise Refused(Reason("house_gives_it", _asked_by(rules, word), params, subject="evidence"), kind="forbidden")
    givers = _givers(rules, evidence.evidence)
    units = tuple(held.unit for held in rules.roster.held_by(command.by, rules.at) if held.unit)
    if givers is not None:
        ruling, selectors = givers
        standing = rules.is_one_of(command.by, selectors, case_of(matter.facts))
        if standing is None:
            names = "、".join(rules.titled(one.name) if one.name else one.written() for one in selectors)
            raise Refused(_wants(evidence.evidence, names, tuple(ruling.citations), rules), kind="forbidden")
        named = next((one.name for one in selectors if one.how == "unit" and one.name in units), None)
        return [_filed(matter, command, named or command.by, (ruling,), rules)]
    if evidence.by is None:
        if not rules.roster.held_by(command.by, rules.at):
            raise Refused(Reason("holds_no_post", params={"person": command.by}), kind="forbidden")
        return [_filed(matter, command, units[0] if units else None, (), rules)]
    if evidence.by not in units:
        params = {"evidence": rules.titled(evidence.evidence), "unit": rules.titled(evidence.by)}
        raise Refused(Reason("evidence_of_another_unit", params=params, subject="by"), kind="forbidden")
    return [_filed(matter, command, evidence.by, (), rules)]


def _givers(rules: Rules, evidence: str) -> tuple[Ruling[Gate], list[Selector]] | None:
    """Whom the gates that ask for this evidence want it from; None where none of them names anybody."""
    hits: list[Hit[Gate]] = []
    selectors: list[Selector] = []
    cites = rules.pack.citations.get(GATES.name, {})
    for row in rules.pack.rows(GATES):
        named = [need.by for need in row.outcome.require if evidence in need.evidence and need.by is not None]
        if named:
            hits.append(Hit(row.id, row.outcome, row.force, cites[row.id]))
            selectors += [one for one in named if one not in selectors]
    if not hits:
        return None
    return Ruling(GATES.name, rules.pack.ref, tuple(hits)), selectors


def _asked_by(rules: Rules, evidence: str) -> tuple[Citation, ...]:
    """The clauses whose gates ask for it."""
    cites = rules.pack.citations.get(GATES.name, {})
    rows = [row.id for row in rules.pack.rows(GATES) if any(evidence in one.evidence for one in row.outcome.require)]
    return tuple({cite.clause: cite for row in rows for cite in cites[row]}.values())


def _wants(evidence: str, giver: str, cites: tuple[Citation, ...], rules: Rules) -> Reason:
    params = {"evidence": rules.titled(evidence), "giver": giver}
    return Reason("evidence_wants_its_giver", cites, params, subject="evidence")


def _filed(
    matter: Matter, command: FileEvidence, by: str | None, under: tuple[Ruling[Gate], ...], rules: Rules
) -> Told[MatterEvent]:
    evidence = command.evidence.model_copy(update={"by": by})
    event = EvidenceFiled(matter_id=matter.id, evidence=evidence, filed_by=command.by)
    return Told(event, under, rules.own_standing(command.by, by))
