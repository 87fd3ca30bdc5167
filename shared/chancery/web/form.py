"""What callers send, before it becomes a command: closed, and strict about what is a number and what a moment."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt


def _written(value: object) -> object:
    """A moment or a day is written out; a bare number is neither."""
    if not isinstance(value, str):
        raise ValueError("write it out as RFC 3339 does")
    return value


def _of_our_time(value: date) -> date:
    """A day with room on both sides, so that every clock that starts there ends somewhere."""
    if not 1900 <= value.year < 2200:
        raise ValueError("the year must lie between 1900 and 2199")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)]
"""RFC 3339 with an offset."""
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_of_our_time)]
"""A local date, Asia/Shanghai, ``2022-01-19``."""
Whole = StrictInt
YesNo = StrictBool
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Opinion = Annotated[str, Field(min_length=1, max_length=2_000)]


class Form(BaseModel):
    """The body of a request. An unknown field is an error, not a shrug.

    Use ``Moment``, ``Day``, ``Whole`` and ``YesNo`` for what JSON would let slip: ``true`` is no number, ``5`` no day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
