"""Numbers and days as documents write them, in digits and in Chinese numerals (〇 二〇二二年)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

DIGITS: Final = {letter: at for at, letter in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "O": 0,
    "o": 0,
    "两": 2,
}
CN: Final = "零〇○Oo一二三四五六七八九十百两"
COUNT: Final = rf"(?:[0-9０-９]+|[{CN}]+)"
YEAR: Final = rf"(?:[0-9０-９]{{4}}|[0-9{CN}]{{4}})"
DAY: Final = re.compile(rf"(?P<year>{YEAR})年(?P<month>{COUNT})月(?P<day>{COUNT})日")
A_DAY: Final = rf"{YEAR}年{COUNT}月{COUNT}日"
SHORT_DAY: Final = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
DAMAGED_DAY: Final = re.compile(r"\d{4}年?\d{0,2}月?\d{0,3}日?")


def number(written: str) -> int | None:
    """The number, None where the signs make none (十十, 百)."""
    plain = written.strip()
    if plain.isdecimal():
        return int(plain) if len(plain) <= 9 else None
    if not plain:
        return None
    if "十" not in plain and "百" not in plain:
        return _by_place(plain)
    match = re.fullmatch(
        r"(?:([一二三四五六七八九两])百)?(?:零)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", plain
    )
    if match is None:
        return None
    hundreds, tens, ten, ones = match.groups()
    found = DIGITS[hundreds] * 100 if hundreds else 0
    found += (DIGITS[tens] if tens else 1) * 10 if ten else 0
    return found + (DIGITS[ones] if ones else 0)


def _by_place(written: str) -> int | None:
    """二〇二二 is 2022; an Arabic 0 among Chinese signs is taken as it is meant."""
    found = 0
    for letter in written[:9]:
        digit = int(letter) if letter.isdecimal() else DIGITS.get(letter)
        if digit is None:
            return None
        found = found * 10 + digit
    return found if len(written) <= 9 else None


def in_chinese(written: str) -> bool:
    """Whether any of it is a Chinese numeral."""
    return any(letter in CN for letter in written)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written; ``on`` is None where there is no such day in the calendar."""

    on: date | None
    in_chinese: bool


def day(match: re.Match[str]) -> Day:
    parts = [match["year"], match["month"], match["day"]]
    numbers = [number(part) for part in parts]
    year, month, day_of = numbers
    found: date | None = None
    if year is not None and month is not None and day_of is not None:
        try:
            found = date(year, month, day_of)
        except ValueError:
            found = None
    return Day(found, any(in_chinese(part) for part in parts))


def day_in(written: str) -> Day | None:
    """The first day named in a label's entry, None where it names none."""
    compact = "".join(written.split())
    match = DAY.search(compact) or SHORT_DAY.search(written)
    return day(match) if match else None
