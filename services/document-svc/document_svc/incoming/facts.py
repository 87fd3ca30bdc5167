"""The facts of a document that came in, as tables are asked with them; whom selectors may speak of. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chancery.envelope import Standing
from chancery.events.incoming import IncomingReceived
from chancery.refusal import Reason, Refused
from chancery.rules.predicates import Known
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from document_svc.document.checks import TIERS, lists_of
from document_svc.document.facts import known, unknown_words
from document_svc.document.hands import registrar
from document_svc.incoming.state import SAYS, Incoming, Stage

OVER: Final = frozenset({Stage.RETURNED, Stage.CLOSED, Stage.FINISHED, Stage.PASSED_ON})
SEEN: Final = frozenset({"kind", "title", "addressee"})
"""What of the form an entry shows by itself; of the rest it says which parts are there."""


def entry_of(one: Incoming) -> IncomingReceived:
    """The entry.

    Raises:
        Refused: nothing was received.
    """
    if one.received is None:
        raise Refused(Reason("incoming_not_received"))
    return one.received


def in_hand(one: Incoming, *stages: Stage) -> IncomingReceived:
    """The entry of something at one of these stages.

    Raises:
        Refused: nothing was received, or it stands elsewhere.
    """
    entry = entry_of(one)
    if one.stage not in stages:
        raise Refused(elsewhere(one))
    return entry


def elsewhere(one: Incoming) -> Reason:
    """Where it stands, which is not where it would have to."""
    zh, en = SAYS[one.stage]
    return Reason("incoming_stands_elsewhere", params={"zh": zh, "en": en})


def office_and(one: Incoming, by: str, rules: Rules, *stages: Stage) -> tuple[IncomingReceived, Standing]:
    """The entry, and the standing of one of the office; see ``in_hand`` and ``registrar``."""
    standing = registrar(rules, by)
    return in_hand(one, *stages), standing


def strange_words(rules: Rules, words: Mapping[str, tuple[str, Iterable[str]]]) -> list[Reason]:
    """One reason for each word the pack does not have: ``{field: (vocabulary, words)}``."""
    return [
        reason for name, (vocabulary, said) in words.items() for reason in unknown_words(rules, vocabulary, said, name)
    ]


def strange_units(rules: Rules, units: Iterable[str | None], subject: str = "lead_unit") -> list[Reason]:
    return [
        Reason("unknown_unit", params={"unit": unit}, subject=subject)
        for unit in dict.fromkeys(units)
        if unit is not None and unit not in rules.roster.units
    ]


def facts_of(rules: Rules, one: Incoming) -> dict[str, Any]:
    """What tables of documents are asked with."""
    entry = entry_of(one)
    units = frozenset(unit for unit in (one.lead_unit, *one.units_involved) if unit is not None)
    return {
        "kind": known(rules, "kinds", entry.kind),
        "features": tuple(word for word in entry.features if known(rules, "features", word)),
        "to": tuple(word for word in entry.to if known(rules, "addressees", word)),
        "in_name_of": known(rules, "issuers", entry.in_name_of),
        "direction": entry.direction,
        "portfolios": len(rules.roster.in_charge_of(rules.at, units)),
        "nature": entry.nature,
        "urgency": entry.urgency,
        "major": entry.major,
    }


def check_facts(rules: Rules, one: Incoming) -> dict[str, Any]:
    return facts_of(rules, one) | {"disagreement": entry_of(one).disagreement}


def gate_facts(rules: Rules, one: Incoming) -> dict[str, Any]:
    """What gates are asked with; ``proposer`` is the class of the unit it comes from."""
    entry, asked = entry_of(one), facts_of(rules, one)
    found = {name: asked[name] for name in ("kind", "features", "in_name_of", "major")}
    units = {unit for unit in (one.lead_unit, *one.units_involved) if unit is not None}
    sender = rules.roster.units.get(entry.sender_unit or "")
    found["departments"] = len(units) or None
    found["disagreement"] = entry.disagreement
    found["proposer"] = known(rules, "proposers", sender.kind) if sender is not None else None
    return found


def circulation_facts(rules: Rules, one: Incoming) -> dict[str, Any]:
    entry = entry_of(one)
    return facts_of(rules, one) | {"origin": known(rules, "origins", entry.origin), "source": entry.source}


def case_of(one: Incoming) -> Case:
    entry = entry_of(one)
    return Case(
        lead_unit=one.lead_unit,
        units_involved=tuple(unit for unit in one.units_involved if unit != one.lead_unit),
        subjects=entry.subjects,
        refers=frozenset({str(one.id), str(entry.matter_id), entry.kind or ""}),
    )


def known_of(rules: Rules, one: Incoming) -> Known:
    """What is known of it, as the predicates of checks look at it."""
    entry = entry_of(one)
    there = {"kind": entry.kind, "title": entry.title, "addressee": entry.to or entry.addressees}
    evidence = frozenset(found.evidence for found in one.evidence)
    addressees = entry.addressees or entry.to
    return Known(
        addressees=addressees or None,
        to_persons=entry.to_persons,
        levels_up=_levels_up(rules, entry),
        attribute=one.attribute,
        ground=one.ground,
        issuer=entry.in_name_of,
        kind=entry.kind,
        lead_unit=one.lead_unit,
        features=frozenset(facts_of(rules, one)["features"]),
        channel=entry.channel,
        evidence=evidence,
        fields=frozenset(name for name, value in there.items() if value) | one.fields,
        fields_seen=SEEN,
        head_approved=False,
        answers=one.answered,
        claimed=frozenset(claim.exception for claim in one.claims),
        allowed=lists_of(rules),
        live_duplicates=len(entry.like),
    )


def _levels_up(rules: Rules, entry: IncomingReceived) -> int | None:
    """How many levels above its sender the highest addressee stands; None where the pack's words do not say."""
    if entry.direction != "upward":
        return 0
    mine = _level(rules, "issuers", entry.in_name_of)
    theirs = [_level(rules, "addressees", word) for word in entry.to]
    if mine is None or not theirs or any(level is None for level in theirs):
        return None
    return max(level for level in theirs if level is not None) - mine


def _level(rules: Rules, vocabulary: str, word: str | None) -> int | None:
    term = rules.pack.term(vocabulary, word) if word is not None else None
    return TIERS.index(term.kind) if term is not None and term.kind in TIERS else None
