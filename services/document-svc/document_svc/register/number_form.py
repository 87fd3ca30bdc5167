"""How a number is written under the pack: the issuer's code and the pattern (发文字号)."""

from dataclasses import dataclass

from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules


@dataclass(frozen=True, slots=True)
class NumberForm:
    """``pattern`` holds ``{code}``, ``{year}`` and ``{seq}``, as the pack writes it."""

    in_name_of: str
    code: str
    pattern: str

    def number(self, year: int, seq: int) -> str:
        return self.pattern.format(code=self.code, year=year, seq=seq)

    def series(self, year: int) -> str:
        """What the register of a year is called."""
        return f"{self.code}〔{year}〕"

    def register_key(self, year: int) -> str:
        return f"{self.code}/{year}"


def number_form(rules: Rules, in_name_of: str) -> NumberForm:
    """The form of numbers of documents that go out in a name.

    Raises:
        Refused: the pack has none.
    """
    found = rules.pack.head.numbers.get(in_name_of)
    if found is None:
        raise Refused(Reason("no_number_form", params={"in_name_of": rules.titled(in_name_of)}, subject="in_name_of"))
    return NumberForm(in_name_of, found.code, found.pattern)
