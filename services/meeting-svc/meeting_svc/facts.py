"""A matter's facts in the form in which tables are asked, and the words a pack does not know. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from chancery.events.meeting import MatterFacts
from chancery.refusal import Reason
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules


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


def facts_of(rules: Rules, facts: MatterFacts, proposer: str | None = None) -> dict[str, Any]:
    """What the tables of meetings are asked with. ``departments`` counts the units concerned, the lead unit too."""
    return {
        "kind": known(rules, "kinds", facts.kind),
        "features": tuple(word for word in facts.features if known(rules, "features", word)),
        "major": facts.major,
        "disagreement": facts.disagreement,
        "money": facts.money,
        "departments": len({facts.lead_unit, *facts.units_involved}),
        "proposer": known(rules, "proposers", proposer),
    }


def case_of(facts: MatterFacts, **more: Any) -> Case:
    """Whom selectors may speak of."""
    return Case(lead_unit=facts.lead_unit, units_involved=facts.units_involved, subjects=facts.subjects, **more)


def case_of_all(every: Sequence[MatterFacts], **more: Any) -> Case:
    """The same of several matters at once: a sitting is about all of its items."""
    leads = tuple(dict.fromkeys(facts.lead_unit for facts in every))
    return Case(
        lead_unit=leads[0] if leads else None,
        more_leads=leads[1:],
        units_involved=tuple(dict.fromkeys(unit for facts in every for unit in facts.units_involved)),
        subjects=tuple(dict.fromkeys(subject for facts in every for subject in facts.subjects)),
        **more,
    )
