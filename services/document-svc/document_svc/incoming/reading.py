"""From what a document says of itself to the entry of the register: words of the pack, units of the roster. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from chancery.events.incoming import Urgency
from chancery.rules.rulebook import Rules
from document_svc.intake.importer import Imported

URGENT: Final[Mapping[str, Urgency]] = {"特提": "specially_urgent", "特急": "specially_urgent"}
MILD: Final = frozenset({"平急"})
ATTRIBUTES: Final = {"主动公开": "proactive", "公开发布": "proactive", "依申请公开": "on_request"}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read; None, and nothing among ``fields``, where the document does not say it or our words have none.

    ``doubts`` are the fields that a person should look at.
    """

    sender: str | None
    sender_unit: str | None
    kind: str | None
    number: str | None
    title: str | None
    addressees: tuple[str, ...]
    to: tuple[str, ...]
    urgency: Urgency
    attribute: str | None
    dated: date | None
    fields: tuple[str, ...]
    doubts: tuple[str, ...]


def read_by(found: Imported, rules: Rules) -> Read:
    """The fields of one document in the words of these rules."""
    issuers = [one.value for one in found.issuers]
    addressees = tuple(one.value for one in found.addressees)
    sender = "、".join(issuers) or None
    there = {
        "kind": found.kind,
        "title": found.title,
        "addressee": found.addressees,
        "signer": found.signer,
        "issuing_unit": found.issuers,
        "drafting_date": found.signed,
        "number": found.number,
    }
    disclosure = found.disclosure.value if found.disclosure is not None else None
    return Read(
        sender=sender,
        sender_unit=_unit(issuers[0], rules) if issuers else None,
        kind=_word(found.kind.value, "kinds", rules) if found.kind is not None else None,
        number=found.number.value.whole if found.number is not None else None,
        title=found.title.value if found.title is not None else None,
        addressees=addressees,
        to=tuple(word for name in addressees if (word := _word(name, "addressees", rules)) is not None),
        urgency=_urgency(found.urgency.value) if found.urgency is not None else "none",
        attribute=ATTRIBUTES.get(disclosure) if disclosure is not None else None,
        dated=found.signed.value if found.signed is not None else None,
        fields=tuple(name for name, value in there.items() if value),
        doubts=tuple(dict.fromkeys(doubt.reason.subject or doubt.reason.code for doubt in found.doubts)),
    )


def _urgency(said: str) -> Urgency:
    return "none" if said in MILD else URGENT.get(said, "urgent")


def _word(name: str, vocabulary: str, rules: Rules) -> str | None:
    """The pack's word that people call so, or whose name ends a longer one; None where it is not one alone."""
    terms = rules.pack.words.get(vocabulary, {})
    exact = [word for word, term in terms.items() if term.zh == name]
    found = exact or [word for word, term in terms.items() if name.endswith(term.zh) and len(term.zh) > 3]
    return found[0] if len(found) == 1 else None


def _unit(name: str, rules: Rules) -> str | None:
    """The unit of that name, or whose name is the end of it (某市某区财政局 is 区财政局)."""
    found = [
        unit for unit, known in rules.roster.units.items() if known.name_zh == name or name.endswith(known.name_zh)
    ]
    return found[0] if len(found) == 1 else None
