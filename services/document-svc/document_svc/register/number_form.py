"""How a number is written under the pack: the issuer's code and the pattern (发文字号)."""

from dataclasses import dataclass

from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules


@dataclass(frozen=True, slots=True)
class NumberForm:
    """``pattern`` holds ``{code}``, ``{year}`` and ``{seq}``, as the pack writes it; without a year it counts on."""

    in_name_of: str
    code: str
    pattern: str

    @property
    def yearly(self) -> bool:
        """Whether the register begins at 1 with every year."""
        return "{year}" in self.pattern

    def number(self, year: int, seq: int) -> str:
        return self.pattern.format(code=self.code, year=year, seq=seq)

    def series(self, year: int) -> str:
        """What the register is called: by its code, and the year where it begins anew with each."""
        return f"{self.code}〔{year}〕" if self.yearly else self.code

    def register_key(self, year: int) -> str:
        return f"{self.code}/{year}" if self.yearly else f"{self.code}/on"


def number_form(rules: Rules, in_name_of: str, kind: str | None = None) -> NumberForm:
    """The form of numbers of documents that go out in a name; of a kind that is numbered for itself, its own.

    Raises:
        Refused: the pack has none.
    """
    found = rules.pack.head.numbers.get(in_name_of)
    if found is None:
        raise Refused(Reason("no_number_form", params={"in_name_of": rules.titled(in_name_of)}, subject="in_name_of"))
    own = found.of(kind)
    return NumberForm(in_name_of, own.code, own.pattern)
