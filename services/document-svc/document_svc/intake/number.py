"""Numbers of documents (发文字号): their parts, as whatever brackets and numerals write them."""

import re
from dataclasses import dataclass
from typing import Final

from document_svc.intake.numerals import CN, COUNT, YEAR, in_chinese, number

OPEN: Final = r"[〔\[［﹝【（(〈<「]"
CLOSE: Final = r"[〕\]］﹞】）)〉>」]"
HAN: Final = r"\u3400-\u9fff"
CODE: Final = rf"[{HAN}A-Za-z]{{1,24}}"
NUMBER: Final = re.compile(
    rf"(?P<code>{CODE})(?P<open>{OPEN})(?P<year>{YEAR})(?P<close>{CLOSE})(?P<no>第)?(?P<seq>{COUNT})号"
)
BARE_YEAR: Final = re.compile(rf"(?P<open>{OPEN})(?P<year>{YEAR})(?P<close>{CLOSE})第(?P<seq>{COUNT})(?P<tail>[号期])")
ORDER: Final = re.compile(rf"(?P<open>{OPEN})?(?P<year>\d{{4}})年第(?P<seq>{COUNT})号(?P<close>{CLOSE})?")
SERIAL: Final = re.compile(rf"(?P<open>{OPEN})?第(?P<seq>{COUNT})号(?P<close>{CLOSE})?")
BULLETIN: Final = re.compile(rf"(?P<code>{CODE}?)(?:总)?第(?P<seq>{COUNT})期")
OF_ORDER: Final = re.compile(rf"(?P<code>[{HAN}]{{2,24}}令)第(?P<seq>{COUNT})号")
DAMAGED: Final = re.compile(
    rf"(?P<code>[{HAN}]{{2,16}})(?:{OPEN}[0-9{CN}]{{0,9}}{CLOSE}?第?[0-9{CN}]{{0,6}}号?|[0-9]{{4}}{CLOSE}第?[0-9]{{0,6}}号?)"
)
FIRST_YEAR: Final = 1949
LAST_YEAR: Final = 2099


@dataclass(frozen=True, slots=True)
class Number:
    """``whole`` has the brackets 〔〕 of the national form; ``code`` and ``year`` are None where it has none."""

    whole: str
    code: str | None
    year: int | None
    seq: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """What was read of a number: ``number`` None where it makes none, and what is odd about how it is written."""

    number: Number | None
    odd: tuple[str, ...] = ()


def numbered(written: str) -> Numbered | None:
    """A whole number, written with or without spaces; None where it is not even like one."""
    compact = "".join(written.split())
    if match := NUMBER.fullmatch(compact):
        return of_match(match)
    if match := BARE_YEAR.fullmatch(compact):
        return _parts(match, None, "{open}{year}{close}第{seq}" + match["tail"])
    if match := OF_ORDER.fullmatch(compact):
        return _serial(match, match["code"], f"{match['code']}第{match['seq']}号")
    if match := ORDER.fullmatch(compact):
        found = _parts(match, None, "{year}年第{seq}号")
        broken = (match["open"] is None) != (match["close"] is None)
        return Numbered(found.number, (*found.odd, "number_bracket_lost")) if broken else found
    if match := BULLETIN.fullmatch(compact):
        return _serial(match, match["code"] or None, compact)
    if match := SERIAL.fullmatch(compact):
        return _serial(match, None, f"第{match['seq']}号")
    if DAMAGED.fullmatch(compact) or compact in ("号", "文号"):
        return Numbered(None, ("number_damaged",))
    return None


def of_match(match: re.Match[str], code: str | None = None) -> Numbered:
    """A number of code, year and sequence, matched somewhere."""
    said = code or match["code"]
    return _parts(match, said, said + "{open}{year}{close}{seq}号")


def _parts(match: re.Match[str], code: str | None, form: str) -> Numbered:
    year, seq = number(match["year"]), number(match["seq"])
    odd: list[str] = []
    groups = match.groupdict()
    opened, closed = groups.get("open"), groups.get("close")
    if "{open}" in form and (opened, closed) != ("〔", "〕"):
        odd.append("number_brackets")
    if in_chinese(match["year"] + match["seq"]):
        odd.append("chinese_numerals")
    if groups.get("no"):
        odd.append("number_says_no")
    if match["seq"].startswith(("0", "０")) and seq:
        odd.append("number_padded")
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR or not seq:
        return Numbered(None, (*odd, "number_impossible"))
    return Numbered(Number(form.format(open="〔", close="〕", year=year, seq=seq), code, year, seq), tuple(odd))


def _serial(match: re.Match[str], code: str | None, whole: str) -> Numbered:
    seq = number(match["seq"])
    odd = ("chinese_numerals",) if in_chinese(match["seq"]) else ()
    if not seq:
        return Numbered(None, (*odd, "number_impossible"))
    return Numbered(Number(whole, code, None, seq), odd)
