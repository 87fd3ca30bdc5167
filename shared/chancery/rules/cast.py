"""A pack's sample roster, as it is written: fictional people in the pack's posts."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from chancery.rules.grammar import Closed, Word

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]


class _Dated(Closed):
    from_: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> "_Dated":
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.from_}")
        return self


class Person(Closed):
    zh: str
    en: str | None = None


class Seat(_Dated):
    person: Id
    post: Word
    unit: Id | None = None


class Charge(_Dated):
    person: Id
    units: tuple[Id, ...] = ()
    subjects: tuple[Word, ...] = ()


class Pair(_Dated):
    assistant: Id
    principal: Id


class Cast(Closed):
    """``cast.yaml``: people, who holds which post, who is in charge of what, who assists whom."""

    persons: dict[Id, Person] = Field(default_factory=dict[str, Person])
    appointments: tuple[Seat, ...] = ()
    portfolios: tuple[Charge, ...] = ()
    pairings: tuple[Pair, ...] = ()
