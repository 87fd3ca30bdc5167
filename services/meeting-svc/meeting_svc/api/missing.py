"""What is missing, as people read it."""

from pydantic import BaseModel

from chancery.refusal import Reason
from chancery.rules.wording import Said
from chancery.texts.saying import Sayings


class MissingLine(BaseModel):
    """One thing that is missing, in words, with the clauses that ask for it."""

    code: str
    says: Said
    clauses: list[str]


def missing_line(reason: Reason, sayings: Sayings) -> MissingLine:
    said = Said(zh=sayings.say(reason, "zh"), en=sayings.say(reason, "en"))
    return MissingLine(code=reason.code, says=said, clauses=[cite.clause for cite in reason.cites])
