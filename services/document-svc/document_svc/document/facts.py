"""A document's facts in the form in which tables are asked, and the evidence it brings itself. Pure."""

from collections.abc import Iterable
from typing import Any

from chancery.events.document import DocumentDrafted
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Evidence
from chancery.refusal import Reason
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from document_svc.document.state import Document

MEETING_DECISION = "meeting_decision"
"""The evidence that the house itself gives: a sitting decided the document."""


def known(rules: Rules, vocabulary: str, word: str | None) -> str | None:
    """The word, or None where the pack in force does not have it: a fact that is None is not known."""
    words = rules.pack.vocabulary(vocabulary)
    return word if word is not None and (not words or word in words) else None


def unknown_words(rules: Rules, vocabulary: str, words: Iterable[str], subject: str) -> list[Reason]:
    """One reason for each word the pack does not have, so that a slip is found when it is made."""
    return [
        Reason("unknown_word", params={"word": word, "pack": rules.pack.head.id}, subject=subject)
        for word in words
        if known(rules, vocabulary, word) is None
    ]


def facts_of(rules: Rules, draft: DocumentDrafted, matter: MatterFacts | None = None) -> dict[str, Any]:
    """What the tables of documents are asked with. ``portfolios`` counts the leaders concerned."""
    units = frozenset((draft.lead_unit, *draft.units_involved))
    features = dict.fromkeys((*draft.features, *(matter.features if matter else ())))
    return {
        "kind": known(rules, "kinds", draft.kind),
        "features": tuple(word for word in features if known(rules, "features", word)),
        "to": tuple(word for word in draft.to if known(rules, "addressees", word)),
        "in_name_of": known(rules, "issuers", draft.in_name_of),
        "direction": draft.direction,
        "portfolios": len(rules.roster.in_charge_of(rules.at, units)),
        "decided_by": known(rules, "bodies", draft.founding.body) if draft.founding else None,
        "joint_with": draft.joint_with,
        "nature": draft.nature,
        "urgency": draft.urgency,
        "major": matter.major if matter else None,
    }


def gate_facts_of(
    rules: Rules, draft: DocumentDrafted, matter: MatterFacts | None, *, disputed: bool = False
) -> dict[str, Any]:
    """What the gates are asked with: the document's kind and the matter's facts.

    ``disputed`` says that an objection of a unit asked about the document stands, whatever its matter says.
    """
    asked = facts_of(rules, draft, matter)
    found = {name: asked[name] for name in ("kind", "features", "in_name_of", "major")}
    found["body"] = asked["decided_by"]
    found["departments"] = len({draft.lead_unit, *draft.units_involved})
    if matter is not None:
        found |= {"disagreement": matter.disagreement, "money": matter.money}
    if disputed:
        found["disagreement"] = True
    return found


def case_of(draft: DocumentDrafted) -> Case:
    """Whom selectors may speak of."""
    return Case(
        lead_unit=draft.lead_unit,
        units_involved=draft.units_involved,
        subjects=draft.subjects,
        raiser=draft.drafted_by,
        body=draft.founding.body if draft.founding else None,
        refers=frozenset({str(draft.document_id), str(draft.matter_id), draft.kind}),
    )


def on_file(document: Document, heard: Iterable[Evidence] = ()) -> tuple[Evidence, ...]:
    """All evidence that counts: what reached the document, what is heard now, and the decision it rests on."""
    found = [*document.evidence]
    found += [one for one in heard if one not in found]
    founding = document.draft.founding if document.draft else None
    if founding is not None:
        decided = Evidence(
            evidence=MEETING_DECISION,
            of=founding.body,
            given_on=founding.sitting_on,
            reference=f"{founding.series}/{founding.number}/{founding.decision_no}",
        )
        found.append(decided)
    return tuple(found)
