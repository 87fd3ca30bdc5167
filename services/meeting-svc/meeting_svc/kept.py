"""Decisions whose content the rules keep back (不公开的议定事项): events carry a stub, the content lies apart.

The stub has no title, no text and no dissent, and the hash of what is kept; whoever may see it reads it from there.
"""

import hashlib
from typing import Final

import orjson

from chancery.events.meeting import MatterFacts
from chancery.events.parts import Decision
from chancery.names import TenantId
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.sight import STRANGER, sight
from chancery.rules.tables import Visibility
from meeting_svc.facts import case_of

TITLE: Final = "不公开事项"
SHOWN_AS: Final = ("decision", "minutes")
"""What a decision is among the things that rows of visibility speak of."""


def keeping(rules: Rules, facts: MatterFacts, body: str) -> tuple[Ruling[Visibility], ...]:
    """What keeps a decision on such a matter from somebody; empty where everybody may see the whole of it."""
    case = case_of(facts, body=body)
    found = (sight(rules, what, STRANGER, features=facts.features, body=body, case=case) for what in SHOWN_AS)
    rulings: list[Ruling[Visibility]] = []
    for one in found:
        if one.sees != "all" and one.under is not None and one.under not in rulings:
            rulings.append(one.under)
    return tuple(rulings)


def keeps_back(rules: Rules, facts: MatterFacts, body: str) -> bool:
    """Whether anybody at all may not see the whole decision on such a matter."""
    return bool(keeping(rules, facts, body))


def content_of(decision: Decision, salt: str) -> bytes:
    """What is kept apart. The salt makes that nobody finds the words by trying hashes."""
    return orjson.dumps({"salt": salt, "decision": decision.model_dump(mode="json")}, option=orjson.OPT_SORT_KEYS)


def stub_of(decision: Decision, content: bytes) -> Decision:
    """What events carry of it: its number, its outcome, who carries it out by when, and the hash of the content."""
    kept = hashlib.sha256(content).hexdigest()
    return decision.model_copy(
        update={"title": TITLE, "text": "", "features": (), "dissent": (), "referred_to": None, "kept": kept}
    )


def decision_in(content: bytes) -> Decision:
    return Decision.model_validate(orjson.loads(content)["decision"])


def place_of(tenant: TenantId) -> TenantId:
    """Where such contents lie in the store of files: no tenant of this name asks for files."""
    return TenantId(f"kept~{tenant}")
