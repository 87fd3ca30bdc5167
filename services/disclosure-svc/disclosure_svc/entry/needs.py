"""What the rules want before an entry is public, and what of it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chancery.calendar import local_day
from chancery.events.disclosure import EntryPrepared
from chancery.events.parts import Evidence
from chancery.refusal import Citation, Reason
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import PUBLICATION, Publication
from disclosure_svc.entry.state import Entry

SECRECY_REVIEW = "secrecy_review"
INTERPRETATION = "interpretation"
PROACTIVE = "proactive"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables are asked of a document about to be public."""

    attribute: str
    ground: str | None
    kind: str
    issuer: str
    features: tuple[str, ...]
    decided_by: str | None

    def asked(self, rules: Rules) -> Ruling[Publication]:
        """What the rules say of publishing such a document. Words they do not have are not known to them."""
        ground = rules.known("grounds", self.ground)
        return rules.ask(PUBLICATION, attribute=self.attribute, ground=ground, **self._of_the_document(rules))

    def gates(self, rules: Rules) -> Mapping[str, Any]:
        found = self._of_the_document(rules)
        found["body"] = found.pop("decided_by")
        return found

    def _of_the_document(self, rules: Rules) -> dict[str, Any]:
        return {
            "kind": rules.known("kinds", self.kind),
            "in_name_of": rules.known("issuers", self.issuer),
            "features": rules.known_of("features", self.features),
            "decided_by": rules.known("bodies", self.decided_by),
        }


def facts_of(prepared: EntryPrepared) -> Facts:
    return Facts(
        attribute=prepared.attribute,
        ground=prepared.ground,
        kind=prepared.kind,
        issuer=prepared.issuer,
        features=prepared.features,
        decided_by=prepared.decided_by,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entry stands before the public: the rulings it rests on, and everything that is still missing."""

    rulings: tuple[AnyRuling, ...]
    missing: tuple[Reason, ...]


def standing_of(entry: Entry, prepared: EntryPrepared, rules: Rules) -> Standing:
    """Everything at once: the entry's own needs, the gates of publication, the index number."""
    facts = facts_of(prepared)
    ruling = facts.asked(rules)
    under: tuple[AnyRuling, ...] = (ruling,) if ruling.regulated else ()
    if prepared.attribute != PROACTIVE:
        not_public = Reason("not_for_publication", tuple(ruling.citations), {"attribute": prepared.attribute})
        return Standing(under, (not_public,))
    reasons = [_lacks(need, _cites(ruling, need), rules) for need in prepared.needs if need not in _there(entry)]
    case = Case(lead_unit=prepared.lead_unit, body=prepared.decided_by)
    gates, unmet = rules.unmet_gates("publication", facts.gates(rules), _on_file(entry, rules), case)
    known = {reason.code for reason in reasons}
    reasons += [reason for reason in unmet if reason.code not in known]
    if entry.index_number is None:
        reasons.append(Reason("needs_index_number"))
    return Standing((*under, gates) if gates.regulated else under, tuple(reasons))


def _there(entry: Entry) -> frozenset[str]:
    """The needs that are met."""
    found = set(entry.met)
    if entry.reviewed is not None and entry.reviewed.passed:
        found.add(SECRECY_REVIEW)
    if entry.interpretation is not None:
        found.add(INTERPRETATION)
    return frozenset(found)


def _on_file(entry: Entry, rules: Rules) -> Sequence[Evidence]:
    return [Evidence(evidence=need, given_on=local_day(rules.at)) for need in sorted(_there(entry))]


def _lacks(need: str, cites: tuple[Citation, ...], rules: Rules) -> Reason:
    names = {"evidence_zh": rules.titled(need), "evidence_en": rules.titled(need, "en"), "evidence": need}
    return Reason(f"needs_{need}", cites, names)


def _cites(ruling: Ruling[Publication], need: str) -> tuple[Citation, ...]:
    return tuple({cite.clause: cite for hit in ruling.hits if need in hit.outcome.needs for cite in hit.cites}.values())
